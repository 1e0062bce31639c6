// Verdicts as a glyph and a word, as everywhere in entente.
import { h } from "../src/dom";

const GLYPH: Record<string, [string, string]> = {
  follows: ["▲", "for"], "leans to": ["△", "for"], open: ["○", "none"], "leans against": ["▽", "against"],
  "does not follow": ["▼", "against"], "depends on the model": ["◆", "ink"], "not yet tested": ["–", "none"],
};

export function verdict(word: string): HTMLElement {
  const [glyph, tone] = GLYPH[word] ?? ["–", "none"];
  return h("span", { class: `verdict ${tone}` }, h("span", { "aria-hidden": "true" }, glyph), ` ${word}`);
}
export const percent = (x: number | null): string => (x === null ? "–" : x > 0 && x < 0.005 ? "<1 %" : x < 1 && x > 0.995 ? ">99 %" : `${Math.round(100 * x)} %`);

// A number with no digit beyond the error.
export function number(x: number | null, error: number | null = null): string {
  if (x === null) return "undefined";
  const size = Math.abs(x) > 0 ? Math.floor(Math.log10(Math.abs(x))) : 0;
  const place = error !== null && error > 0 ? Math.max(Math.floor(Math.log10(2 * error)), size - 2) : size - 2;
  const shown = Math.abs(x) >= 1e9 || (x !== 0 && Math.abs(x) < 1e-4) ? x.toPrecision(3) : x.toFixed(Math.min(10, Math.max(0, -place)));
  return shown.replace("-", "−");
}
