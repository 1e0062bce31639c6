// What the models of votes, alliances and war found: the types mirror docs/report-data.md. Each part may be missing.

import type { Num } from "./data";
import { list, number, object, text, truth } from "./read";
import type { Raw } from "./read";

// A number over the draws: of a share the mean counts, of a quantity the quantiles.
export interface Point {
  mean: Num;
  mc_error: Num;
  p05: Num;
  p50: Num;
  p95: Num;
}

// The same by year or by month; every list is as long as the years or months, or empty where it was not given.
export interface Series {
  mean: Num[];
  mc_error: Num[];
  p05: Num[];
  p25: Num[];
  p50: Num[];
  p75: Num[];
  p95: Num[];
}

export interface Arms<T> {
  without: T;
  with: T;
  taken: T;
}

export interface ByActor extends Arms<Point> {
  actor: string;
}

export interface Decision {
  id: string;
  title: string;
  group: string;
  members: number;
  issue: string;
  from: Num;
  to: Num;
  rule: string;
  rounds: number;
  years: number[];
  asked: number[];
  by_year: Arms<Series>;
  chance: Arms<Series>;
  blocks: ByActor[];
  accept: ByActor[];
  gridlock: { low: Point; high: Point } | null;
  expected_time: Arms<Point & { undefined: Num }> | null;
}

export interface Power {
  id: string;
  title: string;
  rule: string;
  method: string;
  members: { actor: string; weight: Num; veto: boolean; shapley_shubik: Num; banzhaf: Num; error: Num }[];
}

export interface Burden {
  id: string;
  title: string;
  unit: string;
  years: number[];
  members: { actor: string; gdp_share: Num; burden: Arms<Series>; alone: Arms<Point>; free_ride: Arms<Point> }[];
  under_provision: Arms<Series>;
  rank_correlation: Arms<Series>;
}

export interface Membership {
  id: string;
  title: string;
  year: number;
  members: { actor: string; candidate: boolean; equivalent: Arms<Point> }[]; // what membership is worth, as a share of GDP a year
}

export interface Deterrence {
  id: string;
  title: string;
  challenger: string;
  years: number[];
  challenge: Arms<Series>;
  force: Arms<Series>;
  honour_year: number;
  honour: ByActor[];
}

export interface Closed {
  dots: Num[]; // 20 years, each for 5 % of draws, in order; null: never
  never: Num;
  mc_error: Num;
}

export interface Capability {
  id: string;
  title: string;
  unit: string;
  without_ally: string;
  years: number[];
  stock: Arms<Series>;
  required: Arms<Series>;
  first_closed: Arms<Closed>;
  window: Arms<Point> | null;
}

export const STATES = ["fighting", "frozen", "settled", "collapse_b", "collapse_a"] as const;
export type State = (typeof STATES)[number];

export interface War {
  id: string;
  title: string;
  a: string; // an actor's id, or words
  b: string;
  months: number[]; // in years: 2022.25 is April 2022
  known: Num; // until when the state is known, in years
  states: Record<State, Arms<Series>>;
  line: Arms<Series>;
  concession: Arms<Series>;
  leverage_a: Arms<Series>;
  leverage_a_no_aid: Arms<Series>;
  events: (Arms<Series> & { id: string; title: string })[];
}

const point = (x: unknown): Point => {
  const p = object(x);
  return { mean: number(p["mean"]), mc_error: number(p["mc_error"]), p05: number(p["p05"]), p50: number(p["p50"]), p95: number(p["p95"]) };
};

const series = (n: number) => (x: unknown): Series => {
  const s = object(x);
  // A list of another length than the years is of no use.
  const of = (key: string): Num[] => {
    const values = list(s[key]).map(number);
    return values.length === n ? values : [];
  };
  return { mean: of("mean"), mc_error: of("mc_error"), p05: of("p05"), p25: of("p25"), p50: of("p50"), p75: of("p75"), p95: of("p95") };
};

// Without a document all three arms are one; an arm that is missing is the one with the document.
function arms<T>(x: unknown, read: (y: unknown) => T): Arms<T> {
  const a = object(x);
  const own = a["with"] ?? a["without"];
  return { without: read(a["without"] ?? own), with: read(own), taken: read(a["taken"] ?? own) };
}

const entries = <T>(x: unknown, read: (r: Raw) => T): T[] => list(x).map((entry) => read(object(entry)));
const years = (x: unknown): number[] => list(x).map(number).filter((y): y is number => y !== null);
const byActor = (r: Raw): ByActor => ({ actor: text(r["actor"]), ...arms(r, point) });
const head = (r: Raw): { id: string; title: string } => ({ id: text(r["id"]), title: text(r["title"]) || text(r["id"]).replaceAll("_", " ") });

