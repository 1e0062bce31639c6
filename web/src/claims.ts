// The right half of the first screen: one row a claim, in the order of verdict and share.

import type { Claim, Data } from "./data";
import { h, round, s, textWidth } from "./dom";
import { cell, tools } from "./figure";
import type { Table } from "./figure";
import { errorText, measured, percent, shareError } from "./format";
import { modelsOfClaims } from "./names";
import type { Names } from "./names";
import { glyph, letter, sorted, tally } from "./verdict";

const BAR = 68;
const MOST_MODELS = 8; // marks that fit a row

// The share as a bar on a track with a tick at one half; the cap is two standard errors either way.
function bar(claim: Claim, effective: number | null): SVGSVGElement {
  const share = claim.share ?? 0;
  const two = (shareError(claim.share, claim.mc_error, effective) ?? 0) / 100;
  const exact = Math.min(two, Math.max(2 * (claim.mc_error ?? 0), 0.004));
  const [a, b] = [Math.max(0, share - exact) * BAR, Math.min(1, share + exact) * BAR];
  return s(
    "svg",
    { class: "bar", width: BAR, height: 12, viewBox: `0 0 ${BAR} 12`, "aria-hidden": "true" },
    s("path", { class: "tr", d: `M0 2h${BAR}v8h-${BAR}z` }),
    s("path", { class: `b${letter(claim.verdict)}`, d: `M0 2h${round(share * BAR)}v8h-${round(share * BAR)}z` }),
    s("path", { class: "mid", d: `M${BAR / 2} 0v12` }),
    s("path", { class: "er", d: `M${round(a)} 3.5v5M${round(b)} 3.5v5M${round(a)} 6H${round(b)}` }),
  );
}

function marks(claim: Claim, models: string[], names: Names): HTMLElement | null {
  if (Object.keys(claim.by_model).length === 0) return null; // it does not turn on the model
  const words = models.map((m) => `${names.model(m)}: ${claim.by_model[m]?.verdict ?? "no value"}`).join("; ");
  return h(
    "span",
    { class: "marks", role: "img", "aria-label": words, title: words },
    models.map((m) => {
      const arm = claim.by_model[m];
      return h("i", {}, arm === undefined ? "·" : glyph(arm.verdict, 10));
    }),
  );
}

// What decides it, in few words: the strongest input; nothing where none can be told from chance.
export function decides(claim: Claim): string {
  if (claim.needs !== "") return `needs ${claim.needs}`;
  if (claim.verdict === "not yet tested") return "no draw counts";
  const strong = claim.drivers.filter((d) => d.strength !== null && d.strength > 2 * (d.strength_error ?? 0));
  const [first] = strong;
  if (first !== undefined) return first.label;
  if (claim.share === 0 || claim.share === 1) return "nothing: always the same";
  return "no single input";
}

const shortWho = (who: string): string => who.replace(/^the /i, "");

interface Columns {
  who: boolean;
  models: string[];
}

function row(claim: Claim, columns: Columns, data: Data, names: Names, after: Claim | undefined): HTMLTableRowElement {
  const untested = claim.share === null;
  const v = letter(claim.verdict);
  const error = errorText(claim.share, claim.mc_error, data.effective_draws);
  const what = decides(claim);
  const tr = h(
    "tr",
    { class: `${after !== undefined && after.verdict !== claim.verdict ? "brk" : ""} ${untested ? "un" : ""}`.trim() || null, role: "row", "data-claim": claim.id },
    h("td", { class: "cv", role: "cell" }, glyph(claim.verdict, 11), h("span", { class: `v${v}w` }, claim.verdict)),
    h("th", { class: "cs", role: "rowheader", scope: "row", dir: "auto" }, h("a", { href: `#${claim.id}`, title: claim.title }, claim.title)),
    columns.who && h("td", { class: "cw", role: "cell", dir: "auto", title: claim.who }, shortWho(claim.who)),
    untested
      ? h("td", { class: "cx", role: "cell", colspan: columns.models.length > 0 ? 4 : 3 }, what)
      : [
          h("td", { class: "cb", role: "cell" }, bar(claim, data.effective_draws)),
          h(
            "td",
            { class: "cn", role: "cell" },
            claim.near_threshold && h("span", { title: "within two errors of a threshold" }, "≈ "),
            percent(claim.share),
            " ",
            h("i", {}, error),
          ),
          columns.models.length > 0 && h("td", { class: "cm", role: "cell" }, marks(claim, columns.models, names)),
          h("td", { class: "cd", role: "cell", dir: "auto", title: what }, what),
        ],
  );
  tr.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.target.closest("a") !== null || getSelection()?.toString() !== "") return;
    location.hash = claim.id;
  });
  return tr;
}

