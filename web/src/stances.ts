// Who stands where: each issue as a line from end to end in words, actors as labelled dots in lanes.
//
// A dot's area is capability, its fill salience, its whisker the middle 90 % of the positions drawn. Whisker and label
// are one box; boxes go, in the order of position, into the first lane where they fit, so that no two ever overlap.

import type { Data, Issue, Num, Quantity, Stance, Summary } from "./data";
import { arrowHead, fitted, h, label, line, round, s, textWidth } from "./dom";
import type { Child } from "./dom";
import { cell, drawn, picture, tools } from "./figure";
import type { Table } from "./figure";
import { capital, change, count, differ, finestOn, inWords, isolated, measured, percent, plain, range } from "./format";
import type { Names } from "./names";
import { fold } from "./section";
import type { Section } from "./section";
import { stacks } from "./dotplot";

const MOST_LABELLED = 60; // above that, only the weightiest get lanes of their own
const LABELLED = 40;
const GAP = 10; // px between boxes in one lane

interface Actor {
  stance: Stance;
  name: string;
  weight: number; // capability times salience: who is named where not all can be
  moved: boolean;
}

interface Box {
  actor: Actor;
  text: string;
  r: number;
  from: number; // px: the box
  to: number;
  labelAt: number;
  anchor: "start" | "end";
  above: boolean; // the label stands over its whisker, where no side has room
  lane: number;
}

const middle = (x: Summary): number => x.p50 ?? x.mean ?? 0;

function actorsOf(issue: Issue, data: Data, names: Names): Actor[] {
  return issue.stances
    .filter((t) => t.position.without.p50 !== null || t.position.with.p50 !== null)
    .map((stance) => ({
      stance,
      name: names.actor(stance.actor),
      weight: Math.max(0, middle(stance.capability.with)) * Math.max(0, middle(stance.salience.with)),
      moved: data.document !== null && differ(stance.position.without, stance.position.with),
    }));
}

