// What matters: what each provision contributes, which inputs do, what actors could do about it. From `entente run --why`.

import type { Claim, Data, Num } from "./data";
import { rowsPicture, scaleTicks } from "./chart";
import { h } from "./dom";
import type { Child } from "./dom";
import { cell, drawn, picture, redrawAll, tools } from "./figure";
import type { Table } from "./figure";
import { capital, count, inWords, isolated, listed, measured, onCurve, percent, plain, plural, signed } from "./format";
import { properIn } from "./names";
import { list, number, object, text, truth } from "./read";
import type { Raw } from "./read";
import type { Section } from "./section";

// A claim is told in points of a hundred, a quantity in its unit.
interface Measure {
  claim: boolean;
  unit: string;
}
const sized = (x: Num, m: Measure): Num => (x === null ? null : m.claim ? 100 * x : x);
const told = (x: Num, error: Num, m: Measure): string => measured(sized(x, m), sized(error, m));
const unitOf = (m: Measure): string => (m.claim ? "points of a hundred" : m.unit);
const withSign = (x: Num, error: Num, m: Measure): string => {
  const value = sized(x, m) ?? 0;
  const shown = measured(value, sized(error, m));
  return value > 0 && /[1-9]/.test(shown) ? `+${shown}` : shown;
};

// Labels name a model by its id, "how us_consent[2026] falls": its title says more.
type Named = (label: string) => string;
function namedBy(data: Data): Named {
  const titles = new Map(data.rooms.decisions.map((d) => [d.id, d.title] as const));
  const proper = properIn(data);
  return (label) => proper(label).replace(/\bhow (\w+)\[(\d+)\] falls\b/, (all, id: string, year: string) => (titles.has(id) ? `how “${titles.get(id) ?? ""}” falls in ${year}` : all));
}
const bare = (title: string): string => title.replace(/\.$/, ""); // a sentence inside a sentence

const entries = (x: unknown): [string, Raw][] => Object.entries(object(x)).map(([k, v]) => [k, object(v)]);
const measure = (t: Raw): Measure => ({ claim: text(t["kind"]) === "claim", unit: text(t["unit"]) });

// --- what each provision contributes ---------------------------------------------------------------------

interface Part {
  title: string;
  value: Num;
  error: Num;
}

function attribution(name: string, target: Raw, provisions: Map<string, string>, title: string): Child[] {
  const m = measure(target);
  const parts: Part[] = entries(target["shares"]).map(([id, s]) => ({ title: provisions.get(id) ?? id, value: number(s["value"]), error: number(s["mc_error"]) }));
  const known = parts.filter((p) => p.value !== null && p.value !== 0).sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0));
  const change = number(target["change"]);
  if (change === null) return [h("p", {}, `It has no parts: ${text(target["why_not"]) || "no value"}.`)];
  if (known.length === 0) return [h("p", {}, "No provision has any effect on it.")];
  const values = known.map((p) => sized(p.value, m) ?? 0);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const [first] = known;
  const finding = `${first?.title ?? ""} contributes ${withSign(first?.value ?? null, first?.error ?? null, m)} of the change of ${withSign(change, number(target["mc_error"]), m)}`;
  const alt = `${finding}. ${known.map((p) => `${p.title}: ${withSign(p.value, p.error, m)}`).join("; ")}.`;
  const host = picture((width) =>
    rowsPicture(
      {
        rows: known.map((p) => ({ name: p.title, marks: [{ at: sized(p.value, m), type: (p.value ?? 0) < 0 ? "fg" : "fi" }], cells: [`${withSign(p.value, p.error, m)} ±${measured(sized(2 * (p.error ?? 0), m), sized(p.error, m))}`] })),
        ticks: scaleTicks(low, high, (v) => signed(v, Math.floor(Math.log10(Math.max(high - low, 1e-9))) - 1)),
        low,
        high,
        at: 0,
        bars: true,
        columns: [{ head: unitOf(m), bold: true }],
        alt,
      },
      width,
    ),
  );
  const table = (): Table => ({
    head: ["provision", `part (${unitOf(m)})`, "standard error"],
    rows: [
      ...parts.map((p) => [p.title, cell(told(p.value, p.error, m), sized(p.value, m)), cell(measured(sized(p.error, m)), sized(p.error, m))]),
      ["all together", cell(told(change, number(target["mc_error"]), m), sized(change, m)), cell(measured(sized(number(target["mc_error"]), m)), sized(number(target["mc_error"]), m))],
    ],
  });
  return [
    h("h3", { class: "ln", dir: "auto" }, capital(finding), h("span", { class: "sub" }, `parts of what the document changes in “${bare(title)}”, in ${unitOf(m)}; they add up to it (Shapley values); ± two standard errors`)),
    host,
    tools({ name: `attribution-${name}`, title: finding, table, parts: () => drawn(host).map((svg) => ({ svg, heading: title })) }),
  ];
}

