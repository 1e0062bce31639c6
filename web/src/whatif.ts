// What if: the engine in the page runs the scenario again with changes. A first answer comes from few draws, and is refined
// while one looks; what changed shows what it was. The changes are those of `entente run --set`, so the same command gives
// the same numbers.

import { commandOf, fromFile, fromFragment, toFragment } from "./changes";
import type { Setting } from "./changes";
import type { Claim, Data, Input, Num, Quantity } from "./data";
import { h } from "./dom";
import type { Child } from "./dom";
import { Cancelled } from "./engine";
import type { Engine } from "./engine";
import { download } from "./figure";
import { capital, count, errorText, finestOn, inWords, isolated, listed, measured, percent, plural } from "./format";
import type { Section } from "./section";
import { glyph, letter } from "./verdict";

// --- answers --------------------------------------------------------------------------------------------

interface Answer {
  draws: number;
  effective: Num;
  claims: Map<string, { share: Num; error: Num; verdict: Claim["verdict"] }>;
  quantities: Map<string, { middle: Num; error: Num }>;
}

type Loose = Record<string, unknown>;
const num = (x: unknown): Num => (typeof x === "number" ? x : null);

function readAnswer(text: string): Answer {
  const raw = JSON.parse(text) as { draws: number; effective_draws: number; claims: Record<string, Loose>; quantities: Record<string, Loose> };
  return {
    draws: raw.draws,
    effective: num(raw.effective_draws),
    claims: new Map(Object.entries(raw.claims).map(([id, c]) => [id, { share: num(c["share"]), error: num(c["mc_error"]), verdict: c["verdict"] as Claim["verdict"] }])),
    quantities: new Map(Object.entries(raw.quantities).map(([name, q]) => [name, { middle: num(q["p50"]), error: num((q["quantile_error"] as Loose | undefined)?.["p50"]) }])),
  };
}

const differs = (a: Num, ea: Num, b: Num, eb: Num): boolean => a !== null && b !== null && Math.abs(a - b) > 2 * Math.hypot(ea ?? 0, eb ?? 0);

function movedClaim(claim: Claim, answer: Answer | null): boolean {
  const now = answer?.claims.get(claim.id);
  return now !== undefined && differs(now.share, now.error, claim.share, claim.mc_error);
}
const turned = (claim: Claim, answer: Answer | null): boolean => movedClaim(claim, answer) && answer?.claims.get(claim.id)?.verdict !== claim.verdict;

function claimRow(claim: Claim, answer: Answer | null): HTMLElement {
  const now = answer?.claims.get(claim.id);
  const verdict = now?.verdict ?? claim.verdict;
  const error = now === undefined ? "" : errorText(now.share, now.error, answer?.effective ?? null);
  return h(
    "tr",
    { class: movedClaim(claim, answer) ? "now-moved" : null },
    h("th", { scope: "row", dir: "auto" }, h("a", { href: `#${claim.id}` }, claim.title)),
    h("td", { class: "was" }, claim.share === null ? "no value" : `${percent(claim.share)}\u00a0%`),
    h("td", {}, now === undefined ? "" : now.share === null ? "no value" : [h("b", {}, `${percent(now.share)}\u00a0%`), error === "" ? "" : `\u00a0${error}`]),
    h("td", {}, glyph(verdict, 11), "\u00a0", h("span", { class: `v${letter(verdict)}w` }, verdict), turned(claim, answer) && h("span", { class: "was" }, ` (was ${claim.verdict})`)),
  );
}

function outcomeRow(quantity: Quantity, title: string, answer: Answer | null): HTMLElement {
  const now = answer?.quantities.get(quantity.name);
  const moved = now !== undefined && differs(now.middle, now.error, quantity.p50, quantity.quantile_error.p50);
  const finest = finestOn(quantity.low, quantity.high);
  const error = now?.error ?? 0;
  return h(
    "tr",
    { class: moved ? "now-moved" : null },
    h("th", { scope: "row", dir: "auto" }, title),
    h("td", { class: "was" }, measured(quantity.p50, quantity.quantile_error.p50, finest)),
    h("td", {}, now === undefined ? "" : [h("b", {}, measured(now.middle, now.error, finest)), error > 0 ? `\u00a0±${measured(2 * error, error)}` : ""]),
    h("td", {}, quantity.unit),
  );
}

