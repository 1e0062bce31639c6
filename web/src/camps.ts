// Who stands with whom: how far apart two actors are on the issues on which both take a stance, and the groups that follow.
//
// The distance of two actors is the mean over issues of |x_a - x_b| / scale, weighted by the salience that the two give the issue
// together. Groups are joined by average linkage (Sokal and Michener 1958) as long as the mean distance between two groups is at
// most `near`. The plane is the one whose distances miss the true ones least, by the squares (de Leeuw 1977: stress majorisation,
// from the two longest axes of Torgerson 1952).

import type { Data, Issue, Summary } from "./data";

export interface Actor {
  id: string;
  weight: number; // capability times salience, its share of an issue's, over the issues
  at: Map<string, { with: number; without: number; salience: number }>; // by issue; positions in lengths of the scale
  moved: boolean; // by the document
}

const middle = (x: Summary): number | null => x.p50 ?? x.mean;

// The actors of these issues, the weightiest first, `most` at the most.
export function actorsOn(issues: Issue[], differ: (a: Summary, b: Summary) => boolean, most: number): { actors: Actor[]; total: number } {
  const found = new Map<string, Actor>();
  for (const issue of issues) {
    const [low, high] = [issue.low, issue.high];
    if (low === null || high === null || high <= low) continue;
    const all = issue.stances.map((t) => (middle(t.capability.with) ?? 0) * (middle(t.salience.with) ?? 0)).reduce((a, b) => a + b, 0);
    for (const t of issue.stances) {
      const [x, before] = [middle(t.position.with), middle(t.position.without)];
      if (x === null || before === null) continue;
      const salience = middle(t.salience.with) ?? 0;
      const actor = found.get(t.actor) ?? { id: t.actor, weight: 0, at: new Map(), moved: false };
      actor.weight += all > 0 ? ((middle(t.capability.with) ?? 0) * salience) / all : 0;
      actor.moved ||= differ(t.position.without, t.position.with);
      actor.at.set(issue.id, { with: (x - low) / (high - low), without: (before - low) / (high - low), salience });
      found.set(t.actor, actor);
    }
  }
  const actors = [...found.values()].sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
  return { actors: actors.slice(0, most), total: actors.length };
}

// The indices that issues bind together, one with the other or by way of others: the largest such set, and the rest.
export function bound(d: number[][]): { in: number[]; out: number[] } {
  let best: number[] = [];
  const seen = new Set<number>();
  d.forEach((_, start) => {
    if (seen.has(start)) return;
    const todo = [start];
    const found = new Set(todo);
    for (let i = todo.pop(); i !== undefined; i = todo.pop())
      d[i]?.forEach((x, j) => Number.isFinite(x) && !found.has(j) && (found.add(j), todo.push(j)));
    for (const i of found) seen.add(i);
    if (found.size > best.length) best = [...found].sort((a, b) => a - b);
  });
  return { in: best, out: d.map((_, i) => i).filter((i) => !best.includes(i)) };
}

export type Arm = "with" | "without";

// NaN where there is no issue that both care about.
export function distance(a: Actor, b: Actor, armA: Arm, armB = armA): number {
  let sum = 0;
  let weight = 0;
  for (const [issue, p] of a.at) {
    const q = b.at.get(issue);
    if (q === undefined) continue;
    sum += (p.salience + q.salience) * Math.abs(p[armA] - q[armB]);
    weight += p.salience + q.salience;
  }
  return sum / weight;
}

export function distances(actors: Actor[], arm: Arm): number[][] {
  return actors.map((a) => actors.map((b) => (a === b ? 0 : distance(a, b, arm))));
}

// Groups of indices, the weightiest group first and in each the weightiest first: the indices are in the order of weight.
export function groups(d: number[][], near: number): number[][] {
  const out = d.map((_, i) => [i]);
  const between = (a: number[], b: number[]): number => {
    let sum = 0;
    for (const i of a) for (const j of b) sum += d[i]?.[j] ?? NaN;
    return sum / (a.length * b.length);
  };
  const apart = out.map((a) => out.map((b) => between(a, b)));
  for (;;) {
    let [best, bi, bj] = [near, -1, -1];
    for (let i = 0; i < out.length; i++)
      for (let j = i + 1; j < out.length; j++) {
        const x = apart[i]?.[j] ?? NaN;
        if (x < best || (x === best && bi < 0)) [best, bi, bj] = [x, i, j];
      }
    const [a, b] = [out[bi], out[bj]];
    if (a === undefined || b === undefined) break;
    out[bi] = [...a, ...b].sort((x, y) => x - y);
    out.splice(bj, 1);
    apart.splice(bj, 1);
    for (const row of apart) row.splice(bj, 1);
    out.forEach((other, k) => {
      const x = between(out[bi] ?? [], other);
      (apart[bi] ?? [])[k] = x;
      (apart[k] ?? [])[bi] = x;
    });
  }
  return out.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
}

