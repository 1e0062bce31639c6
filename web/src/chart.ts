// Pictures that several sections share: lines over time, rows of actors, stacks of dots.

import { ticks as ticksOf } from "d3-array";
import type { Num } from "./data";
import { fitted, label, line, round, s, textWidth, wrapped } from "./dom";
import { plain } from "./format";
import { lineEnds } from "./spread";

// --- over time ----------------------------------------------------------------------------------------

export interface Track {
  name: string;
  figure: string; // the value at its end, as it is to be read
  type: "with" | "without" | "other" | "dashed";
  values: Num[];
  bands: [Num[], Num[]][]; // from the widest
}

export interface TimeChart {
  at: number[]; // years; months as parts of them
  tracks: Track[];
  low: Num; // of the scale; null: from what is drawn
  high: Num;
  percent: boolean;
  height: number;
  marks?: { at: number; text: string }[]; // moments, as lines with words
  ticks?: number[]; // moments on the axis: when something is asked
  alt: string;
}

const LINE = { with: "si2", without: "sg2", other: "sa", dashed: "sd" } as const;
const BAND = { with: "fband", without: "fbandg", other: "fbanda", dashed: "fbandg" } as const;
const WORDS = { with: "b", without: "g", other: "ac", dashed: "g" } as const;

function run(values: Num[], x: (i: number) => number, y: (v: number) => number): string {
  let d = "";
  let pen = "M";
  values.forEach((v, i) => {
    if (v === null) return void (pen = "M");
    d += `${pen}${round(x(i))} ${round(y(v))}`;
    pen = "L";
  });
  return d;
}

function ribbon(low: Num[], high: Num[], x: (i: number) => number, y: (v: number) => number): string {
  const both = low.map((_, i) => i).filter((i) => low[i] != null && high[i] != null);
  if (both.length < 2) return "";
  const up = both.map((i) => `${round(x(i))} ${round(y(high[i] ?? 0))}`);
  const down = [...both].reverse().map((i) => `${round(x(i))} ${round(y(low[i] ?? 0))}`);
  return `M${[...up, ...down].join("L")}z`;
}

// Years under the axis, as many as have room.
export function yearTicks(first: number, last: number, x: (v: number) => number, base: number, width: number): SVGElement[] {
  const span = Math.floor(last) - Math.ceil(first);
  const room = Math.max(1, Math.floor(width / 44));
  const step = [1, 2, 3, 5, 10, 20, 50, 100].find((k) => span / k <= room) ?? 200;
  const out: SVGElement[] = [];
  for (let year = Math.ceil(first - 1e-9); year <= last + 1e-9; year += step)
    out.push(line(x(year), base, x(year), base + 4, "si1"), label(x(year), base + 17, String(year), "s g", "middle"));
  return out;
}

