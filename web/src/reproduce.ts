// How to get the same bytes again, and everything in the page to take away.

import type { Data, Num, Quantity } from "./data";
import { h } from "./dom";
import type { Child } from "./dom";
import { cell, csv, download } from "./figure";
import type { Table } from "./figure";
import { claimsTable } from "./claims";
import { count, measured } from "./format";
import { modelsOfClaims } from "./names";
import type { Names } from "./names";
import type { Section } from "./section";

function quantitiesTable(quantities: Quantity[]): Table {
  const keys = ["mean", "sd", "p05", "p25", "p50", "p75", "p95", "mc_error", "undefined"] as const;
  const arms = [["with", (q: Quantity) => q], ["without", (q: Quantity) => q.without], ["taken", (q: Quantity) => q.taken]] as const;
  const raw = (v: Num): ReturnType<typeof cell> => cell(measured(v), v);
  return {
    head: ["name", "unit", "kind", "issue", "actor", "year", "known", ...arms.flatMap(([arm]) => keys.map((k) => `${k} ${arm}`))],
    rows: quantities.map((q) => [
      q.name, q.unit, q.kind, q.issue, q.actor, q.year === 0 ? "" : cell(String(q.year), q.year), raw(q.known),
      ...arms.flatMap(([, of]) => keys.map((k) => raw(of(q)[k]))),
    ]),
  };
}

export function reproduceSection(data: Data, names: Names, json: () => string): Section {
  const id = data.scenario.id || "entente";
  const button = (text: string, act: () => void): Child => h("button", { type: "button", class: "as-link", click: act }, text);
  const fact = (name: string, value: Child): Child => [h("dt", {}, name), h("dd", {}, value)];
  return {
    id: "s-reproduce",
    nav: "Reproduce",
    kick: "Reproduce",
    title: "The same command gives the same bytes",
    sub: ["On one thread or many, on one machine or another, by the same version"],
    body: () => [
      h(
        "div",
        { class: "g12" },
        h("div", { class: "c7" }, data.command !== "" && h("pre", { tabindex: 0, role: "region", "aria-label": "Command" }, h("code", {}, data.command))),
        h(
          "dl",
          { class: "c5" },
          fact("version", data.version),
          fact("seed", String(data.seed)),
          fact("draws", `${count(data.draws)}${data.has_given && data.effective_draws !== null ? `, effective ${measured(data.effective_draws, null, data.effective_draws < 10 ? 0 : -Infinity)}` : ""}`),
          data.has_given && data.log_evidence !== null && fact("log evidence", measured(data.log_evidence)),
          data.scenario.hash !== "" && fact("scenario", h("code", {}, data.scenario.hash)),
        ),
      ),
      h(
        "div",
        { class: "ff" },
        button("All results (JSON)", () => download(`${id}.json`, "application/json", json())),
        data.quantities.length > 0 && button("Quantities (CSV)", () => download(`${id}-quantities.csv`, "text/csv", csv(quantitiesTable(data.quantities)))),
        data.claims.length > 0 && button("Claims (CSV)", () => download(`${id}-claims.csv`, "text/csv", csv(claimsTable(data.claims, modelsOfClaims(data), names)))),
        data.files.map((f) => button(f.name, () => download(f.name.split(/[\\/]/).pop() ?? "file", "text/plain", f.text))),
      ),
    ],
  };
}