function decision(r: Raw): Decision {
  const at = years(r["years"]);
  const gridlock = object(r["gridlock"]);
  return {
    ...head(r),
    group: text(r["group"]),
    members: number(r["members"]) ?? 0,
    issue: text(r["issue"]),
    from: number(r["from"]),
    to: number(r["to"]),
    rule: text(r["rule"]),
    rounds: number(r["rounds"]) ?? 1,
    years: at,
    asked: years(r["asked"]),
    by_year: arms(r["by_year"], series(at.length)),
    chance: arms(r["chance"], series(at.length)),
    blocks: entries(r["blocks"], byActor),
    accept: entries(r["accept"], byActor),
    gridlock: r["gridlock"] == null ? null : { low: point(gridlock["low"]), high: point(gridlock["high"]) },
    expected_time: r["expected_time"] == null ? null : arms(r["expected_time"], (x) => ({ ...point(x), undefined: number(object(x)["undefined"]) })),
  };
}

function power(r: Raw): Power {
  return {
    ...head(r),
    rule: text(r["rule"]),
    method: text(r["method"]),
    members: entries(r["members"], (m) => ({
      actor: text(m["actor"]), weight: number(m["weight"]), veto: truth(m["veto"]), shapley_shubik: number(m["shapley_shubik"]), banzhaf: number(m["banzhaf"]), error: number(m["error"]),
    })),
  };
}

function burden(r: Raw): Burden {
  const at = years(r["years"]);
  const one = series(at.length);
  return {
    ...head(r),
    unit: text(r["unit"]),
    years: at,
    members: entries(r["members"], (m) => ({ actor: text(m["actor"]), gdp_share: number(m["gdp_share"]), burden: arms(m["burden"], one), alone: arms(m["alone"], point), free_ride: arms(m["free_ride"], point) })),
    under_provision: arms(r["under_provision"], one),
    rank_correlation: arms(r["rank_correlation"], one),
  };
}

const membership = (r: Raw): Membership => ({
  ...head(r), year: number(r["year"]) ?? 0, members: entries(r["members"], (m) => ({ actor: text(m["actor"]), candidate: truth(m["candidate"]), equivalent: arms(m["equivalent"], point) })),
});

function deterrence(r: Raw): Deterrence {
  const at = years(r["years"]);
  const one = series(at.length);
  return {
    ...head(r), challenger: text(r["challenger"]), years: at, challenge: arms(r["challenge"], one), force: arms(r["force"], one),
    honour_year: number(r["honour_year"]) ?? at[at.length - 1] ?? 0, honour: entries(r["honour"], byActor),
  };
}

function capability(r: Raw): Capability {
  const at = years(r["years"]);
  const one = series(at.length);
  const closed = (x: unknown): Closed => ({ dots: list(object(x)["dots"]).map(number), never: number(object(x)["never"]), mc_error: number(object(x)["mc_error"]) });
  return {
    ...head(r), unit: text(r["unit"]), without_ally: text(r["without_ally"]), years: at, stock: arms(r["stock"], one), required: arms(r["required"], one),
    first_closed: arms(r["first_closed"], closed), window: r["window"] == null ? null : arms(r["window"], point),
  };
}

// "2022-04" as years: 2022.25.
function inYears(month: unknown): Num {
  const found = /^(-?\d{1,4})-(\d{2})$/.exec(text(month));
  return found === null ? null : Number(found[1]) + (Number(found[2]) - 1) / 12;
}

function war(r: Raw): War[] {
  const start = inYears(r["start"]);
  const n = number(r["months"]) ?? 0;
  if (start === null || n < 1 || n > 1e5) return [];
  const one = series(n);
  const states = object(r["states"]);
  return [{
    ...head(r), a: text(r["a"]), b: text(r["b"]), months: Array.from({ length: n }, (_, t) => start + t / 12), known: inYears(r["known"]),
    states: Object.fromEntries(STATES.map((k) => [k, arms(states[k], one)])) as War["states"],
    line: arms(r["line"], one), concession: arms(r["concession"], one), leverage_a: arms(r["leverage_a"], one), leverage_a_no_aid: arms(r["leverage_a_no_aid"], one),
    events: entries(r["events"], (e) => ({ ...head(e), ...arms(e, one) })),
  }];
}

export interface Rooms {
  decisions: Decision[];
  power: Power[];
  burdens: Burden[];
  memberships: Membership[];
  deterrence: Deterrence[];
  capability: Capability[];
  wars: War[];
}

export function readRooms(d: Raw): Rooms {
  const timed = <T extends { years: number[] }>(items: T[]): T[] => items.filter((i) => i.years.length > 0);
  return {
    decisions: timed(entries(d["decisions"], decision)),
    power: entries(d["power"], power).filter((p) => p.members.length > 0),
    burdens: timed(entries(d["burdens"], burden)).filter((b) => b.members.length > 0),
    memberships: entries(d["memberships"], membership).filter((m) => m.members.length > 0),
    deterrence: timed(entries(d["deterrence"], deterrence)),
    capability: timed(entries(d["capability"], capability)),
    wars: entries(d["wars"], war).flat(),
  };
}
