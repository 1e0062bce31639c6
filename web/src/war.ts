// A war: in which state it is month by month, where the line stands, what is conceded, and who could hold out for what.

import { area } from "d3-shape";
import { spanPicture, spanTable } from "./alliance";
import { toldOver, yearTicks } from "./chart";
import type { Track } from "./chart";
import type { Data, Num } from "./data";
import { apart, chance, chancePicture, lastOf } from "./decisions";
import { fitted, h, label, line, round, s, textWidth } from "./dom";
import type { Child } from "./dom";
import { cell, drawn, picture, tools } from "./figure";
import type { Table } from "./figure";
import { at, capital, isolated, percent } from "./format";
import { properIn } from "./names";
import type { Names } from "./names";
import { STATES } from "./rooms";
import type { Arms, Series, State, War } from "./rooms";
import { firstOpen } from "./section";
import type { Section } from "./section";
import { spread } from "./spread";

const side = (id: string, data: Data, names: Names): string => (data.actors[id] === undefined ? isolated(id) : names.the(id));

function stateWords(war: War, data: Data, names: Names): Record<State, string> {
  return { fighting: "fighting", frozen: "frozen line", settled: "settlement", collapse_a: `${side(war.a, data, names)} collapses`, collapse_b: `${side(war.b, data, names)} collapses` };
}

const month = (t: number): string => `${Math.floor(t + 1e-9)}-${String(Math.round((t - Math.floor(t + 1e-9)) * 12) + 1).padStart(2, "0")}`;

// The month up to which all is known, where that is the last one: what is drawn then ends before it is used.
function knownEnd(war: War): Num {
  const last = war.months.length - 1;
  const end = war.months[last] ?? 0;
  return war.known !== null && last > 0 && Math.abs(war.known - end) < 0.5 / 12 && STATES.some((k) => (war.states[k].with.mean[last] ?? 0) > 0.999) ? end : null;
}

// The same war without its last month.
function before(war: War): War {
  const cut = (x: Series): Series => Object.fromEntries(Object.entries(x).map(([k, v]) => [k, (v as Num[]).slice(0, -1)])) as unknown as Series;
  const arms = <T extends Arms<Series>>(a: T): T => ({ ...a, without: cut(a.without), with: cut(a.with), taken: cut(a.taken) });
  return {
    ...war,
    months: war.months.slice(0, -1),
    states: Object.fromEntries(STATES.map((k) => [k, arms(war.states[k])])) as War["states"],
    line: arms(war.line),
    concession: arms(war.concession),
    leverage_a: arms(war.leverage_a),
    leverage_a_no_aid: arms(war.leverage_a_no_aid),
    events: war.events.map(arms),
  };
}

// "A frozen line by 2035: 41 % rises to 46 %": the end that the document moves most.
export function warFinding(war: War, data: Data, names: Names): string {
  const words = stateWords(war, data, names);
  const phrase: Record<State, string> = { fighting: "Still fighting", frozen: "A frozen line", settled: "A settlement", collapse_a: capital(words.collapse_a), collapse_b: capital(words.collapse_b) };
  const last = war.months.length - 1;
  const year = Math.floor((war.months[last] ?? 0) + 1e-9);
  const past = knownEnd(war);
  if (past !== null) {
    const k = STATES.find((state) => (war.states[state].with.mean[last] ?? 0) > 0.999) ?? "fighting";
    return `${phrase[k]} in ${month(past)}, as is known; the model alone gave it ${chance(war.states[k].with.mean[last - 1] ?? null)} %`;
  }
  const ends = STATES.map((k) => {
    const { without: a, with: b } = war.states[k];
    return { k, a: a.mean[last] ?? null, ea: a.mc_error[last] ?? null, b: b.mean[last] ?? null, eb: b.mc_error[last] ?? null };
  }).filter((e) => e.b !== null);
  const moved = ends.filter((e) => apart(e.a, e.ea, e.b, e.eb) && chance(e.a, e.ea) !== chance(e.b, e.eb)).sort((x, y) => Math.abs((y.b ?? 0) - (y.a ?? 0)) - Math.abs((x.b ?? 0) - (x.a ?? 0)));
  // What becomes likelier is told before what becomes less so by the same.
  const first = moved.find((e) => (e.b ?? 0) > (e.a ?? 0)) ?? moved[0];
  if (data.document !== null && first !== undefined) return `${phrase[first.k]} by ${year}: ${chance(first.a, first.ea)} % ${(first.b ?? 0) > (first.a ?? 0) ? "rises" : "falls"} to ${chance(first.b, first.eb)} %`;
  const [most] = [...ends].sort((x, y) => (y.b ?? 0) - (x.b ?? 0));
  if (most === undefined) return isolated(war.title);
  return `${phrase[most.k]} by ${year} is likeliest: ${chance(most.b, most.eb)} %${data.document === null ? "" : ", with the document or without"}`;
}

