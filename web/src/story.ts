// A model with rounds, played once: who stood where after each round, who asked whom to move and who gave way; and what
// that comes to in words.

import type { Data, Issue, Num } from "./data";
import { articled, at, capital, finestOn, inWords, isolated, listed, place } from "./format";
import { list, number, object, text, truth } from "./read";

export interface Offer {
  round: number;
  from: string;
  to: string;
  kind: string;
  stands: number; // where the one who is asked stands
  asks: number; // and where it is asked to go
  eu_from: Num;
  eu_to: Num;
  accepted: boolean;
}

export interface Story {
  issue: string;
  model: string;
  arm: "without" | "taken";
  stop: string;
  outcome: Num;
  actors: string[];
  positions: number[][]; // a row a state; the first as given
  median: Num[];
  mean: Num[];
  offers: Offer[];
  refused: Num; // how many were refused, where not all of those are among the offers
}

export function readStory(x: unknown): Story[] {
  const s = object(x);
  const actors = list(s["actors"]).map(text);
  const positions = list(s["positions"]).map((row) => list(row).map((v) => number(v) ?? NaN));
  const whole = positions.length > 0 && positions.every((row) => row.length === actors.length && row.every(Number.isFinite));
  if (!whole || actors.length === 0) return [];
  const known = new Set(actors);
  const offers = list(s["offers"]).flatMap((entry): Offer[] => {
    const o = object(entry);
    const [stands, asks, round] = [number(o["stands"]), number(o["asks"]), number(o["round"])];
    const [from, to] = [text(o["from"]), text(o["to"])];
    if (stands === null || asks === null || round === null || !known.has(from) || !known.has(to)) return [];
    return [{ round, from, to, kind: text(o["kind"]), stands, asks, eu_from: number(o["eu_from"]), eu_to: number(o["eu_to"]), accepted: truth(o["accepted"]) }];
  });
  return [{
    issue: text(s["issue"]), model: text(s["model"]), arm: s["arm"] === "taken" ? "taken" : "without", stop: text(s["stop"]),
    outcome: number(s["outcome"]), actors, positions, median: list(s["median"]).map(number), mean: list(s["mean"]).map(number), offers,
    refused: number(s["refused"]),
  }];
}

export const rounds = (story: Story): number => story.positions.length - 1;
export const given = (story: Story, actor: number): number => story.positions[0]?.[actor] ?? 0;
export const final = (story: Story, actor: number): number => story.positions[rounds(story)]?.[actor] ?? 0;
const size = (o: Offer): number => Math.abs(o.asks - o.stands);

// The ends of the scale; where the issue declares none, of the positions.
export function scaleOf(story: Story, issue: Issue | undefined): [number, number] {
  if (issue?.low != null && issue.high != null && issue.high > issue.low) return [issue.low, issue.high];
  const all = story.positions.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return high > low ? [low, high] : [low - 1, high + 1];
}

// Moves that a reader could see: a thousandth of the scale or more.
function moves(story: Story, issue: Issue | undefined): Offer[] {
  const [low, high] = scaleOf(story, issue);
  return story.offers.filter((o) => o.accepted && size(o) > (high - low) / 1000);
}

export interface Shown {
  offers: Offer[]; // accepted, largest moves, in the order of rounds
  refused: Offer[]; // those refused that the proposer gained most by
  smaller: number; // accepted ones that are not shown
  refusals: number; // refused ones in all
}

// What is shown of the offers: the largest moves, and refusals that stand for the rest.
export function shown(story: Story, issue: Issue | undefined, follow: string, most: number, mostRefused: number): Shown {
  const about = (o: Offer): boolean => follow === "" || o.from === follow || o.to === follow;
  const accepted = moves(story, issue).filter(about).sort((a, b) => size(b) - size(a));
  const refused = story.offers.filter((o) => !o.accepted && about(o));
  const first = new Set<string>(); // one refusal a pair, the one most wanted
  const wanted = [...refused].sort((a, b) => (b.eu_from ?? 0) - (a.eu_from ?? 0) || size(b) - size(a)).filter((o) => {
    const pair = `${o.from}\n${o.to}`;
    return first.has(pair) ? false : (first.add(pair), true);
  });
  const chosen = accepted.slice(0, most).sort((a, b) => a.round - b.round || size(b) - size(a));
  return {
    offers: chosen,
    refused: wanted.slice(0, mostRefused),
    smaller: story.offers.filter((o) => o.accepted && about(o)).length - Math.min(most, accepted.length),
    refusals: follow === "" ? (story.refused ?? refused.length) : refused.length,
  };
}

// --- words -----------------------------------------------------------------------------------------

export interface Teller {
  actor(id: string): string;
  position(x: number): string;
}

