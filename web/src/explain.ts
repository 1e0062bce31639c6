// Why a claim gets its verdict, in sentences made from the numbers by rule: what the document does, what decides it,
// where it fails, which model disagrees.

import type { Claim, CurvePoint, Data, Driver, Num } from "./data";
import { at, inWords, listed, onCurve, percent, place, plain, plural } from "./format";
import type { Names } from "./names";

export function share(x: Num): string {
  return `${percent(x)}\u00a0%`;
}

const beyond = (a: Num, ea: Num, b: Num, eb: Num): boolean =>
  a !== null && b !== null && Math.abs(a - b) > 2 * Math.hypot(ea ?? 0, eb ?? 0);

function document_(claim: Claim, data: Data): string[] {
  if (data.document === null || claim.share === null) return [];
  const { without, taken } = claim;
  const out: string[] = [];
  if (without.share !== null) {
    const points = Math.round(100 * (claim.share - without.share));
    out.push(
      beyond(claim.share, claim.mc_error, without.share, without.mc_error) && points !== 0
        ? `Without the document it holds in ${share(without.share)} of draws, with it in ${share(claim.share)}: the document ` +
            `${points > 0 ? "adds" : "takes away"} ${Math.abs(points)} ${plural(Math.abs(points), "point")}.`
        : `The document makes no difference: it holds in ${share(claim.share)} of draws, with it or without.`,
    );
  }
  if (beyond(claim.share, claim.mc_error, taken.share, taken.mc_error) && percent(taken.share) !== percent(claim.share))
    out.push(`Were every provision certain to take hold, it would hold in ${share(taken.share)}.`);
  return out;
}

// An input that is 0 or 1: something happens or not.
export function isEvent(driver: Driver): boolean {
  const ends = driver.curve.map((p) => [p.low, p.high]);
  return JSON.stringify(ends) === "[[0,0],[1,1]]";
}

const between = (p: CurvePoint): string => {
  const [low, high] = [p.low ?? null, p.high ?? null];
  if (low === null || high === null) return "its end";
  const power = place(Math.max(Math.abs(low), Math.abs(high)), (high - low) / 4);
  return low === high || at(low, power) === at(high, power) ? plain(low) : `${at(low, power)} to ${at(high, power)}`;
};

function decides(driver: Driver, names: Names): string[] {
  const told = driver.curve.filter((p) => p.share !== null);
  if (told.length < 2) return [];
  const least = told.reduce((a, b) => ((b.share ?? 0) < (a.share ?? 0) ? b : a));
  const most = told.reduce((a, b) => ((b.share ?? 0) > (a.share ?? 0) ? b : a));
  const alone = `“${driver.label}” decides most: alone it explains ${share(driver.strength)} of whether the claim holds.`;
  if (least.model !== undefined && most.model !== undefined)
    return [alone, `It holds most under ${names.model(most.model)} (${share(most.share)}) and least under ${names.model(least.model)} (${share(least.share)}).`];
  if (isEvent(driver)) {
    const [no, yes] = driver.curve;
    return [alone, `It holds in ${share(yes?.share ?? null)} of draws where so, and in ${share(no?.share ?? null)} where not.`];
  }
  const out = [
    alone,
    `It fails most where that is ${between(least)}, holding in ${share(least.share)} of draws there, and holds most where it is ${between(most)} (${share(most.share)}).`,
  ];
  if (driver.break_even !== null) out.push(`Its share passes one half at ${onCurve(driver.break_even, driver.curve)}.`);
  return out;
}

function models(claim: Claim, names: Names): string[] {
  const known = Object.entries(claim.by_model).filter(([, arm]) => arm.share !== null);
  if (known.length < 2) return [];
  const side = (x: Num, e: Num): number => (beyond(x, e, 0.5, 0) ? Math.sign((x ?? 0) - 0.5) : 0);
  const pooled = Math.sign((claim.share ?? 0.5) - 0.5);
  const other = known.filter(([, a]) => side(a.share, a.mc_error) === -pooled && pooled !== 0);
  const told = (list: typeof known): string => listed(list.map(([m, a]) => `${names.model(m)} (${share(a.share)})`));
  if (other.length > 0) return [`Models disagree: ${told(other)} ${other.length === 1 ? "falls" : "fall"} on the other side of one half.`];
  const away = known
    .filter(([, a]) => beyond(a.share, a.mc_error, claim.share, claim.mc_error))
    .sort(([, a], [, b]) => Math.abs((b.share ?? 0) - (claim.share ?? 0)) - Math.abs((a.share ?? 0) - (claim.share ?? 0)));
  const [first] = away;
  const same = known.every(([, a]) => a.verdict === claim.verdict);
  const agree = same ? `${known.length === 2 ? "Both" : `All ${inWords(known.length)}`} models give the same verdict` : "Models agree on the side of one half, not on the verdict";
  if (first === undefined) return [`${agree}.`];
  return [`${agree}; farthest from the whole is ${told([first])}.`];
}

export function explain(claim: Claim, data: Data, names: Names): string[] {
  if (claim.needs !== "") return [`It is not yet tested: it needs ${claim.needs}, which this version does not compute.`];
  if (claim.share === null) return ["It is not tested: no draw counts."];
  const out = document_(claim, data);
  const [first, second] = claim.drivers;
  if (first !== undefined) out.push(...decides(first, names));
  else if (claim.share === 0 || claim.share === 1) out.push(`It holds in ${claim.share === 1 ? "every draw" : "no draw"}, whatever the inputs.`);
  else out.push("No single input decides it: none can be told from chance.");
  if (second !== undefined) out.push(`Next comes “${second.label}” (${share(second.strength)}).`);
  out.push(...models(claim, names));
  if (claim.near_threshold) out.push("The share lies within two errors of a threshold: with other draws the verdict might be the next one.");
  if (claim.counted !== null && claim.counted < 1)
    out.push(`Counted are only the ${share(claim.counted)} of draws in which its condition holds.`);
  if (claim.undefined !== null && claim.undefined > 0)
    out.push(`In ${share(claim.undefined)} of them a value that it compares is undefined; there it does not hold.`);
  return out;
}
