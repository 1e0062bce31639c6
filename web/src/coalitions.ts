// Coalitions: actors as dots in a plane in which near means of one mind, lines between those that are, groups shaded.

import { actorsOn, bound, changed, distance, distances, groups, issuesOf, miss, plane } from "./camps";
import type { Actor, Arm, Point } from "./camps";
import type { Data, Issue } from "./data";
import { arrowHead, fitted, h, label, line, round, s, textWidth } from "./dom";
import type { Child } from "./dom";
import { cell, drawn, picture, redrawAll, tools } from "./figure";
import type { Table } from "./figure";
import { capital, count, differ, inWords, listed, percent, plural } from "./format";
import type { Names } from "./names";
import type { Section } from "./section";

const MOST = 48; // actors in the picture, the weightiest
const NEAR = 0.2; // of the scale: so far apart two groups on average may be to be joined
const CHOICES = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];
const GHOSTS = 5; // actors that the document moves, shown where they stood

interface View {
  actors: Actor[];
  total: number;
  near: number;
  d: number[][];
  camps: number[][]; // of two or more
  alone: number[];
  moves: { who: number; to: number[] }[];
  at: Point[];
  apart: string[]; // actors that share no issue with those that are told
}

function viewOf(issues: Issue[], near: number): View {
  const found = actorsOn(issues, differ, MOST);
  const { in: inside, out } = bound(distances(found.actors, "with"));
  const pick = (list: number[]): Actor[] => list.flatMap((i) => found.actors[i] ?? []);
  const [actors, total] = [pick(inside), found.total - out.length];
  const d = distances(actors, "with");
  const all = groups(d, near);
  const moves = actors.some((a) => a.moved) ? changed(groups(distances(actors, "without"), near), all) : [];
  return { actors, total, near, d, camps: all.filter((g) => g.length > 1), alone: all.filter((g) => g.length === 1).flat(), moves, at: plane(d), apart: pick(out).map((a) => a.id) };
}

const nameOf = (v: View, i: number, names: Names): string => names.actor(v.actors[i]?.id ?? "");
const inSentence = (v: View, i: number, names: Names): string => names.the(v.actors[i]?.id ?? "");

// "the United States and 12 more"
function told(v: View, group: number[], names: Names): string {
  const lead = inSentence(v, group[0] ?? 0, names);
  return group.length === 1 ? lead : group.length === 2 ? `${lead} and ${inSentence(v, group[1] ?? 0, names)}` : `${lead} and ${inWords(group.length - 1)} more`;
}

function finding(v: View, data: Data, names: Names): string {
  const n = v.camps.length;
  const few = v.camps.slice(0, 3).map((g) => told(v, g, names));
  const first =
    n === 0
      ? `No two of ${inWords(v.actors.length)} actors are of one mind`
      : `${capital(inWords(n))} ${plural(n, "group")}: ${few.join("; ")}${n > 3 ? `; and ${inWords(n - 3)} smaller` : ""}`;
  const rest = v.alone.length === 0 ? "" : v.alone.length <= 2 ? `; ${listed(v.alone.map((i) => inSentence(v, i, names)))} ${v.alone.length === 1 ? "stands" : "stand"} alone` : `; ${inWords(v.alone.length)} stand alone`;
  return `${first}${n === 0 ? "" : rest}${data.document === null ? "" : moveWords(v, names)}`;
}

function moveWords(v: View, names: Names): string {
  const [first] = v.moves;
  if (first === undefined) return nearerWords(v, names);
  if (v.moves.length > 2) return `. The document puts ${inWords(v.moves.length)} actors into other groups`;
  const other = first.to.find((i) => i !== first.who);
  const where = other === undefined ? "out of every group" : `into the group of ${inSentence(v, other, names)}`;
  return `. The document puts ${listed(v.moves.map((m) => inSentence(v, m.who, names)))} ${where}`;
}

// The mean distance of an actor from a group, as the group stands with the document.
function fromGroup(v: View, i: number, camp: number[], arm: Arm): number {
  const others = camp.filter((j) => j !== i).flatMap((j) => v.actors[j] ?? []);
  const actor = v.actors[i];
  return actor === undefined ? NaN : others.reduce((sum, b) => sum + distance(actor, b, arm, "with"), 0) / others.length;
}

