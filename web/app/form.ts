// The form view of scenario.yaml: the question, the inputs, how issues are settled, and each model in use with every input
// and option that the table of models says it takes. A change is put in its place in the text and nowhere else.
import { h } from "../src/dom";
import type { Finding, Model, Port } from "./api";
import { child, type Entry, inserted, isBlock, outline, replaced, valueOf } from "./yaml";

let table: Model[] = [];
export function setModels(models: Model[]): void {
  table = models;
}

type Put = (text: string) => void;
interface Field { label: string; hint: string; place: string; path: string; entry: Entry | undefined; parent: Entry; key: string; choices?: string[] }

let wrongAt = new Map<number, string>();

function field(text: string, f: Field, put: Put): HTMLElement {
  const now = f.entry === undefined ? "" : valueOf(text, f.entry);
  const many = f.entry !== undefined && ((f.entry.children.length > 0 && text[f.entry.from] !== "{") || isBlock(text, f.entry));
  const id = `f-${f.path}`;
  const wrong = f.entry === undefined ? undefined : wrongAt.get(f.entry.line);
  const change = (value: string): void => {
    if (value === now) return;
    put(f.entry === undefined ? inserted(text, f.parent, f.key, value) : replaced(text, f.entry, value));
    window.setTimeout(() => document.getElementById(id)?.focus(), 0);
  };
  const control = f.choices !== undefined && (now === "" || f.choices.includes(now))
    ? h("select", { id, "aria-describedby": `${id}-h`, change: (e) => change((e.target as HTMLSelectElement).value) },
      [...(f.entry === undefined ? [""] : []), ...f.choices].map((c) => h("option", { value: c, selected: c === now }, c === "" ? f.place : c)))
    : h("input", { id, value: many ? "several lines: edit as text" : now, disabled: many, placeholder: f.place, dir: "auto", spellcheck: "false", "aria-describedby": `${id}-h`, "aria-invalid": wrong === undefined ? null : "true",
      change: (e) => change((e.target as HTMLInputElement).value) });
  return h("div", { class: `field${wrong === undefined ? "" : " wrong"}` }, h("label", { for: id }, f.label), control, h("p", { id: `${id}-h`, class: "hint" }, wrong === undefined ? f.hint : wrong));
}

function rangeOf(port: Port): string {
  if (port.choices !== "") return port.choices.split("|").join(", ");
  const low = port.low;
  const high = port.high;
  const range = low !== null && high !== null ? `${low} to ${high}` : low !== null ? `${low} or more` : high !== null ? `at most ${high}` : "";
  return [port.unit === "1" || port.unit === "any" ? "" : port.unit, range].filter((t) => t !== "").join(", ");
}

const placeOf = (port: Port): string =>
  port.required ? "required" : port.falls_back !== "" ? `as ${port.falls_back}` : port.fallback !== null ? `default ${port.fallback}` : port.choices !== "" ? `default ${port.choices.split("|")[0] ?? ""}` : "not given";

function ports(text: string, path: string, parent: Entry, list: Port[], put: Put): HTMLElement[] {
  return list.map((port) => {
    const range = rangeOf(port);
    const f: Field = { label: port.name, hint: `${port.meaning}${range === "" ? "" : ` (${range})`}`, place: placeOf(port), path: `${path}.${port.name}`, entry: child(parent.children, port.name), parent, key: port.name };
    if (port.choices !== "") f.choices = port.choices.split("|");
    return field(text, f, put);
  });
}

function group(title: string, about: string, fields: (HTMLElement | null)[], open = true): HTMLElement {
  return h("details", { class: "group", open }, h("summary", {}, h("h3", { dir: "auto" }, title)), about === "" ? null : h("p", { class: "note" }, about), h("div", { class: "fields" }, fields));
}

