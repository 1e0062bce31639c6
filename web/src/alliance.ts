// The alliance: who pays, what membership is worth, whether the promise holds, and when capability suffices.

import { rowsPicture, scaleTicks, timeChart, toldOver, yearTicks } from "./chart";
import type { Row, Track } from "./chart";
import type { Data, Num } from "./data";
import { NO_VALUE, apart, chance, lastOf } from "./decisions";
import { fitted, h, label, line, round, s, textWidth } from "./dom";
import type { Child } from "./dom";
import { cell, drawn, picture, tools } from "./figure";
import type { Table } from "./figure";
import { at, capital, count, inWords, isolated, listed, measured, percent, place, plain, plural } from "./format";
import type { Names } from "./names";
import type { Arms, Burden, ByActor, Capability, Closed, Deterrence, Membership, Point, Series } from "./rooms";
import { firstOpen } from "./section";
import type { Section } from "./section";

const MOST_ROWS = 24;
const ARMS = ["without", "with", "taken"] as const;
const parts = (doc: boolean): readonly (typeof ARMS)[number][] => (doc ? ARMS : ["with"]);
const middle = (p: Point): Num => p.p50 ?? p.mean;
const value = (v: Num | undefined, shown: string): ReturnType<typeof cell> => cell(v == null ? "" : shown, v ?? null);

// A share in per cent, with digits after the point only where it is small.
function points(x: Num, error: Num = null): string {
  if (x === null) return "";
  const size = Math.abs(100 * x);
  return at(100 * x, Math.max(size < 1 ? -2 : size < 20 ? -1 : 0, place(100 * x, error === null ? null : 100 * error)));
}

// --- who pays -------------------------------------------------------------------------------------------

interface Payer {
  actor: string;
  gdp: number;
  share: Arms<Num>; // of what the allies spend together, in the last year
  burden: Arms<Num>; // of its own GDP
  alone: Arms<Num>;
}

export function payers(b: Burden): Payer[] {
  const last = b.years.length - 1;
  const known = b.members.filter((m) => m.gdp_share !== null && m.gdp_share > 0);
  const each = known.map((m) => {
    const of = (k: (typeof ARMS)[number]): Num => m.burden[k].p50[last] ?? m.burden[k].mean[last] ?? null;
    return { actor: m.actor, gdp: m.gdp_share ?? 0, burden: { without: of("without"), with: of("with"), taken: of("taken") }, alone: { without: middle(m.alone.without), with: middle(m.alone.with), taken: middle(m.alone.taken) } };
  });
  const sum = (k: (typeof ARMS)[number]): number => each.reduce((a, p) => a + (p.burden[k] ?? 0) * p.gdp, 0);
  const total = { without: sum("without"), with: sum("with"), taken: sum("taken") };
  return each.map((p) => {
    const of = (k: (typeof ARMS)[number]): Num => (p.burden[k] === null || total[k] <= 0 ? null : ((p.burden[k] ?? 0) * p.gdp) / total[k]);
    return { ...p, share: { without: of("without"), with: of("with"), taken: of("taken") } };
  });
}

const ratio = (p: Payer, k: (typeof ARMS)[number]): Num => (p.share[k] === null ? null : (p.share[k] ?? 0) / p.gdp);
const times = (x: Num, power = -1): string => (x === null ? "" : at(x, Math.max(power, place(x))));

// "The United States carries 1.2 times its share of GDP; with the document 1.1 times"
export function burdenFinding(b: Burden, data: Data, names: Names): string {
  const all = payers(b);
  const [largest] = [...all].sort((x, y) => y.gdp - x.gdp);
  if (largest === undefined) return isolated(b.title);
  const both = (power: number): [string, string] => [times(ratio(largest, "without"), power), times(ratio(largest, "with"), power)];
  const [a, b_] = both(-1);
  const [from, to] = a === b_ ? both(-2) : [a, b_];
  if (b_ === "") return isolated(b.title);
  const name = capital(names.the(largest.actor));
  if (data.document === null || from === to || from === "") return `${name} carries ${b_} times its share of GDP`;
  return `${name} carries ${from} times its share of GDP; with the document ${to} times`;
}

