// What rests on what: from the document's provisions over inputs, models and outcomes to the claims, in bands from left
// to right. Only the nodes that matter are drawn; a line stands for every path through those that are not.

import { BANDS } from "./data";
import type { Band, Claim, Data, GraphNode } from "./data";
import { fitted, h, label, round, s } from "./dom";
import type { Child } from "./dom";
import { drawn, picture, redrawAll, tools } from "./figure";
import type { Table } from "./figure";
import { change, count, finestOn, isolated, measured, percent, plural } from "./format";
import { openedNode } from "./node";
import { rank, shapes, sorted } from "./verdict";

export const BAND_NAME: Record<Band, string> = {
  provision: "The document says",
  input: "Inputs that matter most",
  quantity: "What is computed",
  outcome: "Outcomes",
  claim: "Claims that rest on it",
};
const FIRST: Record<Band, number> = { provision: 8, input: 9, quantity: 8, outcome: 6, claim: 9 };

type Links = Map<string, Set<string>>;

interface Graph {
  nodes: Map<string, GraphNode>;
  next: Links;
  before: Links;
  claimOf: Map<string, Claim>; // by node
}

function graphOf(data: Data): Graph {
  const nodes = new Map(data.graph.nodes.map((n) => [n.id, n]));
  const next: Links = new Map(data.graph.nodes.map((n) => [n.id, new Set()]));
  const before: Links = new Map(data.graph.nodes.map((n) => [n.id, new Set()]));
  for (const [from, to] of data.graph.edges) {
    next.get(from)?.add(to);
    before.get(to)?.add(from);
  }
  const claims = new Map(data.claims.map((c) => [c.id, c]));
  const claimOf = new Map<string, Claim>();
  for (const n of data.graph.nodes) {
    const claim = n.band === "claim" ? (claims.get(n.id) ?? claims.get(n.id.replace(/^claims?[:.]/, ""))) : undefined;
    if (claim !== undefined) claimOf.set(n.id, claim);
  }
  return { nodes, next, before, claimOf };
}

function reach(from: Iterable<string>, links: Links): Set<string> {
  const out = new Set<string>(from);
  const todo = [...out];
  for (let id = todo.pop(); id !== undefined; id = todo.pop())
    for (const other of links.get(id) ?? []) if (!out.has(other)) (out.add(other), todo.push(other));
  return out;
}

// The graph may have one node for a whole column of a table, without the actor in brackets.
const nodeOfInput = (input: string, g: Graph): string => (g.nodes.has(input) ? input : input.replace(/\[.*$/, ""));

// How much a node matters: an input by what it explains of the claims, a computed one by how much passes through it.
function weights(g: Graph, data: Data): Map<string, number> {
  const out = new Map<string, number>();
  for (const claim of data.claims) for (const d of claim.drivers) {
      const id = nodeOfInput(d.input, g);
      out.set(id, (out.get(id) ?? 0) + (d.strength ?? 0));
    }
  for (const n of data.graph.nodes)
    if (n.band === "quantity" || n.band === "outcome")
      out.set(n.id, (g.before.get(n.id)?.size ?? 0) * (1 + (g.next.get(n.id)?.size ?? 0)));
  for (const [id, claim] of g.claimOf) out.set(id, 10 - rank(claim.verdict) + (claim.share ?? 0));
  for (const [i, n] of data.graph.nodes.filter((m) => m.band === "provision").entries()) out.set(n.id, 1000 - i);
  return out;
}

interface View {
  shown: GraphNode[][]; // by band
  hidden: number[];
  edges: [string, string][];
  heavy: Set<string>;
}

// Edges between drawn nodes, through hidden ones; without those that a longer drawn path says already.
function contracted(shown: Set<string>, g: Graph): [string, string][] {
  const out: Links = new Map();
  for (const from of shown) {
    const seen = new Set<string>();
    const todo = [...(g.next.get(from) ?? [])];
    const to = new Set<string>();
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (shown.has(id)) id !== from && to.add(id);
      else todo.push(...(g.next.get(id) ?? []));
    }
    out.set(from, to);
  }
  const edges: [string, string][] = [];
  for (const [from, tos] of out)
    for (const to of tos) {
      const others = [...tos].filter((o) => o !== to && !(out.get(to)?.has(o) ?? false));
      if (!reach(others, out).has(to)) edges.push([from, to]);
    }
  return edges;
}

