// The left half of the first screen: what the document moves. One row an outcome.

import type { Data, Issue, Quantity } from "./data";
import { h } from "./dom";
import { dotPlot } from "./dotplot";
import { cell, drawn, picture, tools } from "./figure";
import type { Part, Table } from "./figure";
import { capital, change, inWords, measured, plain, plural, range, finestOn, isolated } from "./format";
import type { Names } from "./names";
import type { Section } from "./section";

export const ROWS = 4; // that fit the first screen

export interface Outcome {
  quantity: Quantity;
  issue: Issue | null;
  title: string;
}

export function outcomes(data: Data, names: Names): Outcome[] {
  const issues = new Map(data.issues.map((i) => [i.id, i]));
  return data.quantities
    .filter((q) => q.headline)
    .map((quantity) => ({
      quantity,
      issue: quantity.kind === "outcome" ? (issues.get(quantity.issue) ?? null) : null,
      title: names.quantity(quantity),
    }));
}

export function scaleOf({ quantity: q, issue }: Outcome): { low: Quantity["low"]; high: Quantity["high"] } {
  return { low: q.low ?? issue?.low ?? null, high: q.high ?? issue?.high ?? null };
}

// By how much the document moves an outcome, in lengths of its scale or else of its spread.
function shift(o: Outcome): number {
  const { quantity: q } = o;
  const { low, high } = scaleOf(o);
  if (!q.moves || q.p50 === null || q.without.p50 === null) return 0;
  const unit = low !== null && high !== null ? high - low : (q.p95 ?? 0) - (q.p05 ?? 0) || 1;
  return Math.abs(q.p50 - q.without.p50) / unit;
}

// Those that stand on the first screen: all, or the outcomes of issues before others and then those that move most.
export function firstRows(all: Outcome[]): Outcome[] {
  if (all.length <= ROWS) return all;
  const chosen = [...all]
    .sort((a, b) => Number(b.issue !== null) - Number(a.issue !== null) || shift(b) - shift(a))
    .slice(0, ROWS);
  return all.filter((o) => chosen.includes(o));
}

export function moved(o: Outcome): boolean {
  const { low, high } = scaleOf(o);
  return o.quantity.moves && change(o.quantity.without, o.quantity, low, high).differs;
}

export function outcomesTitle(data: Data, all: Outcome[]): string {
  const [only] = all;
  if (only === undefined) return "No outcome is computed";
  if (data.document === null) {
    const known = all.filter((o) => o.quantity.known !== null);
    const inside = known.filter(({ quantity: q }) => (q.known ?? 0) >= (q.p05 ?? 0) && (q.known ?? 0) <= (q.p95 ?? 0));
    if (known.length === 1) return `What happened lies ${inside.length === 1 ? "inside" : "outside"} the 90 % range`;
    if (known.length > 1) return `What happened lies in the 90 % range in ${inside.length} of ${known.length}`;
    const { low, high } = scaleOf(only);
    const middle = measured(only.quantity.p50, only.quantity.quantile_error.p50, finestOn(low, high));
    return all.length === 1 ? `${only.title}: ${middle}` : `${capital(inWords(all.length))} outcomes from these assumptions`;
  }
  const n = all.filter(moved).length;
  if (all.length === 1) return `The document ${n === 1 ? "moves" : "does not move"} ${only.title}`;
  if (n === 0) return `The document moves none of ${inWords(all.length)} outcomes`;
  return `The document moves ${n === all.length ? `all ${inWords(n)}` : `${inWords(n)} of ${inWords(all.length)}`} outcomes`;
}

function figures(o: Outcome, data: Data): { main: string; span: string } {
  const { quantity: q } = o;
  const { low, high } = scaleOf(o);
  if (q.p50 === null) return { main: "undefined", span: "" };
  const span = `[${range(q, low, high)}]`;
  if (data.document !== null && moved(o)) {
    const c = change(q.without, q, low, high);
    return { main: `${c.from} → ${c.to}`, span };
  }
  return { main: measured(q.p50, q.quantile_error.p50, finestOn(low, high)), span };
}

function alt(o: Outcome, data: Data): string {
  const { quantity: q, issue } = o;
  const { low, high } = scaleOf(o);
  const c = change(q.without, q, low, high);
  const ends = (issue?.labels ?? []).map((l) => `${plain(l.at)} ${l.text}`).join(", ");
  const known = q.known === null ? "" : ` What happened: ${plain(q.known)}.`;
  const numbers =
    data.document === null
      ? `median ${c.to}, 90 % of draws ${range(q, low, high)}`
      : `median ${c.from} without the document, 90 % of draws ${range(q.without, low, high)}; ` +
        `${c.differs ? c.to : "no difference"} with it, ${range(q, low, high)}`;
  return `${o.title}: ${numbers}.${ends === "" ? "" : ` Scale: ${ends}.`}${known}`;
}