// Words on a logarithmic scale: finer ones where it is short.
function logTicks(low: number, high: number): [number, string][] {
  const wide: [number, string][] = [[1 / 8, "an eighth"], [1 / 4, "a quarter"], [1 / 2, "half"], [1, "its share"], [2, "twice"], [4, "four times"], [8, "eight times"]];
  const fine: [number, string][] = [[1 / 2, "half"], [2 / 3, "two thirds"], [1, "its share"], [3 / 2, "half more"], [2, "twice"]];
  return (high / low > 6 ? wide : fine).filter(([v]) => v > low && v < high);
}

function sharesPart(b: Burden, data: Data, names: Names): Child[] {
  const doc = data.document !== null;
  const all = payers(b);
  const first = [...all].sort((x, y) => (y.share.with ?? 0) - (x.share.with ?? 0)).slice(0, MOST_ROWS);
  const sorted = first.sort((x, y) => (ratio(y, "with") ?? 0) - (ratio(x, "with") ?? 0));
  const ratios = sorted.flatMap((p) => [ratio(p, "with"), ...(doc ? [ratio(p, "without")] : [])]).filter((v): v is number => v !== null && v > 0);
  if (ratios.length === 0) return [];
  const [low, high] = [Math.min(0.9, ...ratios) * 0.94, Math.max(1.1, ...ratios) * 1.06];
  const rows: Row[] = sorted.map((p) => ({
    name: names.actor(p.actor),
    marks: [...(doc ? [{ at: ratio(p, "without"), type: "fg" as const }] : []), { at: ratio(p, "with"), type: "fi" as const }],
    arrow: doc,
    cells: [points(p.gdp), ...(doc ? [points(p.share.without)] : []), points(p.share.with)],
  }));
  const year = b.years[b.years.length - 1] ?? 0;
  const heading = `Share of what all spend over share of GDP, ${year}`;
  const columns = [{ head: "GDP %" }, ...(doc ? [{ head: "without %" }] : []), { head: doc ? "with %" : "spends %", bold: true }];
  const alt = `${heading}: ${sorted.map((p) => `${names.actor(p.actor)} ${times(ratio(p, "with"))} times${doc ? `, without the document ${times(ratio(p, "without"))}` : ""}`).join("; ")}.`;
  const host = picture((width) => rowsPicture({ rows, low, high, log: true, at: 1, ticks: logTicks(low, high), columns, alt }, width));
  const table = (): Table => ({
    head: ["Member", "Share of GDP %", ...parts(doc).flatMap((k) => [`Share of spending %${doc ? `, ${k}` : ""}`, `Spends, % of its GDP${doc ? `, ${k}` : ""}`, `Would alone, % of its GDP${doc ? `, ${k}` : ""}`])],
    rows: all.map((p) => [names.actor(p.actor), value(100 * p.gdp, points(p.gdp)), ...parts(doc).flatMap((k) => [p.share[k], p.burden[k], p.alone[k]].map((v) => value(v === null ? null : 100 * v, points(v))))]),
  });
  return [
    h("h4", {}, heading),
    h("p", { class: "sub" }, `Right of the line: more than its share; logarithmic${doc ? "; grey without the document, ink with it" : ""}`),
    host,
    all.length > sorted.length && h("p", { class: "nt" }, `The ${inWords(sorted.length)} that spend most; the table has all ${count(all.length)}.`),
    tools({ name: `burden-${b.id}`, title: burdenFinding(b, data, names), table, parts: () => drawn(host).map((svg) => ({ svg, heading })) }),
  ];
}

