// Decisions: how likely each is by when, who stands in its way, and what power the rules give.

import type { Data, Issue, Num } from "./data";
import { rowsPicture, scaleTicks, timeChart, toldOver } from "./chart";
import type { Row } from "./chart";
import { h } from "./dom";
import type { Child } from "./dom";
import { cell, drawn, picture, tools } from "./figure";
import type { Table } from "./figure";
import { at, capital, count, inWords, isolated, listed, measured, place, plain, plural } from "./format";
import type { Names } from "./names";
import type { Arms, Decision, Point, Power, Series } from "./rooms";
import { firstOpen } from "./section";
import type { Section } from "./section";

const MOST_ROWS = 16;
const NEVER = 1000; // years of waiting

// A probability in per cent with a digit more where it is small.
export function chance(p: Num, error: Num = null): string {
  if (p === null) return "undefined";
  const x = 100 * p;
  const power = Math.max(place(x, error === null ? null : 100 * error), x < 10 ? -1 : 0);
  const shown = at(x, power);
  if (p > 0 && Number(shown) === 0) return power < 0 ? "<0.1" : "<1";
  return p < 1 && Number(shown) === 100 ? ">99" : shown;
}

export function apart(a: Num, ea: Num, b: Num, eb: Num): boolean {
  return a !== null && b !== null && Math.abs(a - b) > 2 * Math.hypot(ea ?? 0, eb ?? 0);
}

export const lastOf = (values: Num[]): number => values.reduce<number>((found, v, i) => (v === null ? found : i), -1);

// "3 % rises to 12 %", "12 %, with the document or without", or one number where there is no document.
export function changeOf(arms: Arms<Series>, doc: boolean): string {
  const i = lastOf(arms.with.mean);
  const [a, b] = [arms.without.mean[i] ?? null, arms.with.mean[i] ?? null];
  const [ea, eb] = [arms.without.mc_error[i] ?? null, arms.with.mc_error[i] ?? null];
  const [from, to] = [chance(a, ea), chance(b, eb)];
  if (b === null) return "no draw counts";
  if (!doc || a === null) return `${to} %`;
  if (!apart(a, ea, b, eb) || from === to) return `${to} %, with the document or without`;
  return `${from} % ${b > a ? "rises" : "falls"} to ${to} %`;
}

const error2 = (s: Series, sign: number): Num[] => s.mean.map((m, i) => (m === null ? null : Math.min(1, Math.max(0, m + sign * 2 * (s.mc_error[i] ?? 0)))));

function chanceTracks(arms: Arms<Series>, doc: boolean): Parameters<typeof timeChart>[0]["tracks"] {
  const end = (s: Series): string => `${chance(s.mean[lastOf(s.mean)] ?? null, s.mc_error[lastOf(s.mean)] ?? null)} %`;
  const track = (s: Series, type: "with" | "without", name: string): Parameters<typeof timeChart>[0]["tracks"][number] => ({ name, figure: end(s), type, values: s.mean, bands: [[error2(s, -1), error2(s, 1)]] });
  return doc ? [track(arms.without, "without", "without"), track(arms.with, "with", "with")] : [track(arms.with, "with", "")];
}

export function chancePicture(years: number[], arms: Arms<Series>, doc: boolean, title: string, asked: number[] = [], height = 220): (width: number) => SVGSVGElement {
  const most = Math.max(0, ...arms.with.mean.map((v) => v ?? 0), ...(doc ? arms.without.mean.map((v) => v ?? 0) : []));
  const told = (s: Series): string => toldOver(years, s.mean, (v, i) => `${chance(v, s.mc_error[i] ?? null)} %`);
  const alt = `${title}: ${doc ? `without the document ${told(arms.without)}; with it ${told(arms.with)}` : told(arms.with)}.`;
  return (width) => timeChart({ at: years, tracks: chanceTracks(arms, doc), low: 0, high: most > 0.45 ? 1 : null, percent: true, height, ticks: asked, alt }, width);
}

// --- a decision -----------------------------------------------------------------------------------------

