// What every picture has beside itself: a table, and downloads as CSV, SVG and PNG. And when pictures are drawn: at the
// width of their place, again when that changes, and on paper at the width of the paper.

import { h, s, textWidth } from "./dom";
import type { Data } from "./data";

// --- tables ---------------------------------------------------------------------------------------

// A cell is what is shown and, where that is rounded, the value itself, which the CSV gets.
export type Cell = string | { show: string; value: string | number | null };
export interface Table {
  head: string[];
  rows: Cell[][];
}

export const cell = (show: string, value: string | number | null): Cell => ({ show, value });

function csvCell(value: string | number | null): string {
  if (value === null) return "";
  // A text that a spreadsheet would take for a formula gets an apostrophe, as spreadsheets write it themselves.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(table: Table): string {
  const rows: (string | number | null)[][] = [
    table.head,
    ...table.rows.map((row) => row.map((c) => (typeof c === "string" ? c : c.value))),
  ];
  return `${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

export function tableElement(table: Table, caption: string): HTMLTableElement {
  return h(
    "table",
    { class: "dt" },
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, table.head.map((text) => h("th", { scope: "col" }, text)))),
    h(
      "tbody",
      {},
      table.rows.map((row) =>
        h(
          "tr",
          {},
          row.map((c, i) => {
            const text = typeof c === "string" ? c : c.show;
            return i === 0 ? h("th", { scope: "row", dir: "auto" }, text) : h("td", { dir: "auto" }, text);
          }),
        ),
      ),
    ),
  );
}

// --- downloads ------------------------------------------------------------------------------------

export function download(name: string, type: string, content: string | Blob): void {
  const blob = typeof content === "string" ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: name.replace(/[^\w.-]+/g, "-") });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const CARRIED = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "fill-opacity",
  "font-size",
  "font-weight",
  "paint-order",
] as const;

// Several pictures one under the other, with a heading each, as one SVG that stands alone: the style that the page's
// sheet gives is written into every element.
export interface Part {
  svg: SVGSVGElement;
  heading: string;
}

function lines(words: string, width: number, size: number, weight: number): string[] {
  const out: string[] = [];
  for (const word of words.split(" ")) {
    const last = out[out.length - 1];
    if (last !== undefined && textWidth(`${last} ${word}`, size, weight) <= width) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  return out;
}

function standalone(parts: Part[], title: string, note: string): SVGSVGElement {
  const look = getComputedStyle(document.body);
  const width = Math.max(...parts.map((p) => p.svg.viewBox.baseVal.width), 320) + 32;
  const text = (y: number, size: number, weight: number, words: string): SVGTextElement =>
    s("text", { x: 16, y, "font-size": size, "font-weight": weight, fill: look.color }, words);
  const out = s("svg", { xmlns: "http://www.w3.org/2000/svg", "font-family": look.fontFamily });
  let y = 8;
  out.append(s("rect", { width: "100%", height: "100%", fill: look.backgroundColor }));
  for (const words of lines(title, width - 32, 16, 600)) out.append(text((y += 20), 16, 600, words));
  y += 14;
  for (const { svg, heading } of parts) {
    const clone = svg.cloneNode(true) as SVGSVGElement;
    const from = svg.querySelectorAll("*");
    clone.querySelectorAll("*").forEach((element, i) => {
      const source = from[i];
      if (source === undefined || element.tagName === "title") return;
      const style = getComputedStyle(source);
      for (const name of CARRIED) element.setAttribute(name, style.getPropertyValue(name));
      element.removeAttribute("class");
      element.removeAttribute("tabindex");
    });
    if (heading !== "") out.append(text((y += 18), 13, 600, heading));
    const box = svg.viewBox.baseVal;
    for (const [name, value] of Object.entries({ x: 16, y: y + 6, width: box.width, height: box.height, overflow: "visible" }))
      clone.setAttribute(name, String(value));
    clone.removeAttribute("class");
    out.append(clone);
    y += box.height + 14;
  }
  for (const words of lines(note, width - 32, 11, 400)) out.append(text((y += 15), 11, 400, words));
  y += 12;
  out.setAttribute("viewBox", `0 0 ${width} ${y}`);
  out.setAttribute("width", String(width));
  out.setAttribute("height", String(y));
  return out;
}

async function png(svg: SVGSVGElement): Promise<Blob | null> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = h("canvas", { width: 2 * svg.viewBox.baseVal.width, height: 2 * svg.viewBox.baseVal.height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

let provenance = "";
let stem = "entente";
export function nameDownloads(data: Data): void {
  stem = data.scenario.id || "entente";
  provenance = `entente ${data.version}, scenario ${data.scenario.id} ${data.scenario.hash}, seed ${data.seed}, ${data.draws} draws. From stated assumptions; no forecast.`;
}

export interface Tools {
  name: string; // what the files are called
  title: string; // stands over the picture in the files
  table: () => Table;
  all?: () => Table; // what the CSV has, where the table on the page would be too long
  parts?: () => Part[];
}

const button = (text: string, about: string, act: () => void): HTMLButtonElement =>
  h("button", { type: "button", class: "as-link", "aria-label": `${text}: ${about}`, click: act }, text);

export function tools({ name, title, table, all, parts }: Tools): HTMLElement {
  const file = `${stem}-${name}`;
  const details = h("details", {}, h("summary", {}, "Table"));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1)
      details.append(h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${title}` }, tableElement(table(), title)));
  });
  return h(
    "div",
    { class: "ff" },
    details,
    button("CSV", title, () => download(`${file}.csv`, "text/csv", csv((all ?? table)()))),
    parts && [
      button("SVG", title, () => {
        const svg = standalone(parts(), title, provenance);
        download(`${file}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(svg));
      }),
      button("PNG", title, () => {
        void png(standalone(parts(), title, provenance)).then((blob) => blob && download(`${file}.png`, "image/png", blob));
      }),
    ],
  );
}

// --- when pictures are drawn ----------------------------------------------------------------------

interface Picture {
  host: HTMLElement;
  draw: (width: number) => SVGSVGElement;
  width: number;
}
const pictures: Picture[] = [];

function redraw(picture: Picture): void {
  const width = Math.floor(picture.host.clientWidth);
  if (width <= 0 || width === picture.width) return;
  picture.width = width;
  picture.host.replaceChildren(picture.draw(width));
}

// A place that holds one picture, drawn at the width of the place once it is in the page.
export function picture(draw: (width: number) => SVGSVGElement, type = "pic"): HTMLElement {
  const host = h("div", { class: type });
  const entry: Picture = { host, draw, width: 0 };
  pictures.push(entry);
  return host;
}

export function drawn(host: HTMLElement): SVGSVGElement[] {
  return Array.from(host.querySelectorAll<SVGSVGElement>(":scope > svg"));
}

export function redrawAll(): void {
  for (const p of pictures.filter((one) => !one.host.isConnected && one.width > 0)) pictures.splice(pictures.indexOf(p), 1);
  pictures.forEach(redraw);
}

// --- what is built when it comes into view ----------------------------------------------------------

const waiting = new Map<Element, () => void>();
let watcher: IntersectionObserver | null = null;

function build(element: Element): void {
  const make = waiting.get(element);
  if (make === undefined) return;
  waiting.delete(element);
  watcher?.unobserve(element);
  make();
  redrawAll();
}

export function whenSeen(element: Element, make: () => void): void {
  waiting.set(element, make);
  watcher ??= new IntersectionObserver(
    (entries) => entries.filter((e) => e.isIntersecting).forEach((e) => build(e.target)),
    { rootMargin: "600px 0px" },
  );
  watcher.observe(element);
}

export function buildAll(): void {
  Array.from(waiting.keys()).forEach(build);
}

// One section at a time while the browser has nothing else to do, so that searching in the page finds everything.
export function buildWhenIdle(): void {
  const idle = window.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 50));
  const next = (): void => {
    const first = waiting.keys().next();
    if (first.done === true) return;
    build(first.value);
    idle(next);
  };
  idle(next);
}

export function followLayout(signal: AbortSignal): void {
  let frame = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(redrawAll);
  }, { signal });
  const paper = (on: boolean): void => {
    if (on) buildAll();
    document.documentElement.classList.toggle("printing", on);
    redrawAll();
  };
  window.addEventListener("beforeprint", () => paper(true), { signal });
  window.addEventListener("afterprint", () => paper(false), { signal });
}
