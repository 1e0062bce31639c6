// Making elements. Text from the data goes in as text nodes and attribute values only, never as markup.

export type Child = Node | string | null | undefined | false | Child[];
export type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, children);
}

export function add(parent: Node, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) add(parent, child);
    else if (child !== null && child !== undefined && child !== false)
      parent.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, attributes, children);
  return element;
}

export const round = (x: number): number => Math.round(x * 10) / 10;

export function line(x1: number, y1: number, x2: number, y2: number, type: string): SVGPathElement {
  return s("path", { d: `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`, class: type });
}

export function label(x: number, y: number, text: string, type = "", anchor = "start"): SVGTextElement {
  return s(
    "text",
    { x: round(x), y: round(y), class: `t ${type}`.trim(), "text-anchor": anchor === "start" ? null : anchor },
    text,
  );
}

// An arrow head at (x, y), pointing along the x axis.
export function arrowHead(x: number, y: number, direction: number, type: string): SVGPathElement {
  return s("path", { d: `M${round(x)} ${round(y)}l${direction * -6} -3.5v7z`, class: type });
}

let pen: CanvasRenderingContext2D | null = null;
let family = "";

// The width of a text in the page's own typeface, in CSS pixels.
export function textWidth(text: string, size: number, weight = 400): number {
  if (pen === null) {
    pen = document.createElement("canvas").getContext("2d");
    family = getComputedStyle(document.body).fontFamily;
  }
  if (pen === null) return text.length * size * 0.56;
  pen.font = `${weight} ${size}px ${family}`;
  return pen.measureText(text.replace(/\d/g, "0")).width; // digits are tabular on the page
}

// The text, or as much of it as fits, with an ellipsis.
export function fitted(text: string, width: number, size: number, weight = 400): string {
  if (textWidth(text, size, weight) <= width) return text;
  const letters = Array.from(text);
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`${letters.slice(0, middle).join("").trimEnd()}…`, size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}

// The text on as many lines as it needs, `most` at the most; the last one ends in an ellipsis where it does not fit.
export function wrapped(text: string, width: number, size: number, most = 2): string[] {
  const out: string[] = [];
  for (const word of text.split(" ")) {
    const last = out[out.length - 1];
    if (last !== undefined && (out.length === most || textWidth(`${last} ${word}`, size) <= width)) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  return out.map((line) => fitted(line, width, size));
}

// Text in which web addresses are links; everything else stays text.
export function linked(text: string): Child[] {
  return text.split(/(https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:])/).map((part, i) =>
    i % 2 === 1 ? h("a", { href: part, rel: "noreferrer" }, part) : part,
  );
}
