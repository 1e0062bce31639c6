// Files of a scenario: a list of them, the text of one with what is wrong in place, or its table, or its form.
import { add, h } from "../src/dom";
import type { Finding } from "./api";
import { readTable, writeTable } from "./csv";
import type { Desk, Open } from "./desk";
import { editor } from "./editor";
import { form } from "./form";

const MOST_ROWS = 400;
const MOST_COLUMNS = 40;
type Kind = "text" | "table" | "form";

function grid(file: Open, findings: Finding[], changed: (text: string) => void): HTMLElement {
  const table = readTable(file.text);
  const [head = [], ...rows] = table.rows;
  if (rows.length > MOST_ROWS || head.length > MOST_COLUMNS) return h("p", { class: "note" }, `The table has ${rows.length} rows and ${head.length} columns: edit it as text.`);
  const wrong = new Map(findings.filter((f) => f.file === file.path).map((f) => [f.line, f.message]));
  const write = (): void => changed(writeTable(table));
  const cell = (r: number, c: number): HTMLElement => {
    const input = h("input", { value: table.rows[r]?.[c] ?? "", "aria-label": r === 0 ? `Column ${c + 1}` : `${head[c] ?? ""}, ${table.rows[r]?.[0] ?? ""}`, dir: "auto", spellcheck: "false" });
    input.size = Math.min(36, Math.max(5, ...table.rows.slice(0, 60).map((row) => (row[c] ?? "").length)));
    input.addEventListener("input", () => {
      const row = table.rows[r];
      if (row === undefined) return;
      while (row.length <= c) row.push("");
      row[c] = input.value;
      write();
    });
    return input;
  };
  const body = h("tbody", {}, rows.map((_, i) => h("tr", { class: wrong.has(i + 2) ? "wrong" : null, title: wrong.get(i + 2) ?? null }, h("th", { scope: "row" }, String(i + 2)), head.map((_h, c) => h("td", {}, cell(i + 1, c))))));
  const more = h("button", { type: "button", click: () => {
    table.rows.push(head.map(() => ""));
    write();
    add(body, [h("tr", {}, h("th", { scope: "row" }, String(table.rows.length)), head.map((_h, c) => h("td", {}, cell(table.rows.length - 1, c))))]);
  } }, "Add a row");
  return h("div", { class: "grid", tabindex: "0", role: "region", "aria-label": `Table ${file.path}` }, h("table", {}, h("thead", {}, h("tr", { class: wrong.has(1) ? "wrong" : null, title: wrong.get(1) ?? null }, h("th", { scope: "col" }, "line"), head.map((_h, c) => h("th", { scope: "col" }, cell(0, c))))), body), h("p", {}, more));
}