export function timeChart(chart: TimeChart, width: number): SVGSVGElement {
  const { at, tracks, height } = chart;
  const [first, last] = [at[0] ?? 0, at[at.length - 1] ?? 0];
  const all = tracks.flatMap((t) => [...t.values, ...t.bands.flat(2)]).filter((v): v is number => v !== null);
  let [low, high] = [chart.low ?? Math.min(0, ...all), chart.high ?? Math.max(0, ...all)];
  if (!(high > low)) [low, high] = [low, low + 1];
  const ys = ticksOf(low, high, height > 160 ? 4 : 3);
  if (chart.high === null) high = Math.max(high, ys[ys.length - 1] ?? high);
  const tick = (v: number): string => (chart.percent ? `${plain(Math.round(v * 1e6) / 1e4)}` : plain(v));
  const left = Math.max(...ys.map((v) => textWidth(tick(v), 11.5)), 10) + 8;
  const told = tracks.filter((t) => t.name !== "" || t.figure !== "");
  const text = (t: Track): string => `${t.figure} ${t.name}`.trim();
  const names = Math.min(width * 0.42, Math.max(0, ...told.map((t) => textWidth(text(t), 12, t.type === "with" ? 600 : 400)))) + 20;
  const right = width - (told.length > 0 ? names : 8);
  const [top, base] = [(chart.marks ?? []).length > 0 ? 24 : 10, height - 24];
  const x = (v: number): number => (last > first ? left + ((v - first) / (last - first)) * (right - left) : (left + right) / 2);
  const y = (v: number): number => base - ((Math.max(low, Math.min(high, v)) - low) / (high - low)) * (base - top);
  const xi = (i: number): number => x(at[i] ?? first);
  const out: SVGElement[] = ys.flatMap((v) => [line(left, y(v), right, y(v), Math.abs(v) < 1e-12 ? "si1" : "sr"), label(left - 6, y(v) + 4, tick(v), "s g", "end")]);
  out.push(...yearTicks(first, last, x, base, right - left));
  for (const year of chart.ticks ?? []) if (year >= first && year <= last) out.push(s("path", { class: "fa", d: `M${round(x(year))} ${base}l4 7h-8z` }));
  for (const t of tracks) for (const [a, b] of t.bands) out.push(s("path", { class: BAND[t.type], d: ribbon(a, b, xi, y) }));
  for (const t of tracks) {
    out.push(s("path", { class: LINE[t.type], d: run(t.values, xi, y) }));
    const known = t.values.map((v, i) => ({ v, i })).filter((p) => p.v !== null);
    if (known.length === 1 || at.length <= 1) out.push(...known.map((p) => s("circle", { cx: round(xi(p.i)), cy: round(y(p.v ?? 0)), r: 3, class: t.type === "with" ? "fi" : "fg" })));
  }
  for (const mark of chart.marks ?? []) {
    if (mark.at < first || mark.at > last) continue;
    const words = fitted(mark.text, right - left, 11.5);
    const wide = textWidth(words, 11.5);
    out.push(line(x(mark.at), top - 6, x(mark.at), base, "sad"), label(Math.max(left, Math.min(right - wide, x(mark.at) - wide / 2)), top - 11, words, "s ac"));
  }
  const ends = told.flatMap((t) => {
    const end = [...t.values].reverse().find((v) => v !== null);
    return end == null ? [] : [{ y: y(end), text: fitted(text(t), names - 16, 12, t.type === "with" ? 600 : 400), type: WORDS[t.type] }];
  });
  out.push(...lineEnds(ends, right, 15, top, base));
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": chart.alt }, out);
}

// "2026 4 %, 2030 9 %, 2035 12 %": the first, the middle and the last value of a track, for a text alternative.
export function toldOver(at: number[], values: Num[], write: (v: number, i: number) => string): string {
  const known = values.map((v, i) => ({ v, i })).filter((p): p is { v: number; i: number } => p.v !== null);
  const chosen = [...new Set([0, Math.floor((known.length - 1) / 2), known.length - 1])].flatMap((k) => known[k] ?? []);
  return chosen.length === 0 ? "no value" : chosen.map(({ v, i }) => `${Math.floor((at[i] ?? 0) + 1e-9)} ${write(v, i)}`).join(", ");
}

// --- rows of actors --------------------------------------------------------------------------------------

export interface Mark {
  at: Num;
  low?: Num; // a line from low to high
  high?: Num;
  type: "fi" | "fg" | "fa" | "ring";
}

export interface Row {
  name: string;
  marks: Mark[]; // from the back to the front
  cells: string[]; // under the columns' heads
  arrow?: boolean; // from the first mark to the last
}

export interface Rows {
  rows: Row[];
  ticks: [number, string][];
  low: number;
  high: number;
  log?: boolean;
  at?: number; // a line through all rows
  bars?: boolean; // marks are bars from zero
  columns: { head: string; bold?: boolean }[];
  alt: string;
}

const LEAST = 170; // px for the marks: columns from the left go where there is less

