// Runs of a scenario: start one, watch it, stop it; all that were made, with their reports and files.
import { add, h } from "../src/dom";
import * as api from "./api";
import type { Desk } from "./desk";
import { percent, verdict } from "./verdict";
import { child, outline } from "./yaml";

export const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
export const when = (utc: string): string => new Date(utc).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
export const settingsText = (s: Record<string, string>): string => Object.entries(s).map(([k, v]) => `${k} = ${v}`).join(", ");

// "NAME=VALUE", one a line.
export function readSettings(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const at = line.indexOf("=");
    if (at < 1 || line.slice(at + 1).trim() === "") throw new Error(`A setting is NAME = VALUE, one a line, not “${line.trim()}”`);
    found[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return found;
}

// A box for settings, and a list of names that may be set.
export function settingsBox(desk: Desk, label: string): { element: HTMLElement; area: HTMLTextAreaElement } {
  const id = `settings-${label.replaceAll(/\W/g, "")}`;
  const area = h("textarea", { id, rows: "3", class: "small", spellcheck: "false", placeholder: "name = value, one a line" });
  const names = h("select", { "aria-label": `${label}: a name to add`, change: () => {
    if (names.value === "") return;
    area.value = `${area.value.trimEnd()}${area.value.trim() === "" ? "" : "\n"}${names.value} = `;
    names.value = "";
    area.focus();
  } }, h("option", { value: "" }, "add a name …"));
  void desk.file("scenario.yaml").then((file) => {
    const top = outline(file.text);
    const provisions = child(child(top, "document")?.children, "provisions")?.children ?? [];
    const options = [...(child(top, "inputs")?.children ?? []).map((e) => e.key), ...provisions.map((e) => `${e.key}.in_force`), ...(child(top, "levers")?.children ?? []).map((e) => `${e.key}.lever`), ...(child(top, "claims")?.children ?? []).map((e) => `${e.key}.threshold`)];
    add(names, options.map((o) => h("option", { value: o }, o)));
  }).catch(() => undefined);
  return { element: h("div", { class: "field wide" }, h("label", { for: id }, label), area, names), area };
}

// A job's progress with a button that stops it; resolves when it has ended.
export function progress(job: string, what: string, box: HTMLElement): Promise<api.Job> {
  return new Promise((resolve) => {
    const bar = h("progress", { max: "1", "aria-label": what });
    const text = h("span", { role: "status" }, `${what} …`);
    const stop = h("button", { type: "button", click: () => void api.cancel(job).catch(() => undefined) }, "Cancel");
    box.replaceChildren(h("div", { class: "progress" }, bar, text, stop));
    api.follow(job, (told) => {
      if (told.state === "running") {
        if (told.total > 0) bar.value = told.done / told.total;
        text.textContent = told.total > 0 ? `${grouped(told.done)} of ${grouped(told.total)} draws` : `${what} …`;
        return;
      }
      box.replaceChildren();
      resolve(told);
    });
  });
}

export function failure(told: api.Job): HTMLElement {
  const found = told.failure;
  return h("div", { class: "failed", role: "alert" }, h("p", {}, found?.error ?? "It failed."), h("ul", { class: "plainlist" }, (found?.findings ?? []).slice(0, 20).map((f) => h("li", {}, f.line > 0 ? h("b", {}, `${f.file}:${f.line}:${f.column} `) : null, f.message))));
}

function claimMarks(run: api.Run): HTMLElement {
  return h("ul", { class: "claims" }, run.claims.map((c) => h("li", {}, verdict(c.verdict), h("span", { class: "share" }, percent(c.share)), h("span", { dir: "auto" }, c.id.replaceAll("_", " ")))));
}

function card(desk: Desk, run: api.Run, gone: () => void): HTMLElement {
  const id = desk.scenario.id;
  const link = (name: string, text: string, report = false): HTMLElement =>
    h("a", report ? { href: api.runFile(id, run.id, name), target: "_blank", rel: "noopener", class: "report" } : { href: api.runFile(id, run.id, name), download: `${run.id}-${name}` }, text);
  const settings = settingsText(run.settings);
  const told = h("p", { role: "status", class: "note" });
  const remove = h("button", { type: "button", class: "quiet", click: () => {
    if (remove.dataset["sure"] === undefined) {
      remove.dataset["sure"] = "yes";
      remove.textContent = "Delete for good?";
      return;
    }
    api.removeRun(id, run.id).then(gone, (error: unknown) => { told.textContent = message(error); });
  } }, "Delete");
  return h("li", { class: "run" },
    h("header", {}, h("h3", {}, when(run.started)), h("p", { class: "note" }, `${grouped(run.draws)} draws${run.interrupted ? ` of ${grouped(run.draws_asked)}, stopped` : ""}, seed ${run.seed}, ${run.seconds < 1 ? "under a second" : `${Math.round(run.seconds)} s`}`)),
    run.note === "" ? null : h("p", { dir: "auto" }, run.note), settings === "" ? null : h("p", { class: "note", dir: "auto" }, `with ${settings}`), claimMarks(run),
    h("p", { class: "links" }, link("report.html", "Open the report", true), link("results.json", "JSON"), link("results.sqlite", "SQLite"), run.csv ? link("draws.csv", "CSV of all draws") : null,
      h("a", { href: `#/s/${id}/compare/${run.id}` }, "Compare"), remove), told);
}

export function runsView(desk: Desk): { element: HTMLElement; done: () => void } {
  const id = desk.scenario.id;
  const draws = h("input", { id: "run-draws", inputmode: "numeric", placeholder: "the scenario's" });
  const seed = h("input", { id: "run-seed", inputmode: "numeric", placeholder: "the scenario's" });
  const note = h("input", { id: "run-note", dir: "auto", maxlength: "100", placeholder: "what is tried" });
  const csv = h("input", { id: "run-csv", type: "checkbox" });
  const settings = settingsBox(desk, "Settings for this run");
  const box = h("div", {});
  const told = h("div", {});
  const list = h("ul", { class: "runs" });
  const start = h("button", { type: "submit", class: "main" }, "Run");

  async function refresh(): Promise<void> {
    const { runs } = await api.runs(id);
    list.replaceChildren(...(runs.length === 0 ? [h("li", { class: "note" }, "No runs yet.")] : runs.map((r) => card(desk, r, () => void refresh()))));
  }
  async function run(): Promise<void> {
    told.replaceChildren();
    if (start.disabled) return;
    try {
      const body: Record<string, unknown> = { settings: readSettings(settings.area.value), note: note.value, csv: csv.checked };
      if (draws.value.trim() !== "") body["draws"] = draws.value.trim();
      if (seed.value.trim() !== "") body["seed"] = seed.value.trim();
      if (desk.unsaved.length > 0) add(told, [h("p", { class: "note" }, `Not saved, and not in this run: ${desk.unsaved.map((f) => f.path).join(", ")}`)]);
      start.disabled = true;
      const job = await api.startRun(id, body);
      const end = await progress(job.id, "Running", box);
      if (end.state === "failed") add(told, [failure(end)]);
      else add(told, [h("p", { role: "status" }, end.state === "stopped" ? "Stopped; what was finished is kept. " : "Done. ", h("a", { href: api.runFile(id, job.id, "report.html"), target: "_blank", rel: "noopener", class: "report" }, "Open the report"))]);
    } catch (error) {
      add(told, [h("p", { role: "alert", class: "failed" }, message(error))]);
    }
    start.disabled = false;
    await refresh();
  }
  const labelled = (text: string, control: HTMLElement): HTMLElement => h("div", { class: "field" }, h("label", { for: control.id }, text), control);
  void refresh().catch((error: unknown) => add(told, [h("p", { role: "alert" }, message(error))]));
  return {
    element: h("div", { class: "cols" },
      h("form", { class: "ask", submit: (e) => { e.preventDefault(); void run(); } }, h("h2", {}, "Run it"), labelled("Draws", draws), labelled("Seed", seed), labelled("Note", note), settings.element,
        h("div", { class: "field check" }, csv, h("label", { for: "run-csv" }, "keep every draw (CSV)")), start, box, told),
      h("section", { "aria-label": "History" }, h("h2", {}, "History"), list)),
    done: () => undefined,
  };
}