// "With one change two of 22 claims get another verdict: “A” and “B”".
const NAMED = 3;
export function finding(changes: number, claims: readonly { title: string; turned: boolean; moved: boolean }[]): string {
  const other = claims.filter((c) => c.turned);
  const moved = claims.filter((c) => c.moved).length;
  const by = `With ${inWords(changes)} ${plural(changes, "change")}`;
  if (claims.length === 0) return by;
  if (other.length === 0) return `${by} no claim gets another verdict${moved > 0 ? `; the share of ${inWords(moved)} moves` : ""}`;
  const names = other.slice(0, NAMED).map((c) => isolated(`“${c.title.replace(/\.$/, "")}”`));
  return `${by} ${inWords(other.length)} of ${count(claims.length)} claims ${plural(other.length, "gets", "get")} another verdict: ${other.length > NAMED ? `${names.join(", ")} and ${inWords(other.length - NAMED)} more` : listed(names)}`;
}

// --- what can be changed ----------------------------------------------------------------------------------

interface Choice {
  name: string; // as --set has it
  label: string;
  text: string; // how it stands in the report
  unit: string;
  low: Num; // the middle 90 % of it, for a slider
  high: Num;
}

// The number that a claim's sentence ends with, where it ends with one: "last(x) <= 30".
const THRESHOLD = /(?:<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)\s*$/;

function choicesOf(data: Data): Map<string, Choice> {
  const inputs = data.inputs.map((i: Input): Choice => ({ name: i.name, label: i.label, text: i.text, unit: i.unit, low: i.prior.p05, high: i.prior.p95 }));
  const thresholds = data.claims.flatMap((c): Choice[] => {
    const at = THRESHOLD.exec(c.holds)?.[1];
    return at === undefined ? [] : [{ name: `${c.id}.threshold`, label: `threshold of “${c.title}”`, text: at, unit: "", low: null, high: null }];
  });
  return new Map([...inputs, ...thresholds].map((c) => [c.name, c]));
}

const FOUND = 6;

// Those with every word of the query in their label or name; those whose label begins with it first.
export function search<T extends { name: string; label: string }>(choices: Iterable<T>, query: string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter((w) => w !== "");
  if (words.length === 0) return [];
  const rank = (c: T): number => (c.name.toLowerCase() === words.join(" ") ? 0 : c.label.toLowerCase().startsWith(words[0] ?? "") ? 1 : 2);
  return Array.from(choices)
    .filter((c) => words.every((w) => `${c.label} ${c.name}`.toLowerCase().includes(w)))
    .sort((a, b) => rank(a) - rank(b));
}

// --- the changes, undone and redone ---------------------------------------------------------------------

const GESTURE = 900; // ms within which a slider's steps are one change

class Changes {
  list: readonly Setting[] = [];
  past: (readonly Setting[])[] = [];
  future: (readonly Setting[])[] = [];
  private touched = "";
  private when = 0;

  constructor(private readonly follow: () => void) {}

  get(name: string): string | undefined {
    return this.list.find(([n]) => n === name)?.[1];
  }

  become(next: readonly Setting[], gesture = ""): void {
    const now = Date.now();
    if (gesture === "" || gesture !== this.touched || now - this.when > GESTURE) this.past.push(this.list);
    [this.touched, this.when] = [gesture, now];
    this.future = [];
    this.list = next;
    this.follow();
  }

  put(name: string, value: string | null, gesture = ""): void {
    if ((this.get(name) ?? null) === value) return;
    const there = this.get(name) !== undefined;
    const other = this.list.flatMap((c): Setting[] => (c[0] !== name ? [c] : value === null ? [] : [[name, value]]));
    this.become(there || value === null ? other : [...other, [name, value]], gesture);
  }

  undo(): void {
    this.step(this.past, this.future);
  }

  redo(): void {
    this.step(this.future, this.past);
  }

  // What the engine refused never was.
  refused(accepted: readonly Setting[]): void {
    this.list = accepted;
    if (toFragment(this.past[this.past.length - 1] ?? []) === toFragment(accepted)) this.past.pop();
  }