// A group inside an actor has the actor's name; one without any name is written as the scenario's titles write its words:
// "nato" as "NATO".
export function groupName(id: string, data: Data): string {
  const own = data.groups[id]?.name ?? id;
  if (own !== id) return isolated(own);
  if (data.actors[id] !== undefined) return isolated(data.actors[id].name);
  const titles = [...data.rooms.decisions, ...data.rooms.burdens, ...data.rooms.deterrence, ...data.issues, data.scenario].map((x) => x.title).join(" ");
  const written = (word: string): string => titles.match(/[\p{L}\p{N}]+/gu)?.find((w) => w.toLowerCase() === word && w === w.toUpperCase()) ?? word;
  return isolated(id.split("_").map(written).join(" "));
}

export const NO_VALUE = "No draw gives it a value.";

export function decisionFinding(d: Decision, data: Data): string {
  if (lastOf(d.by_year.with.mean) < 0) return isolated(d.title);
  return `${isolated(d.title)}: ${changeOf(d.by_year, data.document !== null)} by ${d.years[lastOf(d.by_year.with.mean)] ?? ""}`;
}

function told(d: Decision, data: Data): string {
  const issue: Issue | undefined = data.issues.find((i) => i.id === d.issue);
  const spot = (v: Num): string => {
    const words = issue?.labels.find((l) => l.at === v)?.text ?? "";
    return `${plain(v)}${words === "" ? "" : ` (${words})`}`;
  };
  const moves = d.to === null ? "" : `${issue === undefined ? "To move" : `On ${isolated(`“${issue.title}”`)}, to move`}${d.from === null ? "" : ` from ${spot(d.from)}`} to ${spot(d.to)}. `;
  const who = d.group === "" ? "" : `${capital(groupName(d.group, data))}${d.members > 0 ? `, ${inWords(d.members)} ${plural(d.members, "member")}` : ""}. `;
  const asked = d.asked.length === 0 || d.asked.length === d.years.length ? "Asked each year" : `Asked in ${listed(d.asked.map(String))}`;
  return `${moves}${who}${d.rule === "" ? "" : `Rule: ${d.rule}. `}${asked}${d.rounds > 1 ? `, in ${inWords(d.rounds)} rounds that draw anew` : ""}.`;
}

function facts(d: Decision, doc: boolean): string {
  const out: string[] = [];
  if (d.gridlock !== null && d.gridlock.low.p50 !== null && d.gridlock.high.p50 !== null) {
    const finest = place(Math.max(Math.abs(d.gridlock.low.p50), Math.abs(d.gridlock.high.p50), 1)) + 1;
    const [low, high] = [at(d.gridlock.low.p50, finest), at(d.gridlock.high.p50, finest)];
    out.push(low === high ? `What stands can be changed anywhere but at ${low} (no gridlock, medians).` : `What stands cannot be changed anywhere from ${low} to ${high} (the gridlock interval, medians).`);
  }
  const time = d.expected_time?.with;
  if (time !== undefined && time.mean !== null)
    out.push(time.mean > NEVER ? "It is adopted practically never." : time.mean < 0.05 ? "It is adopted at once." : `${time.undefined === null || time.undefined < 0.005 ? "It" : "Where it is adopted at all, it"} takes ${at(time.mean, Math.max(-1, place(time.mean, time.mc_error)))} years${doc ? " with the document" : ""} on average.`);
  return out.join(" ");
}

interface Blocker {
  actor: string;
  without: Num;
  with: Num;
  accept: Num;
}

function blockers(d: Decision): { rows: Blocker[]; blocks: boolean } {
  const accept = new Map(d.accept.map((a) => [a.actor, a]));
  const blocks = d.blocks.some((b) => (b.with.mean ?? 0) >= 0.01 || (b.without.mean ?? 0) >= 0.01) || d.accept.length === 0;
  const refuses = (p: Point | undefined): Num => (p === undefined || p.mean === null ? null : 1 - p.mean);
  const rows: Blocker[] = blocks
    ? d.blocks.map((b) => ({ actor: b.actor, without: b.without.mean, with: b.with.mean, accept: accept.get(b.actor)?.with.mean ?? null }))
    : d.accept.map((a) => ({ actor: a.actor, without: refuses(a.without), with: refuses(a.with), accept: a.with.mean }));
  return { rows: rows.filter((r) => r.with !== null).sort((a, b) => (b.with ?? 0) - (a.with ?? 0)), blocks };
}

