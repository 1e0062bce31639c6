// Positions by round as lines, and who moved whom as arcs beside it on the same scale.

import type { Issue } from "./data";
import { fitted, label, line, round, s, textWidth } from "./dom";
import { plain } from "./format";
import { lineEnds, spread } from "./spread";
import { final, given, rounds, scaleOf } from "./story";
import type { Offer, Shown, Story, Teller } from "./story";

export const MOST_NAMED = 36;
const GAP = 14.5; // px between names
const TOP = 22;
const BOTTOM = 36;

export interface Play {
  story: Story;
  issue: Issue | undefined;
  tell: Teller;
  name: (actor: string) => string;
  weight: (actor: string) => number; // capability times salience: who is named where not all can be
  capability: (actor: string) => number;
  follow: string; // an actor, or ""
  shown: Shown;
}

// Who is named: all, or the weightiest and the one that is followed.
function named(play: Play): Set<string> {
  const { actors } = play.story;
  if (actors.length <= MOST_NAMED) return new Set(actors);
  const first = [...actors].sort((a, b) => play.weight(b) - play.weight(a)).slice(0, MOST_NAMED);
  return new Set(play.follow === "" ? first : [...first.slice(1), play.follow]);
}

export function pictureHeight(play: Play): number {
  return TOP + BOTTOM + Math.max(250, (Math.min(MOST_NAMED, play.story.actors.length) + 1) * GAP);
}

interface Frame {
  y: (v: number) => number;
  top: number;
  base: number;
  marks: SVGElement[];
}

// The scale from below to above: lines at its named points, the ends in words.
function frame(play: Play, left: number, right: number, height: number): Frame {
  const [low, high] = scaleOf(play.story, play.issue);
  const [top, base] = [TOP, height - BOTTOM];
  const y = (v: number): number => base - ((Math.max(low, Math.min(high, v)) - low) / (high - low)) * (base - top);
  const labels = play.issue?.labels ?? [];
  const word = (v: number): string => labels.find((l) => l.at === v)?.text ?? "";
  const inner = labels.map((l) => l.at).filter((v) => v > low && v < high);
  const marks: SVGElement[] = [low, ...inner, high].flatMap((v) => [
    line(left, y(v), right, y(v), "sr"),
    label(left - 6, y(v) + 4, plain(v), "s g", "end"),
  ]);
  const room = right - left - 4;
  if (word(high) !== "") marks.push(label(left, top - 8, fitted(word(high), room, 11.5), "s g"));
  if (word(low) !== "") marks.push(label(left, base + 15, fitted(word(low), room, 11.5), "s g"));
  return { y, top, base, marks };
}

const scaleWidth = (play: Play): number => {
  const ends = [...scaleOf(play.story, play.issue), ...(play.issue?.labels ?? []).map((l) => l.at)];
  return Math.max(...ends.map((v) => textWidth(plain(v), 11.5))) + 8;
};

function path(values: (number | null)[], x: (i: number) => number, y: (v: number) => number): string {
  let pen = "M";
  let d = "";
  values.forEach((v, i) => {
    if (v === null) return void (pen = "M");
    d += `${pen}${round(x(i))} ${round(y(v))}`;
    pen = "L";
  });
  return d;
}

