// A plain text area with line numbers, and marks behind the lines in which something is wrong.
import { h } from "../src/dom";
import type { Finding } from "./api";

const LINE = 20; // pixels, as in the style

export interface Editor {
  element: HTMLElement;
  set(text: string): void;
  mark(findings: Finding[]): void;
  go(line: number, column: number): void;
}

export function editor(label: string, changed: (text: string) => void): Editor {
  const area = h("textarea", {
    class: "code", spellcheck: "false", wrap: "off", autocapitalize: "off", autocomplete: "off", "aria-label": label, "aria-describedby": "findings", dir: "ltr",
    input: () => {
      count();
      changed(area.value);
    },
    scroll: () => follow(),
  });
  const numbers = h("pre", { "aria-hidden": "true" });
  const gutter = h("div", { class: "gutter" }, numbers);
  const marks = h("div", { class: "marks", "aria-hidden": "true" });
  const behind = h("div", { class: "behind" }, marks);
  const element = h("div", { class: "editor" }, gutter, h("div", { class: "sheet" }, behind, area));
  let lines = 0;

  function count(): void {
    const n = area.value.split("\n").length;
    if (n === lines) return;
    lines = n;
    numbers.textContent = Array.from({ length: n }, (_, i) => String(i + 1)).join("\n");
  }
  function follow(): void {
    numbers.style.transform = `translateY(${-area.scrollTop}px)`;
    marks.style.transform = `translateY(${-area.scrollTop}px)`;
  }
  return {
    element,
    set(text) {
      if (area.value !== text) area.value = text;
      count();
      follow();
    },
    mark(findings) {
      marks.replaceChildren(
        ...[...new Map(findings.filter((f) => f.line > 0).map((f) => [f.line, f])).values()].map((f) => {
          const stripe = h("div", { class: `stripe ${f.severity}` });
          stripe.style.top = `${(f.line - 1) * LINE + 8}px`;
          return stripe;
        }),
      );
      area.setAttribute("aria-invalid", String(findings.some((f) => f.severity === "error")));
      follow();
    },
    go(line, column) {
      const before = area.value.split("\n").slice(0, Math.max(0, line - 1)).join("\n").length + (line > 1 ? 1 : 0);
      const place = Math.min(area.value.length, before + Array.from(area.value.slice(before)).slice(0, Math.max(0, column - 1)).join("").length);
      area.focus();
      area.setSelectionRange(place, place);
      area.scrollTop = Math.max(0, (line - 4) * LINE);
      follow();
    },
  };
}