function inputs(text: string, top: Entry, put: Put): HTMLElement | null {
  if (top.children.length === 0) return null;
  return group(`Inputs (${top.children.length})`, "A number, or what is not known for sure: 2 to 5 is a 90 % interval.", top.children.map((e) => {
    const value = child(e.children, "value");
    const about = ["unit", "why", "source"].map((k) => child(e.children, k)).filter((x): x is Entry => x !== undefined).map((x) => valueOf(text, x)).join(" · ");
    return field(text, { label: e.key.replaceAll("_", " "), hint: about, place: "", path: `inputs.${e.key}`, entry: value ?? e, parent: e, key: "value" }, put);
  }), top.children.length <= 60);
}

function settle(text: string, issue: Entry, put: Put): HTMLElement[] {
  const models = table.filter((m) => m.room === "settle");
  const at = child(issue.children, "settle");
  if (at === undefined || at.children.length === 0) return [];
  return models.map((m) => {
    const given = child(at.children, m.name);
    const entry = given === undefined || given.children.length === 0 ? given : child(given.children, "weight");
    return field(text, { label: `weight of ${m.name}`, hint: `${m.title}. ${m.summary.split(". ")[0] ?? ""}.`, place: "not used", path: `issues.${issue.key}.settle.${m.name}`, entry, parent: given?.children.length ? given : at, key: given?.children.length ? "weight" : m.name }, put);
  });
}

function use(text: string, e: Entry, put: Put): HTMLElement {
  const name = child(e.children, "use");
  const model = table.find((m) => name !== undefined && m.name === valueOf(text, name));
  const title = child(e.children, "title");
  if (model === undefined) return group(e.key, "The table of models does not have it: edit it as text.", []);
  const known = new Set([...model.inputs, ...model.options].map((p) => p.name));
  const others = e.children.filter((c) => !known.has(c.key) && c.key !== "use");
  return group(`${title === undefined ? e.key : valueOf(text, title)}`, `${model.title}. ${model.summary}`, [
    ...others.map((c) => field(text, { label: c.key.replaceAll("_", " "), hint: "", place: "", path: `models.${e.key}.${c.key}`, entry: c, parent: e, key: c.key }, put)),
    ...ports(text, `models.${e.key}`, e, [...model.inputs, ...model.options], put),
    h("details", { class: "paper" }, h("summary", {}, "Equation and paper"), h("pre", {}, model.equation), h("p", { class: "note" }, model.citation)),
  ], false);
}

export function form(text: string, findings: Finding[], put: Put): HTMLElement {
  wrongAt = new Map(findings.filter((f) => f.file === "scenario.yaml").map((f) => [f.line, f.message]));
  const top = outline(text);
  const root: Entry = { key: "", line: 0, from: 0, to: 0, indent: -2, children: top };
  const general = (key: string, label: string, hint: string): HTMLElement | null => {
    const entry = child(top, key);
    return entry === undefined ? null : field(text, { label, hint, place: "", path: key, entry, parent: root, key }, put);
  };
  const issues = child(top, "issues")?.children ?? [];
  const models = child(top, "models")?.children ?? [];
  const all = child(top, "inputs");
  return h("div", { class: "form" },
    group("The question", "", [general("title", "title", "The question that is asked"), general("about", "about", "A sentence"), general("draws", "draws", "How often the uncertain inputs are drawn"), general("seed", "seed", "The same seed gives the same results")]),
    all === undefined ? null : inputs(text, all, put),
    issues.map((e) => {
      const fields = ["question", "status_quo"].map((key) => {
        const entry = child(e.children, key);
        return entry === undefined ? null : field(text, { label: key.replaceAll("_", " "), hint: "", place: "", path: `issues.${e.key}.${key}`, entry, parent: e, key }, put);
      });
      return group(`Issue: ${e.key.replaceAll("_", " ")}`, "Who wants what stands in the table of stances. Models of how it is settled are drawn by their weights.", [...fields, ...settle(text, e, put)], issues.length <= 3);
    }),
    models.map((e) => use(text, e, put)));
}
