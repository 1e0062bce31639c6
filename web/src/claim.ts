// A claim, opened: how it was read, how often it holds, why, and where the verdict flips.

import { area, curveLinear, line as polyline } from "d3-shape";
import type { Claim, ClaimArm, Data, Driver, Num } from "./data";
import { fitted, h, label, line, linked, round, s, textWidth } from "./dom";
import type { Child } from "./dom";
import { explain, isEvent, share } from "./explain";
import { cell, drawn, picture, tools } from "./figure";
import type { Table } from "./figure";
import { capital, isolated, measured, onCurve, percent, plain } from "./format";
import type { Names } from "./names";
import { glyph, letter, sorted } from "./verdict";

const quote = (text: string): string => `“${isolated(text)}”`;

export function claimTitle(claim: Claim, data: Data): string {
  const name = quote(claim.title);
  if (claim.share === null) return `${name} is not yet tested`;
  const { without } = claim;
  if (data.document === null || without.share === null) return `${name} holds in ${share(claim.share)} of draws`;
  const differs = Math.abs(claim.share - without.share) > 2 * Math.hypot(claim.mc_error ?? 0, without.mc_error ?? 0);
  if (!differs || percent(without.share) === percent(claim.share)) return `${name}: ${share(claim.share)} of draws, with the document or without`;
  return `${name}: ${share(without.share)} of draws ${claim.share > without.share ? "rise" : "fall"} to ${share(claim.share)}`;
}

// The claim that a reader meets first: the one that the document moves most, else the first that is tested.
export function firstOpened(data: Data): Claim | null {
  const tested = sorted(data.claims).filter((c) => c.share !== null);
  const moved = tested
    .filter((c) => c.without.share !== null && c.drivers.length > 0)
    .sort((a, b) => Math.abs((b.share ?? 0) - (b.without.share ?? 0)) - Math.abs((a.share ?? 0) - (a.without.share ?? 0)));
  return moved[0] ?? tested.find((c) => c.drivers.length > 0) ?? tested[0] ?? data.claims[0] ?? null;
}

// --- pictures ---------------------------------------------------------------------------------------

const THIRDS: [number, string][] = [[0, "0"], [1 / 3, "1/3"], [2 / 3, "2/3"], [1, "all"]];

interface Row {
  name: string;
  arm: ClaimArm;
  type: string; // class of the bar
  bold: boolean;
}

function armRows(claim: Claim, data: Data): Row[] {
  const type = `b${letter(claim.verdict)}`;
  if (data.document === null) return [{ name: "all draws", arm: claim, type, bold: true }];
  return [
    { name: "without the document", arm: claim.without, type: "fg", bold: false },
    { name: "with it", arm: claim, type, bold: true },
    { name: "if it takes hold", arm: claim.taken, type, bold: false },
  ];
}

function scale(width: number, left: number): (v: number) => number {
  return (v) => left + v * (width - left - 44);
}

function axis(x: (v: number) => number, height: number, thresholds: [number, string][]): SVGElement[] {
  return thresholds.flatMap(([v, text]) => [
    line(x(v), 0, x(v), height, "sr"),
    label(x(v), height + 14, text, "s g", "middle"),
  ]);
}

function armsPicture(rows: Row[], width: number, alt: string): SVGSVGElement {
  const left = Math.min(width * 0.5, Math.max(...rows.map((r) => textWidth(r.name, 12, r.bold ? 600 : 400))) + 10);
  const x = scale(width, left);
  const height = rows.length * 26 + 2;
  const out: SVGElement[] = axis(x, height, THIRDS);
  rows.forEach(({ name, arm, type, bold }, i) => {
    const y = i * 26 + 14;
    out.push(label(left - 8, y + 4, name, bold ? "b" : "g", "end"));
    if (arm.share === null) {
      out.push(label(x(0) + 6, y + 4, "has no value", "s g"));
      return;
    }
    const e = 2 * (arm.mc_error ?? 0);
    out.push(s("path", { class: `${type}${bold ? "" : " pale"}`, d: `M${round(x(0))} ${y - 8}H${round(x(arm.share))}v16H${round(x(0))}z` }));
    const [a, b] = [x(Math.max(0, arm.share - e)), x(Math.min(1, arm.share + e))];
    out.push(s("path", { class: "er", d: `M${round(a)} ${y - 3}v6M${round(b)} ${y - 3}v6M${round(a)} ${y}H${round(b)}` }));
    out.push(label(b + 6, y + 4, share(arm.share), `h ${bold ? "b" : ""}`));
  });
  return s("svg", { viewBox: `0 0 ${width} ${height + 18}`, width, height: height + 18, role: "img", "aria-label": alt }, out);
}

