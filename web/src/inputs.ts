// Every input with its range, where it comes from and why: searched, sorted, and drawn as drawn and after what is known.

import type { Data, Input, Num, Summary } from "./data";
import { h, linked, round, s } from "./dom";
import type { Child } from "./dom";
import { cell, tools } from "./figure";
import type { Table } from "./figure";
import { count, measured, plural, range } from "./format";

const FIRST = 12;
const W = 96;

export const isJudgement = (input: Input): boolean => /^\s*(judg|$)/i.test(input.source);
export const unitOf = (unit: string): string => (unit === "1" ? "" : unit);

// By how many of its own spreads what is known moves an input; 0 where that is within two errors.
export function movedBy(input: Input): number {
  const { prior, weighted } = input;
  if (prior.mean === null || weighted.mean === null || prior.sd === null || prior.sd === 0) return 0;
  const shift = weighted.mean - prior.mean;
  const error = Math.hypot(prior.mc_error ?? 0, weighted.mc_error ?? 0);
  return Math.abs(shift) > 2 * error ? shift / prior.sd : 0;
}

function span(x: Summary, at: (v: number) => number, y: number, type: string): SVGElement[] {
  if (x.p05 === null || x.p95 === null) return [];
  const out: SVGElement[] = [s("path", { class: `${type} wide`, d: `M${round(at(x.p05))} ${y}H${round(Math.max(at(x.p05) + 1.5, at(x.p95)))}` })];
  if (x.p50 !== null && at(x.p95) - at(x.p05) > 6) out.push(s("path", { class: "notch", d: `M${round(at(x.p50))} ${y - 3.5}v7` }));
  return out;
}

export type Scale = (input: Input) => [number, number];

// The scale an input is drawn on: its issue's for a position, else what all inputs of its unit span together.
export function scales(data: Data): Scale {
  const issues = new Map(data.issues.map((i) => [i.id, i]));
  const units = new Map<string, [number, number]>();
  for (const input of data.inputs) {
    const known = [input.prior.p05, input.prior.p95, input.weighted.p05, input.weighted.p95].filter((v): v is number => v !== null);
    const [low, high] = units.get(input.unit) ?? [Infinity, -Infinity];
    if (known.length > 0) units.set(input.unit, [Math.min(low, ...known), Math.max(high, ...known)]);
  }
  return (input) => {
    const issue = issues.get(/^(\w+)\.position\b/.exec(input.name)?.[1] ?? "");
    if (issue !== undefined && issue.low !== null && issue.high !== null && issue.high > issue.low) return [issue.low, issue.high];
    const [low, high] = units.get(input.unit) ?? [0, 1];
    return high > low ? [Math.min(low, high > 0 ? 0 : low), high] : [low - 1, high + 1];
  };
}

// The scale that just holds an input, before and after what is known.
export const ownScale: Scale = ({ prior, weighted }) => {
  const known = [prior.p05, prior.p95, weighted.p05, weighted.p95].filter((v): v is number => v !== null);
  const [a, b] = [Math.min(...known), Math.max(...known)];
  const pad = (b - a) / 6 || 1;
  return [a - pad, b + pad];
};

// Two intervals of 90 % on one scale: as drawn (grey, above), and after what is known (ink, below) where it differs.
export function intervals(input: Input, scale: Scale, width = W): SVGSVGElement | null {
  const { prior, weighted } = input;
  if (!input.uncertain || prior.p05 === null || weighted.p05 === null) return null;
  const [low, high] = scale(input);
  const at = (v: number): number => Math.max(0, Math.min(width - 1.5, ((v - low) / (high - low)) * width));
  const differs = movedBy(input) !== 0;
  const track = (y: number): SVGElement => s("path", { class: "sr", d: `M0 ${y}H${width}` });
  return s(
    "svg",
    { class: "iv", width, height: 16, viewBox: `0 0 ${width} 16`, "aria-hidden": "true" },
    differs ? [track(4), track(12), span(prior, at, 4, "sg2"), span(weighted, at, 12, "si2")] : [track(8), span(weighted, at, 8, "si2")],
  );
}

type Key = "order" | "label" | "range" | "unit" | "from" | "why";

const sortKey: Record<Exclude<Key, "order">, (i: Input) => string | number> = {
  label: (i) => i.label.toLowerCase(),
  range: (i) => i.weighted.p50 ?? -Infinity,
  unit: (i) => unitOf(i.unit).toLowerCase(),
  from: (i) => (isJudgement(i) ? "judgement" : i.source.toLowerCase()),
  why: (i) => i.why.toLowerCase(),
};

// What an input explains of all claims together: those that decide most stand first.
export function strengths(data: Data): Map<string, number> {
  const out = new Map<string, number>();
  for (const claim of data.claims) for (const d of claim.drivers) out.set(d.input, (out.get(d.input) ?? 0) + (d.strength ?? 0));
  return out;
}

export function inputsTitle(data: Data): string {
  const decide = strengths(data);
  const deciding = data.inputs.filter((i) => decide.has(i.name));
  const told = (n: number, of: number, which: string): string => {
    const part = n === of ? "All" : n * 2 > of ? "Most" : n === 0 ? "None" : "Part";
    return `${part} of what ${which} is judgement: ${count(n)} of ${count(of)} ${plural(of, "input")}`;
  };
  if (data.inputs.length === 0) return "It rests on no input";
  if (deciding.length > 0) return told(deciding.filter(isJudgement).length, deciding.length, "decides");
  return told(data.inputs.filter(isJudgement).length, data.inputs.length, "goes in");
}