  private step(from: (readonly Setting[])[], to: (readonly Setting[])[]): void {
    const next = from.pop();
    if (next === undefined) return;
    this.touched = "";
    to.push(this.list);
    this.list = next;
    this.follow();
  }
}

// --- running -----------------------------------------------------------------------------------------------

interface Running {
  onAnswer: (answer: Answer, whole: string | null) => void;
  onDraws: (part: number) => void;
  onRefused: (accepted: readonly Setting[], why: string[]) => void;
  onTrouble: (text: string) => void;
}

class Runner {
  private runs = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly start: () => Promise<Engine | null>,
    private readonly draws: number,
    private readonly told: Running,
  ) {}

  // Soon, where nothing else is touched meanwhile.
  ask(changes: readonly Setting[]): void {
    clearTimeout(this.timer);
    const mine = ++this.runs;
    this.timer = setTimeout(() => void this.run(changes, mine), WAIT);
  }

  private async run(changes: readonly Setting[], mine: number): Promise<void> {
    const { told } = this;
    try {
      const engine = await this.start();
      if (mine !== this.runs) return;
      if (engine === null) return told.onTrouble("This page carries no engine: run the scenario again with this version of entente.");
      let accepted = changes;
      try {
        await engine.reset(changes);
      } catch (error) {
        if (error instanceof Cancelled || mine !== this.runs) return;
        accepted = await this.oneByOne(engine, changes, mine);
      }
      if (mine !== this.runs) return;
      if (accepted.length === 0) return engine.cancel();
      const look = (text: string, whole: string | null): void => {
        if (mine === this.runs) told.onAnswer(readAnswer(text), whole);
      };
      const text = await engine.run(this.draws, { onLook: (t) => look(t, null), onDraws: (done, total) => mine === this.runs && told.onDraws(done / total) });
      look(text, text);
    } catch (error) {
      if (mine === this.runs && !(error instanceof Cancelled)) told.onTrouble(error instanceof Error ? error.message : String(error));
    }
  }

  // Where one is refused the others still hold.
  private async oneByOne(engine: Engine, changes: readonly Setting[], mine: number): Promise<readonly Setting[]> {
    const accepted: Setting[] = [];
    const why: string[] = [];
    await engine.reset();
    for (const change of changes)
      try {
        await engine.set(...change);
        accepted.push(change);
      } catch (error) {
        why.push(`${change[0]} = ${change[1]} was refused: ${error instanceof Error ? error.message : String(error)}`);
      }
    if (mine === this.runs) this.told.onRefused(accepted, why);
    return accepted;
  }
}

// --- the section ------------------------------------------------------------------------------------------

export function whatIfSection(data: Data, engine: () => Promise<Engine | null>, showAll: (text: string, changes: number) => void, gone: AbortSignal): Section {
  return {
    id: "s-what-if",
    nav: "What if",
    kick: "What if",
    title: "Change what you doubt, and see what follows",
    sub: ["The engine of this report runs in your browser, on your machine alone; its numbers are those that the command gives."],
    body: () => panel(data, engine, showAll, gone),
  };
}

const WAIT = 60; // ms after the last touch

const scrolled = (about: string, table: HTMLElement): HTMLElement => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": about }, table);
const button = (text: string, act: () => void, about: string | null = null): HTMLButtonElement => h("button", { type: "button", class: "as-link", "aria-label": about, click: act }, text);
const UNCHANGED = "Nothing is changed: the numbers are those of the report.";

