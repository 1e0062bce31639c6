// The head of the page: the question, what was computed, and what a reader must know before believing any of it.

import type { Data } from "./data";
import { h } from "./dom";
import { count, inWords, measured, plural } from "./format";

// Warnings are words at the top, in red: an unfinished run; too few draws that count.
export function warnings(data: Data): string[] {
  const out: string[] = [];
  if (data.interrupted || data.draws < data.draws_asked)
    out.push(`The run was interrupted: these are the first ${count(data.draws)} of ${count(data.draws_asked)} draws.`);
  if (data.effective_draws !== null && data.effective_draws < 200) {
    const n = data.effective_draws < 10 ? measured(data.effective_draws, null, 0) : count(Math.round(data.effective_draws));
    out.push(
      data.has_given
        ? `Only ${n} draws effectively count after what is known: too few to trust any number here. Below 200, run more draws or state less as known.`
        : `Only ${n} draws: too few to trust any number here. Run at least 200.`,
    );
  }
  if (data.format !== 1) out.push(`The data are of format ${data.format}, this page reads format 1: parts may be missing or wrong.`);
  return out;
}

export function computed(data: Data): string {
  const uncertain = data.inputs.length > 0 ? data.inputs.filter((i) => i.uncertain).length : (data.counts["inputs"] ?? 0);
  const models = data.counts["models"] ?? data.models.length;
  const draws = `${count(data.draws)} ${plural(data.draws, "draw")}`;
  const parts = [uncertain === 0 ? `${draws}, no uncertain input` : `${draws} of ${count(uncertain)} uncertain ${plural(uncertain, "input")}`];
  if (models > 0) parts.push(`${inWords(models)} ${plural(models, "model")}`);
  if (data.has_given && data.effective_draws !== null)
    parts.push(`effective ${data.effective_draws < 10 ? measured(data.effective_draws, null, 0) : measured(data.effective_draws)} after what is known`);
  if (data.counted) parts.push("draws counted in bins: quantiles exact to a bin, within their errors");
  return parts.join("; ");
}

// Numbers of a run that was changed in the page say so, with the way back.
function changedNote(changes: number, back: () => void): HTMLElement {
  return h("p", { class: "changed-note", role: "status" }, `Every number here is with ${inWords(changes)} ${plural(changes, "change")} of yours. `, h("button", { type: "button", class: "as-link", click: back }, "Back to the report as it was"));
}

export function top(data: Data, changes = 0, back: () => void = () => {}): HTMLElement[] {
  const document = data.document;
  const about = document === null ? "" : [document.title, document.title.includes(document.date.slice(0, 4)) ? "" : document.date].filter((t) => t !== "").join(", ");
  const question = data.scenario.title;
  return [
    h(
      "div",
      { class: "ban" },
      h(
        "div",
        { class: "wrap" },
        h("b", {}, "entente"),
        h("span", { class: "doc", dir: "auto" }, about),
        h("span", { class: "r" }, `report · version ${data.version} · seed ${data.seed}`),
      ),
    ),
    h(
      "header",
      { class: "top wrap" },
      h("h1", { dir: "auto", class: question.length > 76 ? "long" : null }, question),
      h(
        "p",
        { class: "lede" },
        `${computed(data)}. What follows, follows `,
        h("b", {}, "from these assumptions"),
        "; it is no forecast.",
      ),
      changes > 0 && changedNote(changes, back),
      warnings(data).map((text) => h("p", { class: "warn" }, text)),
    ),
  ];
}

