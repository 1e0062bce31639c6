// The data block that the engine writes into the page: the types mirror docs/report-data.md.
// `readData` accepts a block in which optional parts are missing, so that the page never fails on an older engine.

import { list, number, object, readList, readMap, text, truth } from "./read";
import type { Raw } from "./read";
import { readRooms } from "./rooms";
import type { Rooms } from "./rooms";
import { readStory } from "./story";
import type { Story } from "./story";

export type Num = number | null;

export interface Summary {
  mean: Num;
  sd: Num;
  p05: Num;
  p25: Num;
  p50: Num;
  p75: Num;
  p95: Num;
  mc_error: Num;
  quantile_error: { p05: Num; p25: Num; p50: Num; p75: Num; p95: Num };
  undefined: Num;
  dots: Num[];
}

export interface Quantity extends Summary {
  name: string;
  title?: string;
  without: Summary;
  taken: Summary;
  by_model: Record<string, Summary>;
  unit: string;
  kind: string;
  issue: string;
  actor: string;
  year: number;
  headline: boolean;
  moves: boolean;
  known: Num;
  low: Num;
  high: Num;
}

export const VERDICTS = [
  "follows",
  "leans to",
  "open",
  "leans against",
  "does not follow",
  "depends on the model",
  "not yet tested",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface ClaimArm {
  share: Num;
  mc_error: Num;
  verdict: Verdict;
  near_threshold: boolean;
  counted: Num;
  undefined: Num;
}

export interface Reading extends ClaimArm {
  read: string;
  holds: string;
}

export interface CurvePoint {
  low?: Num;
  high?: Num;
  model?: string;
  share: Num;
  error: Num;
}

export interface Driver {
  input: string;
  label: string;
  strength: Num;
  strength_error: Num;
  curve: CurvePoint[];
  break_even: Num;
}

export interface Claim extends ClaimArm {
  id: string;
  title: string;
  who: string;
  says: string;
  read: string;
  where: string;
  holds: string;
  when: string;
  overall: string;
  needs: string;
  without: ClaimArm;
  taken: ClaimArm;
  by_model: Record<string, ClaimArm>;
  readings: Reading[];
  drivers: Driver[];
}

export interface ThreeArms {
  text: string;
  without: Summary;
  with: Summary;
  taken: Summary;
}

export interface Stance {
  actor: string;
  source: string;
  why: string;
  position: ThreeArms;
  salience: ThreeArms;
  capability: ThreeArms;
}

export interface Issue {
  id: string;
  title: string;
  question: string;
  unit: string;
  low: Num;
  high: Num;
  labels: { at: number; text: string }[];
  status_quo: Num;
  settle: { model: string; share: Num }[];
  stances: Stance[]; // the weightiest where there are too many to tell
  stances_total: number;
}

export interface Provision {
  id: string;
  title: string;
  says: string;
  binding: boolean | null;
  takes_hold: string;
  share: Num;
  share_error: Num;
  changes: string[];
}

export interface Input {
  name: string;
  label: string;
  unit: string;
  text: string;
  source: string;
  why: string;
  uncertain: boolean;
  prior: Summary;
  weighted: Summary;
}

export interface Given {
  says: string;
  text: string;
  source: string;
  share: Num;
}

export interface Model {
  id: string;
  title: string;
  summary: string;
  equation: string;
  citation: string;
  accuracy: string;
  cost: string;
}

export const BANDS = ["provision", "input", "quantity", "outcome", "claim"] as const;
export type Band = (typeof BANDS)[number];

export interface GraphNode {
  id: string;
  label: string;
  band: Band;
  text: string;
}

export interface Data {
  format: number;
  scenario: {
    id: string;
    title: string;
    about: string;
    brief_html: string;
    hash: string;
    start: number;
    years: number;
    limits: string[];
  };
  document: { title: string; issuer: string; date: string; source: string } | null;
  version: string;
  seed: number | string;
  draws: number;
  draws_asked: number;
  interrupted: boolean;
  counted: boolean; // draws were counted in bins, not kept
  effective_draws: Num;
  log_evidence: Num;
  has_given: boolean;
  counts: Record<string, number>;
  command: string;
  actors: Record<string, { name: string; groups: string[] }>;
  groups: Record<string, { name: string; members: string[] }>;
  issues: Issue[];
  quantities: Quantity[];
  claims: Claim[];
  provisions: Provision[];
  inputs: Input[];
  given: Given[];
  models: Model[];
  stories: Story[];
  rooms: Rooms;
  why: Raw; // of `entente run --why`; {} where it was not asked
  graph: { nodes: GraphNode[]; edges: [string, string][] };
  files: { name: string; text: string }[];
}

function readSummary(x: unknown): Summary {
  const s = object(x);
  const e = object(s["quantile_error"]);
  return {
    mean: number(s["mean"]),
    sd: number(s["sd"]),
    p05: number(s["p05"]),
    p25: number(s["p25"]),
    p50: number(s["p50"]),
    p75: number(s["p75"]),
    p95: number(s["p95"]),
    mc_error: number(s["mc_error"]),
    quantile_error: {
      p05: number(e["p05"]),
      p25: number(e["p25"]),
      p50: number(e["p50"]),
      p75: number(e["p75"]),
      p95: number(e["p95"]),
    },
    undefined: number(s["undefined"]),
    dots: list(s["dots"]).map(number),
  };
}

function readQuantity(q: Raw, name: string): Quantity {
  const own = readSummary(q);
  const title = text(q["title"]);
  return {
    ...own,
    name,
    ...(title === "" ? {} : { title }),
    without: q["without"] === undefined ? own : readSummary(q["without"]),
    taken: q["taken"] === undefined ? own : readSummary(q["taken"]),
    by_model: readMap(q["by_model"], readSummary),
    unit: text(q["unit"]),
    kind: text(q["kind"]),
    issue: text(q["issue"]),
    actor: text(q["actor"]),
    year: number(q["year"]) ?? 0,
    headline: truth(q["headline"]),
    moves: q["moves"] !== false,
    known: number(q["known"]),
    low: number(q["low"]),
    high: number(q["high"]),
  };
}

function readArm(x: unknown): ClaimArm {
  const a = object(x);
  const word = text(a["verdict"]);
  return {
    share: number(a["share"]),
    mc_error: number(a["mc_error"]),
    verdict: (VERDICTS as readonly string[]).includes(word) ? (word as Verdict) : "not yet tested",
    near_threshold: truth(a["near_threshold"]),
    counted: number(a["counted"]),
    undefined: number(a["undefined"]),
  };
}

function readDriver(x: unknown): Driver {
  const d = object(x);
  return {
    input: text(d["input"]),
    label: text(d["label"]) || text(d["input"]),
    strength: number(d["strength"]),
    strength_error: number(d["strength_error"]),
    curve: list(d["curve"]).map((point) => {
      const p = object(point);
      const base = { share: number(p["share"]), error: number(p["error"]) };
      return typeof p["model"] === "string"
        ? { ...base, model: p["model"] }
        : { ...base, low: number(p["low"]), high: number(p["high"]) };
    }),
    break_even: number(d["break_even"]),
  };
}

function readClaim(c: Raw, id: string): Claim {
  return {
    ...readArm(c),
    id,
    title: text(c["title"]) || text(c["says"]) || id,
    who: text(c["who"]),
    says: text(c["says"]),
    read: text(c["read"]),
    where: text(c["where"]),
    holds: text(c["holds"]),
    when: text(c["when"]),
    overall: text(c["overall"]),
    needs: text(c["needs"]),
    without: readArm(c["without"]),
    taken: readArm(c["taken"]),
    by_model: readMap(c["by_model"], readArm),
    readings: list(c["readings"]).map((r) => ({
      ...readArm(r),
      read: text(object(r)["read"]),
      holds: text(object(r)["holds"]),
    })),
    drivers: list(c["drivers"]).map(readDriver),
  };
}

function readArms(x: unknown): ThreeArms {
  const a = object(x);
  const without = readSummary(a["without"]);
  return {
    text: text(a["text"]),
    without,
    with: a["with"] === undefined ? without : readSummary(a["with"]),
    taken: a["taken"] === undefined ? without : readSummary(a["taken"]),
  };
}

// Where there are very many, a stance is told by its mean alone.
function readStanceArms(x: unknown): ThreeArms {
  const arms = readArms(x);
  const point = (s: Summary): Summary => (s.p50 === null && s.mean !== null ? { ...s, p50: s.mean } : s);
  return { text: arms.text, without: point(arms.without), with: point(arms.with), taken: point(arms.taken) };
}

function readIssue(i: Raw, id: string): Issue {
  return {
    id,
    title: text(i["title"]) || id,
    question: text(i["question"]),
    unit: text(i["unit"]),
    low: number(i["low"]),
    high: number(i["high"]),
    labels: list(i["labels"]).flatMap((l) => {
      const at = number(object(l)["at"]);
      return at === null ? [] : [{ at, text: text(object(l)["text"]) }];
    }),
    status_quo: number(i["status_quo"]),
    settle: list(i["settle"]).map((s) => ({ model: text(object(s)["model"]), share: number(object(s)["share"]) })),
    stances: list(i["stances"]).map((s) => {
      const stance = object(s);
      return {
        actor: text(stance["actor"]),
        source: text(stance["source"]),
        why: text(stance["why"]),
        position: readStanceArms(stance["position"]),
        salience: readStanceArms(stance["salience"]),
        capability: readStanceArms(stance["capability"]),
      };
    }),
    stances_total: number(i["stances_total"]) ?? list(i["stances"]).length,
  };
}

function readGraph(x: unknown): Data["graph"] {
  const g = object(x);
  const nodes = list(g["nodes"]).map((n) => {
    const node = object(n);
    const band = text(node["band"]);
    return {
      id: text(node["id"]),
      label: text(node["label"]) || text(node["id"]),
      band: (BANDS as readonly string[]).includes(band) ? (band as Band) : "quantity",
      text: text(node["text"]),
    } satisfies GraphNode;
  });
  const known = new Set(nodes.map((n) => n.id));
  const edges = list(g["edges"]).flatMap((e): [string, string][] => {
    const [from, to] = list(e).map(text);
    return from !== undefined && to !== undefined && known.has(from) && known.has(to) ? [[from, to]] : [];
  });
  return { nodes, edges };
}

export function readData(json: string): Data {
  const d = object(JSON.parse(json));
  const s = object(d["scenario"]);
  const doc = d["document"] === null || d["document"] === undefined ? null : object(d["document"]);
  const draws = number(d["draws"]) ?? 0;
  let stories: Story[] | null = null; // long, and read when asked for: not before the first picture stands
  return {
    format: number(d["format"]) ?? 0,
    scenario: {
      id: text(s["id"]),
      title: text(s["title"]) || text(s["id"]),
      about: text(s["about"]),
      brief_html: text(s["brief_html"]),
      hash: text(s["hash"]),
      start: number(s["start"]) ?? 0,
      years: number(s["years"]) ?? 0,
      limits: list(s["limits"]).map(text),
    },
    document: doc && {
      title: text(doc["title"]),
      issuer: text(doc["issuer"]),
      date: text(doc["date"]),
      source: text(doc["source"]),
    },
    version: text(d["version"]),
    seed: typeof d["seed"] === "string" ? d["seed"] : (number(d["seed"]) ?? 0),
    draws,
    draws_asked: number(d["draws_asked"]) ?? draws,
    interrupted: truth(d["interrupted"]),
    counted: truth(d["counted"]),
    effective_draws: number(d["effective_draws"]),
    log_evidence: number(d["log_evidence"]),
    has_given: truth(d["has_given"]),
    counts: Object.fromEntries(Object.entries(object(d["counts"])).map(([k, v]) => [k, number(v) ?? 0])),
    command: text(d["command"]),
    actors: readMap(d["actors"], (a, id) => ({
      name: text(object(a)["name"]) || id,
      groups: list(object(a)["groups"]).map(text),
    })),
    groups: readMap(d["groups"], (g, id) => ({
      name: text(object(g)["name"]) || id,
      members: list(object(g)["members"]).map(text),
    })),
    issues: readList(d["issues"], readIssue),
    quantities: readList(d["quantities"], readQuantity),
    claims: readList(d["claims"], readClaim),
    provisions: readList(d["provisions"], (p, id) => ({
      id,
      title: text(p["title"]) || id.replaceAll("_", " "),
      says: text(p["says"]),
      binding: typeof p["binding"] === "boolean" ? p["binding"] : null,
      takes_hold: text(p["takes_hold"]),
      share: number(p["share"]),
      share_error: number(p["share_error"]),
      changes: list(p["changes"]).map(text),
    })),
    inputs: readList(d["inputs"], (i, name) => ({
      name,
      label: text(i["label"]) || name,
      unit: text(i["unit"]),
      text: text(i["text"]),
      source: text(i["source"]),
      why: text(i["why"]),
      uncertain: truth(i["uncertain"]),
      prior: readSummary(i["prior"]),
      weighted: i["weighted"] === undefined ? readSummary(i["prior"]) : readSummary(i["weighted"]),
    })),
    given: list(d["given"]).map((g) => ({
      says: text(object(g)["says"]),
      text: text(object(g)["text"]),
      source: text(object(g)["source"]),
      share: number(object(g)["share"]),
    })),
    models: readList(d["models"], (m, id) => ({
      id,
      title: text(m["title"]) || id,
      summary: text(m["summary"]),
      equation: text(m["equation"]),
      citation: text(m["citation"]),
      accuracy: text(m["accuracy"]),
      cost: text(m["cost"]),
    })),
    get stories() {
      return (stories ??= list(d["stories"]).flatMap(readStory));
    },
    rooms: readRooms(d),
    why: object(d["why"]),
    graph: readGraph(d["graph"]),
    files: list(d["files"]).map((f) => ({ name: text(object(f)["name"]), text: text(object(f)["text"]) })),
  };
}