function alonePart(b: Burden, data: Data, names: Names): Child[] {
  const all = payers(b).filter((p) => p.alone.with !== null && p.burden.with !== null);
  if (all.length === 0) return [];
  const gap = (p: Payer): number => (p.alone.with ?? 0) - (p.burden.with ?? 0);
  const rows = [...all].sort((x, y) => gap(y) - gap(x)).slice(0, MOST_ROWS);
  const [first] = rows;
  const more = all.filter((p) => points(p.alone.with) !== points(p.burden.with) && gap(p) > 0).length;
  const title = first === undefined || more === 0 ? "Nobody would spend more alone" : `Alone, ${more === all.length ? "everyone" : `${inWords(more)} of ${inWords(all.length)}`} would spend more; ${names.the(first.actor)} most, ${points(first.burden.with)} to ${points(first.alone.with)} %`;
  const values = rows.flatMap((p) => [p.alone.with ?? 0, p.burden.with ?? 0]);
  const high = Math.max(...values) * 1.04;
  const list: Row[] = rows.map((p) => ({
    name: names.actor(p.actor), arrow: false,
    marks: [{ at: p.alone.with, low: Math.min(p.burden.with ?? 0, p.alone.with ?? 0), high: Math.max(p.burden.with ?? 0, p.alone.with ?? 0), type: "ring" }, { at: p.burden.with, type: "fi" }],
    cells: [points(p.alone.with), points(p.burden.with)],
  }));
  const alt = `${title}. ${rows.map((p) => `${names.actor(p.actor)} spends ${points(p.burden.with)} %, alone ${points(p.alone.with)} %`).join("; ")}.`;
  const host = picture((width) => rowsPicture({ rows: list, low: 0, high, ticks: scaleTicks(0, high, (v) => `${plain(Math.round(1e5 * v) / 1e3)}`), columns: [{ head: "alone" }, { head: "spends", bold: true }], alt }, width));
  const free = b.members.filter((m) => middle(m.free_ride.with) !== null).sort((x, y) => (middle(y.free_ride.with) ?? 0) - (middle(x.free_ride.with) ?? 0));
  const table = (): Table => ({
    head: ["Member", "Spends, % of GDP", "Alone, % of GDP", `Alone less what it spends${b.unit === "" ? "" : `, ${b.unit}`}`],
    rows: [...all].sort((x, y) => gap(y) - gap(x)).map((p) => {
      const ride = free.find((m) => m.actor === p.actor);
      return [names.actor(p.actor), value(100 * (p.burden.with ?? 0), points(p.burden.with)), value(100 * (p.alone.with ?? 0), points(p.alone.with)), value(ride === undefined ? null : middle(ride.free_ride.with), ride === undefined ? "" : measured(middle(ride.free_ride.with), ride.free_ride.with.mc_error))];
    }),
  });
  return [
    h("h4", { dir: "auto" }, title),
    h("p", { class: "sub" }, `Dot: what each spends, % of its GDP in ${b.years[b.years.length - 1] ?? ""}${data.document === null ? "" : " with the document"}; ring: what it would spend if it could count on nobody`),
    host,
    all.length > rows.length && h("p", { class: "nt" }, `The ${inWords(rows.length)} with the largest difference; the table has all ${count(all.length)}.`),
    tools({ name: `alone-${b.id}`, title, table, parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }),
  ];
}

// How far the allies together stay below what would be best for all, and whether the large pay more.
function togetherPart(b: Burden, data: Data): Child[] {
  const doc = data.document !== null;
  const has = (a: Arms<Series>): boolean => lastOf(a.with.mean) >= 0 || lastOf(a.with.p50) >= 0;
  const out: Child[] = [];
  if (has(b.under_provision)) {
    const heading = "What is missing to the level that would serve all best, %";
    const host = picture(spanPicture(b.years, b.under_provision, doc, heading, { low: 0, high: null, percent: true, write: (v) => `${at(100 * v, Math.max(0, place(100 * v)))} %` }, 170));
    out.push(h("h4", {}, heading), h("p", { class: "sub" }, `Median and 90 % of draws${doc ? "; grey and dotted without the document, ink and band with it" : ""}`), host, tools({ name: `under-provision-${b.id}`, title: heading, table: () => spanTable(b.years, b.under_provision, doc, 100), parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }));
  }
  if (has(b.rank_correlation)) {
    const last = b.years.length - 1;
    const of = (s_: Series): Num => s_.p50[last] ?? s_.mean[last] ?? null;
    const [a, c] = [of(b.rank_correlation.without), of(b.rank_correlation.with)];
    const write = (v: Num): string => (v === null ? "undefined" : at(v, -2));
    out.push(h("p", { class: "nt" }, `Rank correlation of GDP and burden in ${b.years[last] ?? ""}: ${doc && write(a) !== write(c) ? `${write(a)} without the document, ${write(c)} with it` : write(c)}. Above zero the large carry more than their part, as Olson and Zeckhauser (1966) expect of an alliance.`));
  }
  return out;
}

// --- tracks of medians with 90 % of draws -------------------------------------------------------------------

interface Span {
  low: Num;
  high: Num;
  percent: boolean;
  write: (v: number) => string;
  marks?: { at: number; text: string }[];
  mean?: boolean; // of probabilities the mean is what counts
}

const centre = (x: Series, mean = false): Num[] => (mean || x.p50.length === 0 ? x.mean : x.p50);

