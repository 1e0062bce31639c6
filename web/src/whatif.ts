// What if: the engine in the page runs the scenario again with changes. A first answer comes from few draws, and is refined
// while one looks; what changed shows what it was. The changes are those of `entente run --set`, so the same command gives
// the same numbers.

import type { Claim, Data, Input, Num, Quantity } from "./data";
import { add, h } from "./dom";
import type { Child } from "./dom";
import { Cancelled } from "./engine";
import type { Engine } from "./engine";
import { download } from "./figure";
import { count, measured, percent } from "./format";
import type { Section } from "./section";
import { glyph, letter } from "./verdict";

export type Setting = readonly [name: string, value: string];

// --- changes and how they travel ------------------------------------------------------------------------

const PREFIX = "what-if=";

export function toFragment(changes: readonly Setting[]): string {
  return `#${PREFIX}${changes.map(([name, value]) => `${encodeURIComponent(name)}~${encodeURIComponent(value)}`).join("!")}`;
}

export function fromFragment(hash: string): Setting[] {
  const text = hash.replace(/^#/, "");
  if (!text.startsWith(PREFIX)) return [];
  return text
    .slice(PREFIX.length)
    .split("!")
    .flatMap((part) => {
      const [name, value] = part.split("~");
      if (name === undefined || value === undefined || name === "") return [];
      try {
        return [[decodeURIComponent(name), decodeURIComponent(value)] as const];
      } catch {
        return [];
      }
    });
}

const plainWord = /^[\w@%+=:,./-]+$/;
const shell = (word: string): string => (plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export function commandOf(command: string, changes: readonly Setting[]): string {
  return `${command}${changes.map(([name, value]) => ` --set ${shell(`${name}=${value}`)}`).join("")}`;
}

// A file of changes: what was saved here, or an object of names and values.
export function fromFile(text: string): Setting[] {
  const raw: unknown = JSON.parse(text);
  const changes = typeof raw === "object" && raw !== null && "changes" in raw ? (raw as { changes: unknown }).changes : raw;
  const pairs = Array.isArray(changes) ? changes : Object.entries((changes ?? {}) as object);
  return pairs.map((pair) => {
    if (!Array.isArray(pair) || typeof pair[0] !== "string" || typeof pair[1] !== "string") throw new Error("a change is a name and a value, both text");
    return [pair[0], pair[1]] as const;
  });
}

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
const points = (error: Num): string => (error === null || error === 0 ? "" : ` ±${Math.max(1, Math.round(200 * error))}`);

function claimRow(claim: Claim, answer: Answer | null): HTMLElement {
  const now = answer?.claims.get(claim.id);
  const moved = now !== undefined && differs(now.share, now.error, claim.share, claim.mc_error);
  const turned = now !== undefined && now.verdict !== claim.verdict && moved;
  const verdict = now?.verdict ?? claim.verdict;
  return h(
    "tr",
    { class: moved ? "now-moved" : null },
    h("th", { scope: "row", dir: "auto" }, h("a", { href: `#${claim.id}` }, claim.title)),
    h("td", { class: "was" }, claim.share === null ? "no value" : `${percent(claim.share)}\u00a0%`),
    h("td", {}, now === undefined ? "" : now.share === null ? "no value" : [h("b", {}, `${percent(now.share)}\u00a0%`), points(now.error)]),
    h("td", {}, glyph(verdict, 11), " ", h("span", { class: `v${letter(verdict)}w` }, verdict), turned && h("span", { class: "was" }, ` (was ${claim.verdict})`)),
  );
}

function outcomeRow(quantity: Quantity, title: string, answer: Answer | null): HTMLElement {
  const now = answer?.quantities.get(quantity.name);
  const moved = now !== undefined && differs(now.middle, now.error, quantity.p50, quantity.quantile_error.p50);
  return h(
    "tr",
    { class: moved ? "now-moved" : null },
    h("th", { scope: "row", dir: "auto" }, title),
    h("td", { class: "was" }, measured(quantity.p50, quantity.quantile_error.p50)),
    h("td", {}, now === undefined ? "" : [h("b", {}, measured(now.middle, now.error)), now.error === null ? "" : ` ±${measured(2 * now.error, now.error)}`]),
    h("td", {}, quantity.unit),
  );
}

// --- the section ------------------------------------------------------------------------------------------

export function whatIfSection(data: Data, engine: () => Promise<Engine | null>, showAll: (text: string) => void): Section {
  return {
    id: "s-what-if",
    nav: "What if",
    kick: "What if",
    title: "Change what you doubt, and see what follows",
    sub: ["The engine of this report runs in your browser, on your machine alone; numbers are those that the command below gives."],
    body: () => panel(data, engine, showAll),
  };
}

const WAIT = 60; // ms after the last touch

const scrolled = (about: string, table: HTMLElement): HTMLElement => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": about }, table);

function panel(data: Data, start: () => Promise<Engine | null>, showAll: (text: string) => void): Child[] {
  let changes: Setting[] = [];
  let past: Setting[][] = [];
  let future: Setting[][] = [];
  let answer: Answer | null = null;
  let whole: string | null = null; // the data block of the refined run
  let timer: ReturnType<typeof setTimeout> | undefined;
  const inputs = new Map(data.inputs.map((i) => [i.name, i]));
  const weights = new Map<string, number>();
  for (const issue of data.issues) {
    const least = Math.min(...issue.settle.map((m) => m.share ?? 1).filter((s) => s > 0));
    for (const m of issue.settle) weights.set(weightName(issue.id, m.model), Math.round(((m.share ?? 0) / least) * 1000) / 1000);
  }

  const status = h("p", { class: "nt", role: "status" }, "Nothing is changed: the numbers are those of the report.");
  const wrong = h("p", { class: "wrong", role: "alert" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Draws of the refined run" });
  const claims = h("tbody", {});
  const outcomes = h("tbody", {});
  const command = h("code", {});
  const rows = h("ul", { class: "changed" });
  const headline = data.quantities.filter((q) => q.headline);
  const titleOf = (q: Quantity): string => data.issues.find((i) => i.id === q.issue && q.kind === "outcome")?.title ?? q.name;
  const button = (text: string, act: () => void): HTMLButtonElement => h("button", { type: "button", class: "as-link", click: act }, text);

  const get = (name: string): string | undefined => changes.find(([n]) => n === name)?.[1];
  const put = (name: string, value: string | null): void => {
    past.push(changes);
    future = [];
    const at = changes.findIndex(([n]) => n === name);
    const rest = changes.filter(([n]) => n !== name);
    if (value === null) changes = rest;
    else if (at < 0) changes = [...changes, [name, value]];
    else changes = changes.map((c, i) => (i === at ? [name, value] : c));
    follow();
  };
  const become = (next: Setting[], from: Setting[][], to: Setting[][]): void => {
    to.push(changes);
    from.pop();
    changes = next;
    follow();
  };

  const undo = button("Undo", () => past.length > 0 && become(past[past.length - 1] ?? [], past, future));
  const redo = button("Redo", () => future.length > 0 && become(future[future.length - 1] ?? [], future, past));
  const reset = button("Reset", () => {
    if (changes.length === 0) return;
    past.push(changes);
    future = [];
    changes = [];
    follow();
  });
  const page = button("Show the whole page with these changes", () => whole !== null && showAll(whole));

  function tell(): void {
    claims.replaceChildren(...data.claims.map((c) => claimRow(c, answer)));
    outcomes.replaceChildren(...headline.map((q) => outcomeRow(q, titleOf(q), answer)));
    command.textContent = commandOf(data.command, changes);
    rows.replaceChildren(...changes.map(changeRow));
    // They stay within the keyboard's reach, and say that there is nothing to do.
    undo.setAttribute("aria-disabled", String(past.length === 0));
    redo.setAttribute("aria-disabled", String(future.length === 0));
    reset.setAttribute("aria-disabled", String(changes.length === 0));
    page.hidden = whole === null;
  }

  // What a control shows is what stands, whoever changed it.
  const controls: (() => void)[] = [];
  function follow(): void {
    for (const control of controls) control();
    whole = null;
    wrong.textContent = "";
    if (changes.length === 0) answer = null;
    tell();
    history.replaceState(null, "", changes.length === 0 ? location.pathname + location.search : toFragment(changes));
    clearTimeout(timer);
    timer = setTimeout(() => void run(), WAIT);
  }

  let runs = 0;
  async function run(): Promise<void> {
    const mine = ++runs;
    bar.value = 0;
    try {
      const running = await start();
      if (running === null) {
        wrong.textContent = "This page carries no engine: run the scenario again with this version of entente.";
        return;
      }
      if (mine !== runs) return;
      await running.reset(changes);
      if (changes.length === 0) {
        running.cancel();
        status.textContent = "Nothing is changed: the numbers are those of the report.";
        return;
      }
      const look = (text: string): void => {
        if (mine !== runs) return;
        answer = readAnswer(text);
        status.textContent = `From ${count(answer.draws)} draws so far${answer.effective !== null && data.has_given ? `, effective ${measured(answer.effective, null, 0)}` : ""}.`;
        tell();
      };
      const text = await running.run(data.draws, { onLook: look, onDraws: (done, total) => mine === runs && (bar.value = done / total) });
      if (mine !== runs) return;
      whole = text;
      look(text);
      status.textContent = `From ${count(data.draws)} draws: what the command below gives.`;
    } catch (error) {
      if (mine !== runs || error instanceof Cancelled) return;
      wrong.textContent = `${error instanceof Error ? error.message : String(error)} (the change is not in force; undo it or mend it)`;
    }
  }

  // --- controls
  const provisions = data.provisions.map((p) => {
    const box = h("input", { type: "checkbox", id: `what-if-${p.id}` });
    const name = `${p.id}.in_force`;
    controls.push(() => (box.checked = get(name) !== "no"));
    box.checked = true;
    box.addEventListener("change", () => put(name, box.checked ? null : "no"));
    return h("li", {}, h("label", { dir: "auto" }, box, " ", p.title));
  });

  function weightName(issue: string, model: string): string {
    return `${issue}.settle.${model.split(",")[0] ?? model}`;
  }
  const models = data.issues
    .filter((i) => i.settle.length > 1)
    .map((issue) =>
      h(
        "fieldset",
        {},
        h("legend", { dir: "auto" }, issue.title),
        issue.settle.map((m) => {
          const name = weightName(issue.id, m.model);
          const field = h("input", { type: "number", min: 0, step: "any", "aria-label": `weight of ${m.model} for ${issue.title}` });
          const stands = String(weights.get(name) ?? 0);
          controls.push(() => (field.value = get(name) ?? stands));
          field.value = stands;
          field.addEventListener("change", () => put(name, field.value === "" || field.value === stands ? null : field.value));
          return h("label", {}, m.model, " ", field);
        }),
      ),
    );

  function changeRow([name, value]: Setting): HTMLElement {
    const input = inputs.get(name);
    const provision = data.provisions.find((p) => `${p.id}.in_force` === name);
    const label = input?.label ?? (provision !== undefined ? `“${provision.title}” in force` : name);
    return h(
      "li",
      {},
      h("span", { dir: "auto" }, label),
      input === undefined ? h("b", {}, ` ${value}`) : rangeFields(name, value, input),
      input !== undefined && h("span", { class: "was" }, ` ${input.unit} (was ${input.text})`),
      " ",
      h("button", { type: "button", class: "as-link", "aria-label": `take back the change of ${label}`, click: () => put(name, null) }, "take back"),
    );
  }

  // An uncertain input has two fields and a slider that moves both; a plain number one.
  function rangeFields(name: string, value: string, input: Input): Child[] {
    const ends = /^\s*(-?[\d.eE+-]+)\s+to\s+(-?[\d.eE+-]+)\s*$/.exec(value);
    const field = (text: string, what: string): HTMLInputElement => h("input", { type: "text", inputmode: "decimal", size: 7, value: text, "aria-label": `${input.label}: ${what}` });
    if (ends === null) {
      const one = field(value, "value");
      one.size = Math.max(7, value.length);
      one.addEventListener("change", () => one.value.trim() !== "" && put(name, one.value.trim()));
      return [" ", one];
    }
    const [low, high] = [field(ends[1] ?? "", "from"), field(ends[2] ?? "", "to")];
    const apply = (): void => {
      if (low.value.trim() !== "" && high.value.trim() !== "") put(name, `${low.value.trim()} to ${high.value.trim()}`);
    };
    low.addEventListener("change", apply);
    high.addEventListener("change", apply);
    const [a, b] = [Number(ends[1]), Number(ends[2])];
    const [least, most] = [input.prior.p05 ?? a, input.prior.p95 ?? b];
    const span = Math.max(most - least, Math.abs(b - a), 1e-9);
    const slider = h("input", { type: "range", min: least - span, max: most + span, step: span / 100, value: (a + b) / 2, "aria-label": `${input.label}: middle of the range` });
    slider.addEventListener("change", () => {
      const shift = Number(slider.value) - (a + b) / 2;
      put(name, `${Number((a + shift).toPrecision(4))} to ${Number((b + shift).toPrecision(4))}`);
    });
    return [" ", low, " to ", high, " ", slider];
  }

  const choose = h("input", { type: "search", list: "what-if-inputs", size: 30, placeholder: "name of an input", "aria-label": "an input to change" });
  const list = h("datalist", { id: "what-if-inputs" }, data.inputs.map((i) => h("option", { value: i.name }, i.label)));
  const value = h("input", { type: "text", size: 14, placeholder: "10 to 20", "aria-label": "its new value" });
  const take = (): void => {
    const name = choose.value.trim();
    const given = value.value.trim();
    if (name === "") return;
    const input = inputs.get(name);
    put(name, given !== "" ? given : (input?.text ?? ""));
    choose.value = value.value = "";
    choose.focus();
  };
  choose.addEventListener("change", () => {
    const input = inputs.get(choose.value.trim());
    if (input !== undefined && value.value === "") value.placeholder = input.text;
  });
  const form = h("form", { class: "change-form" }, choose, list, " = ", value, " ", h("button", { type: "submit" }, "Change"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });

  const deciding = [...new Map(data.claims.flatMap((c) => c.drivers).map((d) => [d.input, d] as const)).values()].filter((d) => inputs.has(d.input)).slice(0, 8);
  const offered = deciding.map((d) => h("li", {}, button(d.label, () => put(d.input, inputs.get(d.input)?.text ?? ""))));

  const file = h("input", { type: "file", accept: ".json", "aria-label": "a file of changes" });
  file.addEventListener("change", () => {
    const [first] = file.files ?? [];
    if (first === undefined) return;
    first.text().then(
      (text) => {
        try {
          const next = fromFile(text);
          past.push(changes);
          future = [];
          changes = next;
          follow();
        } catch (error) {
          wrong.textContent = `This is no file of changes: ${error instanceof Error ? error.message : String(error)}`;
        }
      },
      () => (wrong.textContent = "The file cannot be read."),
    );
  });
  const save = button("Save changes (JSON)", () => download(`${data.scenario.id || "entente"}-changes.json`, "application/json", `${JSON.stringify({ scenario: data.scenario.id, changes }, null, 1)}\n`));
  const copy = button("Copy link", () => {
    navigator.clipboard?.writeText(location.href.split("#")[0] + toFragment(changes)).then(
      () => (status.textContent = "The link is copied."),
      () => (status.textContent = "The link stands in the address bar."),
    );
  });

  const head = (...names: string[]): HTMLElement => h("thead", {}, h("tr", {}, names.map((n) => h("th", { scope: "col" }, n))));
  const out = h(
    "div",
    { class: "g12 what-if" },
    h(
      "div",
      { class: "c5" },
      data.provisions.length > 0 && [h("h4", {}, "Provisions in force"), h("ul", { class: "boxes" }, provisions)],
      h("h4", {}, "An input, a stance, a threshold"),
      form,
      h("p", { class: "nt" }, "A number, ", h("code", {}, "10 to 20"), " (a 90 % range) or a distribution. Names are those of “What it rests on”; a claim's threshold is ", h("code", {}, "CLAIM.threshold"), "."),
      offered.length > 0 && [h("p", { class: "nt" }, "Inputs that decide a claim:"), h("ul", { class: "offered" }, offered)],
      models.length > 0 && h("details", { class: "fold" }, h("summary", {}, "Models and their weights"), models),
      h("h4", {}, "Changed"),
      rows,
      h("p", { class: "ff" }, undo, redo, reset, save, copy, h("label", { class: "as-link" }, "Open changes ", file)),
    ),
    h(
      "div",
      { class: "c7" },
      wrong,
      status,
      bar,
      scrolled("Claims: share of draws", h("table", { class: "dt" }, h("caption", {}, "Claims: share of draws"), head("Claim", "was", "now", "verdict"), claims)),
      headline.length > 0 && scrolled("Outcomes: medians", h("table", { class: "dt" }, h("caption", {}, "Outcomes: medians with the document"), head("Outcome", "was", "now", "unit"), outcomes)),
      h("pre", { tabindex: 0, role: "region", "aria-label": "Command for these changes" }, command),
      h("p", { class: "ff" }, page),
    ),
  );
  tell();
  const first = fromFragment(location.hash);
  if (first.length > 0) {
    changes = first;
    past = [[]];
    follow();
  }
  const place = h("div", {});
  add(place, [out]);
  return Array.from(place.childNodes);
}