// --- which inputs matter --------------------------------------------------------------------------------

interface Factor {
  label: string;
  first: Num;
  value: Num;
  low: Num;
  high: Num;
  beyond: boolean;
}
const MOST = 8;

function factors(name: string, target: Raw, title: string, named: Named): Child[] {
  const all: Factor[] = list(target["inputs"]).map((x) => {
    const i = object(x);
    const sobol = number(object(i["total"])["value"]) !== null;
    const index = object(i[sobol ? "total" : "delta"]);
    return { label: named(text(i["label"])), first: number(object(i["first"])["value"]), value: number(index["value"]), low: number(index["low"]), high: number(index["high"]), beyond: truth(i["beyond_noise"]) };
  });
  const shown = all.filter((f) => f.beyond && f.value !== null).slice(0, MOST);
  const noise = all.filter((f) => !f.beyond).length;
  if (shown.length === 0) return [h("p", {}, number(target["variance"]) === 0 ? "It is the same in every draw: no input matters to it." : "No input can be told from nothing at this number of draws.")];
  const [first] = shown;
  const finding = `${capital(first?.label ?? "")} has a hand in ${percent(Math.min(1, first?.value ?? 0))}\u00a0% of what varies`;
  const host = picture((width) =>
    rowsPicture(
      {
        rows: shown.map((f) => ({ name: f.label, marks: [{ at: f.value, low: f.low, high: f.high, type: "fi" }], cells: [percent(f.first === null ? null : Math.max(0, f.first)), percent(f.value)] })),
        ticks: scaleTicks(0, 1, (v) => `${Math.round(100 * v)}`),
        low: 0,
        high: Math.max(1, ...shown.map((f) => f.high ?? 0)),
        columns: [{ head: "alone %" }, { head: "in all %", bold: true }],
        alt: `${finding}. ${shown.map((f) => `${f.label}: ${percent(f.value)} per cent`).join("; ")}.`,
      },
      width,
    ),
  );
  const table = (): Table => ({
    head: ["input", "total index", "from", "to", "first order", "can be told from nothing"],
    rows: all.map((f) => [f.label, cell(measured(f.value), f.value), cell(measured(f.low), f.low), cell(measured(f.high), f.high), cell(measured(f.first), f.first), f.beyond ? "yes" : "no"]),
  });
  return [
    h("h3", { class: "ln", dir: "auto" }, finding, h("span", { class: "sub" }, `of “${bare(title)}”: the share of its variance that goes when the input is known, alone and together with others (Sobol' indices of the first order and total, 90 % intervals)${noise > 0 ? `; ${noise} more ${plural(noise, "reaches", "reach")} it and cannot be told from nothing` : ""}`)),
    host,
    tools({ name: `inputs-${name}`, title: finding, table, parts: () => drawn(host).map((svg) => ({ svg, heading: title })) }),
  ];
}

const endText = (end: Raw, m: Measure): string => `${told(number(end["value"]), number(end["error"]), m)}${m.claim ? "\u00a0%" : ""} at ${text(end["word"]) || plain(number(end["at"]))}`;