export function spanTracks(arms: Arms<Series>, doc: boolean, { write, mean }: Pick<Span, "write" | "mean">): Track[] {
  const track = (x: Series, type: "with" | "without", name: string): Track => {
    const values = centre(x, mean);
    const end = values[lastOf(values)] ?? null;
    return { name, figure: end === null ? "" : write(end), type, values, bands: x.p05.length > 0 ? [[x.p05, x.p95]] : [] };
  };
  return doc ? [track(arms.without, "without", "without"), track(arms.with, "with", "with")] : [track(arms.with, "with", "")];
}

export function spanPicture(at_: number[], arms: Arms<Series>, doc: boolean, title: string, span: Span, height = 220, extra: Track[] = []): (width: number) => SVGSVGElement {
  const told = (x: Series): string => toldOver(at_, centre(x, span.mean), (v) => span.write(v));
  const alt = `${title}: ${doc ? `without the document ${told(arms.without)}; with it ${told(arms.with)}` : told(arms.with)}.`;
  const tracks = [...extra, ...spanTracks(arms, doc, span)];
  return (width) => timeChart({ at: at_, tracks, low: span.low, high: span.high, percent: span.percent, height, marks: span.marks ?? [], alt }, width);
}

export function spanTable(at_: number[], arms: Arms<Series>, doc: boolean, factor = 1, when: (t: number) => string = (t) => String(t), first = "Year"): Table {
  const keys = ["mean", "mc_error", "p05", "p50", "p95"] as const;
  const words = { mean: "mean", mc_error: "standard error", p05: "5 %", p50: "median", p95: "95 %" };
  const had = keys.filter((k) => arms.with[k].length > 0);
  return {
    head: [first, ...parts(doc).flatMap((arm) => had.map((k) => `${capital(words[k])}${doc ? `, ${arm}` : ""}`))],
    rows: at_.map((t, i) => [cell(when(t), when(t)), ...parts(doc).flatMap((arm) => had.map((k) => {
      const v = arms[arm][k][i] ?? null;
      return value(v === null ? null : factor * v, v === null ? "" : measured(factor * v, k === "mc_error" ? null : factor * (arms[arm].mc_error[i] ?? 0)));
    }))]),
  };
}

// --- a value for each actor --------------------------------------------------------------------------------

interface Each {
  id: string;
  list: (ByActor & { suffix?: string })[];
  title: string;
  sub: string;
  head: string;
  high: Num;
  figure: (v: Num, error: Num) => string;
}

function eachPart(each: Each, data: Data, names: Names): Child[] {
  const doc = data.document !== null;
  const known = each.list.filter((m) => middle(m.with) !== null);
  if (known.length === 0) return [];
  const shift = (m: ByActor): number => Math.abs((m.with.mean ?? 0) - (m.without.mean ?? 0));
  const least = doc && known.some((m) => shift(m) > 0) ? shift : (m: ByActor): number => middle(m.with) ?? 0;
  const rows = [...known].sort((a, b) => least(b) - least(a)).slice(0, MOST_ROWS).sort((a, b) => (middle(b.with) ?? 0) - (middle(a.with) ?? 0));
  const ends = rows.flatMap((m) => [m.with.p95, middle(m.with), ...(doc ? [m.without.p95, middle(m.without)] : [])]).filter((v): v is number => v !== null);
  const high = each.high ?? Math.max(...ends) * 1.03;
  const name = (m: ByActor & { suffix?: string }): string => `${names.actor(m.actor)}${m.suffix ?? ""}`;
  const mark = (p: Point, type: "fg" | "fi"): Row["marks"][number] => ({ at: middle(p), low: p.p05, high: p.p95, type });
  const figure = (p: Point): string => each.figure(middle(p), p.mc_error);
  const list: Row[] = rows.map((m) => ({ name: name(m), marks: [...(doc ? [mark(m.without, "fg")] : []), mark(m.with, "fi")], cells: [...(doc ? [figure(m.without)] : []), figure(m.with)] }));
  const alt = `${each.title}. ${rows.map((m) => `${name(m)} ${doc ? `${figure(m.without)} to ` : ""}${figure(m.with)} %`).join(", ")}.`;
  const host = picture((width) => rowsPicture({ rows: list, low: 0, high, ticks: scaleTicks(0, high, (v) => plain(Math.round(1e5 * v) / 1e3)), columns: [...(doc ? [{ head: "without" }] : []), { head: doc ? "with" : "", bold: true }], alt }, width));
  const table = (): Table => ({
    head: [each.head, ...parts(doc).flatMap((k) => [`Median %${doc ? `, ${k}` : ""}`, `5 %${doc ? `, ${k}` : ""}`, `95 %${doc ? `, ${k}` : ""}`])],
    rows: known.map((m) => [name(m), ...parts(doc).flatMap((k) => [middle(m[k]), m[k].p05, m[k].p95].map((v) => value(v === null ? null : 100 * v, points(v))))]),
  });
  return [
    h("h4", { dir: "auto" }, each.title),
    h("p", { class: "sub" }, each.sub),
    host,
    known.length > rows.length && h("p", { class: "nt" }, `The ${inWords(rows.length)} ${doc && least === shift ? "that the document moves most" : "with the most"}; the table has all ${count(known.length)}.`),
    tools({ name: each.id, title: each.title, table, parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }),
  ];
}