function blockersPart(d: Decision, data: Data, names: Names): Child[] {
  const doc = data.document !== null;
  const { rows, blocks } = blockers(d);
  const [first] = rows;
  if (first === undefined) return [];
  const shown = rows.slice(0, MOST_ROWS);
  const title = blocks ? `${capital(names.the(first.actor))} stands in the way most` : `No single yes would carry it; ${names.the(first.actor)} refuses most often`;
  const sub = blocks ? `What a certain yes of each would add to the chance, in points${doc ? "; grey without the document, ink with it" : ""}` : `Chance that each refuses, %${doc ? "; grey without the document, ink with it" : ""}`;
  const most = Math.max(0.01, ...shown.flatMap((r) => [r.with ?? 0, doc ? (r.without ?? 0) : 0]));
  const figure = (v: Num): string => chance(v);
  const columns = [...(d.accept.length > 0 && blocks ? [{ head: "accepts %" }] : []), { head: "", bold: true }];
  const list: Row[] = shown.map((r) => ({
    name: names.actor(r.actor),
    marks: [...(doc ? [{ at: r.without, type: "fg" as const }] : []), { at: r.with, type: "fi" as const }],
    cells: [...(columns.length > 1 ? [figure(r.accept)] : []), figure(r.with)],
  }));
  const alt = `${title}. ${shown.map((r) => `${names.actor(r.actor)} ${figure(r.with)}`).join(", ")}.`;
  const host = picture((width) => rowsPicture({ rows: list, low: 0, high: most, ticks: scaleTicks(0, most, (v) => plain(Math.round(1e6 * v) / 1e4)), at: 0, bars: true, columns, alt }, width));
  const table = (): Table => {
    const of = (list_: Decision["blocks"], actor: string): Decision["blocks"][number] | undefined => list_.find((b) => b.actor === actor);
    const num = (v: Num | undefined): ReturnType<typeof cell> => cell(v == null ? "" : chance(v), v == null ? null : 100 * v);
    const all = [...new Set([...rows.map((r) => r.actor), ...d.blocks.map((b) => b.actor)])];
    const parts = doc ? (["without", "with", "taken"] as const) : (["with"] as const);
    return {
      head: ["Member", ...parts.flatMap((k) => [`Its yes adds, points${doc ? `, ${k}` : ""}`, `Accepts %${doc ? `, ${k}` : ""}`])],
      rows: all.map((actor) => [names.actor(actor), ...parts.flatMap((k) => [num(of(d.blocks, actor)?.[k].mean), num(of(d.accept, actor)?.[k].mean)])]),
    };
  };
  return [
    h("h4", { dir: "auto" }, title),
    h("p", { class: "sub" }, sub),
    host,
    rows.length > shown.length && h("p", { class: "nt" }, `The first ${inWords(shown.length)} of ${count(rows.length)}; the table has all.`),
    tools({ name: `blockers-${d.id}`, title: `${isolated(d.title)}: ${title}`, table, parts: () => drawn(host).map((svg) => ({ svg, heading: sub })) }),
  ];
}

function decisionTable(d: Decision, doc: boolean): Table {
  const num = (s: Series, i: number): ReturnType<typeof cell> => cell(s.mean[i] == null ? "" : chance(s.mean[i] ?? null, s.mc_error[i] ?? null), s.mean[i] == null ? null : 100 * (s.mean[i] ?? 0));
  const parts = doc ? (["without", "with", "taken"] as const) : (["with"] as const);
  return {
    head: ["Year", ...parts.flatMap((k) => [`Adopted by then %${doc ? `, ${k}` : ""}`, "± standard error"]), ...parts.map((k) => `Chance when asked %${doc ? `, ${k}` : ""}`)],
    rows: d.years.map((year, i) => [
      cell(String(year), year),
      ...parts.flatMap((k) => [num(d.by_year[k], i), cell(d.by_year[k].mc_error[i] == null ? "" : measured(100 * (d.by_year[k].mc_error[i] ?? 0)), d.by_year[k].mc_error[i] == null ? null : 100 * (d.by_year[k].mc_error[i] ?? 0))]),
      ...parts.map((k) => num(d.chance[k], i)),
    ]),
  };
}