function panel(data: Data, start: () => Promise<Engine | null>, showAll: (text: string, changes: number) => void, gone: AbortSignal): Child[] {
  const changes = new Changes(follow);
  const choices = choicesOf(data);
  const results = resultsPart(data, (text) => showAll(text, changes.list.length));
  const wrong = h("p", { class: "wrong", role: "alert" });
  const rows = rowsPart(data, choices, changes);
  const controls = [provisionsPart(data, changes), modelsPart(data, changes), rows];
  const runner = new Runner(start, data.draws, {
    onAnswer: (answer, whole) => results.show(changes.list, answer, whole),
    onDraws: results.progress,
    onRefused: (accepted, why) => {
      changes.refused(accepted);
      show();
      wrong.textContent = why.join(" ");
    },
    onTrouble: (text) => (wrong.textContent = text),
  });

  const undo = button("Undo", () => changes.undo());
  const redo = button("Redo", () => changes.redo());
  const reset = button("Reset", () => changes.list.length > 0 && changes.become([]));

  // What a control shows is what stands, whoever changed it.
  function show(): void {
    for (const control of controls) control.show();
    document.getElementById("s-what-if")?.classList.toggle("as-it-is", changes.list.length === 0); // and not on paper
    // They stay within the keyboard's reach, and say that there is nothing to do.
    for (const [b, none] of [[undo, changes.past.length === 0], [redo, changes.future.length === 0], [reset, changes.list.length === 0]] as const) b.setAttribute("aria-disabled", String(none));
    history.replaceState(null, "", changes.list.length === 0 ? location.pathname + location.search : toFragment(changes.list));
    if (changes.list.length === 0) results.show([], null, null);
    else results.command(changes.list);
  }
  function follow(): void {
    wrong.textContent = "";
    show();
    runner.ask(changes.list);
  }
  const byLink = (): void => {
    const wanted = fromFragment(location.hash);
    if (wanted.length > 0 && toFragment(wanted) !== toFragment(changes.list)) changes.become(wanted);
  };
  window.addEventListener("hashchange", byLink, { signal: gone });
  results.show([], null, null);
  for (const b of [undo, redo, reset]) b.setAttribute("aria-disabled", "true");
  document.getElementById("s-what-if")?.classList.add("as-it-is");
  byLink();

  return [
    h(
      "div",
      { class: "g12 what-if" },
      h(
        "div",
        { class: "c5" },
        ...controls.slice(0, 1).map((c) => c.element),
        findPart(data, choices, rows.open, changes),
        controls[1]?.element ?? null,
        h("h3", {}, "Changed"),
        rows.element,
        wrong,
        h("p", { class: "ff" }, undo, redo, reset, carryPart(data, changes, wrong)),
      ),
      h("div", { class: "c7" }, results.element),
    ),
  ];
}

interface Part {
  element: HTMLElement | null;
  show: () => void;
}

function provisionsPart(data: Data, changes: Changes): Part {
  const boxes = data.provisions.map((p) => ({ name: `${p.id}.in_force`, title: p.title, box: h("input", { type: "checkbox", id: `what-if-${p.id}` }) }));
  for (const { name, box } of boxes) {
    box.checked = true;
    box.addEventListener("change", () => changes.put(name, box.checked ? null : "no"));
  }
  return {
    element:
      boxes.length === 0 ? null : h("div", {}, h("h3", {}, "Provisions in force"), h("ul", { class: "boxes" }, boxes.map(({ box, title }) => h("li", {}, h("label", { dir: "auto" }, box, " ", title))))),
    show: () => boxes.forEach(({ name, box }) => (box.checked = changes.get(name) !== "no")),
  };
}

// Weights are shares of draws; the least is 1, as they are mostly written.
function modelsPart(data: Data, changes: Changes): Part {
  const controls: (() => void)[] = [];
  const several = data.issues.filter((i) => i.settle.length > 1);
  const titles = new Map(data.models.map((m) => [m.id, m.title]));
  const field = (issue: (typeof several)[number], m: { model: string; share: Num }, least: number): HTMLElement => {
    const [id = m.model, ...options] = m.model.split(",");
    const name = `${issue.id}.settle.${id}`;
    const stands = String(Math.round(((m.share ?? 0) / least) * 1000) / 1000);
    const input = h("input", { type: "number", min: 0, step: "any", value: stands });
    controls.push(() => (input.value = changes.get(name) ?? stands));
    input.addEventListener("change", () => changes.put(name, input.value === "" || Number(input.value) === Number(stands) ? null : input.value));
    return h("label", {}, input, " ", [titles.get(id) ?? id, ...options].join(","));
  };
  const sets = several.map((issue) => {
    const least = Math.min(...issue.settle.map((m) => m.share ?? 1).filter((s) => s > 0));
    return h("fieldset", {}, h("legend", { dir: "auto" }, issue.title), issue.settle.map((m) => field(issue, m, least)));
  });
  return {
    element: sets.length === 0 ? null : h("details", { class: "fold" }, h("summary", {}, "Models and their weights"), sets),
    show: () => controls.forEach((c) => c()),
  };
}

