// A section below the first screen: its heading stands at once, its body is built when it comes near the view.

import { h } from "./dom";
import type { Child } from "./dom";
import { whenSeen } from "./figure";

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
    h("h2", { dir: "auto", id: id === "" ? null : id }, title),
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