function tornado(name: string, target: Raw, title: string, named: Named): Child[] {
  const m = measure(target);
  const rows = list(target["tornado"]).map(object);
  const labelOf = (r: Raw): string => named(text(r["label"]));
  const value = (r: Raw, end: string): Num => number(object(r[end])["value"]);
  const telling = rows.filter((r) => (value(r, "high") ?? 0) - (value(r, "low") ?? 0) > 2 * ((number(object(r["high"])["error"]) ?? 0) + (number(object(r["low"])["error"]) ?? 0)));
  if (telling.length === 0) return [];
  const ends = telling.flatMap((r) => [sized(value(r, "low"), m) ?? 0, sized(value(r, "high"), m) ?? 0]);
  const base = sized(number(telling[0]?.["base"]), m);
  const [low, high] = m.claim ? [0, 100] : [Math.min(...ends, base ?? Infinity), Math.max(...ends, base ?? -Infinity)];
  const [first] = telling;
  const finding = first === undefined ? "" : `Along ${labelOf(first)}, from ${endText(object(first["low"]), m)} to ${endText(object(first["high"]), m)}`;
  const host = picture((width) =>
    rowsPicture(
      {
        rows: telling.map((r) => ({
          name: labelOf(r),
          marks: [{ at: base, low: sized(value(r, "low"), m) ?? 0, high: sized(value(r, "high"), m) ?? 0, type: "fi" }],
          cells: [endText(object(r["low"]), m), endText(object(r["high"]), m)],
        })),
        ticks: scaleTicks(low, high, (v) => plain(v)),
        low,
        high,
        at: base ?? 0,
        columns: [{ head: "least" }, { head: "greatest" }],
        alt: `${finding}. ${telling.map((r) => `${labelOf(r)}: ${endText(object(r["low"]), m)} to ${endText(object(r["high"]), m)}`).join("; ")}.`,
      },
      width,
    ),
  );
  const table = (): Table => ({
    head: ["input", "least", "at", "greatest", "at", "unit of the input"],
    rows: telling.map((r) => {
      const at = (end: string): string => text(object(r[end])["word"]) || plain(number(object(r[end])["at"]));
      return [labelOf(r), cell(told(value(r, "low"), null, m), sized(value(r, "low"), m)), at("low"), cell(told(value(r, "high"), null, m), sized(value(r, "high"), m)), at("high"), text(r["unit"])];
    }),
  });
  return [
    h("h3", { class: "ln", dir: "auto" }, finding, h("span", { class: "sub" }, `“${bare(title)}”${m.claim ? ", share of draws in %," : m.unit === "" ? "" : `, ${m.unit},`} with one input held at a value in every draw: its least and greatest along the whole range; dot: as it stands`)),
    host,
    tools({ name: `tornado-${name}`, title: finding, table, parts: () => drawn(host).map((svg) => ({ svg, heading: title })) }),
  ];
}

// --- what could be done, and where verdicts turn ----------------------------------------------------------

