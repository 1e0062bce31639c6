// Two runs side by side, or the scenario as it stands under two settings: on the same draws, with the error of the difference.
import { add, h, s } from "../src/dom";
import * as api from "./api";
import type { Desk } from "./desk";
import { failure, grouped, message, progress, readSettings, settingsBox, settingsText, when } from "./runs";
import { number, percent, verdict } from "./verdict";

const TELLING = 3.5; // errors; among so many pairs, chance alone brings two
const MOST_OTHERS = 25;

function size(p: api.Pair): number {
  return p.difference === null || p.mc_error === null || p.difference === 0 ? 0 : p.mc_error > 0 ? Math.abs(p.difference) / p.mc_error : Infinity;
}

// A share or a number on the first side and on the second, on one line.
function picture(p: api.Pair, low: number, high: number): SVGSVGElement {
  const x = (v: number): number => Math.round((4 + (152 * (v - low)) / (high - low || 1)) * 10) / 10;
  const { a, b } = p;
  if (a === null || b === null) return s("svg", { width: 160, height: 16, "aria-hidden": "true" });
  return s("svg", { width: 160, height: 16, viewBox: "0 0 160 16", "aria-hidden": "true" }, s("path", { d: "M4 8H156", class: "axis" }), s("path", { d: `M${x(a)} 8H${x(b)}`, class: "move" }),
    s("circle", { cx: x(a), cy: 8, r: 3.5, class: "was" }), s("circle", { cx: x(b), cy: 8, r: 4, class: "is" }));
}

function difference(p: api.Pair, share: boolean): string {
  if (p.difference === null) return "undefined";
  const k = share ? 100 : 1;
  const sign = p.difference > 0 ? "+" : "";
  const error = p.mc_error === null || p.mc_error === 0 ? "" : ` ± ${number(2 * k * p.mc_error, k * p.mc_error)}`;
  return p.difference === 0 ? "none" : `${sign}${number(k * p.difference, k * (p.mc_error ?? 0))}${error}${share ? " points" : ""}`;
}

function rows(pairs: [string, api.Pair][], share: boolean): HTMLElement {
  const show = (v: number | null, e: number | null): string => (share ? (v === null ? "" : percent(v)) : number(v, e));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": share ? "Claims" : "Quantities" }, h("table", { class: "pairs" },
    h("thead", {}, h("tr", {}, ["", "first", "second", "", "difference"].map((t) => h("th", { scope: "col" }, t === "" ? h("span", { class: "hidden" }, "picture or name") : t)))),
    h("tbody", {}, pairs.map(([name, p]) => {
      const ends = [p.a, p.b].filter((v): v is number => v !== null);
      const span = Math.max(...ends) - Math.min(...ends);
      return h("tr", { class: size(p) > TELLING ? "telling" : null }, h("th", { scope: "row", dir: "auto" }, p.title !== "" ? p.title : name.replaceAll("_", " "), p.unit !== undefined && p.unit !== "" ? h("small", {}, ` ${p.unit}`) : null),
        h("td", {}, show(p.a, p.mc_error), share && p.verdict_a !== undefined ? [" ", verdict(p.verdict_a)] : null), h("td", {}, show(p.b, p.mc_error), share && p.verdict_b !== undefined ? [" ", verdict(p.verdict_b)] : null),
        h("td", {}, share ? picture(p, 0, 1) : picture(p, Math.min(...ends) - span, Math.max(...ends) + span)), h("td", {}, difference(p, share)));
    }))));
}