// Areas by state, one on the other, labelled at their right ends.
function areasPicture(war: War, arm: keyof Arms<Series>, data: Data, names: Names, width: number): SVGSVGElement {
  const words = stateWords(war, data, names);
  const height = 250;
  const last = war.months.length - 1;
  const end = (k: State): number => war.states[k][arm].mean[last] ?? 0;
  const text = (k: State): string => `${percent(end(k))} % ${words[k]}`;
  const shown = STATES.filter((k) => war.states[k][arm].mean.length > 0);
  const room = Math.min(width * 0.44, Math.max(...shown.map((k) => textWidth(text(k), 12)), 0)) + 18;
  const [left, right, top, base] = [26, width - room, 22, height - 24];
  const first = war.months[0] ?? 0;
  const final = Math.max(war.months[last] ?? 0, first + 1 / 12);
  const x = (t: number): number => left + ((t - first) / (final - first || 1)) * (right - left);
  const y = (v: number): number => base - v * (base - top);
  const out: SVGElement[] = ([[0, "0"], [0.5, "half"], [1, "all"]] as const).map(([v, word]) => label(left - 5, y(v) + 4, word, "s g", "end"));
  const below = war.months.map(() => 0);
  const ends: { y: number; k: State }[] = [];
  for (const k of shown) {
    const mean = war.states[k][arm].mean;
    const bands = war.months.map((t, i) => ({ t, from: below[i] ?? 0, to: (below[i] ?? 0) + (mean[i] ?? 0) }));
    const [only] = bands;
    if (bands.length === 1 && only !== undefined) bands.push({ ...only, t: final }); // one month is as wide as the picture
    const path = area<(typeof bands)[number]>().x((p) => round(x(p.t))).y0((p) => round(y(p.from))).y1((p) => round(y(p.to)));
    out.push(s("path", { class: `war ${k}`, d: path(bands) }));
    ends.push({ y: y(((below[last] ?? 0) + (bands[last]?.to ?? 0)) / 2), k });
    below.forEach((_, i) => (below[i] = bands[i]?.to ?? 0));
  }
  const places = spread(ends.map((e) => e.y), 16, top, base - 4);
  ends.forEach((e, i) => out.push(line(right, e.y, right + 9, places[i] ?? 0, "lead"), label(right + 12, (places[i] ?? 0) + 4, fitted(text(e.k), room - 14, 12), e.k === "fighting" ? "b" : "")));
  if (war.known !== null && war.known > first && war.known <= final) {
    const told = `known until ${month(war.known)}`;
    const wide = textWidth(told, 11.5);
    out.push(line(x(war.known), top - 4, x(war.known), base, "sad"), label(Math.max(left, Math.min(right - wide, x(war.known) - wide / 2)), top - 9, told, "s ac"));
  }
  out.push(...yearTicks(first, final, x, base, right - left));
  const alt = `States of the war ${arm === "without" ? "without the document" : "with the document"}. ${shown.map((k) => `${capital(words[k])}: ${toldOver(war.months, war.states[k][arm].mean, (v) => `${chance(v)} %`)}`).join("; ")}.`;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": alt }, out);
}

function statesTable(war: War, doc: boolean, data: Data, names: Names): Table {
  const words = stateWords(war, data, names);
  const parts = doc ? (["without", "with", "taken"] as const) : (["with"] as const);
  return {
    head: ["Month", ...parts.flatMap((arm) => STATES.map((k) => `${capital(words[k])} %${doc ? `, ${arm}` : ""}`))],
    rows: war.months.map((t, i) => [cell(month(t), month(t)), ...parts.flatMap((arm) => STATES.map((k) => {
      const v: Num = war.states[k][arm].mean[i] ?? null;
      return cell(v === null ? "" : chance(v), v === null ? null : 100 * v);
    }))]),
  };
}

// A title for each small picture: what its end comes to.
function ending(name: string, arms: Arms<Series>, doc: boolean, write: (v: number) => string, mean: boolean): string {
  const of = (x: Series): Num => {
    const values = mean || x.p50.length === 0 ? x.mean : x.p50;
    return values[lastOf(values)] ?? null;
  };
  const [a, b] = [of(arms.without), of(arms.with)];
  if (b === null) return name;
  return doc && a !== null && write(a) !== write(b) ? `${name}: ${write(a)} to ${write(b)}` : `${name}: ${write(b)}`;
}