export function roundsPicture(play: Play, width: number): SVGSVGElement {
  const { story, tell, follow } = play;
  const n = rounds(story);
  const height = pictureHeight(play);
  const who = named(play);
  const words = (i: number): string => {
    const [a, b] = [tell.position(given(story, i)), tell.position(final(story, i))];
    return a === b ? b : `${a} → ${b}`;
  };
  // Heavy: the one that is followed, or the few that go farthest.
  const way = (i: number): number => Math.abs(final(story, i) - given(story, i));
  const far = story.actors.map((_, i) => i).filter((i) => way(i) > (scaleOf(story, play.issue)[1] - scaleOf(story, play.issue)[0]) / 50).sort((a, b) => way(b) - way(a)).slice(0, 5);
  const heavy = new Set(follow === "" ? far.map((i) => story.actors[i]) : [follow]);
  const bold = (id: string): boolean => heavy.has(id);
  const most = Math.max(...story.actors.map((id, i) => textWidth(`${play.name(id)} ${words(i)}`, 12, bold(id) ? 600 : 400)), textWidth("weighted median", 12, 600) + 50);
  const room = Math.min(most + 18, width * 0.44);
  const [left, right] = [scaleWidth(play), width - room];
  const { y, top, base, marks } = frame(play, left, right, height);
  const x = (r: number): number => (n === 0 ? (left + right) / 2 : left + (r / n) * (right - left));
  const out = marks;

  // As many rounds are named as have room.
  const step = Math.max(1, Math.ceil(34 / Math.max(1, (right - left) / Math.max(1, n))));
  for (let r = 0; r <= n; r += step) {
    out.push(line(x(r), top, x(r), base, "sr"));
    if (r === 0 || x(r) - x(0) > 46) out.push(label(x(r), base + 31, r === 0 ? "given" : String(r), "s g", r === 0 ? "start" : "middle"));
  }
  if (n > 0 && n % step === 0) out.push(label(right + 15, base + 31, "round", "s g"));

  const draw = (i: number, type: string): SVGPathElement => s("path", { class: type, d: path(story.positions.map((row) => row[i] ?? null), x, y) }, s("title", {}, `${play.name(story.actors[i] ?? "")}: ${words(i)}`));
  story.actors.forEach((id, i) => bold(id) || out.push(draw(i, story.actors.length > 60 ? "rl thin" : "rl")));
  if (story.median.length === n + 1) out.push(s("path", { class: "rm", d: path(story.median, x, y) }));
  story.actors.forEach((id, i) => bold(id) && out.push(draw(i, id === follow ? "rl rf" : "rl rb")));

  const ends = story.actors.flatMap((id, i) => {
    if (!who.has(id)) return [];
    const value = words(i);
    const weight = bold(id) ? 600 : 400;
    const name = fitted(play.name(id), room - 18 - textWidth(` ${value}`, 12, weight), 12, weight);
    return [{ y: y(final(story, i)), text: `${name} ${value}`, type: id === follow ? "b ac" : bold(id) ? "b" : "g" }];
  });
  const median = story.median[n] ?? null;
  if (median !== null) ends.push({ y: y(median), text: fitted(`weighted median ${tell.position(median)}`, room - 16, 12, 600), type: "b" });
  out.push(...lineEnds(ends, right, GAP, top - 6, base + 6));
  const told = story.actors.map((id, i) => `${play.name(id)} ${words(i).replace("→", "to")}`);
  const alt = `Positions by round, from those given to round ${n}: ${told.join(", ")}.${median === null ? "" : ` The weighted median ends at ${tell.position(median)}.`}`;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": alt }, out);
}

// --- who moved whom ----------------------------------------------------------------------------------

interface Arc {
  offer: Offer;
  number: number; // as in the list; 0: refused
  from: number; // px
  to: number;
  lane: number;
}

// Each arc in the nearest lane where it lies over no other; short ones first, so that longer ones go around them.
function arcs(play: Play, at: Map<string, number>): { arcs: Arc[]; lanes: number } {
  const all = [...play.shown.offers.map((offer, i) => ({ offer, number: i + 1 })), ...play.shown.refused.map((offer) => ({ offer, number: 0 }))]
    .map((a): Arc => ({ ...a, from: at.get(a.offer.from) ?? 0, to: at.get(a.offer.to) ?? 0, lane: 0 }))
    .sort((a, b) => Math.abs(a.from - a.to) - Math.abs(b.from - b.to));
  const taken: [number, number][][] = [];
  for (const arc of all) {
    const [a, b] = [Math.min(arc.from, arc.to), Math.max(arc.from, arc.to)];
    const free = (list: [number, number][]): boolean => list.every(([c, d]) => b <= c || a >= d);
    // Under a longer arc that is there already no shorter one comes later: the lane above the last that is not free.
    let lane = taken.length;
    while (lane > 0 && free(taken[lane - 1] ?? [])) lane--;
    (taken[lane] ??= []).push([a, b]);
    arc.lane = lane;
  }
  return { arcs: all, lanes: taken.length };
}

// The numbers at the far ends of the arcs: where two would meet, one slides along its arc, a cubic Bézier curve.
function numbers(list: Arc[], start: number, reach: (a: Arc) => number, type: string): SVGElement[] {
  const placed: { x: number; y: number }[] = [];
  return list.map((arc) => {
    const points = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.15, 0.85].map((t) => ({
      x: start - 4 * t * (1 - t) * reach(arc),
      y: arc.from + (arc.to - arc.from) * t * t * (3 - 2 * t),
    }));
    const apart = (at: { x: number; y: number }): number => Math.min(1, ...placed.map((p) => Math.max(Math.abs(p.x - at.x) / 17, Math.abs(p.y - at.y) / 13)));
    const best = points.reduce((a, b) => (apart(b) > apart(a) ? b : a));
    placed.push(best);
    return label(best.x, best.y + 4, String(arc.number), type, "middle");
  });
}

