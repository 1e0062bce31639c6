// Quantile dot plots (Kay et al. 2016, doi:10.1145/2858036.2858558): 20 dots, each 5 % of draws, in Wilkinson's stacks
// (Wilkinson 1999, doi:10.1080/00031305.1999.10474474). Grey above: without the document; ink below: with it.

import { nice } from "d3-array";
import type { Num, Summary } from "./data";
import { arrowHead, fitted, label, line, round, s, textWidth } from "./dom";
import { change, plain } from "./format";

const PAD = 6;
const TALLEST = 36; // px; stacks that would be taller get smaller dots, down to the last pitch, and then more columns
const PITCHES = [8.2, 7.4, 6.6];

interface Stack {
  x: number;
  n: number;
  columns: number; // a pile that would be too high, as of draws with the same value, is as many dots wide
}

// Wilkinson's sweep: a stack takes what lies within one dot of its first; then stacks are moved apart to one pitch.
export function stacks(xs: number[], pitch: number, low: number, high: number, most = Infinity): Stack[] {
  const out: Stack[] = [];
  for (let i = 0; i < xs.length; ) {
    const first = xs[i] ?? 0;
    let j = i;
    while (j < xs.length && (xs[j] ?? 0) <= first + pitch) j++;
    out.push({ x: (first + (xs[j - 1] ?? first)) / 2, n: j - i, columns: Math.ceil((j - i) / most) });
    i = j;
  }
  const apart = (a: Stack | undefined, b: Stack | undefined): number => (((a?.columns ?? 0) + (b?.columns ?? 0)) / 2) * pitch;
  out.forEach((stack, i) => {
    stack.x = Math.max(stack.x, (out[i - 1]?.x ?? -Infinity) + apart(out[i - 1], stack), low + ((stack.columns - 1) / 2) * pitch);
  });
  for (let i = out.length - 1; i >= 0; i--) {
    const stack = out[i];
    if (stack !== undefined)
      stack.x = Math.min(stack.x, (out[i + 1]?.x ?? Infinity) - apart(stack, out[i + 1]), high - ((stack.columns - 1) / 2) * pitch);
  }
  return out;
}

export interface DotPlot {
  low: Num;
  high: Num;
  labels: { at: number; text: string }[];
  unit: string;
  without: Summary | null; // null: there is no document
  with: Summary;
  known: Num;
  names: boolean; // write "without" and "with the document" where there is room
  alt: string;
}

const defined = (xs: Num[]): number[] => xs.filter((x): x is number => x !== null).sort((a, b) => a - b);

// The ends of the axis: the declared scale, or round numbers around the dots.
export function domain(plot: { low: Num; high: Num; known: Num }, arms: Summary[]): [number, number] {
  if (plot.low !== null && plot.high !== null && plot.high > plot.low) return [plot.low, plot.high];
  const values = arms.flatMap((a) => defined(a.dots));
  if (plot.known !== null) values.push(plot.known);
  let low = plot.low ?? Math.min(...values);
  let high = plot.high ?? Math.max(...values);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (high <= low) [low, high] = [low - Math.abs(low || 1) / 2, high + Math.abs(high || 1) / 2];
  const [a, b] = nice(low, high, 5);
  return [plot.low ?? a, plot.high ?? b];
}

// Fits the words of the scale under the axis: both ends first, then what lies between them and still fits.
function scaleWords(plot: DotPlot, x: (v: number) => number, [low, high]: [number, number], width: number, y: number): SVGElement[] {
  const size = 11.5;
  const told = (at: number): string => plot.labels.find((l) => l.at === at)?.text ?? "";
  const left = `${plain(low)} ${told(low)}`.trim();
  const right = told(high) === "" ? `${plain(high)} ${plot.unit}`.trim() : `${told(high)} ${plain(high)}`;
  const room = width - 2 * PAD - 12;
  const wl = textWidth(left, size);
  const wr = textWidth(right, size);
  const share = wl + wr <= room ? 1 : Math.min(Math.max(0.3, wl / (wl + wr)), 0.7);
  const leftText = share === 1 ? left : fitted(left, room * share, size);
  const rightText = share === 1 ? right : fitted(right, room - textWidth(leftText, size), size);
  const out: SVGElement[] = [label(PAD, y, leftText, "s g"), label(width - PAD, y, rightText, "s g", "end")];
  let free = PAD + textWidth(leftText, size) + 12;
  const end = width - PAD - textWidth(rightText, size) - 12;
  for (const { at, text } of plot.labels.filter((l) => l.at > low && l.at < high).sort((a, b) => a.at - b.at)) {
    const half = textWidth(text, size) / 2;
    if (x(at) - half < free || x(at) + half > end) continue;
    out.push(label(x(at), y, text, "s g", "middle"));
    free = x(at) + half + 12;
  }
  return out;
}