// --- finding what to change

function findPart(data: Data, choices: Map<string, Choice>, open: (choice: Choice) => void, changes: Changes): HTMLElement {
  const query = h("input", { type: "search", id: "what-if-find", placeholder: "e.g. a name, salience, threshold", autocomplete: "off" });
  const found = h("ul", { class: "found" });
  const more = h("p", { class: "nt", role: "status" });
  const one = (c: Choice): HTMLElement => h("li", { dir: "auto" }, button(c.label, () => open(c)), h("span", { class: "was" }, ` ${c.text}${c.unit === "" ? "" : ` ${c.unit}`}`));
  const deciding = [...new Set(data.claims.flatMap((c) => c.drivers.map((d) => d.input)))].flatMap((name) => choices.get(name) ?? []).slice(0, FOUND);
  const list = (): void => {
    const asked = query.value.trim() !== "";
    const all = asked ? search(choices.values(), query.value) : deciding;
    found.replaceChildren(...all.slice(0, FOUND).map(one));
    const rest = all.length - FOUND;
    more.textContent = !asked ? (deciding.length > 0 ? "These decide claims." : "") : all.length === 0 ? "Nothing has such a name." : rest > 0 ? `${count(rest)} more fit: add a word.` : "";
  };
  query.addEventListener("input", list);
  list();

  const line = h("input", { type: "text", id: "what-if-set", placeholder: "name = 10 to 20", autocomplete: "off", spellcheck: "false" });
  const form = h("form", {}, h("label", { for: "what-if-set" }, "As after ", h("code", {}, "--set")), " ", line, " ", h("button", { type: "submit" }, "Change"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [name, value] = [line.value.split("=")[0]?.trim() ?? "", line.value.split("=").slice(1).join("=").trim()];
    if (name === "" || value === "") return line.focus();
    changes.put(name, value);
    line.value = "";
  });
  return h(
    "div",
    { class: "find" },
    h("h3", {}, h("label", { for: "what-if-find" }, "An input, a stance, a threshold")),
    query,
    found,
    more,
    h("details", { class: "fold" }, h("summary", {}, "By name"), form, h("p", { class: "nt" }, "A number, ", h("code", {}, "10 to 20"), " (90 % lie within) or a distribution. Names are those of “What it rests on”; also ", h("code", {}, "CLAIM.threshold"), " and ", h("code", {}, "LEVER.lever"), ".")),
  );
}

// --- what is changed, or about to be

interface RowOf {
  element: HTMLElement;
  kind: string;
  set: (value: string) => void;
}
const RANGE = /^\s*(-?[\d.]+(?:e-?\d+)?)\s+to\s+(-?[\d.]+(?:e-?\d+)?)\s*$/i;