export function networkPicture(play: Play, width: number): SVGSVGElement {
  const { story, follow, tell } = play;
  const height = pictureHeight(play);
  const involved = new Set([...play.shown.offers, ...play.shown.refused].flatMap((o) => [o.from, o.to]));
  const who = story.actors.length > MOST_NAMED ? involved : new Set(story.actors);
  const [low, high] = scaleOf(story, play.issue);
  const [top, base] = [TOP, height - BOTTOM];
  const y = (v: number): number => base - ((Math.max(low, Math.min(high, v)) - low) / (high - low)) * (base - top);
  const names = Math.min(width * 0.4, Math.max(0, ...story.actors.filter((id) => who.has(id)).map((id) => textWidth(play.name(id), 12, 600))));
  const axis = width - scaleWidth(play) - 9;
  const start = axis - 30 - names - 10; // where arcs begin and end
  const out: SVGElement[] = [line(axis, top, axis, base, "sr")];
  const labels = play.issue?.labels ?? [];
  for (const v of new Set([low, ...labels.map((l) => l.at).filter((at) => at > low && at < high), high]))
    out.push(line(axis, y(v), axis + 9, y(v), "sr"), label(width, y(v) + 4, plain(v), "s g", "end"));
  for (const [v, ty] of [[high, top - 8], [low, base + 15]] as const) {
    const words = labels.find((l) => l.at === v)?.text;
    if (words !== undefined && words !== "") out.push(label(width, ty + (v === high ? -6 : 4), fitted(words, width * 0.9, 11.5), "s g", "end"));
  }

  const shownActors = story.actors.map((id, i) => ({ id, y: y(given(story, i)) })).filter((a) => who.has(a.id));
  const rows = spread(shownActors.map((a) => a.y), GAP, top - 4, base + 4);
  const at = new Map(shownActors.map((a, i) => [a.id, rows[i] ?? 0]));
  const { arcs: all, lanes } = arcs(play, at);
  const step = Math.min(44, (start - 24) / Math.max(1, lanes));
  const reach = (a: Arc): number => 14 + (a.lane + 0.5) * step;
  const draw = (arc: Arc): SVGElement[] => {
    const { offer, number, from, to } = arc;
    const bulge = start - (reach(arc) * 4) / 3; // a cubic whose farthest point is `reach` away
    const wide = number === 0 ? 1 : 1.2 + 2.8 * Math.min(1, Math.abs(offer.asks - offer.stands) / (high - low));
    const end = number === 0 ? start : start - 6;
    const curve = s("path", { class: number === 0 ? "nr" : follow !== "" ? "nf" : "na", "stroke-width": round(wide), d: `M${round(start)} ${round(from)}C${round(bulge)} ${round(from)} ${round(bulge)} ${round(to)} ${round(end)} ${round(to)}` });
    return number === 0 ? [curve] : [curve, s("path", { class: follow !== "" ? "fa" : "fi", d: `M${round(start)} ${round(to)}l-7 -3.6v7.2z` })];
  };
  const told = all.filter((a) => a.number > 0);
  out.push(...all.filter((a) => a.number === 0).flatMap(draw), ...told.flatMap(draw));
  out.push(...numbers(told, start, reach, follow !== "" ? "s b ac h" : "s b h"));

  const largest = Math.max(...story.actors.map(play.capability), 0);
  const radius = (id: string): number => (largest > 0 ? Math.max(2.4, 9 * Math.sqrt(Math.max(0, play.capability(id)) / largest)) : 4);
  for (const { id, y: place } of shownActors) {
    const row = at.get(id) ?? place;
    const type = id === follow ? "b ac" : involved.has(id) ? "b" : "g";
    out.push(line(axis, place, axis - 22, row, "lead"), label(axis - 26, row + 4, fitted(play.name(id), names, 12, 600), type, "end"));
  }
  const order = story.actors.map((_, i) => i).sort((a, b) => radius(story.actors[b] ?? "") - radius(story.actors[a] ?? "")); // small ones on top
  order.forEach((i) => {
    const id = story.actors[i] ?? "";
    const type = id === follow ? "fa" : involved.has(id) ? "fi" : "fg";
    out.push(s("circle", { cx: round(axis), cy: round(y(given(story, i))), r: round(radius(id)), class: `${type} ring` }, s("title", {}, play.name(id))));
  });
  const moves = [...told].sort((a, b) => a.number - b.number).map(({ offer: o }) => `round ${o.round}: ${tell.actor(o.from)} moves ${tell.actor(o.to)} from ${tell.position(o.stands)} to ${tell.position(o.asks)}`);
  const alt = `Who moved whom, actors in the order of positions as given. ${moves.length === 0 ? "No offer is accepted" : moves.join("; ")}.`;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": alt }, out);
}