// Where the groups stay as they are and one actor moves: which of the two largest it comes nearer to.
function nearerWords(v: View, names: Names): string {
  const told = v.actors.flatMap((a, i) => (a.moved ? [i] : []));
  const [who] = told;
  if (who === undefined) return "";
  const nearer = v.camps.slice(0, 2).filter((camp) => !camp.includes(who) && fromGroup(v, who, camp, "without") - fromGroup(v, who, camp, "with") > 0.01);
  const [group] = nearer;
  if (told.length > 1 || group === undefined || nearer.length > 1) return ". The document changes no group";
  return `. The document brings ${inSentence(v, who, names)} nearer to the group of ${inSentence(v, group[0] ?? who, names)}`;
}

// --- the picture --------------------------------------------------------------------------------------

interface Place {
  x: number;
  y: number;
  r: number;
}

// Where each dot goes: the plane, as large as the room allows; dots that would cover each other are moved apart.
function places(v: View, width: number, height: number): { places: Place[]; scale: number } {
  const most = Math.max(...v.actors.map((a) => a.weight), 1e-12);
  const largest = width < 560 ? 14 : 22;
  const r = v.actors.map((a) => Math.max(4, largest * Math.sqrt(a.weight / most)));
  const pad = largest + 26;
  const [xs, ys] = [v.at.map((p) => p.x), v.at.map((p) => p.y)];
  const [w, t] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
  const scale = Math.min((width - 2 * pad) / (w || 1), (height - 2 * pad) / (t || 1), 3 * width);
  const mid = { x: (Math.max(...xs) + Math.min(...xs)) / 2, y: (Math.max(...ys) + Math.min(...ys)) / 2 };
  const out = v.at.map((p, i): Place => ({ x: width / 2 + (p.x - mid.x) * scale, y: height / 2 + (p.y - mid.y) * scale, r: r[i] ?? 4 }));
  for (let k = 0; k < 200; k++) {
    let moved = false;
    out.forEach((a, i) => out.forEach((b, j) => {
      if (j <= i) return;
      const least = a.r + b.r + 2.5;
      let [dx, dy] = [b.x - a.x, b.y - a.y];
      let now = Math.hypot(dx, dy);
      if (now >= least) return;
      if (now < 1e-6) [dx, dy, now] = [Math.cos(2.4 * j), Math.sin(2.4 * j), 1]; // in one place: apart by their numbers
      const push = (least - Math.min(now, least)) / 2 + 0.01;
      [a.x, a.y, b.x, b.y] = [a.x - (dx / now) * push, a.y - (dy / now) * push, b.x + (dx / now) * push, b.y + (dy / now) * push];
      moved = true;
    }));
    for (const p of out) [p.x, p.y] = [Math.max(p.r + 4, Math.min(width - p.r - 4, p.x)), Math.max(p.r + 4, Math.min(height - p.r - 4, p.y))];
    if (!moved) break;
  }
  return { places: out, scale };
}