function rowsPart(data: Data, choices: Map<string, Choice>, changes: Changes): { element: HTMLElement; show: () => void; open: (choice: Choice) => void } {
  const element = h("ul", { class: "changed" });
  const none = h("li", { class: "nt" }, "Nothing yet.");
  const rows = new Map<string, RowOf>();
  const opened: string[] = [];
  const labelOf = (name: string): string => {
    const provision = data.provisions.find((p) => `${p.id}.in_force` === name);
    return provision !== undefined ? `“${provision.title}” in force` : (choices.get(name)?.label ?? name);
  };
  const close = (name: string): void => {
    const next = rows.get(name)?.element.nextElementSibling ?? null;
    if (opened.includes(name)) opened.splice(opened.indexOf(name), 1);
    if (changes.get(name) === undefined) show();
    else changes.put(name, null);
    // The focus goes to where one goes on, not to the top of the page.
    (next?.querySelector("button") ?? document.getElementById("what-if-find"))?.focus();
  };
  const make = (name: string, value: string): RowOf => {
    const choice = choices.get(name);
    const label = labelOf(name);
    const kind = choice === undefined ? "word" : RANGE.test(value) ? "range" : "value";
    const word = h("b", {});
    const fields = choice === undefined ? { parts: [" ", word], set: (v: string) => (word.textContent = v) } : kind === "range" ? rangeFields(choice, value, changes) : valueField(choice, changes);
    const row = h(
      "li",
      {},
      h("span", { dir: "auto" }, label),
      h("div", {}, fields.parts, choice !== undefined && h("span", { class: "was" }, ` ${choice.unit} (was ${choice.text})`), " ", button("take back", () => close(name), `take back the change of ${label}`)),
    );
    return { element: row, kind, set: fields.set };
  };
  function show(): void {
    const values = new Map<string, string>([...opened.flatMap((n): Setting[] => (choices.has(n) ? [[n, choices.get(n)?.text ?? ""]] : [])), ...changes.list]);
    for (const name of Array.from(rows.keys())) if (!values.has(name)) rows.get(name)?.element.remove(), rows.delete(name);
    for (const [name, value] of values) {
      const there = rows.get(name);
      const fits = there !== undefined && (there.kind === "word" || (there.kind === "range") === RANGE.test(value));
      const row = fits ? there : make(name, value);
      if (!fits) {
        if (there === undefined) element.append(row.element);
        else there.element.replaceWith(row.element);
        rows.set(name, row);
      }
      row.set(value);
    }
    if (rows.size === 0) element.replaceChildren(none);
    else none.remove();
  }
  const open = (choice: Choice): void => {
    if (!opened.includes(choice.name)) opened.push(choice.name);
    show();
    rows.get(choice.name)?.element.querySelector("input")?.focus();
  };
  show();
  return { element, show, open };
}

const fieldOf = (label: string, what: string, size: number): HTMLInputElement => h("input", { type: "text", inputmode: "decimal", size, "aria-label": `${label}: ${what}`, autocomplete: "off" });

// An uncertain input has two fields and a slider that moves both; a plain number one field.
function rangeFields(choice: Choice, first: string, changes: Changes): { parts: Child[]; set: (value: string) => void } {
  const [low, high] = [fieldOf(choice.label, "from", 6), fieldOf(choice.label, "to", 6)];
  const [a, b] = (RANGE.exec(first) ?? []).slice(1).map(Number) as [number, number];
  const [least, most] = [Math.min(choice.low ?? a, a), Math.max(choice.high ?? b, b)];
  const span = most - least || Math.abs(a) || 1;
  const slider = h("input", { type: "range", min: least - span, max: most + span, step: span / 100, "aria-label": `${choice.label}: middle of the range` });
  const apply = (): void => {
    if (low.value.trim() !== "" && high.value.trim() !== "") changes.put(choice.name, `${low.value.trim()} to ${high.value.trim()}`);
  };
  low.addEventListener("change", apply);
  high.addEventListener("change", apply);
  const digits = (v: number): string => String(Number(v.toPrecision(4)));
  slider.addEventListener("input", () => {
    const half = (Number(high.value) - Number(low.value)) / 2;
    const middle = Number(slider.value);
    if (Number.isFinite(half)) changes.put(choice.name, `${digits(middle - half)} to ${digits(middle + half)}`, choice.name);
  });
  const set = (value: string): void => {
    const ends = RANGE.exec(value);
    if (ends === null) return;
    [low.value, high.value] = [ends[1] ?? "", ends[2] ?? ""];
    const middle = (Number(ends[1]) + Number(ends[2])) / 2;
    // A slider under the hand stays where the hand is.
    if (document.activeElement !== slider) slider.value = String(middle);
    slider.setAttribute("aria-valuetext", value);
  };
  return { parts: [low, " to ", high, " ", slider], set };
}

function valueField(choice: Choice, changes: Changes): { parts: Child[]; set: (value: string) => void } {
  const field = fieldOf(choice.label, "value", Math.min(30, Math.max(7, choice.text.length)));
  field.addEventListener("change", () => field.value.trim() !== "" && changes.put(choice.name, field.value.trim() === choice.text ? null : field.value.trim()));
  return { parts: [field], set: (value) => (field.value = value) };
}

