// A step of the causal map, opened: what it is, the equation it is computed by, and its distribution.

import { nice } from "d3-array";
import type { Claim, Data, GraphNode, Input, Model, Quantity, Summary } from "./data";
import { fitted, h, label, line, linked, round, s, textWidth } from "./dom";
import type { Child } from "./dom";
import { cell, drawn, picture, tools } from "./figure";
import type { Part, Table } from "./figure";
import { change, count, errorText, inWords, isolated, measured, percent, plain, plural } from "./format";
import { inputsTable, intervals, ownScale, scales, unitOf } from "./inputs";
import { makeNames } from "./names";
import { outcomeRow, outcomesTable, scaleOf } from "./outcomes";
import type { Outcome } from "./outcomes";
import { glyph } from "./verdict";

const MOST = 12; // lines of a column that stand on the page; the table has all

function equation(model: Model): Child[] {
  return [
    h("p", {}, h("b", {}, model.title), ". ", model.summary),
    model.equation !== "" && h("pre", { tabindex: 0, role: "region", "aria-label": `Equation of ${model.title}` }, h("code", {}, model.equation)),
    h("p", { class: "nt" }, linked(model.citation)),
  ];
}

// An outcome is settled by one model in a draw: their equations, the most frequent first.
function settled(data: Data, issue: string): Child[] {
  const used = (data.issues.find((i) => i.id === issue)?.settle ?? []).filter((t) => t.share === null || t.share > 0).sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
  const rows = used.flatMap((t) => {
    const model = data.models.find((m) => m.id === t.model);
    return model === undefined ? [] : [h("li", {}, h("b", {}, model.title), t.share !== null && ` in ${percent(t.share)} % of draws`, h("pre", { tabindex: 0, role: "region", "aria-label": `Equation of ${model.title}` }, h("code", {}, model.equation)))];
  });
  return rows.length === 0 ? [] : [h("ul", { class: "settled" }, rows)];
}

function computed(n: GraphNode, data: Data): Child[] {
  if (n.band === "outcome") return settled(data, n.id.replace(/\..*$/, ""));
  const model = data.models.find((m) => m.title === n.text);
  if (model !== undefined) return equation(model);
  return n.text === "" ? [] : [h("pre", { tabindex: 0, role: "region", "aria-label": "As written" }, h("code", {}, `${n.id} = ${n.text}`))];
}

// --- distributions --------------------------------------------------------------------------------------

const withinBrackets = (name: string, id: string): string => name.slice(id.length).replace(/^[.]/, "").replace(/^\[(.*)\]$/, "$1");

function quantityTable(quantities: Quantity[], data: Data): Table {
  const doc = data.document !== null;
  return {
    head: ["Quantity", "Unit", ...(doc ? ["Median without"] : []), doc ? "Median with" : "Median", "5 %", "95 %"],
    rows: quantities.map((q) => [q.name, q.unit, ...(doc ? [cell(measured(q.without.p50, q.without.quantile_error.p50), q.without.p50)] : []), cell(measured(q.p50, q.quantile_error.p50), q.p50), cell(measured(q.p05), q.p05), cell(measured(q.p95), q.p95)]),
  };
}

// By how far the document moves it, in its own spread: those stand first that it moves most.
function shift(q: Quantity): number {
  const spread = (q.p95 ?? 0) - (q.p05 ?? 0);
  return q.p50 === null || q.without.p50 === null || spread <= 0 ? 0 : Math.abs(q.p50 - q.without.p50) / spread;
}