function levers(why: Raw): Child[] {
  const found = object(why["levers"]);
  const names = new Map(list(found["levers"]).map((x) => [text(object(x)["id"]), object(x)] as const));
  const ways = entries(found["targets"]).flatMap(([id, t]) =>
    entries(t["actors"])
      .filter(([, way]) => truth(way["found"]) && !truth(t["met"]))
      .map(([, way]) => ({ id, t, way })),
  );
  if (names.size === 0) return [h("p", { class: "nt" }, "The scenario names no levers, so nothing was searched.")];
  const none = entries(found["targets"]).length - new Set(ways.map((w) => w.id)).size;
  const sum = (w: Raw): string =>
    entries(w["changes"])
      .map(([id]) => `${text(names.get(id)?.["title"])}: ${plain(number(object(w["changes"])[id]))}`)
      .join("; ");
  const costs = (w: Raw): string => {
    const [id] = Object.keys(object(w["changes"]));
    return `${plain(number(w["cost"]))} ${text(names.get(id ?? "")?.["cost_unit"])}`.trim().replaceAll(" %", "\u00a0%");
  };
  const title = ways.length === 0 ? "No lever turns any claim" : `${capital(inWords(ways.length))} ${plural(ways.length, "pull turns", "pulls turn")} a claim across one half`;
  const table = (): Table => ({
    head: ["claim", "now %", "who", "what", "cost", "then %"],
    rows: ways.map(({ t, way }) => [
      text(t["title"]),
      cell(percent(number(t["now"])), number(t["now"])),
      text(way["name"]),
      sum(way),
      cell(costs(way), number(way["cost"])),
      cell(percent(number(way["reaches"])), number(way["reaches"])),
    ]),
  });
  return [
    h("h3", { class: "ln" }, title, h("span", { class: "sub" }, "the least costly pull of each actor's levers, tried on the same draws")),
    ways.length > 0 &&
      h(
        "ul",
        { class: "ways" },
        ways.map(({ t, way }) => h("li", { dir: "auto" }, h("b", {}, bare(text(t["title"]))), `: ${percent(number(t["now"]))}\u00a0% now. ${isolated(text(way["name"]))}, ${sum(way)}, at a cost of ${costs(way)}: then ${percent(number(way["reaches"]))}\u00a0%.`)),
      ),
    none > 0 && ways.length > 0 && h("p", { class: "nt" }, `${capital(inWords(none))} other ${plural(none, "claim is", "claims are")} turned by no lever of anybody.`),
    ways.length > 0 && tools({ name: "levers", title, table }),
  ];
}

function turning(data: Data, named: Named): Child[] {
  const { claims } = data;
  const units = new Map(data.inputs.map((i) => [i.name, i.unit] as const));
  const turned = claims.map((c) => ({ c, at: c.drivers.filter((d) => d.break_even !== null) })).filter(({ at }) => at.length > 0);
  const never = claims.filter((c) => c.drivers.length > 0 && c.drivers.every((d) => d.break_even === null));
  const n = turned.reduce((sum, { at }) => sum + at.length, 0);
  if (n === 0 && never.length === 0) return [];
  const title = n === 0 ? "No single input turns a claim" : `${capital(inWords(turned.length))} ${plural(turned.length, "claim turns", "claims turn")} at ${inWords(n)} ${plural(n, "value")} of single inputs`;
  const table = (): Table => ({
    head: ["claim", "input", "crosses one half at", "unit"],
    rows: turned.flatMap(({ c, at }) => at.map((d) => [c.title, named(d.label), cell(onCurve(d.break_even ?? 0, d.curve), d.break_even), units.get(d.input) ?? ""])),
  });
  const value = (d: Claim["drivers"][number]): string => {
    const unit = (units.get(d.input) ?? "").replace(/^1 \/ /, "per ");
    return `${named(d.label)} at ${onCurve(d.break_even ?? 0, d.curve)}${["", "1", "share", "probability", "utility"].includes(unit) ? "" : ` ${unit}`}`;
  };
  return [
    h("h3", { class: "ln" }, title, h("span", { class: "sub" }, "break-even: where the share of draws crosses one half along an input, as finely as the curve tells")),
    turned.length > 0 && h("ul", { class: "ways two-up" }, turned.map(({ c, at }) => h("li", { dir: "auto" }, h("a", { href: `#${c.id}` }, bare(c.title)), `: ${at.map(value).join("; ")}`))),
    never.length > 0 && h("p", { class: "nt" }, `No value of any one input turns ${listed(never.map((c) => isolated(`“${bare(c.title)}”`)))}.`),
    tools({ name: "break-even", title, table }),
  ];
}

// --- the section ------------------------------------------------------------------------------------------