interface Mark {
  name: string;
  share: Num;
  error: Num;
}

// One dot a model on the whole scale; dashed: all models together.
function modelsPicture(rows: Mark[], pooled: Num, width: number, head: string): SVGSVGElement {
  const left = Math.min(width * 0.5, Math.max(...rows.map((r) => textWidth(r.name, 12))) + 10);
  const x = scale(width, left);
  const height = rows.length * 22 + 4;
  const out: SVGElement[] = axis(x, height, THIRDS);
  if (pooled !== null) out.push(line(x(pooled), 0, x(pooled), height, "sd"));
  rows.forEach((row, i) => {
    const y = i * 22 + 14;
    out.push(label(left - 8, y + 4, fitted(row.name, left - 8, 12), "", "end"));
    if (row.share === null) return;
    const e = 2 * (row.error ?? 0);
    const [a, b] = [x(Math.max(0, row.share - e)), x(Math.min(1, row.share + e))];
    const colour = row.share >= 2 / 3 ? "p" : row.share <= 1 / 3 ? "c" : "o";
    out.push(line(a, y, b, y, `sv ${colour}`), s("circle", { cx: round(x(row.share)), cy: y, r: 4, class: `cv ${colour}` }));
    out.push(label(b + 8, y + 4, share(row.share), "h"));
  });
  const alt = `${head}: ${rows.map((r) => `${r.name} ${r.share === null ? "no value" : share(r.share)}`).join(", ")}.`;
  return s("svg", { viewBox: `0 0 ${width} ${height + 18}`, width, height: height + 18, role: "img", "aria-label": alt }, out);
}