export function teller(story: Story, issue: Issue | undefined, data: Data): Teller {
  const [low, high] = scaleOf(story, issue);
  const power = Math.max(finestOn(low, high), place(Math.max(Math.abs(low), Math.abs(high))));
  return { actor: (id) => isolated(articled(data.actors[id]?.name ?? id)), position: (x) => at(x, power) };
}

// "Germany accepts a compromise with France: 41 to 58".
export function sentence(o: Offer, tell: Teller): string {
  const [from, to] = [tell.actor(o.from), tell.actor(o.to)];
  const way = `${tell.position(o.stands)} to ${tell.position(o.asks)}`;
  const verb: Record<string, [string, string]> = {
    confrontation: [`gives in to ${from}`, `resists ${from}`],
    compromise: [`accepts a compromise with ${from}`, `declines a compromise with ${from}`],
    proposal: [`accepts what ${from} proposes`, `declines what ${from} proposes`],
  };
  const [yes, no] = verb[o.kind] ?? [`follows ${from}`, `does not follow ${from}`];
  return `${capital(to)} ${o.accepted ? yes : no}: ${way}`;
}

const STOPS: Record<string, string> = {
  settled: "nobody moves any more",
  done: "nobody moves any more",
  cycle: "positions return to those of an earlier round; the outcome is the mean over the cycle",
  max_rounds: "the limit of rounds is reached, with positions still moving",
  no_convergence: "it found no rest",
  status_quo: "the status quo stands",
};

export function ending(story: Story, tell: Teller): string {
  const where = story.outcome === null ? "" : ` at ${tell.position(story.outcome)}`;
  return `It stops${where}: ${STOPS[story.stop] ?? story.stop.replaceAll("_", " ")}.`;
}

interface Leader {
  id: string;
  moved: Set<string>; // whom it moved
  by: number; // how far in all
}

// Those whose offers moved others: who moved most others first, of equals who moved them farther.
export function leaders(story: Story, issue: Issue | undefined): Leader[] {
  const found = new Map<string, Leader>();
  for (const o of moves(story, issue)) {
    const leader = found.get(o.from) ?? { id: o.from, moved: new Set<string>(), by: 0 };
    leader.moved.add(o.to);
    leader.by += size(o);
    found.set(o.from, leader);
  }
  return [...found.values()].sort((a, b) => b.moved.size - a.moved.size || b.by - a.by);
}

// "The United States moves 21 of 33 others; Hungary gives way most, 11 to 33".
export function finding(story: Story, issue: Issue | undefined, data: Data): string {
  const tell = teller(story, issue, data);
  const n = story.actors.length;
  if (n === 1) return "One actor, and nobody to move it";
  const [leader] = leaders(story, issue);
  if (leader === undefined) return "Nobody moves anybody";
  const way = (i: number): number => Math.abs(final(story, i) - given(story, i));
  const farthest = story.actors.map((_, i) => i).reduce((a, b) => (way(b) > way(a) ? b : a), 0);
  const moved = leader.moved.size;
  const first = `${capital(tell.actor(leader.id))} moves ${n === 2 ? "the other" : moved === n - 1 ? "all others" : `${inWords(moved)} of ${inWords(n - 1)} others`}`;
  const [a, b] = [tell.position(given(story, farthest)), tell.position(final(story, farthest))];
  return a === b ? first : `${first}; ${tell.actor(story.actors[farthest] ?? "")} goes farthest, ${a} to ${b}`;
}

// Over all plays, each counting the same: from how few comes half of all movement.
export function overall(data: Data): string {
  const issues = new Map(data.issues.map((i) => [i.id, i]));
  const share = new Map<string, number>();
  let whole = 0;
  for (const story of data.stories) {
    const all = leaders(story, issues.get(story.issue));
    const sum = all.reduce((a, l) => a + l.by, 0);
    if (sum > 0) whole++;
    for (const l of all) share.set(l.id, (share.get(l.id) ?? 0) + l.by / sum);
  }
  if (whole === 0) return "In no play does anybody move another";
  const sorted = [...share].sort((a, b) => b[1] - a[1]);
  let k = 0;
  for (let sum = 0; sum < whole / 2 && k < sorted.length; k++) sum += sorted[k]?.[1] ?? 0;
  const name = (id: string): string => isolated(articled(data.actors[id]?.name ?? id));
  const n = new Set(data.stories.flatMap((t) => t.actors)).size;
  const first = sorted.slice(0, k).map(([id]) => name(id));
  return k <= 3 ? `Half of all movement comes from ${listed(first)}` : `Half of all movement comes from ${inWords(k)} of ${inWords(n)} actors, ${first[0] ?? ""} first`;
}