export function rowsPicture(picture: Rows, width: number): SVGSVGElement {
  const { rows, low, high } = picture;
  const all = picture.columns.map((c, k) => Math.max(textWidth(c.head, 11.5, 600), ...rows.map((r) => textWidth(r.cells[k] ?? "", 12, c.bold === true ? 600 : 400))) + 14);
  const names = Math.min(width * 0.36, Math.max(...rows.map((r) => textWidth(r.name, 12)), 0)) + 10;
  const room = (from: number): number => width - names - 8 - all.slice(from).reduce((a, b) => a + b, 0);
  let from = 0;
  while (from < all.length - 1 && room(from) < LEAST) from++;
  const [keep, wide] = [picture.columns.slice(from), all.slice(from)];
  const cells = rows.map((r) => r.cells.slice(from));
  const [left, right] = [names, names + room(from)];
  const f = (v: number): number => (picture.log === true ? Math.log(v) : v);
  const x = (v: number): number => left + ((f(Math.max(low, Math.min(high, v))) - f(low)) / (f(high) - f(low) || 1)) * (right - left);
  const lines = Math.max(1, ...rows.map((r) => r.marks.filter((m) => m.low != null).length));
  const pitch = picture.bars === true ? 19 : lines > 1 ? 22 : 20;
  const top = keep.some((c) => c.head !== "") ? 20 : 4;
  const told = rows.map((r) => wrapped(r.name, names - 10, 12));
  const tall = told.map((words) => (words.length > 1 ? Math.max(pitch, 32) : pitch));
  const centre = (i: number): number => top + tall.slice(0, i).reduce((a, b) => a + b, 0) + (tall[i] ?? pitch) / 2;
  const base = top + tall.reduce((a, b) => a + b, 0) + 4;
  const out: SVGElement[] = [];
  let free = -Infinity;
  for (const [v, text] of picture.ticks) {
    const half = textWidth(text, 11.5) / 2;
    const middle = Math.max(left + half - 12, Math.min(right - half + 12, x(v)));
    out.push(line(x(v), top, x(v), base, v === picture.at ? "si1" : "sr"));
    if (middle - half < free) continue;
    out.push(label(middle, base + 15, text, "s g", "middle"));
    free = middle + half + 8;
  }
  const ends = wide.map((_, k) => width - wide.slice(k + 1).reduce((a, b) => a + b, 0));
  keep.forEach((c, k) => out.push(label(ends[k] ?? width, 10, c.head, c.bold === true ? "s b" : "s g", "end")));
  rows.forEach((row, i) => {
    const y = centre(i);
    const words = told[i] ?? [];
    words.forEach((text, k) => out.push(label(left - 10, y + 4 + (k - (words.length - 1) / 2) * 14, text, "", "end")));
    const known = row.marks.filter((m) => m.at !== null);
    const spread = known.filter((m) => m.low != null && m.high != null).length;
    known.forEach((m, k) => {
      const at = x(m.at ?? 0);
      if (picture.bars === true) {
        const [from, tall] = known.length > 1 ? (k === 0 ? [y - 7, 5] : [y - 1, 8]) : [y - 4, 9];
        out.push(s("path", { class: m.type, d: `M${round(x(Math.max(low, 0)))} ${from}H${round(at)}v${tall}H${round(x(Math.max(low, 0)))}z` }));
        return;
      }
      const lane = spread > 1 ? y + (k - (known.length - 1) / 2) * 9 : y;
      if (m.low != null && m.high != null) out.push(line(x(m.low), lane, x(m.high), lane, m.type === "fg" ? "sgl" : "sw"));
      out.push(s("circle", { cx: round(at), cy: round(lane), r: m.type === "ring" ? 4.2 : 4, class: m.type === "ring" ? "go" : m.type }));
    });
    const [a, b] = [known[0], known[known.length - 1]];
    if (row.arrow === true && a?.at != null && b?.at != null && a !== b) {
      const [from, to] = [x(a.at), x(b.at)];
      const way = Math.sign(to - from) || 1;
      if (Math.abs(to - from) > 16) out.push(line(from + way * 5, y, to - way * 9, y, "si1"), s("path", { class: "fi", d: `M${round(to - way * 5)} ${y}l${way * -5} -3v6z` }));
    }
    (cells[i] ?? []).forEach((text, k) => out.push(label(ends[k] ?? width, y + 4, text, keep[k]?.bold === true ? "b" : "g", "end")));
  });
  const height = base + 20;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": picture.alt }, out);
}

// Round ticks on a scale from low to high, as many as fit.
export function scaleTicks(low: number, high: number, write: (v: number) => string, n = 4): [number, string][] {
  return ticksOf(low, high, n).map((v) => [v, write(v)]);
}