// The share along one input: a line through the middles of the bins, a band of two errors, one half dashed.
function curvePicture(claim: Claim, driver: Driver, data: Data, names: Names, width: number): SVGSVGElement {
  if (driver.curve.some((p) => p.model !== undefined)) {
    const rows = driver.curve.map((p) => ({ name: names.model(p.model ?? ""), share: p.share, error: p.error }));
    return modelsPicture(rows, claim.share, width, driver.label);
  }
  const height = 118;
  const [left, right, y0] = [26, width - 8, 96];
  const y = (v: number): number => y0 - v * 84;
  const out: SVGElement[] = ([[0, "0"], [0.5, "1/2"], [1, "all"]] as [number, string][]).flatMap(([v, text]) => [
    line(left, y(v), right, y(v), v === 0.5 ? "sd" : "sr"),
    label(left - 6, y(v) + 4, text, "s g", "end"),
  ]);
  const told = driver.curve.map((p) => `${plain(p.low ?? null)} to ${plain(p.high ?? null)}: ${p.share === null ? "no draw" : share(p.share)}`);
  const alt = `${driver.label}: ${told.join("; ")}.${driver.break_even === null ? "" : ` One half at ${onCurve(driver.break_even, driver.curve)}.`}`;
  const points = driver.curve.flatMap((p) => (p.low == null || p.high == null || p.share === null ? [] : [{ x: (p.low + p.high) / 2, share: p.share, error: 2 * (p.error ?? 0) }]));
  const lows = driver.curve.flatMap((p) => (p.low == null ? [] : [p.low]));
  const highs = driver.curve.flatMap((p) => (p.high == null ? [] : [p.high]));
  const [low, high] = [Math.min(...lows), Math.max(...highs)];
  const x = (v: number): number => left + ((v - low) / (high - low || 1)) * (right - left);
  const clamp = (v: number): number => Math.min(1, Math.max(0, v));
  const framed = (): SVGSVGElement => s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": alt }, out);
  if (isEvent(driver)) {
    driver.curve.forEach((p, i) => {
      if (p.share === null) return;
      const [cx, e] = [left + (i + 0.5) * ((right - left) / 2), 2 * (p.error ?? 0)];
      out.push(line(cx, y(clamp(p.share - e)), cx, y(clamp(p.share + e)), "si1"), s("circle", { cx: round(cx), cy: round(y(p.share)), r: 4, class: "fi" }));
      out.push(label(cx + 9, y(p.share) + 4, share(p.share), "h"), label(cx, y0 + 16, i === 0 ? "no" : "yes", "s g", "middle"));
    });
    return framed();
  }
  const band = area<(typeof points)[number]>().x((p) => round(x(p.x))).y0((p) => round(y(clamp(p.share - p.error)))).y1((p) => round(y(clamp(p.share + p.error)))).curve(curveLinear);
  const path = polyline<(typeof points)[number]>().x((p) => round(x(p.x))).y((p) => round(y(p.share))).curve(curveLinear);
  out.push(s("path", { class: "fband", d: band(points) }), s("path", { class: "si2", d: path(points) }));
  points.forEach((p) => out.push(s("circle", { cx: round(x(p.x)), cy: round(y(p.share)), r: 2, class: "fi" })));
  const drawnFrom = data.inputs.find((i) => i.name === driver.input)?.weighted;
  if (drawnFrom?.p05 != null && drawnFrom.p95 != null && drawnFrom.p05 < high && drawnFrom.p95 > low)
    out.push(line(x(Math.max(low, drawnFrom.p05)), y0, x(Math.min(high, drawnFrom.p95)), y0, "si4"));
  if (driver.break_even !== null && driver.break_even >= low && driver.break_even <= high) {
    const bx = x(driver.break_even);
    const words = `one half at ${onCurve(driver.break_even, driver.curve)}`;
    const room = textWidth(words, 12, 600) + 10;
    // The words stand over the half where the curve is below it.
    const rises = (points[points.length - 1]?.share ?? 0) > (points[0]?.share ?? 0);
    const side = rises ? (bx - room > left ? -1 : 1) : bx + room < width ? 1 : -1;
    out.push(line(bx, y(0.5), bx, y0, "sa"), s("circle", { cx: round(bx), cy: round(y(0.5)), r: 4, class: "fa" }));
    out.push(label(bx + side * 8, y(0.5) - 7, words, "b ac h", side > 0 ? "start" : "end"));
  }
  out.push(label(left, y0 + 16, plain(low), "s g"), label(right, y0 + 16, plain(high), "s g", "end"));
  const unit = data.inputs.find((i) => i.name === driver.input)?.unit ?? "";
  const middle = unit === "1" ? "" : fitted(unit, right - left - 90, 11.5);
  if (middle !== "") out.push(label((left + right) / 2, y0 + 16, middle, "s g", "middle"));
  return framed();
}

// --- words --------------------------------------------------------------------------------------------

function howRead(claim: Claim): Child[] {
  const expression = claim.holds || claim.overall;
  return [
    h("h4", {}, "How it was read"),
    claim.says !== "" && claim.says !== claim.title && h("p", { class: "said", dir: "auto" }, quote(claim.says)),
    h("p", { dir: "auto" }, claim.read !== "" ? capital(claim.read) : "No reading in words is given; it is what the expression says."),
    expression !== "" && h("pre", { tabindex: 0, role: "region", "aria-label": "The expression as written" }, h("code", {}, expression)),
    claim.when !== "" && h("p", { class: "nt" }, "Counted only where ", h("code", {}, claim.when), claim.counted === null ? "." : `, in ${share(claim.counted)} of draws.`),
    (claim.who !== "" || claim.where !== "") && h("p", { class: "nt", dir: "auto" }, "From ", linked([claim.who, claim.where].filter((t) => t !== "").join(", ")), "."),
    claim.readings.length > 0 && [
      h("h4", {}, claim.readings.length === 1 ? "A second reading" : "Other readings"),
      h(
        "ul",
        { class: "readings" },
        claim.readings.map((r) =>
          h("li", { dir: "auto" }, glyph(r.verdict, 11), " ", h("b", { class: `v${letter(r.verdict)}w` }, r.verdict), `, ${r.share === null ? "no value" : share(r.share)}: ${r.read}`, h("br"), h("code", {}, r.holds)),
        ),
      ),
    ],
  ];
}