// A row a quantity on one scale: 90 % of draws as a line, half of them as a bar, the median as a tick; grey without.
function ranges(rows: { name: string; q: Quantity }[], doc: boolean, width: number, alt: string): SVGSVGElement {
  const left = Math.min(width * 0.42, 16 + Math.max(...rows.map((r) => textWidth(r.name, 12))));
  const right = 96;
  const arms = rows.flatMap(({ q }) => (doc ? [q.without, q] : [q]));
  const known = arms.flatMap((a) => [a.p05, a.p95]).filter((v): v is number => v !== null);
  const [low, high] = known.length === 0 ? [0, 1] : nice(Math.min(...known), Math.max(...known) > Math.min(...known) ? Math.max(...known) : Math.min(...known) + 1, 4);
  const x = (v: number): number => left + ((Math.max(low, Math.min(high, v)) - low) / (high - low)) * (width - left - right);
  const row = doc ? 26 : 20;
  const base = rows.length * row + 4;
  const out: SVGElement[] = [line(left, base, width - right, base, "sr"), label(left, base + 15, plain(low), "s g"), label(width - right, base + 15, plain(high), "s g", "end")];
  rows.forEach(({ name, q }, i) => {
    const y = i * row + row / 2 + 2;
    const bar = (a: Summary, at: number, grey: boolean): void => {
      if (a.p05 === null || a.p95 === null || a.p25 === null || a.p75 === null || a.p50 === null) return;
      out.push(line(x(a.p05), at, x(a.p95), at, grey ? "sg1" : "si1"));
      out.push(s("rect", { x: round(x(a.p25)), y: at - 2.5, width: round(Math.max(1.5, x(a.p75) - x(a.p25))), height: 5, class: grey ? "fg" : "fi" }));
      out.push(line(x(a.p50), at - 6, x(a.p50), at + 6, grey ? "sg2" : "si2"));
    };
    if (doc) bar(q.without, y - 5.5, true);
    bar(q, doc ? y + 5.5 : y, false);
    const c = change(q.without, q, q.low, q.high);
    out.push(label(0, y + 4, fitted(name, left - 12, 12)), label(width, y + 4, doc && c.differs ? `${c.from} → ${c.to}` : c.to, "b", "end"));
  });
  return s("svg", { viewBox: `0 0 ${width} ${base + 20}`, width, height: base + 20, role: "img", "aria-label": alt }, out);
}

function column(n: GraphNode, quantities: Quantity[], data: Data): Child[] {
  const first = [...quantities].map((q, i) => ({ q, i })).sort((a, b) => shift(b.q) - shift(a.q) || a.i - b.i).slice(0, MOST).sort((a, b) => a.i - b.i).map(({ q }) => q);
  const doc = data.document !== null;
  const rows = first.map((q) => ({ name: q.name === n.id ? n.label.replaceAll("_", " ") : actorIn(withinBrackets(q.name, n.id), data), q }));
  const units = [...new Set(quantities.map((q) => unitOf(q.unit)).filter((u) => u !== ""))];
  const moved = quantities.filter((q) => change(q.without, q, q.low, q.high).differs).length;
  const only = rows[0]?.q;
  const c = only && change(only.without, only, only.low, only.high);
  const told = rows.length > 1 || c === undefined ? (doc ? `the document moves ${inWords(moved)} of ${count(quantities.length)} numbers` : `${count(quantities.length)} numbers`) : doc && c.differs ? `${c.from} → ${c.to}` : c.to;
  const title = `${isolated(n.label.replaceAll("_", " "))}: ${told}`;
  const host = picture((width) => ranges(rows, doc, width, title));
  return [
    h("h4", { dir: "auto" }, title),
    h("p", { class: "sub" }, `${units.length === 1 ? `${units[0] ?? ""}; ` : ""}line: 90 % of draws, bar: half of them, tick: the median${doc ? "; grey: without the document" : ""}`),
    host,
    quantities.length > first.length && h("p", { class: "nt" }, `${count(first.length)} of ${count(quantities.length)}${doc ? ", those that the document moves most" : ""}; the table has all.`),
    tools({ name: `step-${n.id}`, title, table: () => quantityTable(quantities, data), parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }),
  ];
}

// "fr, 2026" with the actor's name.
function actorIn(key: string, data: Data): string {
  return key.split(/(\[|\]|, )/).map((part) => isolated(data.actors[part]?.name ?? part)).join("").replaceAll("_", " ");
}