export function outcomeRow(o: Outcome, data: Data, first: boolean, level: "h3" | "h4" = "h3"): HTMLElement {
  const { quantity: q, issue } = o;
  const { main, span } = figures(o, data);
  const plot = {
    ...scaleOf(o),
    labels: issue?.labels ?? [],
    unit: q.unit === "1" ? "" : q.unit,
    without: data.document === null ? null : q.without,
    with: q,
    known: q.known,
    names: first,
    alt: alt(o, data),
  };
  const empty = q.dots.every((d) => d === null);
  return h(
    "div",
    { class: "orow" },
    h(
      "div",
      { class: "oh" },
      h(level, { dir: "auto", title: issue?.question || null }, o.title, issue === null && q.unit !== "" && q.unit !== "1" && h("span", { class: "rg" }, `, ${q.unit}`)),
      h("span", { class: "of" }, h("b", { class: "num" }, main), " ", h("span", { class: "rg" }, span)),
    ),
    q.known !== null && h("p", { class: "known" }, `◆ what happened: ${plain(q.known)}`),
    q.undefined !== null && q.undefined > 0 && h("p", { class: "rg" }, `undefined in ${Math.max(1, Math.round(100 * q.undefined))} % of draws`),
    empty ? h("p", { class: "rg" }, "No draw gives it a value.") : picture((width) => dotPlot(plot, width)),
  );
}

export function outcomesTable(all: Outcome[], data: Data): Table {
  const doc = data.document !== null;
  const known = all.some((o) => o.quantity.known !== null);
  return {
    head: [
      "Outcome",
      ...(doc ? ["Median without", "90 % range without", "Median with", "90 % range with", "Change"] : ["Median", "90 % range"]),
      "Error of the median",
      ...(known ? ["What happened"] : []),
    ],
    rows: all.map((o) => {
      const { quantity: q } = o;
      const { low, high } = scaleOf(o);
      const c = change(q.without, q, low, high);
      return [
        o.title,
        ...(doc ? [cell(c.from, q.without.p50), range(q.without, low, high)] : []),
        cell(c.to, q.p50),
        range(q, low, high),
        ...(doc ? [c.differs ? c.by : "no difference"] : []),
        cell(measured(q.quantile_error.p50), q.quantile_error.p50),
        ...(known ? [cell(q.known === null ? "" : plain(q.known), q.known)] : []),
      ];
    }),
  };
}

export function outcomesSub(all: Outcome[], data: Data): (Node | string)[] {
  const issues = all.filter((o) => o.issue !== null);
  const [o] = issues;
  const same = issues.length === all.length && issues.every((i) => i.issue?.low === o?.issue?.low && i.issue?.high === o?.issue?.high);
  const measure = same && o?.issue ? `Position, ${plain(o.issue.low)} to ${plain(o.issue.high)}; ` : "";
  if (data.document === null) return [`${measure}a dot is 5 % of draws; in brackets 90 %`].map(capital);
  const dot = (type: string): Node => h("span", { class: `dot ${type}`, "aria-hidden": "true" });
  return [measure, dot("fg"), " without and ", dot("fi"), " with it; a dot is 5 % of draws"];
}

export function outcomesPart(data: Data, names: Names): HTMLElement {
  const all = outcomes(data, names);
  const rows = firstRows(all);
  const title = outcomesTitle(data, all);
  const elements = rows.map((o, i) => outcomeRow(o, data, i === 0));
  const parts = (): Part[] =>
    elements.flatMap((element, i) =>
      Array.from(element.querySelectorAll<HTMLElement>(".pic")).flatMap((host) =>
        drawn(host).map((svg) => ({ svg, heading: `${rows[i]?.title ?? ""}  ${figuresText(rows[i], data)}` })),
      ),
    );
  return h(
    "section",
    { id: "s-outcomes", class: "p0", "aria-labelledby": "outcomes-title" },
    h("h2", { class: "sm", id: "outcomes-title" }, title),
    all.length > 0 && h("p", { class: "sub" }, outcomesSub(all, data)),
    elements,
    all.length === 0 && h("p", { class: "nt" }, "The scenario names no issue that is settled and no headline quantity."),
    all.length > rows.length &&
      h("p", { class: "key left" }, h("a", { href: "#s-all" }, `${inWords(all.length - rows.length)} more ${plural(all.length - rows.length, "outcome")}`)),
    all.length > 0 && tools({ name: "outcomes", title: isolated(title), table: () => outcomesTable(all, data), parts }),
  );
}

function figuresText(o: Outcome | undefined, data: Data): string {
  if (o === undefined) return "";
  const { main, span } = figures(o, data);
  return `${main} ${span}`;
}

// --- all outcomes, where the first screen has no room for them ------------------------------------------

const DRAWN = 24;

export function allOutcomesSection(data: Data, names: Names): Section | null {
  const all = outcomes(data, names);
  if (all.length <= ROWS) return null;
  const rest = [...all].sort((a, b) => shift(b) - shift(a)).slice(0, DRAWN);
  const sub = all.length > rest.length ? `The ${inWords(rest.length)} that move most; the table has all ${all.length}` : "";
  return {
    id: "s-all",
    nav: "All outcomes",
    kick: "All outcomes",
    title: outcomesTitle(data, all),
    sub: sub === "" ? outcomesSub(all, data) : [sub],
    body: () => {
      const rows = all.filter((o) => rest.includes(o)).map((o) => ({ o, element: outcomeRow(o, data, false) }));
      return [
        h("div", { class: "three outs" }, rows.map(({ element }) => element)),
        tools({
          name: "all-outcomes",
          title: outcomesTitle(data, all),
          table: () => outcomesTable(all, data),
          parts: () => rows.flatMap(({ o, element }) => Array.from(element.querySelectorAll<HTMLElement>(".pic")).flatMap((host) => drawn(host).map((svg) => ({ svg, heading: `${o.title}  ${figuresText(o, data)}` })))),
        }),
      ];
    },
  };
}