function warPart(whole_: War, data: Data, names: Names, headed: boolean): Child[] {
  const doc = data.document !== null;
  const title = warFinding(whole_, data, names);
  const past = knownEnd(whole_);
  const war = past === null ? whole_ : before(whole_);
  const [a, b] = [side(war.a, data, names), side(war.b, data, names)];
  const areas = (doc ? (["without", "with"] as const) : (["with"] as const)).map((arm) => ({ arm, host: picture((width) => areasPicture(war, arm, data, names, width)), words: doc ? (arm === "without" ? "Without the document" : "With the document") : "By month" }));
  const proper = properIn(data);
  const key = doc ? "grey without the document, ink with it" : "";
  const whole = (v: number): string => `${at(100 * v, 0)} %`;
  const known = (x: Series): boolean => lastOf(x.mean) >= 0 || lastOf(x.p50) >= 0;
  const span = (id: string, name: string, sub: string, arms: Arms<Series>, extra: Track[] = []): Child => {
    if (!known(arms.with)) return null;
    const heading = ending(name, arms, doc, whole, false);
    const host = picture(spanPicture(war.months, arms, doc, heading, { low: 0, high: 1, percent: true, write: whole }, 190, extra));
    return h("div", {}, h("h4", { dir: "auto" }, heading), h("p", { class: "sub" }, sub), host, tools({ name: `${id}-${war.id}`, title: `${isolated(war.title)}. ${heading}`, table: () => spanTable(war.months, arms, doc, 100, month, "Month"), parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }));
  };
  const bare = war.leverage_a_no_aid.with;
  const bareValues = bare.p50.length > 0 ? bare.p50 : bare.mean;
  const noAid: Track[] = lastOf(bareValues) < 0 ? [] : [{ name: "no aid", figure: whole(bareValues[lastOf(bareValues)] ?? 0), type: "dashed", values: bareValues, bands: [] }];
  const event = (e: War["events"][number]): Child => {
    if (lastOf(e.with.mean) < 0) return null;
    const heading = ending(isolated(capital(proper(e.title))), e, doc, (v) => `${chance(v)} %`, true);
    const host = picture(chancePicture(war.months, e, doc, heading, [], 160));
    return h("div", {}, h("h4", { dir: "auto" }, heading), host, tools({ name: `${e.id}-${war.id}`, title: heading, table: () => spanTable(war.months, e, doc, 100, month, "Month"), parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }));
  };
  return [
    headed && h("h3", { class: "h3", dir: "auto" }, title),
    h("p", { class: "sub", dir: "auto" }, `${isolated(war.title)}, ${month(war.months[0] ?? 0)} to ${month(war.months[war.months.length - 1] ?? 0)}: the chance of each state by month, mean of the draws${past === null ? "" : `, before what is known of ${month(past)} is used`}`),
    h("div", { class: `${areas.length > 1 ? "pair" : ""} plays` }, areas.map(({ host, words }) => h("div", {}, h("h4", {}, words), host))),
    tools({ name: `states-${war.id}`, title, table: () => statesTable(war, doc, data, names), parts: () => areas.flatMap(({ host, words }) => drawn(host).map((svg) => ({ svg, heading: words }))) }),
    h("div", { class: "three even below" },
      span("line", `Held by ${a}`, `Share of what is fought over; median and 90 % of draws${doc ? "; grey and dotted without the document, ink and band with it" : ""}`, war.line),
      span("concession", `Conceded to ${a}`, "Share of the political stake; median and 90 % of draws", war.concession),
      span("leverage", `What ${a} could hold out for`, `Share of the whole stake, while still fighting${noAid.length > 0 ? `; dashed: if ${b} had no aid` : ""}`, war.leverage_a, noAid)),
    war.events.length > 0 && [h("h4", { class: "ln" }, "Events", h("span", { class: "sub" }, `chance that each holds in the month, %; band: two errors${key === "" ? "" : `; ${key}`}`)), h("div", { class: "three even" }, war.events.map(event))],
  ];
}

export function warSection(data: Data, names: Names): Section | null {
  const { wars } = data.rooms;
  const [first] = wars;
  if (first === undefined) return null;
  return {
    id: "s-war",
    nav: "War",
    kick: "War",
    title: warFinding(first, data, names),
    sub: ["Exact probabilities given each draw’s inputs, carried forward month by month"],
    body: () => firstOpen(wars, 2, (w) => warFinding(w, data, names), (w, headed) => warPart(w, data, names, headed)),
  };
}
