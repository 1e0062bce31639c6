// What it rests on: the map, the inputs, what is known, the models and the limits; and before it the document.

import type { Data, Input, Provision } from "./data";
import { h, linked } from "./dom";
import type { Child } from "./dom";
import { cell, tools } from "./figure";
import type { Table } from "./figure";
import { capital, count, inWords, measured, percent, place, plural, at, errorText } from "./format";
import { inputsPart, inputsTitle, intervals, movedBy, ownScale, unitOf } from "./inputs";
import type { MapPart } from "./map";
import type { Section } from "./section";

// --- the document -------------------------------------------------------------------------------------

function documentTitle(provisions: Provision[]): string {
  const n = provisions.length;
  const binding = provisions.filter((p) => p.binding === true).length;
  const first = `${capital(inWords(n))} ${plural(n, "provision")}`;
  const said = provisions.every((p) => p.binding === null) ? "" : binding === 0 ? ", none binding" : binding === n ? ", all binding" : `, ${inWords(binding)} binding`;
  const shares = provisions.map((p) => p.share).filter((x): x is number => x !== null);
  if (shares.length === 0) return first + said;
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const told = percent(low) === percent(high) ? `${percent(low)} %` : `${percent(low)} to ${percent(high)} %`;
  return low === 1 ? `${first}${said}; certain to take hold` : `${first}${said}; ${n === 1 ? "it takes" : "they take"} hold in ${told} of draws`;
}

export function documentSection(data: Data): Section | null {
  const document = data.document;
  if (document === null || data.provisions.length === 0) return null;
  const issuer = data.actors[document.issuer]?.name ?? document.issuer;
  const from = [document.title, issuer, document.date].filter((t) => t !== "").join(" · ");
  const title = documentTitle(data.provisions);
  const table = (): Table => ({
    head: ["Provision", "It says", "Binding", "Takes hold", "Share of draws %", "Standard error %", "It changes"],
    rows: data.provisions.map((p) => [
      p.title, p.says, p.binding === null ? "not said" : p.binding ? "yes" : "no", p.takes_hold || "certain",
      cell(percent(p.share), p.share === null ? null : 100 * p.share), cell(measured(p.share_error === null ? null : 100 * p.share_error), p.share_error === null ? null : 100 * p.share_error),
      p.changes.join("; "),
    ]),
  });
  return {
    id: "s-document",
    nav: "The document",
    kick: "The document",
    title,
    sub: [from],
    body: () => [
      h(
        "ol",
        { class: "provisions" },
        data.provisions.map((p) =>
          h(
            "li",
            {},
            h("h3", { dir: "auto" }, p.title),
            p.says !== "" && h("p", { dir: "auto" }, p.says),
            h(
              "p",
              { class: "nt" },
              p.binding === null ? "" : p.binding ? "Binding. " : "Not binding. ",
              p.share === null ? "" : p.share >= 1 ? "Takes hold in every draw" : `Takes hold in ${percent(p.share)} % of draws${p.share <= 0 ? "" : ` (${errorText(p.share, p.share_error, data.effective_draws)})`}`,
              p.takes_hold === "" ? "." : [", by ", h("code", {}, p.takes_hold), "."],
            ),
            p.changes.length > 0 && h("ul", { class: "changes" }, p.changes.map((c) => h("li", {}, h("code", {}, c)))),
          ),
        ),
      ),
      document.source !== "" && h("p", { class: "nt" }, "Source: ", linked(document.source)),
      tools({ name: "document", title, table }),
    ],
  };
}

// --- what is known ------------------------------------------------------------------------------------

const MOST_MOVED = 8;

function pairText(input: Input): string {
  const [a, b] = [input.prior.p50, input.weighted.p50];
  if (a === null || b === null) return "";
  const error = Math.max(input.prior.quantile_error.p50 ?? 0, input.weighted.quantile_error.p50 ?? 0);
  const power = place(Math.max(Math.abs(a), Math.abs(b)), error);
  return `${at(a, power)} → ${at(b, power)}`;
}