export function worthFinding(m: Membership, data: Data, names: Names): string {
  const inside = m.members.filter((x) => middle(x.equivalent.with) !== null);
  const [first] = [...inside].sort((a, b) => (middle(b.equivalent.with) ?? 0) - (middle(a.equivalent.with) ?? 0));
  if (first === undefined) return isolated(m.title);
  const doc = data.document !== null;
  const [a, b] = [points(middle(first.equivalent.without)), points(middle(first.equivalent.with))];
  return `Membership is worth most to ${names.the(first.actor)}: ${doc && a !== b ? `${a} % of GDP a year, with the document ${b}` : `${b} % of GDP a year`}`;
}

const worthPart = (m: Membership, data: Data, names: Names): Child[] =>
  eachPart({
    id: `membership-${m.id}`,
    list: m.members.map((x) => ({ actor: x.actor, ...x.equivalent, ...(x.candidate ? { suffix: ", outside" } : {}) })),
    title: worthFinding(m, data, names),
    sub: `The share of GDP that it would give up each year to be inside, %${m.year > 0 ? `, ${m.year}` : ""}; dot: median, line: 90 % of draws${data.document === null ? "" : "; grey without the document, ink with it"}`,
    head: "Member",
    high: null,
    figure: points,
  }, data, names);

export function paysSection(data: Data, names: Names): Section | null {
  const { burdens, memberships } = data.rooms;
  const [burden] = burdens;
  const [worth] = memberships;
  if (burden === undefined && worth === undefined) return null;
  const beside = burdens.length === 1 && worth !== undefined ? worth : undefined;
  return {
    id: "s-pays",
    nav: "Who pays",
    kick: "Who pays",
    title: burden !== undefined ? burdenFinding(burden, data, names) : worth !== undefined ? worthFinding(worth, data, names) : "",
    sub: burden === undefined ? [] : [`Medians of draws; ${isolated(burden.title)}${burden.unit === "" ? "" : `, from spending in ${burden.unit}`}`],
    body: () => [
      firstOpen(burdens, 3, (b) => burdenFinding(b, data, names), (b, headed) => [
        headed && h("h3", { class: "h3", dir: "auto" }, burdenFinding(b, data, names)),
        payers(b).every((p) => p.share.with === null) && h("p", { class: "nt" }, NO_VALUE),
        h("div", { class: "g12 plays" },
          h("div", { class: "c7" }, sharesPart(b, data, names)),
          h("div", { class: "c5" }, beside !== undefined ? worthPart(beside, data, names) : togetherPart(b, data)),
          h("div", { class: "c7" }, alonePart(b, data, names)),
          beside !== undefined && h("div", { class: "c5" }, togetherPart(b, data))),
      ]),
      ...memberships.slice(beside === undefined ? 0 : 1).map((m) => h("div", { class: "issue g12" }, h("div", { class: "c7" }, worthPart(m, data, names)))),
    ],
  };
}

// --- deterrence --------------------------------------------------------------------------------------------