// What does most, over all claims: "Of 22 claims four owe most to “A quick end to the war”, five turn most on …".
function inShort(targets: [string, Raw][], sense: Raw, provisions: Map<string, string>, named: Named): string {
  const most = (winners: string[]): { id: string; n: number } | null => {
    const counts = new Map<string, number>();
    for (const w of winners) counts.set(w, (counts.get(w) ?? 0) + 1);
    return [...counts].map(([id, n]) => ({ id, n })).sort((a, b) => b.n - a.n)[0] ?? null;
  };
  const claims = targets.filter(([, t]) => measure(t).claim);
  const strongest = claims.flatMap(([, t]) => {
    const parts = entries(t["shares"]).filter(([, s]) => Math.abs(number(s["value"]) ?? 0) > 2 * (number(s["mc_error"]) ?? 0));
    return parts.sort((a, b) => Math.abs(number(b[1]["value"]) ?? 0) - Math.abs(number(a[1]["value"]) ?? 0)).slice(0, 1).map(([id]) => id);
  });
  const deciding = entries(sense["targets"]).filter(([, t]) => measure(t).claim).flatMap(([, t]) => {
    const first = list(t["inputs"]).map(object).find((i) => truth(i["beyond_noise"]));
    return first === undefined ? [] : [named(text(first["label"]))];
  });
  const [part, input] = [most(strongest), most(deciding)];
  const claimed = (n: number, one: string, many: string): string => `${inWords(n)} ${n === 1 ? one : many}`;
  const said = [
    part !== null && `${claimed(part.n, "owes", "owe")} most to ${isolated(`“${provisions.get(part.id) ?? part.id}”`)}`,
    input !== null && `${claimed(input.n, "turns", "turn")} most on ${isolated(input.id)}`,
  ].filter((t) => t !== false);
  return said.length === 0 ? "What contributes, what decides, what would change it" : `Of ${count(claims.length)} ${plural(claims.length, "claim")} ${said.join(", ")}`;
}

export function whySection(data: Data): Section {
  const why = data.why;
  const of = object(why["attribution"]);
  const sense = object(why["sensitivity"]);
  const targets = new Map([...entries(of["targets"]), ...entries(sense["targets"])]);
  const provisions = new Map(list(of["provisions"]).map((p) => [text(object(p)["id"]), text(object(p)["title"])] as const));
  const named = namedBy(data);
  const command = `${data.command.replace(/ --why\b/, "")} --why`;
  const titleOf = (name: string): string => data.claims.find((c) => c.id === name)?.title ?? data.issues.find((i) => `${i.id}.outcome` === name)?.title ?? text(targets.get(name)?.["title"]) ?? name;
  const body = (): Child[] => {
    if (targets.size === 0)
      return [h("p", {}, "What each provision contributes, which inputs matter and what actors could do stands here after:"), h("pre", { tabindex: 0, role: "region", "aria-label": "Command" }, h("code", {}, command)), turning(data, named)];
    const place = h("div", { class: "why-of" });
    const names = [...targets.keys()].filter((n) => measure(targets.get(n) ?? {}).claim || n.endsWith(".outcome") || data.quantities.some((q) => q.name === n && q.headline));
    const choose = h("select", { id: "why-target" }, names.map((n) => h("option", { value: n, dir: "auto" }, titleOf(n))));
    const show = (): void => {
      const name = choose.value;
      const [one, two] = [object(of["targets"])[name], object(sense["targets"])[name]];
      const title = titleOf(name);
      const inner = h("div", {}, data.document !== null && one !== undefined && attribution(name, object(one), provisions, title), two !== undefined && [factors(name, object(two), title, named), tornado(name, object(two), title, named)]);
      place.dataset["target"] = name;
      place.replaceChildren(...Array.from(inner.childNodes));
      redrawAll();
    };
    choose.addEventListener("change", show);
    const start = names.find((n) => data.claims.find((c) => c.id === n)?.verdict === "depends on the model") ?? names[0];
    if (start !== undefined) choose.value = start;
    setTimeout(show);
    return [h("p", { class: "ask" }, h("label", { class: "one", for: "why-target" }, "Of "), choose), place, levers(why), turning(data, named)];
  };
  return {
    id: "s-why",
    nav: "What matters",
    kick: "What matters",
    title: targets.size === 0 ? "What contributes, what decides, what would change it" : inShort(entries(of["targets"]), sense, provisions, named),
    sub: ["What each provision contributes, what inputs decide, what actors could do, and where verdicts turn"],
    body,
  };
}