// --- links and files

function carryPart(data: Data, changes: Changes, wrong: HTMLElement): Child[] {
  const said = h("span", { role: "status" });
  const save = button("Save changes (JSON)", () => download(`${data.scenario.id || "entente"}-changes.json`, "application/json", `${JSON.stringify({ scenario: data.scenario.id, changes: changes.list }, null, 1)}\n`));
  const copy = button("Copy link", () => {
    navigator.clipboard?.writeText(location.href.split("#")[0] + toFragment(changes.list)).then(
      () => (said.textContent = "The link is copied."),
      () => (said.textContent = "The link stands in the address bar."),
    );
  });
  const file = h("input", { type: "file", accept: ".json", hidden: true, "aria-label": "a file of changes" });
  file.addEventListener("change", () => {
    const [first] = file.files ?? [];
    if (first === undefined) return;
    first
      .text()
      .then((text) => changes.become(fromFile(text)))
      .catch((error: unknown) => (wrong.textContent = `This is no file of changes: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => (file.value = ""));
  });
  return [save, button("Open changes", () => file.click()), file, copy, said];
}

// --- what follows

interface Results {
  element: Child[];
  show: (changes: readonly Setting[], answer: Answer | null, whole: string | null) => void;
  progress: (part: number) => void;
  command: (changes: readonly Setting[]) => void;
}

function resultsPart(data: Data, showAll: (text: string) => void): Results {
  const title = h("h3", {});
  const status = h("p", { class: "nt", role: "status" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Draws of the refined run" });
  const claims = h("tbody", {});
  const outcomes = h("tbody", {});
  const code = h("code", {});
  let text: string | null = null;
  const page = button("Show the whole page with these changes", () => text !== null && showAll(text));
  const headline = data.quantities.filter((q) => q.headline);
  const titleOf = (q: Quantity): string => data.issues.find((i) => i.id === q.issue && q.kind === "outcome")?.title ?? q.title ?? q.name;
  const head = (...names: string[]): HTMLElement => h("thead", {}, h("tr", {}, names.map((n) => h("th", { scope: "col" }, n))));
  const table = (caption: string, what: string, last: string, rows: HTMLElement): HTMLElement => scrolled(caption, h("table", { class: "dt" }, h("caption", {}, caption), head(what, "was", "now", last), rows));
  const given = data.has_given ? (answer: Answer): string => (answer.effective === null ? "" : `, effective ${measured(answer.effective, null, 0)} after what is known`) : (): string => "";

  const command = (changes: readonly Setting[]): void => {
    code.textContent = commandOf(data.command, changes);
    page.hidden = true;
    bar.value = 0;
    status.textContent = "Running.";
  };
  const show = (changes: readonly Setting[], answer: Answer | null, whole: string | null): void => {
    text = whole;
    page.hidden = whole === null;
    code.textContent = commandOf(data.command, changes);
    bar.hidden = answer === null || whole !== null;
    title.textContent = capital(answer === null ? "The report as it is" : finding(changes.length, data.claims.map((c) => ({ title: c.title, turned: turned(c, answer), moved: movedClaim(c, answer) }))));
    status.textContent = answer === null ? UNCHANGED : whole === null ? `From ${count(answer.draws)} draws so far${given(answer)}.` : `From ${count(answer.draws)} draws${given(answer)}: what the command gives.`;
    claims.replaceChildren(...data.claims.map((c) => claimRow(c, answer)));
    outcomes.replaceChildren(...headline.map((q) => outcomeRow(q, titleOf(q), answer)));
  };
  return {
    element: [
      title,
      status,
      bar,
      data.claims.length > 0 && table("Claims: share of draws in which each holds, ± two standard errors", "Claim", "verdict", claims),
      headline.length > 0 && table(`Outcomes: medians${data.document === null ? "" : " with the document"}, ± two standard errors`, "Outcome", "unit", outcomes),
      h("pre", { tabindex: 0, role: "region", "aria-label": "Command for these changes" }, code),
      h("p", { class: "ff" }, page),
    ],
    show,
    progress: (part) => (bar.value = part),
    command,
  };
}