export function claimsTable(claims: Claim[], models: string[], names: Names): Table {
  return {
    head: ["id", "claim", "who", "verdict", "share %", "standard error %", "without %", "taken %", "counted %", "near a threshold", "needs",
      ...models.map((m) => `${names.model(m)} %`), "what decides it", "holds"],
    rows: claims.map((c) => {
      const share = (x: number | null): { show: string; value: number | null } => cell(x === null ? "" : percent(x), x === null ? null : 100 * x) as { show: string; value: number | null };
      return [
        c.id, c.title, c.who, c.verdict, share(c.share),
        cell(measured(c.mc_error === null ? null : 100 * c.mc_error), c.mc_error === null ? null : 100 * c.mc_error),
        share(c.without.share), share(c.taken.share), share(c.counted), c.near_threshold ? "yes" : "no", c.needs,
        ...models.map((m) => share(c.by_model[m]?.share ?? null)), decides(c), c.holds || c.overall,
      ];
    }),
  };
}

function head(columns: Columns, names: Names): HTMLElement {
  const th = (type: string, ...children: (Node | string)[]): HTMLElement =>
    h("th", { scope: "col", role: "columnheader", class: type }, children);
  return h(
    "thead",
    { role: "rowgroup" },
    h(
      "tr",
      { role: "row" },
      th("cv", "Verdict"),
      th("cs", "Claim"),
      columns.who && th("cw", "Who"),
      th("cb", "Share, %"),
      h("td", { class: "cn", role: "cell" }),
      columns.models.length > 0 && th("cm", h("span", { class: "marks", role: "img", "aria-label": "Verdict under each model" }, columns.models.map((m) => h("i", { title: names.model(m) }, names.letters.get(m) ?? "")))),
      th("cd", "What decides it"),
    ),
  );
}

export function claimsPart(data: Data, names: Names): HTMLElement {
  const claims = sorted(data.claims);
  const all = modelsOfClaims(data);
  const speakers = new Set(claims.map((c) => c.who));
  const columns: Columns = { who: speakers.size > 1, models: all.length > 1 && all.length <= MOST_MODELS ? all : [] };
  const [who] = speakers;
  const title = claims.length === 0 ? "No claim is put to the test" : tally(claims);
  const arm = data.document === null ? "in which the claim holds" : "with the document, in which the claim holds";
  const near = claims.some((c) => c.near_threshold) ? "; ≈ within error of a threshold" : "";
  const table = h(
    "table",
    { class: "ct", role: "table", "aria-labelledby": "claims-title" },
    head(columns, names),
    h("tbody", { role: "rowgroup" }, claims.map((c, i) => row(c, columns, data, names, claims[i - 1]))),
  );
  table.style.setProperty("--rows", String(claims.length));
  table.style.setProperty("--models", String(columns.models.length));
  // Claims get the width that they need and speakers what three of four need, within limits; what decides it gets the rest.
  const widest = (texts: string[], size: number, most: number): string => `${Math.ceil(Math.min(most, Math.max(40, ...texts.map((t) => textWidth(t, size)))))}px`;
  table.style.setProperty("--claim", widest(claims.map((c) => c.title), 13, 258));
  const speaker = claims.map((c) => shortWho(c.who)).sort((a, b) => a.length - b.length)[Math.floor(claims.length * 0.75)] ?? "";
  table.style.setProperty("--who", widest([speaker], 12, 64));
  return h(
    "section",
    { id: "s-claims", class: "p0", "aria-labelledby": "claims-title" },
    h("h2", { class: "sm", id: "claims-title" }, title),
    claims.length === 0
      ? h("p", { class: "nt" }, "The scenario makes no claims. Write them under ", h("code", {}, "claims:"), " to have them tested here.")
      : [
          h("p", { class: "sub" }, `Share of draws, ${arm}, %; bar end shows ± 2 standard errors${near}${speakers.size === 1 && who !== "" ? `; all by ${who}` : ""}`),
          table,
          h(
            "div",
            { class: "keyrow" },
            tools({ name: "claims", title, table: () => claimsTable(claims, all, names) }),
            columns.models.length > 0 &&
              h("p", { class: "key" }, columns.models.map((m) => [h("b", {}, names.letters.get(m) ?? ""), ` ${names.model(m)}`]), ", each alone"),
          ),
        ],
  );
}