export function inputsTable(inputs: Input[]): Table {
  const num = (v: Num): ReturnType<typeof cell> => cell(measured(v), v);
  return {
    head: ["name", "label", "as written", "unit", "source", "why", "uncertain", "prior p05", "prior p50", "prior p95", "weighted p05", "weighted p50", "weighted p95"],
    rows: inputs.map((i) => [
      i.name, i.label, i.text, i.unit, i.source, i.why, i.uncertain ? "yes" : "no",
      num(i.prior.p05), num(i.prior.p50), num(i.prior.p95), num(i.weighted.p05), num(i.weighted.p50), num(i.weighted.p95),
    ]),
  };
}

function row(input: Input, scale: Scale): HTMLElement {
  const by = isJudgement(input);
  const said = input.text !== "" ? input.text : range(input.prior);
  return h(
    "tr",
    { role: "row" },
    h("th", { scope: "row", role: "rowheader", dir: "auto", class: "il", title: input.name }, input.label),
    h("td", { class: "ir", role: "cell" }, said),
    h("td", { class: "iu g", role: "cell", dir: "auto" }, unitOf(input.unit)),
    h("td", { class: "ib", role: "cell" }, intervals(input, scale)),
    h("td", { class: "is", role: "cell" }, h("span", { class: `tag${by ? "" : " s"}` }, by ? "judgement" : "source")),
    h("td", { class: "iw g", role: "cell", dir: "auto" }, !by && linked(input.source), !by && input.why !== "" && ": ", input.why),
  );
}

export function inputsPart(data: Data): Child[] {
  if (data.inputs.length === 0) return [h("p", { class: "nt" }, "The scenario has no inputs.")];
  const decide = strengths(data);
  const start = data.inputs.map((input, i) => ({ input, i })).sort((a, b) => (decide.get(b.input.name) ?? 0) - (decide.get(a.input.name) ?? 0) || Number(b.input.uncertain) - Number(a.input.uncertain) || a.i - b.i).map(({ input }) => input);
  const text = new Map(data.inputs.map((i) => [i, `${i.name} ${i.label} ${i.text} ${i.unit} ${i.source} ${i.why}`.toLowerCase()]));
  const scale = scales(data);
  let key: Key = "order";
  let down = false;
  let every = false;

  const search = h("input", { type: "search", id: "search-inputs", placeholder: "for instance: spending", autocomplete: "off" });
  const body = h("tbody", { role: "rowgroup" });
  const found = h("p", { class: "nt", role: "status" });
  const all = h("button", { type: "button", class: "as-link" });

  const draw = (): void => {
    const words = search.value.toLowerCase().split(/\s+/).filter((w) => w !== "");
    const hits = start.filter((i) => words.every((w) => text.get(i)?.includes(w)));
    if (key !== "order") {
      const value = sortKey[key];
      hits.sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
      });
    }
    const shown = every ? hits : hits.slice(0, FIRST);
    body.replaceChildren(...shown.map((i) => row(i, scale)));
    found.textContent =
      hits.length === 0 ? `No input has “${search.value}”.` : `${count(shown.length)} of ${count(hits.length)} ${plural(hits.length, "input")} shown${key === "order" && words.length === 0 && decide.size > 0 ? ", those that decide most first" : ""}.`;
    all.hidden = hits.length <= FIRST;
    all.textContent = every ? "Show fewer" : `Show all ${count(hits.length)}`;
  };

  const headers = (
    [["label", "Input", "il"], ["range", "As written", "ir"], ["unit", "Unit", "iu"], [null, "On its scale", "ib"], ["from", "From", "is"], ["why", "Reason", "iw"]] as [Exclude<Key, "order"> | null, string, string][]
  ).map(([by, name, type]) => {
    if (by === null) return h("th", { scope: "col", role: "columnheader", class: type }, name);
    const th = h("th", { scope: "col", role: "columnheader", class: type, "aria-sort": "none" });
    const button = h("button", { type: "button", class: "sort" }, name);
    button.addEventListener("click", () => {
      down = key === by ? !down : false;
      key = by;
      headers.forEach((other) => other.hasAttribute("aria-sort") && other.setAttribute("aria-sort", "none"));
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      draw();
    });
    th.append(button);
    return th;
  });
  search.addEventListener("input", draw);
  all.addEventListener("click", () => {
    every = !every;
    draw();
  });
  draw();
  return [
    h("div", { class: "se" }, h("label", { for: "search-inputs" }, "Search inputs"), search),
    h("table", { class: "it", role: "table", "aria-label": "Inputs" }, h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, headers)), body),
    found,
    all,
    h(
      "p",
      { class: "nt" },
      "On its scale: the middle 90 %, on the issue’s scale or that of all inputs of the same unit",
      data.has_given ? "; grey as drawn and ink after what is known, one bar where nothing changes." : ".",
    ),
    tools({ name: "inputs", title: inputsTitle(data), table: () => inputsTable(data.inputs) }),
  ];
}