export function deterrenceFinding(d: Deterrence, data: Data): string {
  const i = lastOf(d.challenge.with.mean);
  const [a, b] = [d.challenge.without.mean[i] ?? null, d.challenge.with.mean[i] ?? null];
  const [ea, eb] = [d.challenge.without.mc_error[i] ?? null, d.challenge.with.mc_error[i] ?? null];
  const year = d.years[i] ?? "";
  if (b === null) return isolated(d.title);
  const [from, to] = [chance(a, ea), chance(b, eb)];
  if (data.document === null || a === null) return `A challenge by ${year}: a chance of ${to} % a year`;
  if (!apart(a, ea, b, eb) || from === to) return `The chance of a challenge in ${year} is ${to} %, with the document or without`;
  return `The chance of a challenge in ${year} ${b > a ? "rises" : "falls"} from ${from} to ${to} %`;
}

function honourTitle(d: Deterrence, data: Data, names: Names): string {
  const known = d.honour.filter((m) => m.with.mean !== null);
  const moved = known.filter((m) => apart(m.without.mean, m.without.mc_error, m.with.mean, m.with.mc_error));
  const shift = (m: ByActor): number => (m.with.mean ?? 0) - (m.without.mean ?? 0);
  const [first] = [...moved].sort((a, b) => Math.abs(shift(b)) - Math.abs(shift(a)));
  if (data.document !== null && first !== undefined && chance(first.without.mean) !== chance(first.with.mean))
    return `${capital(names.the(first.actor))} would honour its word in ${chance(first.without.mean)} %, with the document ${chance(first.with.mean)}`;
  const [most] = [...known].sort((a, b) => (b.with.mean ?? 0) - (a.with.mean ?? 0));
  return most === undefined ? "" : `${capital(names.the(most.actor))} is believed most: ${chance(most.with.mean)} %`;
}

function deterrencePart(d: Deterrence, data: Data, names: Names, headed: boolean): Child[] {
  const doc = data.document !== null;
  const title = deterrenceFinding(d, data);
  const key = doc ? "; grey and dotted without the document, ink and band with it" : "";
  const part = (arms: Arms<Series>, id: string, heading: string, high: Num, height: number): Child[] => {
    if (lastOf(arms.with.mean) < 0) return [];
    const host = picture(spanPicture(d.years, arms, doc, heading, { low: 0, high, percent: true, mean: true, write: (v) => `${chance(v)} %` }, height));
    return [
      h("h4", {}, heading),
      h("p", { class: "sub" }, `Mean and 90 % of draws${key}`),
      host,
      tools({ name: `${id}-${d.id}`, title: `${title}. ${heading}`, table: () => spanTable(d.years, arms, doc, 100), parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }),
    ];
  };
  const force = part(d.force, "force", "The part of the allies’ force that would come, %", 1, 190);
  return [
    headed && h("h3", { class: "h3", dir: "auto" }, title),
    title !== isolated(d.title) && h("p", { class: "sub", dir: "auto" }, isolated(d.title)),
    lastOf(d.challenge.with.mean) < 0 && h("p", { class: "nt" }, NO_VALUE),
    h("div", { class: "g12 plays" },
      h("div", { class: "c7" }, part(d.challenge, "challenge", `Chance that ${d.challenger === "" ? "the challenger" : names.the(d.challenger)} challenges in the year, %`, null, 240), force.length > 0 && h("div", { class: "below" }, force)),
      h("div", { class: "c5" }, d.honour.length > 0 && eachPart({ id: `honour-${d.id}`, list: d.honour, title: honourTitle(d, data, names), sub: `Chance that each ally comes, %, ${d.honour_year}; dot: median, line: 90 % of draws${doc ? "; grey without the document, ink with it" : ""}`, head: "Ally", high: 1, figure: chance }, data, names))),
  ];
}

export function deterrenceSection(data: Data, names: Names): Section | null {
  const list = data.rooms.deterrence;
  const [first] = list;
  if (first === undefined) return null;
  return {
    id: "s-deterrence",
    nav: "Deterrence",
    kick: "Credibility and deterrence",
    title: deterrenceFinding(first, data),
    sub: ["From who would come, and with what, follows whether a challenge pays"],
    body: () => firstOpen(list, 3, (d) => deterrenceFinding(d, data), (d, headed) => deterrencePart(d, data, names, headed)),
  };
}

// --- years ---------------------------------------------------------------------------------------------------

const closedOf = (c: Closed): number => c.dots.filter((v) => v !== null).length;

const enough = (c: Closed): Num => (c.never !== null ? 1 - c.never : c.dots.length === 0 ? null : closedOf(c) / c.dots.length);