function ends(issue: Issue, actors: Actor[]): [number, number] {
  if (issue.low !== null && issue.high !== null && issue.high > issue.low) return [issue.low, issue.high];
  const all = actors.flatMap(({ stance: t }) => [t.position.without.p05, t.position.without.p95, t.position.with.p05, t.position.with.p95]);
  const known = all.filter((v): v is number => v !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return high > low ? [low, high] : [low - 1, high + 1];
}

// The whisker of an actor in pixels: both positions and the way between, where the document moves it.
function whisker(actor: Actor, x: (v: number) => number, r: number): [number, number] {
  const { position } = actor.stance;
  const arms = actor.moved ? [position.without, position.with] : [position.with];
  const all = arms.flatMap((a) => [a.p05 ?? middle(a), a.p95 ?? middle(a)].map(x).concat(x(middle(a)) - r, x(middle(a)) + r));
  return [Math.min(...all), Math.max(...all)];
}

// Boxes and their lanes, first fit in the order of position.
function lanes(actors: Actor[], x: (v: number) => number, radius: (a: Actor) => number, width: number): { boxes: Box[]; n: number } {
  const taken: [number, number][][] = [];
  const boxes = [...actors]
    .sort((a, b) => middle(a.stance.position.with) - middle(b.stance.position.with) || b.weight - a.weight)
    .map((actor): Box => {
      const r = radius(actor);
      const [a, b] = whisker(actor, x, r);
      const text = fitted(actor.name, Math.min(190, width * 0.45), 12, actor.moved ? 600 : 400);
      const w = textWidth(text, 12, actor.moved ? 600 : 400);
      const box = { actor, text, r, lane: 0 };
      if (b + 6 + w <= width) return { ...box, from: a, to: b + 6 + w, labelAt: b + 6, anchor: "start", above: false };
      if (a - 6 - w >= 0) return { ...box, from: a - 6 - w, to: b, labelAt: a - 6, anchor: "end", above: false };
      const at = Math.max(0, Math.min(width - w, (a + b - w) / 2));
      return { ...box, from: Math.min(a, at), to: Math.max(b, at + w), labelAt: at, anchor: "start", above: true };
    });
  for (const box of boxes) {
    let lane = taken.findIndex((list) => list.every(([a, b]) => box.to + GAP <= a || box.from >= b + GAP));
    if (lane < 0) lane = taken.push([]) - 1;
    taken[lane]?.push([box.from, box.to]);
    box.lane = lane;
  }
  return { boxes, n: taken.length };
}

interface Reference {
  at: number;
  text: string;
  type: string;
  words: string;
}

function references(issue: Issue, outcome: Quantity | undefined, data: Data): Reference[] {
  const out: Reference[] = [];
  const finest = finestOn(issue.low, issue.high);
  const told = (v: Num, e: Num): string => measured(v, e, finest);
  if (outcome !== undefined && outcome.p50 !== null) {
    const moved = data.document !== null && differ(outcome.without, outcome);
    const c = change(outcome.without, outcome, issue.low, issue.high);
    if (moved && outcome.without.p50 !== null) out.push({ at: outcome.without.p50, text: `without: ${c.from}`, type: "sg1", words: "g" });
    out.push({ at: outcome.p50, text: moved ? `with: ${c.to}` : `outcome: ${told(outcome.p50, outcome.quantile_error.p50)}`, type: "si2", words: "b" });
    if (outcome.known !== null) out.push({ at: outcome.known, text: `what happened: ${plain(outcome.known)}`, type: "sa", words: "b ac" });
  }
  if (issue.status_quo !== null) out.push({ at: issue.status_quo, text: `status quo: ${plain(issue.status_quo)}`, type: "sad", words: "ac" });
  return out.sort((a, b) => a.at - b.at);
}

interface Placed {
  ref: Reference;
  x: number;
  row: number;
}

// Words over the lines: side by side in one row, pushed apart where they would overlap (pooled with what they touch);
// where a row has no room for all, one under the other.
function referenceWords(refs: Reference[], x: (v: number) => number, width: number): { marks: Placed[]; rows: number } {
  const size = (ref: Reference): number => textWidth(ref.text, 12, 600) + GAP;
  if (refs.reduce((sum, ref) => sum + size(ref), 0) > width)
    return {
      marks: refs.map((ref, i) => ({ ref, row: i, x: Math.max(size(ref) / 2, Math.min(width - size(ref) / 2, x(ref.at))) })),
      rows: refs.length,
    };
  // Each pool is a run of words that touch, centred on the mean of what they stand for.
  let pools: { refs: Reference[]; middle: number; wide: number }[] = refs.map((ref) => ({ refs: [ref], middle: x(ref.at), wide: size(ref) }));
  for (let again = true; again; ) {
    again = false;
    pools.forEach((p) => (p.middle = Math.max(p.wide / 2, Math.min(width - p.wide / 2, p.middle))));
    for (let i = 1; i < pools.length && !again; i++) {
      const [a, b] = [pools[i - 1], pools[i]];
      if (a === undefined || b === undefined || a.middle + a.wide / 2 <= b.middle - b.wide / 2) continue;
      const both = [...a.refs, ...b.refs];
      pools.splice(i - 1, 2, { refs: both, wide: a.wide + b.wide, middle: both.reduce((sum, r) => sum + x(r.at), 0) / both.length });
      again = true;
    }
  }
  pools = pools.filter((p) => p.refs.length > 0);
  const marks = pools.flatMap((p) => {
    let from = p.middle - p.wide / 2;
    return p.refs.map((ref): Placed => ({ ref, row: 0, x: (from += size(ref)) - size(ref) / 2 }));
  });
  return { marks, rows: refs.length > 0 ? 1 : 0 };
}

function told(actor: Actor, issue: Issue): string {
  const { position, salience, capability } = actor.stance;
  const where = actor.moved
    ? `${measured(position.without.p50)} without, ${measured(position.with.p50)} with the document`
    : `${measured(position.with.p50)}`;
  return `${actor.name}: position ${where}${position.with.p05 === null ? "" : ` (90 % ${range(position.with, issue.low, issue.high)})`}, salience ${measured(salience.with.p50)}, capability ${measured(capability.with.p50)}`;
}

function one(box: Box, y: number, x: (v: number) => number, issue: Issue): SVGElement {
  const { actor, r } = box;
  const { position, salience } = actor.stance;
  const out: SVGElement[] = [s("title", {}, told(actor, issue))];
  const draw = (arm: Summary, type: string): void => {
    if (arm.p05 === null || arm.p95 === null || x(arm.p95) - x(arm.p05) < 2) return;
    const [a, b] = [round(x(arm.p05)), round(x(arm.p95))];
    out.push(s("path", { class: type, d: `M${a} ${y}H${b}M${a} ${y - 4}v8M${b} ${y - 4}v8` }));
  };
  const fill = Math.max(0.08, Math.min(1, middle(salience.with)));
  const here = x(middle(position.with));
  if (actor.moved) {
    const before = x(middle(position.without));
    const way = Math.sign(here - before) || 1;
    draw(position.without, "sgl");
    draw(position.with, "sw");
    out.push(s("circle", { cx: round(before), cy: y, r: round(r), class: "dg" }));
    const [a, b] = [before + way * r, here - way * (r + 1)];
    if ((b - a) * way > 7) out.push(line(a, y, b - way * 4, y, "si2"), arrowHead(b, y, way, "fi"));
  } else draw(position.with, "sw");
  out.push(s("circle", { cx: round(here), cy: y, r: round(r), class: "dbg" }));
  out.push(s("circle", { cx: round(here), cy: y, r: round(r), class: "di", "fill-opacity": round(10 * fill) / 10 }));
  out.push(label(box.labelAt, box.above ? y - r - 4 : y + 4, box.text, actor.moved ? "b h" : "h", box.anchor));
  return s("g", {}, out);
}

// Where there are too many to name, the lightest are small dots in one strip under the lanes.
function strip(actors: Actor[], x: (v: number) => number, width: number, y: number): { marks: SVGElement[]; height: number } {
  if (actors.length === 0) return { marks: [], height: 0 };
  const sortedActors = [...actors].sort((a, b) => middle(a.stance.position.with) - middle(b.stance.position.with));
  const piles = stacks(sortedActors.map((a) => x(middle(a.stance.position.with))), 5, 0, width);
  const tall = Math.max(...piles.map((p) => p.n));
  const step = Math.min(5, 90 / tall);
  const marks: SVGElement[] = [label(0, y + 12, `${count(actors.length)} lighter actors, a dot each; the table names them`, "s g")];
  const base = y + 24 + tall * step;
  let i = 0;
  for (const { x: cx, n } of piles)
    for (let k = 0; k < n; k++) {
      const actor = sortedActors[i++];
      const dot = s("circle", { cx: round(cx), cy: round(base - step * (k + 0.5)), r: 2.2, class: "fg" });
      if (actor !== undefined) dot.append(s("title", {}, actor.name));
      marks.push(dot);
    }
  marks.push(line(0, base, width, base, "sr"));
  return { marks, height: base - y + 8 };
}

function stancePicture(issue: Issue, outcome: Quantity | undefined, data: Data, names: Names, width: number): SVGSVGElement {
  const actors = actorsOf(issue, data, names);
  const [low, high] = ends(issue, actors);
  const most = Math.max(...actors.map((a) => middle(a.stance.capability.with)), 0);
  const biggest = width < 560 ? 12 : 17;
  const radius = (a: Actor): number => (most > 0 ? Math.max(3.4, biggest * Math.sqrt(Math.max(0, middle(a.stance.capability.with)) / most)) : 5);
  const pad = 4;
  const x = (v: number): number => pad + ((Math.max(low, Math.min(high, v)) - low) / (high - low)) * (width - 2 * pad);
  const named = actors.length > MOST_LABELLED ? [...actors].sort((a, b) => b.weight - a.weight).slice(0, LABELLED) : actors;
  const rest = actors.filter((a) => !named.includes(a));
  const { boxes, n } = lanes(named, x, radius, width);
  const { marks, rows } = referenceWords(references(issue, outcome, data), x, width);

  // Lanes from the axis upwards, each as high as its largest dot.
  const heights = Array.from({ length: n }, (_, k) => Math.max(20, ...boxes.filter((b) => b.lane === k).map((b) => 2 * b.r + 4 + (b.above ? 22 : 0))));
  const top = rows * 15 + 9;
  const base = top + heights.reduce((a, b) => a + b, 0) + 8;
  const centre = (lane: number): number => base - 4 - heights.slice(0, lane).reduce((a, b) => a + b, 0) - (heights[lane] ?? 20) / 2;

  const out: SVGElement[] = [];
  if (outcome?.p05 != null && outcome.p95 != null)
    out.push(s("path", { class: "fband", d: `M${round(x(outcome.p05))} ${top}H${round(x(outcome.p95))}V${base}H${round(x(outcome.p05))}z` }));
  for (const { ref, x: at, row } of marks) {
    out.push(line(x(ref.at), top, x(ref.at), base, ref.type), line(at, top - row * 15 - 6, x(ref.at), top, "lead"));
    out.push(label(at, top - row * 15 - 9, ref.text, `${ref.words} h`, "middle"));
  }
  out.push(line(pad, base, width - pad, base, "si1"));
  const ticks = issue.labels.length > 0 ? issue.labels.map((l) => l.at) : [low, high];
  ticks.filter((v) => v >= low && v <= high).forEach((v) => out.push(line(x(v), base, x(v), base + 5, "si1")));
  for (const box of boxes) out.push(one(box, round(centre(box.lane) + (box.above ? 8 : 0)), x, issue));
  out.push(...axisWords(issue, low, high, x, width, base + 18));
  const below = strip(rest, x, width, base + 26);
  out.push(...below.marks);
  const height = round(base + 24 + below.height);
  const alt = `${finding(issue, outcome, data, names)}. ${named.map((a) => `${a.name} ${measured(middle(a.stance.position.with))}`).join(", ")}.`;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": alt }, out);
}

function axisWords(issue: Issue, low: number, high: number, x: (v: number) => number, width: number, y: number): SVGElement[] {
  const at = (v: number): string => issue.labels.find((l) => l.at === v)?.text ?? "";
  const left = fitted(`${plain(low)} ${at(low)}`.trim(), width * 0.46, 11.5);
  const right = fitted(`${at(high)} ${plain(high)}`.trim(), width * 0.46, 11.5);
  const out = [label(0, y, left, "s g"), label(width, y, right, "s g", "end")];
  let free = textWidth(left, 11.5) + 12;
  const end = width - textWidth(right, 11.5) - 12;
  for (const { at: v, text } of issue.labels.filter((l) => l.at > low && l.at < high)) {
    const words = `${plain(v)} ${text}`;
    const half = textWidth(words, 11.5) / 2;
    if (x(v) - half < free || x(v) + half > end) continue;
    out.push(label(x(v), y, words, "s g", "middle"));
    free = x(v) + half + 12;
  }
  return out;
}

// "Enlargement: 42 falls to 21, below 29 of 34 actors".
export function finding(issue: Issue, outcome: Quantity | undefined, data: Data, names: Names): string {
  const actors = actorsOf(issue, data, names);
  const title = isolated(issue.title);
  if (actors.length === 0) return `${title}: nobody takes a stance`;
  const all = actors.map((a) => middle(a.stance.position.with));
  if (outcome === undefined || outcome.p50 === null) {
    const finest = finestOn(issue.low, issue.high);
    return actors.length === 1
      ? `${title}: one actor, at ${measured(all[0] ?? null, null, finest)}`
      : `${title}: ${count(actors.length)} actors, from ${measured(Math.min(...all), null, finest)} to ${measured(Math.max(...all), null, finest)}`;
  }
  const o = outcome.p50;
  const c = change(outcome.without, outcome, issue.low, issue.high);
  const moved = data.document !== null && c.differs;
  const first = moved ? `${c.from} ${(outcome.without.p50 ?? 0) > o ? "falls" : "rises"} to ${c.to}` : data.document === null ? `settled near ${c.to}` : `stays at ${c.to}`;
  if (actors.length === 1) return `${title}: ${first}`;
  const below = all.filter((v) => v > o).length; // actors above the outcome
  const above = all.filter((v) => v < o).length;
  const where = below >= above ? `below ${count(below)}` : `above ${count(above)}`;
  const told_ = issue.stances_total > issue.stances.length ? `the ${count(actors.length)} weightiest of ${count(issue.stances_total)}` : count(actors.length);
  return `${title}: ${first}, ${where} of ${told_} actors`;
}

function stanceTable(issue: Issue, data: Data, names: Names): Table {
  const doc = data.document !== null;
  const num = (v: Num): ReturnType<typeof cell> => cell(measured(v), v);
  return {
    head: ["Actor", ...(doc ? ["Position without", "Position with"] : ["Position"]), "90 % range", "Salience", "Capability", "As written", "Source", "Reason"],
    rows: issue.stances.map((t) => [
      names.actor(t.actor),
      ...(doc ? [num(t.position.without.p50)] : []),
      num(t.position.with.p50),
      t.position.with.p05 === null ? "" : range(t.position.with, issue.low, issue.high),
      num(t.salience.with.p50),
      num(t.capability.with.p50),
      t.position.text,
      t.source,
      t.why,
    ]),
  };
}

function block(issue: Issue, outcome: Quantity | undefined, data: Data, names: Names, headed: boolean): Child[] {
  const host = picture((width) => stancePicture(issue, outcome, data, names, width));
  const title = finding(issue, outcome, data, names);
  const settled = issue.settle.filter((t) => t.share !== null && t.share > 0);
  const how = settled.length > 0 ? `Settled by ${settled.map((t) => `${names.model(t.model)} (${percent(t.share)} %)`).join(", ")}` : "";
  return [
    headed && h("h3", { class: "h3", dir: "auto" }, title),
    issue.question !== "" && h("p", { class: "sub", dir: "auto" }, issue.question),
    host,
    how !== "" && h("p", { class: "nt" }, `${how}: shares of draws.`),
    issue.stances_total > issue.stances.length && h("p", { class: "nt" }, `Told are the ${count(issue.stances.length)} weightiest of ${count(issue.stances_total)} actors (salience times capability); all take part.`),
    tools({
      name: `stances-${issue.id}`,
      title,
      table: () => stanceTable(issue, data, names),
      parts: () => drawn(host).map((svg) => ({ svg, heading: "" })),
    }),
  ];
}

const OPEN = 6; // issues that are drawn without being asked for
const FOLDED = 20; // and those whose names are listed

export function stancesSection(data: Data, names: Names): Section | null {
  const outcomes = new Map(data.quantities.filter((q) => q.kind === "outcome").map((q) => [q.issue, q]));
  const outcomeOf = (issue: Issue): Quantity | undefined => outcomes.get(issue.id);
  const issues = data.issues.filter((i) => i.stances.length > 0);
  // Where not all are drawn, those that the document moves most are.
  if (issues.length > OPEN) {
    const shift = new Map(issues.map((i) => [i, Math.abs((outcomeOf(i)?.p50 ?? 0) - (outcomeOf(i)?.without.p50 ?? 0)) / ((i.high ?? 1) - (i.low ?? 0) || 1)]));
    issues.sort((a, b) => (shift.get(b) ?? 0) - (shift.get(a) ?? 0));
  }
  const [first] = issues;
  if (first === undefined) return null;
  const n = issues.length;
  const moved = data.document === null ? 0 : issues.flatMap((i) => i.stances).filter((t) => differ(t.position.without, t.position.with)).length;
  const title =
    n === 1
      ? finding(first, outcomeOf(first), data, names)
      : data.document === null
        ? `${capital(inWords(n))} issues, and who stands where`
        : moved === 0
          ? `On ${inWords(n)} issues the document moves no stance`
          : `On ${inWords(n)} issues the document moves ${inWords(moved)} of ${count(issues.reduce((a, i) => a + i.stances.length, 0))} ${issues.some((i) => i.stances_total > i.stances.length) ? "weighty " : ""}stances`;
  const pull = data.document === null ? "" : "; an arrow: from without to with the document";
  return {
    id: "s-stances",
    nav: "Stances",
    kick: "Stances",
    title,
    sub: [`Dot area: capability; fill: salience, fuller is more; whisker: 90 % of the positions drawn; band: 90 % of outcomes${pull}`],
    body: () => {
      const folded = (issue: Issue): HTMLElement => fold(finding(issue, outcomeOf(issue), data, names), () => block(issue, outcomeOf(issue), data, names, false));
      const rest = issues.slice(OPEN + FOLDED);
      const more = h("button", { type: "button", class: "as-link" }, `List ${count(rest.length)} more issues`);
      more.addEventListener("click", () => more.replaceWith(...rest.map(folded)));
      return [
        ...issues.slice(0, OPEN).map((issue) => h("div", { class: "issue" }, block(issue, outcomeOf(issue), data, names, n > 1))),
        ...issues.slice(OPEN, OPEN + FOLDED).map(folded),
        rest.length > 0 && more,
      ];
    },
  };
}