export function editView(desk: Desk, first: string): { element: HTMLElement; done: () => void } {
  let file: Open | null = null;
  let kind: Kind = "text";
  let shown = ""; // the text that table or form was made from
  const list = h("ul", { class: "files" });
  const bar = h("div", { class: "bar" });
  const banner = h("div", { role: "alert" });
  const pane = h("div", { class: "pane" });
  const status = h("p", { class: "state", role: "status" });
  const findings = h("ul", { id: "findings", class: "findings" });
  const sheet = editor("Text of the file", (text) => type(text));

  function type(text: string): void {
    if (file === null) return;
    shown = text;
    desk.type(file, text);
  }
  async function choose(path: string): Promise<void> {
    try {
      file = await desk.file(path);
    } catch (error) {
      status.textContent = String(error instanceof Error ? error.message : error);
      return;
    }
    if (kind === "table" && !/\.[ct]sv$/.test(path)) kind = "text";
    if (kind === "form" && path !== "scenario.yaml") kind = "text";
    show();
    await desk.check(file);
  }
  async function save(): Promise<void> {
    if (file === null) return;
    try {
      await desk.save(file);
      await desk.check(file);
    } catch (error) {
      status.textContent = String(error instanceof Error ? error.message : error);
    }
  }
  function show(): void {
    if (file === null) return;
    shown = file.text;
    if (kind === "text") {
      pane.replaceChildren(sheet.element);
      sheet.set(file.text);
    } else if (kind === "table") pane.replaceChildren(grid(file, desk.findings, type));
    else pane.replaceChildren(form(file.text, desk.findings, (text) => {
      type(text);
      show();
    }));
    tell();
  }
  function go(finding: Finding): void {
    const act = async (): Promise<void> => {
      if (finding.file !== "" && finding.file !== file?.path) await choose(finding.file);
      if (kind !== "text") {
        kind = "text";
        show();
      }
      sheet.go(finding.line, finding.column);
    };
    void act();
  }
  function tell(): void {
    if (file === null) return;
    const at = file;
    if (shown !== at.text) { // changed on disk, or taken back
      show();
      return;
    }
    const errors = desk.findings.filter((f) => f.severity === "error").length;
    const dirty = at.text !== at.saved;
    list.replaceChildren(...desk.facts.map((f) => {
      const open = desk.open.get(f.path);
      const wrong = desk.findings.filter((g) => g.file === f.path && g.severity === "error").length;
      return h("li", {}, h("button", { type: "button", "aria-current": f.path === at.path ? "true" : null, click: () => void choose(f.path) }, h("span", { dir: "auto" }, f.path),
        open !== undefined && open.text !== open.saved ? h("span", { class: "unsaved" }, " not saved") : null, wrong > 0 ? h("span", { class: "count" }, ` ${wrong} ${wrong === 1 ? "error" : "errors"}`) : null));
    }));
    const kinds: Kind[] = at.path === "scenario.yaml" ? ["text", "form"] : /\.[ct]sv$/.test(at.path) ? ["text", "table"] : ["text"];
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["act"] : undefined;
    bar.replaceChildren(
      h("div", { class: "kinds", role: "group", "aria-label": "View" }, kinds.length < 2 ? null : kinds.map((k) => h("button", { type: "button", "data-act": k, "aria-pressed": String(k === kind), click: () => { kind = k; show(); } }, k === "text" ? "Text" : k === "table" ? "Table" : "Form"))),
      h("button", { type: "button", class: "main", "data-act": "save", "aria-disabled": String(!dirty), click: () => void save() }, dirty ? "Save" : "Saved"),
    );
    if (focused !== undefined) bar.querySelector<HTMLElement>(`[data-act="${focused}"]`)?.focus();
    banner.replaceChildren();
    if (at.clash) add(banner, [h("div", { class: "clash" }, h("p", {}, h("span", { dir: "auto" }, at.path), " was changed by another program while you were typing. Nothing was overwritten."),
      h("button", { type: "button", click: () => void desk.take(at) }, "Load what is on disk"), h("button", { type: "button", click: () => void desk.keep(at) }, "Keep what I typed"))]);
    status.textContent = desk.error !== "" ? desk.error : errors > 0 ? `${errors} ${errors === 1 ? "error" : "errors"}` : desk.checking ? "Checking" : "No errors";
    status.className = `state${errors > 0 || desk.error !== "" ? " bad" : ""}`;
    findings.replaceChildren(...desk.findings.slice(0, 100).map((f) => h("li", { class: f.severity }, h("button", { type: "button", click: () => go(f) }, h("b", {}, `${f.file}:${f.line}:${f.column}`), " ", h("span", { dir: "auto" }, f.message)))));
    sheet.mark(desk.findings.filter((f) => f.file === at.path));
  }
  const onKey = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      void save();
    }
  };
  document.addEventListener("keydown", onKey);
  const deaf = desk.listen(tell);
  void choose(first);
  return {
    element: h("div", { class: "edit" }, h("nav", { "aria-label": "Files" }, list), h("div", { class: "work" }, bar, banner, pane, h("section", { class: "told", "aria-label": "What was found" }, status, findings))),
    done: () => {
      deaf();
      document.removeEventListener("keydown", onKey);
    },
  };
}