// "Europe without the United States: enough by 2035 in 55 % of draws, without the document in 26 %"
export function closingFinding(c: Capability, data: Data): string {
  const [a, b] = [enough(c.first_closed.without), enough(c.first_closed.with)];
  if (b === null) return isolated(c.title);
  const first = `${isolated(c.title)}: enough by ${c.years[c.years.length - 1] ?? ""} in ${percent(b)} % of draws`;
  const differs = apart(a, c.first_closed.without.mc_error, b, c.first_closed.with.mc_error) && percent(a) !== percent(b);
  return data.document !== null && differs ? `${first}, without the document in ${percent(a)} %` : first;
}

// Dots at the years, each for 5 % of the draws, and apart from them those where it never happens.
function closedPicture(c: Capability, doc: boolean, width: number): SVGSVGElement {
  const rows = doc ? ([["without", c.first_closed.without, "fg"], ["with the document", c.first_closed.with, "fi"]] as const) : ([["", c.first_closed.with, "fi"]] as const);
  const [first, last] = [c.years[0] ?? 0, c.years[c.years.length - 1] ?? 0];
  const pitch = 9.4;
  const high = 5;
  const never = Math.max(...rows.map(([, one]) => Math.ceil((one.dots.length - closedOf(one)) / high))) * pitch;
  const right = width - Math.max(never, textWidth("not by then", 11.5)) - 22;
  const left = 16;
  const x = (year: number): number => left + ((year - first) / Math.max(1, last - first)) * (right - left - 8);
  const out: SVGElement[] = [];
  let y = 4;
  rows.forEach(([words, one, type]) => {
    const piles = new Map<number, number>();
    for (const v of one.dots) if (v !== null) piles.set(Math.round(v), (piles.get(Math.round(v)) ?? 0) + 1);
    const tall = Math.max(high, ...piles.values()) * pitch;
    if (words !== "") out.push(label(left - 16, y + 12, fitted(words, right, 12, 600), type === "fi" ? "b" : "g"));
    y += (words === "" ? 4 : 18) + tall;
    const dot = (cx: number, k: number): void => void out.push(s("circle", { cx: round(cx), cy: round(y - pitch * (k + 0.55)), r: 4.1, class: type }));
    for (const [year, n] of piles) for (let k = 0; k < n; k++) dot(x(year), k);
    for (let k = 0; k < one.dots.length - closedOf(one); k++) dot(right + 22 + pitch * (Math.floor(k / high) + 0.5), k % high);
    out.push(line(left - 6, y, right, y, "si1"), line(right + 18, y, width, y, "sg1"));
    y += 12;
  });
  const base = y - 12;
  out.push(...yearTicks(first, last, x, base, right - left), label(right + 20, base + 17, "not by then", "s g"));
  const told = (one: Closed): string => {
    const years = one.dots.filter((v): v is number => v !== null);
    return years.length === 0 ? "in no draw" : `in ${years.length} of ${one.dots.length} draws, first in ${Math.min(...years)}`;
  };
  const alt = `First year in which it is enough: ${doc ? `without the document ${told(c.first_closed.without)}; with it ${told(c.first_closed.with)}` : told(c.first_closed.with)}.`;
  const height = base + 24;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": alt }, out);
}