function inputLines(n: GraphNode, inputs: Input[], data: Data): Child[] {
  const first = [...inputs].map((input, i) => ({ input, i })).sort((a, b) => Number(b.input.uncertain) - Number(a.input.uncertain) || a.i - b.i).slice(0, MOST).sort((a, b) => a.i - b.i).map(({ input }) => input);
  const scale = inputs.length === 1 ? ownScale : scales(data);
  const line = (input: Input): HTMLElement =>
    h(
      "li",
      { dir: "auto" },
      h("span", {}, inputs.length === 1 ? input.label : actorIn(withinBrackets(input.name, n.id), data)),
      h("b", {}, input.text !== "" ? input.text : measured(input.weighted.p50)),
      h("span", { class: "rg" }, unitOf(input.unit)),
      intervals(input, scale, 180),
      h("span", { class: "rg why" }, linked([input.source, input.why].filter((t) => t !== "").join(": "))),
    );
  return [
    h("ul", { class: "lines from" }, first.map(line)),
    inputs.length > first.length && h("p", { class: "nt" }, `${count(first.length)} of ${count(inputs.length)} ${plural(inputs.length, "input")}; the table has all.`),
    h("p", { class: "nt" }, data.has_given ? "Bars: the middle 90 %, grey as drawn and ink after what is known." : "Bars: the middle 90 % of what is drawn."),
    tools({ name: `step-${n.id}`, title: n.label, table: () => inputsTable(inputs) }),
  ];
}

function claimLines(claim: Claim, data: Data): Child[] {
  const share = (a: { share: number | null; mc_error: number | null }): string => `${percent(a.share)} % ${errorText(a.share, a.mc_error, data.effective_draws)}`.trim();
  return [
    h("p", {}, glyph(claim.verdict), ` ${claim.verdict}: holds in ${share(claim)} of draws`, data.document !== null && `; ${share(claim.without)} without the document`, ". ", h("a", { href: `#${claim.id}` }, "Open the claim")),
    (claim.overall || claim.holds) !== "" && h("pre", { tabindex: 0, role: "region", "aria-label": "As written" }, h("code", {}, claim.overall || claim.holds)),
  ];
}

function provisionLines(n: GraphNode, data: Data): Child[] {
  const p = data.provisions.find((one) => one.id === n.id || `provision.${one.id}` === n.id);
  if (p === undefined) return [h("p", { dir: "auto" }, n.text)];
  return [
    p.says !== "" && h("p", { dir: "auto" }, p.says),
    h("p", {}, p.share === null ? "" : `Takes hold in ${percent(p.share)} % of draws`, p.takes_hold === "" ? "." : [", by ", h("code", {}, p.takes_hold), "."]),
    p.changes.length > 0 && h("ul", { class: "changes" }, p.changes.map((c) => h("li", {}, h("code", {}, c)))),
  ];
}

export function openedNode(n: GraphNode, claim: Claim | undefined, data: Data): Child[] {
  const own = (name: string): boolean => name === n.id || (name.startsWith(n.id) && /^[.[]/.test(name.slice(n.id.length)));
  const title = h("h3", { class: "h3", dir: "auto" }, isolated(n.label.replaceAll("_", " ")));
  if (claim !== undefined) return [title, claimLines(claim, data)];
  if (n.band === "provision") return [title, provisionLines(n, data)];
  const inputs = n.band === "input" ? data.inputs.filter((i) => own(i.name)) : [];
  if (inputs.length > 0) return [title, inputLines(n, inputs, data)];
  const quantities = data.quantities.filter((q) => own(q.name));
  const [only] = quantities;
  if (only === undefined) return [title, computed(n, data), h("p", { class: "nt" }, "Its numbers are kept inside the run; what rests on it is told.")];
  const how = computed(n, data);
  const by = how.length === 0 ? [] : [h("h4", {}, "How it is computed"), how];
  if (quantities.length > 1 || only.dots.every((d) => d === null)) return [title, column(n, quantities, data), by];
  const names = makeNames(data);
  const o: Outcome = { quantity: only, issue: only.kind === "outcome" ? (data.issues.find((i) => i.id === only.issue) ?? null) : null, title: names.quantity(only) };
  const { low, high } = scaleOf(o);
  const row = outcomeRow({ ...o, quantity: { ...only, low, high } }, data, true, "h4");
  const parts = (): Part[] => Array.from(row.querySelectorAll<HTMLElement>(".pic")).flatMap(drawn).map((svg) => ({ svg, heading: "" }));
  return [title, row, tools({ name: `step-${n.id}`, title: o.title, table: () => outcomesTable([o], data), parts }), by];
}
