// A section below the first screen: its heading stands at once, its body is built when it comes near the view.

import { h } from "./dom";
import type { Child } from "./dom";
import { redrawAll, whenSeen } from "./figure";

export interface Section {
  id: string; // of the element; with a hyphen, so that it is never a claim's id
  nav: string; // its name in the row of links
  kick: string;
  title: string;
  sub?: Child[];
  body: () => Child[];
  type?: string;
}

export function heading(kick: string, title: string, sub: Child[] = [], id = ""): HTMLElement {
  return h(
    "header",
    {},
    h("p", { class: "kick" }, kick),
    h("h2", { dir: "auto", id: id === "" ? null : id }, title.replaceAll(" %", "\u00a0%")),
    sub.length > 0 && h("p", { class: "sub" }, sub),
  );
}

export function section({ id, kick, title, sub, body, type }: Section): HTMLElement {
  const element = h(
    "section",
    { id, class: type ?? null, "aria-labelledby": `${id}-title` },
    heading(kick, title, sub, `${id}-title`),
  );
  const place = h("div", { class: "body wait" });
  element.append(place);
  whenSeen(element, () => {
    place.className = "body";
    const parts = h("div", {}, body());
    place.replaceChildren(...Array.from(parts.childNodes));
  });
  return element;
}

// What is built when it is opened.
export function fold(title: string, make: () => Child[]): HTMLElement {
  const place = h("div", { class: "issue" });
  const details = h("details", { class: "fold" }, h("summary", { dir: "auto" }, title), place);
  details.addEventListener("toggle", () => {
    if (!details.open || place.childElementCount > 0) return;
    place.append(...h("div", {}, make()).childNodes);
    redrawAll();
  });
  return details;
}

// The first few as they are, the others folded; `make` is told whether to write the heading itself.
export function firstOpen<T>(items: T[], open: number, title: (item: T) => string, make: (item: T, headed: boolean) => Child[]): Child[] {
  return [
    ...items.slice(0, open).map((item) => h("div", { class: "issue" }, make(item, items.length > 1))),
    ...items.slice(open).map((item) => fold(title(item), () => make(item, false))),
  ];
}
