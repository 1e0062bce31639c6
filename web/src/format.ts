// Numbers as a reader sees them: at most three significant digits and no digit beyond the error.
// A digit is shown when its place is at least that of the leading digit of two standard errors.

import type { Num, Summary } from "./data";

const THIN = "\u202f"; // narrow, does not break a line
const MINUS = "−";

function exponent(x: number): number {
  // Rounding first keeps 0.1 + 0.2 style noise from moving a power of ten by one.
  return Math.floor(Math.log10(Number(Math.abs(x).toPrecision(12))));
}

// The power of ten of the last digit that may be shown.
export function place(x: number, error: Num = null, finest = -Infinity): number {
  const three = x === 0 ? -Infinity : exponent(x) - 2;
  const allowed = error !== null && error > 0 ? exponent(2 * error) : -Infinity;
  const most = Math.max(three, allowed, finest);
  return Number.isFinite(most) ? most : 0;
}

function grouped(digits: string): string {
  const [whole = "", rest] = digits.split(".");
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN) : whole;
  return rest === undefined ? spaced : `${spaced}.${rest}`;
}

// A number rounded at a place: at(41.96, 0) is "42".
export function at(x: number, power: number): string {
  const unit = 10 ** Math.abs(power);
  const rounded = power >= 0 ? Math.round(x / unit) * unit : Math.round(x * unit) / unit;
  const size = Math.abs(rounded);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return scientific(rounded, power);
  const digits = grouped(size.toFixed(Math.min(20, Math.max(0, -power))));
  return rounded < 0 ? MINUS + digits : digits;
}

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
function scientific(x: number, power: number): string {
  const e = exponent(x);
  const mantissa = (x / 10 ** e).toFixed(Math.max(0, Math.min(2, e - power))).replace("-", MINUS);
  const raised = String(Math.abs(e)).replace(/\d/g, (d) => SUPERSCRIPT[Number(d)] ?? "");
  return `${mantissa} × 10${e < 0 ? "⁻" : ""}${raised}`;
}

export function measured(x: Num, error: Num = null, finest = -Infinity): string {
  return x === null ? "undefined" : at(x, place(x, error, finest));
}

// An exact number as it was given, in at most three significant digits and without trailing zeros.
export function plain(x: Num): string {
  if (x === null) return "undefined";
  const shown = at(x, place(x));
  return shown.includes(".") ? shown.replace(/\.?0+(?=$| ×)/, "") : shown;
}

export function count(n: number): string {
  return n < 0 ? MINUS + grouped(String(Math.round(-n))) : grouped(String(Math.round(n)));
}

export function signed(x: number, power: number): string {
  const text = at(x, power);
  return x > 0 && !/^0(\.0*)?$/.test(text) ? `+${text}` : text;
}

// A point on a curve that is known to the width of its bins.
export function onCurve(x: number, curve: { low?: Num; high?: Num }[]): string {
  const ends = curve.flatMap((p) => [p.low ?? null, p.high ?? null]).filter((v): v is number => v !== null);
  const bin = (Math.max(...ends) - Math.min(...ends)) / Math.max(1, curve.length);
  return measured(x, null, bin > 0 ? exponent(bin) : -Infinity);
}

// A share as whole per cent; what is neither none nor all is not rounded to it.
export function percent(share: Num): string {
  if (share === null) return "undefined";
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return "<1";
  if (whole === 100 && share < 1) return ">99";
  return String(whole);
}

// Two standard errors of a share in whole points, rounded up. A share of none or all has no spread to measure its
// error by; then the rule of three bounds it: 3 / n.
export function shareError(share: Num, error: Num, effective: Num): number | null {
  if (share === null) return null;
  const two = 2 * (error ?? 0);
  const three = share <= 0 || share >= 1 ? 3 / Math.max(1, effective ?? 1) : 0;
  return Math.min(100, Math.max(1, Math.ceil(100 * Math.max(two, three) - 1e-9)));
}

// How it is written beside the share: nothing where all or none hold and that is sure to a point, and one-sided where not.
export function errorText(share: Num, error: Num, effective: Num): string {
  const two = shareError(share, error, effective);
  if (share === null || two === null) return "";
  if (share > 0 && share < 1) return `±${two}`;
  return two <= 1 ? "" : `${share >= 1 ? MINUS : "+"}${two}`;
}

// The finest place worth showing on a scale: a hundredth of its length.
export function finestOn(low: Num, high: Num): number {
  return low !== null && high !== null && high > low ? exponent((high - low) / 100) : -Infinity;
}

export interface Change {
  from: string;
  to: string;
  by: string;
  differs: boolean;
}

// Do two medians differ by more than two errors of their difference? The two arms share their draws, so that the
// errors taken as independent are too large rather than too small.
export function differ(a: Summary, b: Summary): boolean {
  if (a.p50 === null || b.p50 === null) return false;
  const ea = a.quantile_error.p50 ?? 0;
  const eb = b.quantile_error.p50 ?? 0;
  return Math.abs(a.p50 - b.p50) > 2 * Math.hypot(ea, eb);
}

export function change(without: Summary, with_: Summary, low: Num, high: Num): Change {
  const a = without.p50;
  const b = with_.p50;
  if (a === null || b === null)
    return { from: measured(a), to: measured(b), by: "", differs: false };
  const error = Math.max(without.quantile_error.p50 ?? 0, with_.quantile_error.p50 ?? 0);
  const differs = differ(without, with_);
  const size = Math.max(Math.abs(a), Math.abs(b));
  let power = place(size, error, finestOn(low, high));
  // Two numbers that differ are not printed as one; the error allows it, since they differ by more than two errors.
  for (let i = 0; i < 3 && differs && at(a, power) === at(b, power); i++) power--;
  // Where "24 → 28" would stand beside "+5", the change gets a digit more, if the error allows one.
  const [shown, by] = [at(Math.round(b / 10 ** power) * 10 ** power - Math.round(a / 10 ** power) * 10 ** power, power), signed(b - a, power)];
  const finer = place(size, error) < power ? signed(b - a, power - 1) : by;
  return { from: at(a, power), to: at(b, power), by: by.replace("+", "") === shown ? by : finer, differs };
}

// "12 .. 33": the middle 90 % of draws, at the place of the median.
export function range(s: Summary, low: Num = null, high: Num = null): string {
  if (s.p05 === null || s.p95 === null) return "undefined";
  const size = Math.max(Math.abs(s.p05), Math.abs(s.p95));
  const error = Math.max(s.quantile_error.p05 ?? 0, s.quantile_error.p95 ?? 0);
  const power = Math.max(place(size, error, finestOn(low, high)));
  return `${at(s.p05, power)} .. ${at(s.p95, power)}`;
}

const WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"];

export function inWords(n: number): string {
  return WORDS[n] ?? count(n);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return n === 1 ? one : many;
}

export function listed(items: string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1] ?? ""}`;
}

// A name inside a sentence: isolated, so that a name written from right to left does not reorder the words around it.
export function isolated(name: string): string {
  const rightToLeft = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]/;
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name;
}

// A name inside a sentence with the article that English wants: "the United States", but "France".
export function articled(name: string): string {
  return /^(?!the )(United |Netherlands$|Philippines$|.*(?:Union|Kingdom|States|Republic|Federation|Emirates|Islands|Nations|Council|Commission|Parliament|Court)$)/i.test(name) ? `the ${name}` : name;
}
