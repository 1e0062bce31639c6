// The seven verdicts: their order, words, glyphs and rules. Colour never stands alone: glyph and word go with it.

import { s } from "./dom";
import type { Claim, Verdict } from "./data";
import { VERDICTS } from "./data";
import { capital, count, inWords, listed } from "./format";

// One letter a verdict, used in class names: colours are set in the style sheet.
const LETTER: Record<Verdict, string> = {
  follows: "f",
  "leans to": "l",
  open: "o",
  "leans against": "a",
  "does not follow": "d",
  "depends on the model": "m",
  "not yet tested": "u",
};

// Shapes in a box of 12 by 12: filled up, hollow up, ring, hollow down, filled down, split diamond, dash.
const SHAPES: Record<Verdict, { tag: "path" | "circle"; attributes: Record<string, string | number> }[]> = {
  follows: [{ tag: "path", attributes: { class: "fp", d: "M6 1l5.6 10H.4z" } }],
  "leans to": [{ tag: "path", attributes: { class: "gp", d: "M6 2.4l4.2 7.7H1.8z" } }],
  open: [{ tag: "circle", attributes: { class: "go", cx: 6, cy: 6.2, r: 3.9 } }],
  "leans against": [{ tag: "path", attributes: { class: "gc", d: "M6 9.6L1.8 1.9h8.4z" } }],
  "does not follow": [{ tag: "path", attributes: { class: "fc", d: "M6 11L.4 1h11.2z" } }],
  "depends on the model": [
    { tag: "path", attributes: { class: "fp", d: "M6 .3v11.4L.3 6z" } },
    { tag: "path", attributes: { class: "gc", d: "M6.6 1.5v9L11 6z" } },
  ],
  "not yet tested": [{ tag: "path", attributes: { class: "go", d: "M2 6h8" } }],
};

export const RULES: Record<Verdict, string> = {
  follows: "in at least 90 % of draws",
  "leans to": "in at least two thirds",
  open: "between one third and two thirds",
  "leans against": "in at most one third",
  "does not follow": "in at most 10 %",
  "depends on the model": "models fall on different sides of one half",
  "not yet tested": "needs a part that is not built, or no draw counts",
};

export const letter = (verdict: Verdict): string => LETTER[verdict];
export const rank = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

export function shapes(verdict: Verdict): SVGElement[] {
  return SHAPES[verdict].map(({ tag, attributes }) => s(tag, attributes));
}

export function glyph(verdict: Verdict, size = 12, type = "gl"): SVGSVGElement {
  return s("svg", { class: type, width: size, height: size, viewBox: "0 0 12 12", "aria-hidden": "true" }, shapes(verdict));
}

// By verdict, then by share from the side the verdict is on; what has no share comes last.
export function sorted(claims: Claim[]): Claim[] {
  return claims
    .map((claim, i) => ({ claim, i }))
    .sort(
      (a, b) =>
        rank(a.claim.verdict) - rank(b.claim.verdict) || (b.claim.share ?? -1) - (a.claim.share ?? -1) || a.i - b.i,
    )
    .map(({ claim }) => claim);
}

// "Of 21 claims, 4 follow from these assumptions, 8 lean that way, 3 go against, 6 are unsettled".
export function tally(claims: Claim[]): string {
  const n = (...verdicts: Verdict[]): number => claims.filter((c) => verdicts.includes(c.verdict)).length;
  const follow = n("follows");
  const lean = n("leans to");
  const against = n("leans against", "does not follow");
  const unsettled = n("open", "depends on the model");
  const untested = n("not yet tested");
  if (claims.length === 1) return `The one claim: ${claims[0]?.verdict ?? ""}`;
  if (untested === claims.length) return `None of the ${inWords(claims.length)} claims is tested yet`;
  const parts: string[] = [];
  if (follow > 0) parts.push(`${count(follow)} ${follow === 1 ? "follows" : "follow"}${untested > 0 ? "" : " from these assumptions"}`);
  if (lean > 0) parts.push(`${count(lean)} ${lean === 1 ? "leans" : "lean"} ${follow > 0 ? "that way" : "to yes"}`);
  if (against > 0) parts.push(`${count(against)} ${against === 1 ? "goes" : "go"} against`);
  if (unsettled > 0) parts.push(`${count(unsettled)} ${unsettled === 1 ? "is" : "are"} unsettled`);
  if (untested > 0) parts.push(`${count(untested)} ${untested === 1 ? "is" : "are"} not yet tested`);
  return capital(`of ${count(claims.length)} claims, ${parts.length > 2 ? parts.join(", ") : listed(parts)}`);
}