function told(c: api.Comparison): HTMLElement {
  const claims = Object.entries(c.claims);
  const quantities = Object.entries(c.quantities);
  const others = quantities.filter(([, p]) => p.headline !== true && size(p) > TELLING).sort(([, p], [, q]) => size(q) - size(p));
  const differ = [...claims, ...quantities].filter(([, p]) => size(p) > TELLING).length;
  const save = URL.createObjectURL(new Blob([JSON.stringify(c, null, 1)], { type: "application/json" }));
  return h("div", {}, h("h2", { tabindex: "-1" }, differ === 0 ? "Nothing differs beyond chance" : `${differ} of ${claims.length + quantities.length} claims and quantities differ`),
    h("p", { class: "note" }, `On the same ${grouped(c.draws)} draws, with the document; what differs by more than ${TELLING} errors is in bold; in the pictures the ring is the first, the dot the second. `, h("a", { href: save, download: "comparison.json" }, "Save as JSON")),
    h("h3", {}, "Claims"), rows(claims, true), h("h3", {}, "Outcomes"), rows(quantities.filter(([, p]) => p.headline === true), false),
    others.length > 0 ? [h("h3", {}, `Other quantities that differ${others.length > MOST_OTHERS ? `: the first ${MOST_OTHERS} of ${others.length}` : ""}`), rows(others.slice(0, MOST_OTHERS), false)] : null,
    c.only_a.length + c.only_b.length > 0 ? h("p", { class: "note" }, `Only in the first: ${c.only_a.slice(0, 8).join(", ") || "nothing"}. Only in the second: ${c.only_b.slice(0, 8).join(", ") || "nothing"}.`) : null);
}

function side(desk: Desk, label: string, runs: api.Run[], chosen: string): { element: HTMLElement; read: () => api.Side } {
  const id = `side-${label}`;
  const select = h("select", { id }, h("option", { value: "" }, "the scenario as it is saved now"), runs.map((r) => {
    const what = [r.note, settingsText(r.settings)].filter((t) => t !== "").join("; ");
    return h("option", { value: r.id, selected: r.id === chosen }, `run of ${when(r.started)}${what === "" ? "" : `: ${what.slice(0, 60)}`}`);
  }));
  const settings = settingsBox(desk, `Settings of the ${label}`);
  return {
    element: h("fieldset", {}, h("legend", {}, `The ${label}`), h("div", { class: "field wide" }, h("label", { for: id }, "Which"), select), settings.element),
    read: () => {
      const body: api.Side = { scenario: desk.scenario.id, settings: readSettings(settings.area.value) };
      if (select.value !== "") body.run = select.value;
      return body;
    },
  };
}

export function compareView(desk: Desk, first: string): { element: HTMLElement; done: () => void } {
  const box = h("div", {});
  const out = h("div", { "aria-live": "polite" });
  const element = h("div", {});
  const draws = h("input", { id: "compare-draws", inputmode: "numeric", placeholder: "the first one's" });
  const go = h("button", { type: "submit", class: "main" }, "Compare");
  async function compare(a: () => api.Side, b: () => api.Side): Promise<void> {
    out.replaceChildren();
    try {
      const body: { a: api.Side; b: api.Side; draws?: number } = { a: a(), b: b() };
      if (draws.value.trim() !== "") body.draws = Number(draws.value);
      go.disabled = true;
      const job = await api.startCompare(body);
      const end = await progress(job.id, "Comparing", box);
      if (end.state === "done") {
        add(out, [told(await api.result(job.id))]);
        out.querySelector("h2")?.focus();
      } else add(out, [end.state === "stopped" ? h("p", {}, "Stopped.") : failure(end)]);
    } catch (error) {
      add(out, [h("p", { role: "alert", class: "failed" }, message(error))]);
    }
    go.disabled = false;
  }
  // First what was before: the run that was asked for, or the last but one; then the last run, or the scenario as it is now.
  void api.runs(desk.scenario.id).catch(() => ({ runs: [] as api.Run[] })).then(({ runs }) => {
    const before = first !== "" ? first : (runs[1] ?? runs[0])?.id ?? "";
    const second = runs[0]?.id === before ? "" : runs[0]?.id ?? "";
    const a = side(desk, "first", runs, before);
    const b = side(desk, "second", runs, second);
    add(element, [h("form", { class: "sides", submit: (e) => { e.preventDefault(); void compare(a.read, b.read); } }, h("h2", {}, "Compare"), h("div", { class: "pair" }, a.element, b.element), h("div", { class: "field" }, h("label", { for: "compare-draws" }, "Draws"), draws), go), box, out]);
  });
  return { element, done: () => undefined };
}