// The hull of some places, from left to right and back (Andrew 1979).
function hull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (list: Point[]): Point[] => {
    const out: Point[] = [];
    for (const p of list) {
      for (let [a, b] = out.slice(-2); a !== undefined && b !== undefined && (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) <= 0; [a, b] = out.slice(-2)) out.pop();
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const crosses = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

// Labels beside their dots, the weightiest first, where nothing is covered; the table and a touch name the others.
function labels(v: View, at: Place[], arrows: Arrow[], names: Names, width: number, height: number): SVGElement[] {
  const around = (p: Point, r: number): Box => ({ left: p.x - r, right: p.x + r, top: p.y - r, bottom: p.y + r });
  const taken = at.map((p) => around(p, p.r));
  for (const { from, to } of arrows)
    for (let k = 0; k <= 20; k++) taken.push(around({ x: from.x + (k / 20) * (to.x - from.x), y: from.y + (k / 20) * (to.y - from.y) }, 3));
  const out: SVGElement[] = [];
  at.forEach((p, i) => {
    const text = fitted(nameOf(v, i, names), 150, 12);
    const w = textWidth(text, 12) + 2;
    const tries: [number, number][] = [[p.x + p.r + 4, p.y], [p.x - p.r - 4 - w, p.y], [p.x - w / 2, p.y - p.r - 9], [p.x - w / 2, p.y + p.r + 9], [p.x + p.r, p.y - p.r - 3], [p.x + p.r, p.y + p.r + 3], [p.x - p.r - w, p.y - p.r - 3], [p.x - p.r - w, p.y + p.r + 3]];
    for (const [x, y] of tries) {
      const box = { left: x, right: x + w, top: y - 7, bottom: y + 7 };
      if (box.left < 0 || box.right > width || box.top < 0 || box.bottom > height || taken.some((b) => crosses(b, box))) continue;
      taken.push(box);
      out.push(label(x, y + 4, text, "h"));
      return;
    }
  });
  return out;
}

// Where an actor stood without the document: the place whose distances to the others, as they stand now, miss least.
function ghost(v: View, i: number, at: Place[], scale: number): Point | null {
  const actor = v.actors[i];
  const from = at[i];
  if (actor === undefined || from === undefined) return null;
  let p = { x: from.x, y: from.y };
  const wanted = v.actors.map((b, j) => (j === i ? NaN : distance(actor, b, "without", "with") * scale));
  for (let k = 0; k < 60; k++) {
    let [x, y, n] = [0, 0, 0];
    at.forEach((q, j) => {
      const r = wanted[j] ?? NaN;
      if (!Number.isFinite(r)) return;
      const now = Math.hypot(p.x - q.x, p.y - q.y) || 1;
      x += q.x + (r / now) * (p.x - q.x);
      y += q.y + (r / now) * (p.y - q.y);
      n++;
    });
    if (n === 0) return null;
    p = { x: x / n, y: y / n };
  }
  return p;
}

interface Arrow {
  from: Point;
  to: Point;
  r: number;
}

function arrowsOf(v: View, at: Place[], scale: number, width: number, height: number): Arrow[] {
  const movers = v.actors.map((a, i) => ({ a, i })).filter(({ a }) => a.moved).slice(0, GHOSTS);
  return movers.flatMap(({ i }) => {
    const [from, to] = [ghost(v, i, at, scale), at[i]];
    if (from === null || to === undefined) return [];
    const start = { x: Math.max(6, Math.min(width - 6, from.x)), y: Math.max(6, Math.min(height - 6, from.y)) };
    return Math.hypot(to.x - start.x, to.y - start.y) < to.r + 12 ? [] : [{ from: start, to, r: to.r }];
  });
}

function arrow({ from, to, r }: Arrow): SVGElement[] {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const end = { x: to.x - ux * (r + 2), y: to.y - uy * (r + 2) };
  const head = arrowHead(0, 0, 1, "fa");
  head.setAttribute("transform", `translate(${round(end.x)} ${round(end.y)}) rotate(${round((Math.atan2(uy, ux) * 180) / Math.PI)})`);
  return [s("circle", { cx: round(from.x), cy: round(from.y), r: 5, class: "dg" }), line(from.x + ux * 5, from.y + uy * 5, end.x - ux * 5, end.y - uy * 5, "sa"), head];
}

function network(v: View, names: Names, width: number, alt: string, touched: number | null, touch: (i: number) => void): SVGSVGElement {
  const height = Math.round(Math.max(300, Math.min(560, width * 0.5)));
  const { places: at, scale } = places(v, width, height);
  const out: SVGElement[] = v.camps.map((camp) => {
    const edge = hull(camp.flatMap((i) => at[i] ?? []));
    return s("path", { class: "camp", d: `M${edge.map((p) => `${round(p.x)} ${round(p.y)}`).join("L")}z` });
  });
  const own = touched ?? -1;
  v.d.forEach((row, i) => row.forEach((x, j) => {
    const [a, b] = [at[i], at[j]];
    const heavy = i === own || j === own;
    // Lines of one mind are those within half the distance that joins groups: all would fill the picture.
    if (j > i && a !== undefined && b !== undefined && x <= (heavy ? v.near : v.near / 2)) out.push(line(a.x, a.y, b.x, b.y, heavy ? "e2" : "e1"));
  }));
  const arrows = arrowsOf(v, at, scale, width, height);
  out.push(...arrows.flatMap(arrow));
  at.forEach((p, i) => {
    const node = s(
      "g",
      { class: `nd actor${i === own ? " hv" : ""}`, tabindex: 0, role: "button", "aria-pressed": i === own ? "true" : "false", "aria-label": `${nameOf(v, i, names)}. Show who stands near.` },
      s("circle", { cx: round(p.x), cy: round(p.y), r: round(p.r), class: "di" }),
    );
    node.addEventListener("click", () => touch(i));
    node.addEventListener("keydown", (event) => {
      if (!(event instanceof KeyboardEvent) || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      touch(i);
    });
    out.push(node);
  });
  out.push(...labels(v, at, arrows, names, width, height));
  return s("svg", { class: "net", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": alt }, out);
}

// --- in words and numbers ---------------------------------------------------------------------------------

const apart = (d: number): string => `${percent(d)} %`;

function nearest(v: View, i: number): number[] {
  return v.actors.map((_, j) => j).filter((j) => j !== i && Number.isFinite(v.d[i]?.[j] ?? NaN)).sort((a, b) => (v.d[i]?.[a] ?? 0) - (v.d[i]?.[b] ?? 0) || a - b);
}

// How far the movers stand from the two largest groups, without and with the document.
function movers(v: View, names: Names): string {
  const told = v.actors.flatMap((a, i) => (a.moved ? [i] : []));
  if (told.length === 0 || told.length > 3 || v.camps.length === 0) return "";
  const say = (i: number): string => {
    const from = v.camps.slice(0, 2).flatMap((camp) => {
      const [x, y] = [fromGroup(v, i, camp, "without"), fromGroup(v, i, camp, "with")];
      const lead = inSentence(v, camp[0] === i ? (camp[1] ?? i) : (camp[0] ?? i), names);
      return Number.isFinite(x) ? [`from the group of ${lead} ${percent(x) === percent(y) ? `it stays ${percent(x)} %` : `${percent(x)} → ${percent(y)} %`} of the scale`] : [];
    });
    return `The document moves ${inSentence(v, i, names)}: ${from.join(", ")}.`;
  };
  return `${told.map(say).join(" ")} `;
}

function neighbours(v: View, i: number, names: Names): string {
  const order = nearest(v, i);
  const last = order[order.length - 1];
  if (last === undefined) return `${capital(inSentence(v, i, names))} shares no issue with another.`;
  const say = (j: number): string => `${inSentence(v, j, names)} (${apart(v.d[i]?.[j] ?? NaN)})`;
  return `${capital(inSentence(v, i, names))}: nearest ${listed(order.slice(0, 4).map(say))} of the scale away; farthest ${say(last)}.`;
}

function table(v: View, names: Names): Table {
  const campOf = new Map(v.camps.flatMap((g) => g.map((i) => [i, g] as const)));
  return {
    head: ["Actor", "Group of", "Weight", "Nearest", "Distance to it, % of the scale", "Mean distance to all, % of the scale", "Moved by the document"],
    rows: v.actors.map((a, i) => {
      const camp = campOf.get(i);
      const order = nearest(v, i);
      const near = order[0] === undefined ? NaN : (v.d[i]?.[order[0]] ?? NaN);
      const mean = order.reduce((sum, j) => sum + (v.d[i]?.[j] ?? 0), 0) / order.length;
      const shown = (x: number): ReturnType<typeof cell> => (Number.isFinite(x) ? cell(percent(x), 100 * x) : cell("", null));
      return [nameOf(v, i, names), camp === undefined ? "alone" : nameOf(v, camp[0] ?? i, names), cell(a.weight.toPrecision(3), a.weight), order[0] === undefined ? "" : nameOf(v, order[0], names), shown(near), shown(mean), a.moved ? "yes" : "no"];
    }),
  };
}

function pairs(v: View, names: Names): Table {
  return {
    head: ["Actor", "Other actor", "Distance, % of the scale", "Distance without the document"],
    rows: v.actors.flatMap((a, i) => v.actors.slice(i + 1).flatMap((b, k) => {
      const x = v.d[i]?.[i + 1 + k] ?? NaN;
      return Number.isFinite(x) ? [[names.actor(a.id), names.actor(b.id), cell(percent(x), 100 * x), cell(percent(distance(a, b, "without")), 100 * distance(a, b, "without"))]] : [];
    })),
  };
}

function inLists(v: View, names: Names): HTMLElement {
  const people = (group: number[]): string => group.map((i) => nameOf(v, i, names)).join(", ");
  return h(
    "ul",
    { class: "camps" },
    v.camps.map((g) => h("li", { dir: "auto" }, h("b", {}, `${nameOf(v, g[0] ?? 0, names)} and ${inWords(g.length - 1)} more`), ` ${people(g.slice(1))}`)),
    v.alone.length > 0 && h("li", { dir: "auto" }, h("b", {}, "Alone"), ` ${people(v.alone)}`),
  );
}

function body(data: Data, names: Names, issues: Issue[]): Child[] {
  let chosen: string = "";
  let near = NEAR;
  let touched: number | null = null;
  const place = h("div", {});
  const select = (id: string, options: [string, string][], value: string, act: (value: string) => void): HTMLSelectElement => {
    const element = h("select", { id }, options.map(([v, text]) => h("option", { value: v }, text)));
    element.value = value;
    element.addEventListener("change", () => act(element.value));
    return element;
  };
  const draw = (): void => {
    const v = viewOf(chosen === "" ? issues : issues.filter((i) => i.id === chosen), near);
    const title = finding(v, data, names);
    const note = h("p", { class: "nt", role: "status" });
    const say = (): void => {
      note.textContent = touched === null ? `${movers(v, names)}Touch an actor for those who stand nearest.` : neighbours(v, touched, names);
    };
    const paint = (width: number): SVGSVGElement => network(v, names, width, `${title}. The lists below say the same in words`, touched, (i) => {
      touched = touched === i ? null : i;
      const focused = host.contains(document.activeElement);
      host.replaceChildren(paint(Math.floor(host.clientWidth)));
      if (focused) host.querySelectorAll<SVGElement>(".nd")[i]?.focus(); // a touched dot keeps the keyboard's place
      say();
    });
    const host = picture(paint);
    say();
    place.replaceChildren(
      ...h(
        "div",
        {},
        (chosen !== "" || near !== NEAR) && h("h3", { class: "h3", dir: "auto" }, title),
        host,
        note,
        inLists(v, names),
        h("p", { class: "nt" },
          `In the plane distances are off by ${percent(miss(v.d, v.at))} % of the scale on average, and dots that would cover each other are moved apart; the table has the distances themselves.`,
          v.apart.length > 0 && ` ${capital(listed(v.apart.map((id) => names.the(id))))} ${v.apart.length === 1 ? "shares" : "share"} no issue with these and ${v.apart.length === 1 ? "is" : "are"} left out.`,
          v.total > v.actors.length && ` Told are the ${count(v.actors.length)} weightiest of ${count(v.total)} actors.`),
        tools({
          name: chosen === "" ? "coalitions" : `coalitions-${chosen}`,
          title,
          table: () => table(v, names),
          all: () => pairs(v, names),
          parts: () => drawn(host).map((svg) => ({ svg, heading: "" })),
        }),
      ).childNodes,
    );
    redrawAll();
  };
  const on = (set: (value: string) => void) => (value: string): void => {
    set(value);
    touched = null;
    draw();
  };
  draw();
  return [
    h(
      "p",
      { class: "ask" },
      issues.length > 1 && h("span", { class: "one" }, h("label", { for: "net-issue" }, "On"), select("net-issue", [["", `all ${inWords(issues.length)} issues`], ...issues.map((i): [string, string] => [i.id, i.title])], "", on((value) => (chosen = value)))),
      h("span", { class: "one" }, h("label", { for: "net-near" }, "Groups are at most"), select("net-near", CHOICES.map((c) => [String(c), `${percent(c)} % of the scale apart`]), String(NEAR), on((value) => (near = Number(value))))),
    ),
    place,
  ];
}

export function coalitionsSection(data: Data, names: Names): Section | null {
  const issues = issuesOf(data);
  const v = viewOf(issues, NEAR);
  if (v.actors.length < 3) return null;
  const arrow = data.document !== null && v.actors.some((a) => a.moved) ? "; an arrow: from without to with the document" : "";
  return {
    id: "s-coalitions",
    nav: "Coalitions",
    kick: "Coalitions",
    title: finding(v, data, names),
    sub: [`Near is of one mind: the mean distance on the issues, weighted by salience; dot area: weight; shaded: groups at most ${percent(NEAR)} % of the scale apart; lines: within half of that${arrow}`],
    body: () => body(data, names, issues),
  };
}