export function dotPlot(plot: DotPlot, width: number): SVGSVGElement {
  const arms = plot.without === null ? [plot.with] : [plot.without, plot.with];
  const ends = domain(plot, arms);
  const [low, high] = ends;
  const x = (v: number): number => PAD + ((Math.min(high, Math.max(low, v)) - low) / (high - low)) * (width - 2 * PAD);
  const at = arms.map((a) => defined(a.dots).map(x));
  const pile = (xs: number[], pitch: number, most?: number): Stack[] => stacks(xs, pitch, PAD, width - PAD, most);
  const fits = (pitch: number): boolean => at.every((xs) => pile(xs, pitch).every((k) => k.n * pitch <= TALLEST));
  const pitch = PITCHES.find(fits) ?? 6.6;
  const most = Math.floor(TALLEST / pitch);
  const piles = at.map((xs) => pile(xs, pitch, most));
  const height = (i: number): number => Math.max(1, ...(piles[i] ?? []).map((k) => Math.ceil(k.n / k.columns))) * pitch;

  const out: SVGElement[] = [];
  const top = height(0) + 1;
  const base = plot.without === null ? top : top + 17 + height(1);
  const dots = (i: number, y: number, type: string): void => {
    for (const { x: cx, n, columns } of piles[i] ?? [])
      for (let k = 0; k < n; k++) {
        const side = ((k % columns) - (columns - 1) / 2) * pitch;
        out.push(s("circle", { cx: round(cx + side), cy: round(y - pitch * (Math.floor(k / columns) + 0.52)), r: round(pitch * 0.45), class: type }));
      }
  };
  out.push(line(PAD, base, width - PAD, base, "sr"));
  for (const l of plot.labels.length > 0 ? plot.labels.map((one) => one.at) : ends)
    if (l >= low && l <= high) out.push(line(x(l), base, x(l), base + 4, "sr"));
  if (plot.without !== null) {
    out.push(line(PAD, top, width - PAD, top, "sr"));
    dots(0, top, "fg");
  }
  dots(arms.length - 1, base, "fi");
  out.push(...medians(plot, x, top, base, width));
  if (plot.known !== null) {
    out.push(line(x(plot.known), 0, x(plot.known), base, "sad"));
    out.push(s("path", { d: `M${round(x(plot.known))} ${round(base - 5)}l5 5l-5 5l-5 -5z`, class: "fa" }));
  }
  if (plot.names && plot.without !== null) {
    const free = (i: number, words: number): boolean => (piles[i] ?? []).every((k) => k.x + (k.columns + 1) * pitch / 2 < width - PAD - words);
    if (free(0, textWidth("without", 11.5)) && free(1, textWidth("with the document", 11.5, 600)))
      out.push(label(width - PAD, top - 7, "without", "s g", "end"), label(width - PAD, base - 7, "with the document", "s b", "end"));
  }
  out.push(...scaleWords(plot, x, ends, width, base + 16));
  const total = round(base + 20);
  return s(
    "svg",
    { viewBox: `0 0 ${width} ${total}`, width, height: total, role: "img", "aria-label": plot.alt },
    out,
  );
}

// Ticks at the medians; between the two rows an arrow from the one to the other, where they differ.
function medians(plot: DotPlot, x: (v: number) => number, top: number, base: number, width: number): SVGElement[] {
  const out: SVGElement[] = [];
  const b = plot.with.p50;
  if (b !== null) out.push(line(x(b), base, x(b), base + 6, "si2"));
  const a = plot.without?.p50 ?? null;
  if (plot.without === null || a === null || b === null) return out;
  const moved = change(plot.without, plot.with, plot.low, plot.high);
  const [xa, xb, y] = [x(a), x(b), top + 9];
  const words = moved.differs ? moved.by : "no difference";
  const room = textWidth(words, 12, 600) + 10;
  const rightmost = Math.max(xa, xb);
  const side = rightmost + room < width - PAD ? 1 : -1;
  const xw = side > 0 ? rightmost + 8 : Math.min(xa, xb) - 8;
  if (moved.differs) {
    const way = Math.sign(xb - xa) || 1;
    out.push(line(xa, top, xa, top + 13, "sg2"), line(xb, top + 5, xb, top + 13, "si1"));
    if (Math.abs(xb - xa) > 8) out.push(line(xa, y, xb - way * 4, y, "si2"));
    out.push(arrowHead(xb, y, way, "fi"));
    out.push(label(xw, y + 4, words, "b", side > 0 ? "start" : "end"));
  } else {
    out.push(line(xa, top, xa, top + 10, "sg2"), line(xb, top + 3, xb, top + 13, "si1"));
    out.push(label(xw, y + 4, words, "s g", side > 0 ? "start" : "end"));
  }
  return out;
}