function decisionPart(d: Decision, data: Data, names: Names, headed: boolean): Child[] {
  const doc = data.document !== null;
  const title = decisionFinding(d, data);
  const marked = d.asked.length < d.years.length ? d.asked : [];
  const host = picture(chancePicture(d.years, d.by_year, doc, title, marked));
  const more = facts(d, doc);
  const top = [headed && h("h3", { class: "h3", dir: "auto" }, title), h("p", { class: "sub", dir: "auto" }, told(d, data))];
  if (lastOf(d.by_year.with.mean) < 0) return [...top, h("p", { class: "nt" }, NO_VALUE)];
  return [
    ...top,
    h("div", { class: "g12 plays" },
      h("div", { class: "c7" },
        h("h4", {}, "Adopted by the end of the year, %"),
        h("p", { class: "sub" }, `${doc ? "Grey without the document, ink with it; band" : "Band"}: two errors of the draws${marked.length > 0 ? "; triangle: asked" : ""}`),
        host,
        more !== "" && h("p", { class: "nt" }, more),
        tools({ name: `decision-${d.id}`, title, table: () => decisionTable(d, doc), parts: () => drawn(host).map((svg) => ({ svg, heading: "Adopted by the end of the year, %" })) })),
      h("div", { class: "c5" }, blockersPart(d, data, names))),
  ];
}

// --- power ----------------------------------------------------------------------------------------------

interface Alike {
  names: string[];
  the: string; // the first of them inside a sentence
  weight: Num; // each one's share
  shapley: Num;
  banzhaf: Num;
  veto: boolean;
}

// Members with the same weight and power are one row.
export function alike(p: Power, names: Names): Alike[] {
  const sum = p.members.every((m) => m.weight !== null) ? p.members.reduce((a, m) => a + (m.weight ?? 0), 0) : 0;
  const found = new Map<string, Alike>();
  const digits = (v: Num): string => (v === null ? "" : v.toPrecision(6));
  for (const m of p.members) {
    const key = [digits(m.weight), digits(m.shapley_shubik), digits(m.banzhaf), m.veto].join(" ");
    const one = found.get(key) ?? { names: [], the: names.the(m.actor), weight: sum > 0 && m.weight !== null ? m.weight / sum : null, shapley: m.shapley_shubik, banzhaf: m.banzhaf, veto: m.veto };
    one.names.push(names.actor(m.actor));
    found.set(key, one);
  }
  return [...found.values()].sort((a, b) => (b.shapley ?? 0) - (a.shapley ?? 0));
}

const groupWords = (g: Alike): string => (g.names.length <= 2 ? g.names.join(", ") : `${g.names[0] ?? ""} and ${count(g.names.length - 1)} alike`);

export function powerFinding(p: Power, names: Names): string {
  const groups = alike(p, names);
  const [first] = groups;
  const last = groups[groups.length - 1];
  if (first === undefined || last === undefined) return isolated(p.title);
  const title = isolated(p.title);
  if (groups.every((g) => g.shapley !== null && first.shapley !== null && Math.abs(g.shapley - first.shapley) < 1e-9)) {
    const weighted = groups.length > 1 ? ", whatever its weight" : "";
    return `${title}: each of ${inWords(p.members.length)} has the same power, ${chance(first.shapley)} %${weighted}`;
  }
  const times = (last.shapley ?? 0) > 0 ? (first.shapley ?? 0) / (last.shapley ?? 1) : null;
  if (times === null) return `${title}: ${groupWords(last)} ${last.names.length === 1 ? "has" : "have"} no power`;
  return `${title}: ${first.the} has ${measured(times, null, times > 10 ? 0 : -1)} times the power of ${last.the}`;
}