function viewOf(g: Graph, data: Data, claim: string | null, times: number): View {
  const weight = weights(g, data);
  const heavyAll = claim === null ? new Set<string>() : reach([claim], g.before);
  const drivers = new Map(claim === null ? [] : (g.claimOf.get(claim)?.drivers ?? []).map((d) => [nodeOfInput(d.input, g), d.strength ?? 0]));
  const value = (n: GraphNode): number =>
    (n.id === claim ? 1e9 : 0) + (drivers.has(n.id) ? 1e6 + (drivers.get(n.id) ?? 0) : 0) + (heavyAll.has(n.id) && n.band !== "claim" ? 1e3 : 0) + (weight.get(n.id) ?? 0);
  const bands = BANDS.map((band) => data.graph.nodes.filter((n) => n.band === band).map((n, i) => ({ n, i })));
  const shown = bands.map((list, b) => [...list].sort((a, c) => value(c.n) - value(a.n) || a.i - c.i).slice(0, FIRST[BANDS[b] ?? "input"] * times));
  const ids = new Set(shown.flat().map(({ n }) => n.id));
  const edges = contracted(ids, g);
  return {
    shown: shown.map((list) => list.sort((a, c) => a.i - c.i).map(({ n }) => n)),
    hidden: bands.map((list, b) => list.length - (shown[b]?.length ?? 0)),
    edges,
    heavy: new Set([...heavyAll].filter((id) => ids.has(id))),
  };
}

// Fewer crossings: each band in the order of the middle of its neighbours (Sugiyama et al. 1981), a few sweeps.
function untangle(view: View): void {
  const place = new Map<string, number>();
  const note = (): void => view.shown.forEach((list) => list.forEach((n, i) => place.set(n.id, (i + 0.5) / list.length)));
  note();
  const mean = (id: string, band: Set<string>): number => {
    const near = view.edges.flatMap(([a, b]) => (a === id ? [b] : b === id ? [a] : [])).filter((o) => !band.has(o));
    return near.length === 0 ? (place.get(id) ?? 0) : near.reduce((sum, o) => sum + (place.get(o) ?? 0), 0) / near.length;
  };
  for (let sweep = 0; sweep < 6; sweep++) {
    const order = sweep % 2 === 0 ? view.shown : [...view.shown].reverse();
    for (const list of order) {
      const band = new Set(list.map((n) => n.id));
      const at = new Map(list.map((n) => [n.id, mean(n.id, band)]));
      list.sort((a, b) => (at.get(a.id) ?? 0) - (at.get(b.id) ?? 0));
      note();
    }
  }
}

function told(n: GraphNode, g: Graph, data: Data): string {
  const claim = g.claimOf.get(n.id);
  if (claim !== undefined) return `${isolated(claim.title)}${claim.share === null ? "" : ` ${percent(claim.share)} %`}`;
  const q = n.band === "outcome" ? data.quantities.find((one) => one.name === n.id) : undefined;
  if (q !== undefined && q.p50 !== null) {
    const c = change(q.without, q, q.low, q.high);
    return `${isolated(n.label)} ${data.document !== null && c.differs ? `${c.from} → ${c.to}` : measured(q.p50, q.quantile_error.p50, finestOn(q.low, q.high))}`;
  }
  return isolated(n.label.replaceAll("_", " "));
}

const ROW = 32;
const BOX = 24;