function capabilityPart(c: Capability, data: Data, names: Names, headed: boolean): Child[] {
  const doc = data.document !== null;
  const title = closingFinding(c, data);
  const write = (v: number): string => measured(v, null, place(v) + 1);
  const fan = (x: Series, type: "with" | "without", name: string): Track => {
    const end = x.p50[lastOf(x.p50)] ?? null;
    return { name, figure: end === null ? "" : write(end), type, values: x.p50, bands: type === "with" ? [[x.p05, x.p95], [x.p25, x.p75]].filter(([a]) => (a?.length ?? 0) > 0) as [Num[], Num[]][] : [] };
  };
  const need = c.required.with;
  const required: Track = { name: "required", figure: need.p50[lastOf(need.p50)] == null ? "" : write(need.p50[lastOf(need.p50)] ?? 0), type: "other", values: need.p50, bands: need.p05.length > 0 ? [[need.p05, need.p95]] : [] };
  const tracks = [required, ...(doc ? [fan(c.stock.without, "without", "without")] : []), fan(c.stock.with, "with", doc ? "with" : "capability")];
  const told = (x: Series): string => toldOver(c.years, x.p50, (v) => write(v));
  const alt = `Capability, median: ${doc ? `without the document ${told(c.stock.without)}; with it ` : ""}${told(c.stock.with)}. Required: ${told(need)}.`;
  const host = picture((width) => timeChart({ at: c.years, tracks, low: 0, high: null, percent: false, height: 280, alt }, width));
  const dots = c.first_closed.with.dots.length > 0 ? picture((width) => closedPicture(c, doc, width)) : null;
  const spans = c.window === null ? null : { without: middle(c.window.without), with: middle(c.window.with) };
  const words = [
    ...(spans?.with == null ? [] : [`What is missing, added up over the years: ${doc && spans.without !== null && write(spans.without) !== write(spans.with) ? `${write(spans.without)} without the document, ${write(spans.with)} with it` : write(spans.with)}${c.unit === "" ? "" : `, in ${c.unit} times years`} (median).`]),
  ];
  const years = (): Table => {
    const one = spanTable(c.years, c.stock, doc);
    const two = spanTable(c.years, c.required, doc);
    return { head: [one.head[0] ?? "", ...one.head.slice(1).map((t) => `Capability: ${t.toLowerCase()}`), ...two.head.slice(1).map((t) => `Required: ${t.toLowerCase()}`)], rows: one.rows.map((row, i) => [...row, ...(two.rows[i] ?? []).slice(1)]) };
  };
  const closing = (): Table => {
    const all = [...new Set([...c.years, ...parts(doc).flatMap((k) => c.first_closed[k].dots.filter((v): v is number => v !== null).map(Math.round))])].sort((a, b) => a - b);
    const n = (k: (typeof ARMS)[number], year: number | null): number => c.first_closed[k].dots.filter((v) => (year === null ? v === null : v !== null && Math.round(v) === year)).length;
    return { head: ["First year", ...parts(doc).map((k) => `Draws of 20${doc ? `, ${k}` : ""}`)], rows: [...all.map((year) => [cell(String(year), year), ...parts(doc).map((k) => cell(String(n(k, year)), n(k, year)))]), ["not by then", ...parts(doc).map((k) => cell(String(n(k, null)), n(k, null)))]] };
  };
  if (lastOf(c.stock.with.p50) < 0) return [headed && h("h3", { class: "h3", dir: "auto" }, title), h("p", { class: "nt" }, NO_VALUE)];
  const about = [c.unit, c.without_ally === "" ? "" : `without ${names.the(c.without_ally)}`].filter((t) => t !== "").join("; ");
  return [
    headed && h("h3", { class: "h3", dir: "auto" }, title),
    h("div", { class: "g12 plays" },
      h("div", { class: "c7" },
        h("h4", {}, "Capability against the level required"),
        h("p", { class: "sub" }, `${about === "" ? "" : `${capital(about)}; `}median, half and 90 % of draws${doc ? " with the document; grey: median without" : ""}`),
        host,
        tools({ name: `capability-${c.id}`, title, table: years, parts: () => drawn(host).map((svg) => ({ svg, heading: "Capability against the level required" })) })),
      h("div", { class: "c5" },
        dots !== null && [
          h("h4", {}, "First year in which it is enough"),
          h("p", { class: "sub" }, "A dot is 5 % of draws"),
          dots,
          words.length > 0 && h("p", { class: "nt" }, words.join(" ")),
          tools({ name: `first-closed-${c.id}`, title, table: closing, parts: () => drawn(dots).map((svg) => ({ svg, heading: "First year in which it is enough" })) }),
        ],
        dots === null && words.length > 0 && h("p", { class: "nt" }, words.join(" ")))),
  ];
}

export function yearsSection(data: Data, names: Names): Section | null {
  const list = data.rooms.capability;
  const [first] = list;
  if (first === undefined) return null;
  const sure = list.map((c) => closingFinding(c, data));
  return {
    id: "s-years",
    nav: "Years",
    kick: "Years",
    title: list.length === 1 ? (sure[0] ?? "") : `${capital(inWords(list.length))} ${plural(list.length, "build-up")}: ${listed(list.map((c) => isolated(c.title)))}`,
    sub: ["Stocks wear out and are rebuilt only as fast as budgets rise"],
    body: () => firstOpen(list, 4, (c) => closingFinding(c, data), (c, headed) => capabilityPart(c, data, names, headed)),
  };
}