function powerPart(p: Power, names: Names, headed: boolean): Child[] {
  const groups = alike(p, names);
  const title = powerFinding(p, names);
  const shown = groups.slice(0, 28);
  const weighted = groups.some((g) => g.weight !== null);
  const each = (v: Num): string => (v === null ? "" : chance(v));
  const most = Math.max(0.01, ...shown.flatMap((g) => [g.shapley ?? 0, g.weight ?? 0]));
  const rows: Row[] = shown.map((g) => ({
    name: groupWords(g),
    marks: [...(weighted ? [{ at: g.weight, type: "fg" as const }] : []), { at: g.shapley, type: "fi" as const }],
    cells: [...(weighted ? [each(g.weight)] : []), each(g.banzhaf), each(g.shapley)],
  }));
  const columns = [...(weighted ? [{ head: "weight" }] : []), { head: "Banzhaf" }, { head: "Shapley–Shubik", bold: true }];
  const alt = `${title}. ${shown.map((g) => `${groupWords(g)} ${each(g.shapley)} %`).join(", ")}.`;
  const one = groups.length < 2;
  const host = one ? null : picture((width) => rowsPicture({ rows, low: 0, high: most, ticks: scaleTicks(0, most, (v) => plain(Math.round(1e6 * v) / 1e4)), at: 0, bars: true, columns, alt }, width));
  const table = (): Table => ({
    head: ["Member", "Weight", "Veto", "Shapley–Shubik %", "Banzhaf %", "Error"],
    rows: p.members.map((m) => [names.actor(m.actor), cell(m.weight === null ? "" : plain(m.weight), m.weight), m.veto ? "yes" : "no", cell(each(m.shapley_shubik), m.shapley_shubik === null ? null : 100 * m.shapley_shubik), cell(each(m.banzhaf), m.banzhaf === null ? null : 100 * m.banzhaf), cell(m.error === null ? "" : measured(m.error), m.error)]),
  });
  return [
    headed && h("h4", { dir: "auto" }, title),
    h("p", { class: "sub", dir: "auto" }, [p.rule, p.method === "" ? "" : `method: ${p.method}`, one ? "" : `each member’s share of all power, %${weighted ? "; grey: its share of the weight" : ""}`].filter((t) => t !== "").map((t, i) => (i === 0 ? capital(t) : t)).join("; ")),
    host,
    tools({ name: `power-${p.id}`, title, table, ...(host === null ? {} : { parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }) }),
  ];
}

// --- the section -----------------------------------------------------------------------------------------

function sectionTitle(data: Data, names: Names): string {
  const { decisions, power } = data.rooms;
  const [only] = decisions;
  if (only === undefined) return power.length === 1 && power[0] !== undefined ? powerFinding(power[0], names) : `Power under ${inWords(power.length)} rules`;
  if (decisions.length === 1) return decisionFinding(only, data);
  const end = (s: Series): Num => s.mean[lastOf(s.mean)] ?? null;
  const likely = decisions.filter((d) => (end(d.by_year.with) ?? 0) > 0.5).length;
  const year = Math.max(...decisions.map((d) => d.years[d.years.length - 1] ?? 0));
  const n = decisions.length;
  const first = likely === 0 ? `None of ${inWords(n)} decisions is likelier than not by ${year}` : `By ${year} ${likely === n ? `all ${inWords(n)}` : `${inWords(likely)} of ${inWords(n)}`} decisions ${likely === 1 ? "is" : "are"} likelier than not`;
  if (data.document === null) return first;
  const moved = decisions.map(({ by_year: { without: a, with: b } }) => {
    const i = lastOf(b.mean);
    return apart(a.mean[i] ?? null, a.mc_error[i] ?? null, b.mean[i] ?? null, b.mc_error[i] ?? null) ? Math.sign((b.mean[i] ?? 0) - (a.mean[i] ?? 0)) : 0;
  });
  const [up, down] = [moved.filter((m) => m > 0).length, moved.filter((m) => m < 0).length];
  const does = [...(up > 0 ? [`raises ${inWords(up)}`] : []), ...(down > 0 ? [`lowers ${inWords(down)}`] : [])];
  return does.length === 0 ? `${first}; the document changes none` : `${first}; the document ${does.join(" and ")}`;
}

export function decisionsSection(data: Data, names: Names): Section | null {
  const { decisions, power } = data.rooms;
  if (decisions.length === 0 && power.length === 0) return null;
  return {
    id: "s-decisions",
    nav: "Decisions",
    kick: "Decisions",
    title: sectionTitle(data, names),
    sub: decisions.length === 0 ? [] : ["The probability that a decision has been adopted, given each draw’s inputs, then the mean over the draws; once adopted it stays"],
    body: () => [
      ...firstOpen(decisions, 5, (d) => decisionFinding(d, data), (d, headed) => decisionPart(d, data, names, headed)),
      power.length > 0 && decisions.length > 0 && h("h3", { class: "h3 gap" }, `What power ${power.length === 1 ? "the rule gives" : "the rules give"}`),
      power.length > 0 && h("div", { class: power.length === 1 ? "" : "pair" }, power.map((p) => h("div", {}, powerPart(p, names, true)))),
    ],
  };
}