function armTable(claim: Claim, rows: Row[], models: [string, ClaimArm][], names: Names): Table {
  const told = (name: string, arm: ClaimArm): Table["rows"][number] => [
    name,
    cell(arm.share === null ? "no value" : percent(arm.share), arm.share === null ? null : 100 * arm.share),
    cell(measured(arm.mc_error === null ? null : 100 * arm.mc_error), arm.mc_error === null ? null : 100 * arm.mc_error),
    arm.share === null ? "" : arm.verdict,
    cell(arm.counted === null ? "" : percent(arm.counted), arm.counted === null ? null : 100 * arm.counted),
  ];
  return {
    head: ["", "share %", "standard error %", "verdict", "counted %"],
    rows: [
      ...rows.map(({ name, arm }) => told(name, arm)),
      ...models.map(([m, arm]) => told(names.model(m), arm)),
      ...claim.readings.map((r, i) => told(`reading ${i + 2}`, r)),
    ],
  };
}

function curveTable(drivers: Driver[], names: Names): Table {
  return {
    head: ["input", "from", "to", "share %", "standard error %"],
    rows: drivers.flatMap((d) =>
      d.curve.map((p) => [
        d.label,
        p.model !== undefined ? names.model(p.model) : cell(plain(p.low ?? null), p.low ?? null),
        p.model !== undefined ? "" : cell(plain(p.high ?? null), p.high ?? null),
        cell(p.share === null ? "no draw" : percent(p.share), times100(p.share)),
        cell(measured(times100(p.error)), times100(p.error)),
      ]),
    ),
  };
}

const times100 = (x: Num): Num => (x === null ? null : 100 * x);

// What stands under the heading of an opened claim.
export function claimBody(claim: Claim, data: Data, names: Names): Child[] {
  const rows = armRows(claim, data);
  const models = Object.entries(claim.by_model);
  const alt = `${rows.map((r) => `${r.name}: ${r.arm.share === null ? "no value" : share(r.arm.share)}`).join(", ")}.`;
  const arms = picture((width) => armsPicture(rows, width, alt));
  const byModel = models.length > 0 ? picture((width) => modelsPicture(models.map(([m, a]) => ({ name: names.model(m), share: a.share, error: a.mc_error })), claim.share, width, "By model")) : null;
  const curves = claim.drivers.slice(0, 3).map((driver) => ({ driver, host: picture((width) => curvePicture(claim, driver, data, names, width)) }));
  const tested = claim.share !== null;
  return [
    h(
      "div",
      { class: "g12" },
      h(
        "div",
        { class: "c5" },
        howRead(claim),
      ),
      h(
        "div",
        { class: "c7" },
        tested && [
          h(
            "div",
            { class: byModel === null ? "" : "pair" },
            h("div", {}, h("h4", {}, data.document === null ? "Share of draws in which it holds" : "Share of draws, three ways"), arms),
            byModel !== null && h("div", {}, h("h4", {}, `By model; dashed: all together, ${share(claim.share)}`), byModel),
          ),
          tools({
            name: `claim-${claim.id}`,
            title: claimTitle(claim, data),
            table: () => armTable(claim, rows, models, names),
            parts: () => [...drawn(arms), ...(byModel === null ? [] : drawn(byModel))].map((svg, i) => ({ svg, heading: i === 0 ? "Share of draws" : "By model" })),
          }),
        ],
        h("h4", { class: "why" }, "Why"),
        h("p", {}, explain(claim, data, names).join(" ")),
        h("p", { class: "nt" }, "This follows from the stated assumptions; it is no forecast."),
      ),
    ),
    curves.length > 0 && [
      h("h4", { class: "ln" }, curvesTitle(claim), h("span", { class: "sub" }, "share of draws in which it holds, against the input; band: ± 2 standard errors; heavy on the axis: 90 % of what was drawn")),
      h("div", { class: "three" }, curves.map(({ driver, host }) => h("div", {}, h("h4", { dir: "auto" }, capital(isolated(driver.label)), h("span", { class: "rg" }, ` explains ${share(driver.strength)}`)), host))),
      tools({
        name: `claim-${claim.id}-inputs`,
        title: curvesTitle(claim),
        table: () => curveTable(claim.drivers.slice(0, 3), names),
        parts: () => curves.flatMap(({ driver, host }) => drawn(host).map((svg) => ({ svg, heading: driver.label }))),
      }),
    ],
  ];
}