// Who is in another group with the document than without: each group is that one of before with which it shares most members.
export function changed(before: number[][], after: number[][]): { who: number; to: number[] }[] {
  const shared = (a: number[], b: number[]): number => a.filter((i) => b.includes(i)).length;
  const pairs = after.flatMap((a) => before.map((b) => ({ a, b, n: shared(a, b) }))).sort((p, q) => q.n - p.n);
  const of = new Map<number[], number[]>();
  const taken = new Set<number[]>();
  for (const { a, b, n } of pairs)
    if (n > 0 && !of.has(a) && !taken.has(b)) {
      of.set(a, b);
      taken.add(b);
    }
  return after.flatMap((a) => a.filter((i) => !(of.get(a)?.includes(i) ?? false)).map((who) => ({ who, to: a })));
}

export interface Point {
  x: number;
  y: number;
}

// The longest axis of the doubly centred squares, by repeated multiplication; what `given` already explains is taken off.
function axis(b: number[][], given: number[][]): number[] {
  const n = b.length;
  let v = b.map((_, i) => Math.cos(1 + 2.4 * i * (given.length + 1)));
  for (let k = 0; k < 200; k++) {
    let next = b.map((row) => row.reduce((sum, x, j) => sum + x * (v[j] ?? 0), 0));
    for (const g of given) {
      const along = next.reduce((sum, x, i) => sum + x * (g[i] ?? 0), 0);
      next = next.map((x, i) => x - along * (g[i] ?? 0));
    }
    const length = Math.hypot(...next);
    if (!(length > 1e-12)) return new Array<number>(n).fill(0);
    v = next.map((x) => x / length);
  }
  return v;
}

// A place for each.
export function plane(d: number[][]): Point[] {
  const n = d.length;
  const far = Math.max(0, ...d.flat().filter((x) => Number.isFinite(x)));
  const known = (i: number, j: number): number => { const x = d[i]?.[j] ?? NaN; return Number.isFinite(x) ? x : far; };
  const squares = d.map((row, i) => row.map((_, j) => known(i, j) ** 2));
  const means = squares.map((row) => row.reduce((a, b) => a + b, 0) / n);
  const mean = means.reduce((a, b) => a + b, 0) / n;
  const b = squares.map((row, i) => row.map((x, j) => -0.5 * (x - (means[i] ?? 0) - (means[j] ?? 0) + mean)));
  const first = axis(b, []);
  const axes = [first, axis(b, [first])].map((v) => {
    const value = v.reduce((sum, x, i) => sum + x * (b[i] ?? []).reduce((t, y, j) => t + y * (v[j] ?? 0), 0), 0);
    return v.map((x) => x * Math.sqrt(Math.max(0, value)));
  });
  let at = d.map((_, i): Point => ({ x: axes[0]?.[i] ?? 0, y: axes[1]?.[i] ?? 0 }));
  for (let k = 0; k < 80; k++)
    at = at.map((p, i) => {
      let [x, y] = [0, 0];
      at.forEach((q, j) => {
        if (i === j) return;
        const now = Math.hypot(p.x - q.x, p.y - q.y);
        const r = now > 1e-9 ? known(i, j) / now : 0;
        x += q.x + r * (p.x - q.x);
        y += q.y + r * (p.y - q.y);
      });
      return n > 1 ? { x: x / (n - 1), y: y / (n - 1) } : p;
    });
  return upright(at);
}

// The longest axis from left to right, the weightiest to the left of the middle and not below it.
function upright(at: Point[]): Point[] {
  const n = at.length;
  const [cx, cy] = [at.reduce((a, p) => a + p.x, 0) / n, at.reduce((a, p) => a + p.y, 0) / n];
  let [xx, xy, yy] = [0, 0, 0];
  for (const p of at) [xx, xy, yy] = [xx + (p.x - cx) ** 2, xy + (p.x - cx) * (p.y - cy), yy + (p.y - cy) ** 2];
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const turned = at.map((p): Point => ({ x: c * (p.x - cx) + s * (p.y - cy), y: c * (p.y - cy) - s * (p.x - cx) }));
  const flip = { x: (turned[0]?.x ?? 0) > 0 ? -1 : 1, y: (turned[0]?.y ?? 0) > 0 ? -1 : 1 };
  return turned.map((p) => ({ x: flip.x * p.x, y: flip.y * p.y }));
}

// How far the plane's distances are off on average, in lengths of the scale.
export function miss(d: number[][], at: Point[]): number {
  let [sum, pairs] = [0, 0];
  d.forEach((row, i) => row.forEach((x, j) => {
    const [p, q] = [at[i], at[j]];
    if (j <= i || !Number.isFinite(x) || p === undefined || q === undefined) return;
    sum += Math.abs(Math.hypot(p.x - q.x, p.y - q.y) - x);
    pairs++;
  }));
  return pairs > 0 ? sum / pairs : 0;
}

export const issuesOf = (data: Data): Issue[] => data.issues.filter((i) => i.stances.length > 1 && i.low !== null && i.high !== null && i.high > i.low);