function knownPart(data: Data): Child[] {
  if (!data.has_given && data.given.length === 0) return [];
  const moved = data.inputs.filter((i) => movedBy(i) !== 0).sort((a, b) => Math.abs(movedBy(b)) - Math.abs(movedBy(a)));
  const uncertain = data.inputs.filter((i) => i.uncertain).length;
  const title = moved.length === 0 ? "What is known moves no input beyond doubt" : `What is known moves ${count(moved.length)} of ${count(uncertain)} uncertain ${plural(uncertain, "input")}`;
  const shown = moved.slice(0, MOST_MOVED);
  const table = (): Table => ({
    head: ["Input", "Unit", "Median as drawn", "Median after", "Shift in its own spread"],
    rows: moved.map((i) => [i.label, i.unit, cell(measured(i.prior.p50), i.prior.p50), cell(measured(i.weighted.p50), i.weighted.p50), cell(measured(movedBy(i)), movedBy(i))]),
  });
  return [
    h("h3", { class: "h3", id: "known" }, title),
    h("p", { class: "sub" }, `Each draw counts by how well it agrees with what is known; ${count(data.draws)} draws count as ${data.effective_draws === null ? "an unknown number" : measured(data.effective_draws, null, data.effective_draws < 10 ? 0 : -Infinity)}`),
    h(
      "ul",
      { class: "given" },
      data.given.map((g) =>
        h("li", { dir: "auto" }, g.says !== "" ? g.says : h("code", {}, g.text), g.share !== null && ` It agrees with ${percent(g.share)} % of draws.`, h("br"), h("span", { class: "rg" }, g.says !== "" && [h("code", {}, g.text), " · "], linked(g.source))),
      ),
    ),
    shown.length > 0 && [
      h("h4", { class: "ln" }, "The inputs that it moves most", h("span", { class: "sub" }, "90 % of what was drawn (grey) and of what is left (ink), median to median")),
      h(
        "div",
        { class: "moved" },
        shown.map((i) => h("div", {}, h("span", { dir: "auto", title: i.name }, i.label), h("b", {}, pairText(i), " ", h("span", { class: "rg" }, unitOf(i.unit))), intervals(i, ownScale, 180))),
      ),
      tools({ name: "known", title, table }),
    ],
  ];
}

// --- models and limits ----------------------------------------------------------------------------------

function modelsPart(data: Data): Child[] {
  if (data.models.length === 0) return [];
  const n = data.models.length;
  const title = `${capital(inWords(n))} ${plural(n, "model")}, ${n === 1 ? "with its paper" : "each with its paper"}`;
  return [
    h("h3", { class: "h3", id: "models" }, title),
    h(
      "div",
      { class: "models" },
      data.models.map((m) =>
        h(
          "div",
          {},
          h("h4", { dir: "auto" }, m.title),
          h("p", { dir: "auto" }, m.summary),
          m.equation !== "" && h("pre", { tabindex: 0, role: "region", "aria-label": `Equation of ${m.title}` }, h("code", {}, m.equation)),
          h("p", { class: "nt" }, linked(m.citation), m.accuracy !== "" && [h("br"), "Known accuracy: ", linked(m.accuracy)], m.cost !== "" && [h("br"), "Cost: ", m.cost]),
        ),
      ),
    ),
    tools({ name: "models", title, table: () => ({ head: ["Model", "Summary", "Equation", "Paper", "Accuracy", "Cost"], rows: data.models.map((m) => [m.title, m.summary, m.equation, m.citation, m.accuracy, m.cost]) }) }),
  ];
}

function limitsPart(data: Data): Child[] {
  return [
    h("h3", { class: "h3", id: "limits" }, "Limits"),
    h("ul", { class: "limits" }, data.scenario.limits.map((text) => h("li", { dir: "auto" }, linked(text))), h("li", {}, "Shares are of draws from stated ranges; they are no probabilities of what will happen.")),
  ];
}

export function restsSection(data: Data, map: () => MapPart | null): Section {
  return {
    id: "s-rests",
    nav: "What it rests on",
    kick: "What it rests on",
    title: inputsTitle(data),
    sub: ["From what goes in, left, to what is claimed, right; every input below, with its range, source and reason"],
    body: () => [map()?.children ?? null, inputsPart(data), knownPart(data), modelsPart(data), limitsPart(data)],
  };
}