function curvesTitle(claim: Claim): string {
  const shown = claim.drivers.slice(0, 3);
  const flips = shown.filter((d) => d.break_even !== null).length;
  if (flips === 0) return shown.length === 1 ? "The input that decides it most; it alone does not pass one half" : "The inputs that decide it most; none alone passes one half";
  return shown.length === 1 ? "The input that decides it, and where one half is passed" : "The inputs that decide it most, and where one half is passed";
}

// --- the section --------------------------------------------------------------------------------------

export interface Opened {
  element: HTMLElement;
  open(id: string): boolean; // false where no claim has that id
  current(): string | null;
}

export function claimSection(data: Data, names: Names, built: () => void, changed: (id: string) => void): Opened | null {
  const order = sorted(data.claims);
  const start = firstOpened(data);
  if (start === null) return null;
  const element = h("section", { id: "s-claim", class: "open", "aria-labelledby": "s-claim-title" });
  let current: Claim | null = null;

  const step = (claim: Claim | undefined, text: string): Child =>
    claim !== undefined && h("a", { href: `#${claim.id}`, title: claim.title }, text);

  const article = (claim: Claim, level: "h2" | "h3", id: string | null): Child[] => [
    h(
      "header",
      {},
      h("p", { class: "kick", dir: "auto" }, `A claim, opened${claim.who === "" ? "" : ` · ${isolated(claim.who)}`}`),
      h(level, { id, class: "h2", tabindex: -1, dir: "auto" }, claimTitle(claim, data)),
      h(
        "p",
        { class: "sub" },
        glyph(claim.verdict, 12),
        " ",
        h("b", { class: `v${letter(claim.verdict)}w` }, claim.verdict),
        claim.share === null ? (claim.needs === "" ? ", since no draw counts" : `: needs ${claim.needs}`) : ", from these assumptions",
      ),
    ),
    claimBody(claim, data, names),
  ];

  const show = (claim: Claim): void => {
    current = claim;
    const i = order.indexOf(claim);
    const every = h("button", { type: "button", class: "as-link" }, `Open all ${order.length} claims`);
    every.addEventListener("click", () => {
      const rest = order.filter((c) => c !== claim);
      every.closest(".steps")?.after(...rest.map((c) => h("article", { class: "more" }, article(c, "h3", null))));
      every.remove();
      built();
    });
    const place = h(
      "div",
      {},
      article(claim, "h2", "s-claim-title"),
      h("p", { class: "steps" }, step(order[i - 1], "← Claim before"), step(order[i + 1], "Claim after →"), h("a", { href: "#s-claims" }, "All claims"), order.length > 1 && every),
    );
    element.replaceChildren(...Array.from(place.childNodes));
    built();
    changed(claim.id);
  };
  show(start);
  return {
    element,
    current: () => current?.id ?? null,
    open: (id) => {
      const claim = data.claims.find((c) => c.id === id);
      if (claim === undefined) return false;
      if (claim !== current) show(claim);
      return true;
    },
  };
}