function mapPicture(view: View, g: Graph, data: Data, width: number, touch: (id: string) => void): SVGSVGElement {
  const used = view.shown.map((list, b) => ({ list, band: BANDS[b] ?? "input", hidden: view.hidden[b] ?? 0 })).filter(({ list }) => list.length > 0);
  const gap = 40;
  const column = (width - gap * (used.length - 1)) / used.length;
  const rows = Math.max(...used.map(({ list }) => list.length));
  const height = 34 + rows * ROW + 22;
  const at = new Map<string, { x: number; y: number; band: number }>();
  used.forEach(({ list }, b) => {
    const step = Math.min(ROW * 1.8, (rows * ROW) / list.length);
    const top = 34 + (rows * ROW - step * list.length) / 2;
    list.forEach((n, i) => at.set(n.id, { x: b * (column + gap), y: top + step * (i + 0.5), band: b }));
  });
  const out: SVGElement[] = used.map(({ band }, b) => s("text", { class: "t b", x: round(b * (column + gap)), y: 14 }, fitted(BAND_NAME[band], column + gap - 8, 12, 600)));
  const isHeavy = (a: string, b: string): boolean => view.heavy.has(a) && view.heavy.has(b);
  const path = ([from, to]: [string, string]): SVGElement | null => {
    const [a, b] = [at.get(from), at.get(to)];
    if (a === undefined || b === undefined) return null;
    const [x1, x2] = [a.x + column, b.x];
    const heavy = isHeavy(from, to) ? "e2" : "e1";
    if (b.band > a.band) {
      const bend = Math.min(60, (x2 - x1) / 2 + 12);
      return s("path", { class: heavy, d: `M${round(x1)} ${round(a.y)}C${round(x1 + bend)} ${round(a.y)} ${round(x2 - bend)} ${round(b.y)} ${round(x2)} ${round(b.y)}` });
    }
    // Within a band, or back: an arc in the space to the right, ending in a small head.
    const out_ = Math.min(30, 12 + Math.abs(b.y - a.y) / 12);
    const xe = b.x + column;
    return s("path", { class: heavy, d: `M${round(x1)} ${round(a.y)}C${round(x1 + out_)} ${round(a.y)} ${round(xe + out_)} ${round(b.y)} ${round(xe)} ${round(b.y)}m5 -3.5l-5 3.5l5 3.5` });
  };
  const paths = [...view.edges].sort((a, b) => Number(isHeavy(...a)) - Number(isHeavy(...b))).map(path);
  paths.forEach((p) => p !== null && out.push(p));
  for (const n of view.shown.flat()) {
    const p = at.get(n.id);
    if (p === undefined) continue;
    const claim = g.claimOf.get(n.id);
    const inset = claim === undefined ? 9 : 25;
    const words = told(n, g, data);
    const bold = view.heavy.has(n.id);
    const shown = fitted(words, column - inset - 8, 12, bold ? 600 : 400);
    const node = s(
      "g",
      { class: `nd${bold ? " hv" : ""}`, tabindex: 0, role: "button", "aria-label": `${shown === words ? words : `${shown} ${words}`}. ${BAND_NAME[n.band]}. Open it: what it rests on, its equation and its distribution.` },
      s("rect", { x: round(p.x), y: round(p.y - BOX / 2), width: round(column), height: BOX, rx: 3 }),
      claim !== undefined && s("g", { transform: `translate(${round(p.x + 8)} ${round(p.y - 6)})` }, shapes(claim.verdict)),
      label(p.x + inset, p.y + 4, shown, bold ? "b" : ""),
    );
    node.addEventListener("click", () => touch(n.id));
    node.addEventListener("keydown", (event) => {
      if (!(event instanceof KeyboardEvent) || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      touch(n.id);
    });
    out.push(node);
  }
  used.forEach(({ hidden }, b) => hidden > 0 && out.push(label(b * (column + gap), height - 6, `and ${count(hidden)} more`, "s g")));
  return s("svg", { class: "map", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": "What rests on what, from left to right; the list of steps says the same in words" }, out);
}

// The same as steps in words: what a phone shows, and what the picture's table holds.
function steps(view: View, g: Graph, data: Data, touch: (id: string) => void): HTMLElement {
  const name = new Map(view.shown.flat().map((n) => [n.id, told(n, g, data)]));
  return h(
    "ol",
    { class: "steps-list" },
    view.shown.flatMap((list, b) =>
      list.length === 0
        ? []
        : [
            h(
              "li",
              {},
              h("b", {}, BAND_NAME[BANDS[b] ?? "input"]),
              h(
                "ul",
                {},
                list.map((n) => {
                  const from = view.edges.filter(([, to]) => to === n.id).map(([f]) => name.get(f) ?? f);
                  return h("li", { dir: "auto", class: view.heavy.has(n.id) ? "hv" : null }, h("button", { type: "button", class: "as-link", click: () => touch(n.id) }, name.get(n.id) ?? n.id), from.length > 0 && h("span", { class: "rg" }, ` from ${from.slice(0, 4).join("; ")}${from.length > 4 ? ` and ${from.length - 4} more` : ""}`));
                }),
                (view.hidden[b] ?? 0) > 0 && h("li", { class: "rg" }, `and ${count(view.hidden[b] ?? 0)} more`),
              ),
            ),
          ],
    ),
  );
}

function mapTable(data: Data, g: Graph): Table {
  return {
    head: ["Step", "Name", "Kind", "What it is", "Rests on"],
    rows: data.graph.nodes.map((n) => [n.id, n.label, n.band, n.text, [...(g.before.get(n.id) ?? [])].join("; ")]),
  };
}

export interface MapPart {
  children: Child[];
  follow(claim: string): void; // makes the path to a claim heavy
}

export function mapPart(data: Data, opened: string | null): MapPart | null {
  if (data.graph.nodes.length === 0) return null;
  const g = graphOf(data);
  const nodeOf = new Map([...g.claimOf].map(([node, claim]) => [claim.id, node]));
  let at: string | null = opened === null ? null : (nodeOf.get(opened) ?? null);
  let touched: string | null = null;
  let times = 1;
  const frame = h("div", { class: "mapframe" });
  const list = h("div", { class: "maplist" });
  const note = h("p", { class: "nt" });
  const panel = h("div", { class: "opened-step", role: "region", "aria-label": "The step that is open" });
  let host: HTMLElement = frame;
  const touch = (id: string): void => {
    touched = touched === id ? null : id;
    draw();
    // Where steps are a list, what opens is far below.
    if (touched !== null && list.checkVisibility()) panel.scrollIntoView({ block: "nearest" });
  };

  const draw = (): void => {
    const view = viewOf(g, data, at, times);
    if (touched !== null) view.heavy = new Set([...reach([touched], g.before), ...reach([touched], g.next)]);
    untangle(view);
    // A touched node keeps the keyboard's place when the picture is drawn again.
    const focused = document.activeElement instanceof SVGElement && frame.contains(document.activeElement);
    host = picture((width) => mapPicture(view, g, data, width, touch));
    frame.replaceChildren(host);
    list.replaceChildren(steps(view, g, data, touch));
    const open = touched === null ? undefined : g.nodes.get(touched);
    panel.replaceChildren(...(open === undefined ? [] : h("div", {}, openedNode(open, g.claimOf.get(open.id), data)).childNodes));
    panel.hidden = open === undefined;
    redrawAll();
    if (focused && touched !== null) {
      const index = view.shown.flat().findIndex((n) => n.id === touched);
      frame.querySelectorAll<SVGElement>(".nd")[index]?.focus();
    }
    const heavy = touched ?? at;
    const node = heavy === null ? undefined : g.nodes.get(heavy);
    note.textContent =
      node === undefined
        ? "Touch a step: what it rests on, how it is computed and how it is distributed."
        : `Heavy: ${touched === null ? "the path to" : "what leads to and from"} “${isolated(g.claimOf.get(node.id)?.title ?? node.label)}”.${touched === null ? " Touch a step to open it." : ""}`;
    more.hidden = view.hidden.every((n) => n === 0);
    more.textContent = `Show more of the ${count(data.graph.nodes.length)} ${plural(data.graph.nodes.length, "step")}`;
  };

  const more = h("button", { type: "button", class: "as-link" }, "Show more");
  more.addEventListener("click", () => {
    times *= 2;
    draw();
  });
  const choice = h(
    "select",
    { id: "map-claim" },
    h("option", { value: "" }, "no claim"),
    sorted(data.claims).filter((c) => nodeOf.has(c.id)).map((c) => h("option", { value: c.id }, c.title.length > 70 ? `${c.title.slice(0, 69)}…` : c.title)),
  );
  choice.value = opened ?? "";
  choice.addEventListener("change", () => {
    at = nodeOf.get(choice.value) ?? null;
    touched = null;
    draw();
  });
  draw();
  return {
    children: [
      h("p", { class: "ask" }, nodeOf.size > 0 && [h("label", { for: "map-claim" }, "Follow a claim "), choice], more),
      frame,
      list,
      note,
      panel,
      tools({
        name: "map",
        title: "What rests on what",
        table: () => mapTable(data, g),
        parts: () => drawn(host).map((svg) => ({ svg, heading: "" })),
      }),
    ],
    follow: (id) => {
      if (!nodeOf.has(id)) return;
      choice.value = id;
      at = nodeOf.get(id) ?? null;
      touched = null;
      draw();
    },
  };
}

