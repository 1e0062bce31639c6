// The app of `entente serve`: a list of scenarios; of one, its files, its form, its runs and comparisons. The address tells what
// is shown: #/ or #/s/ID/edit, /runs, /compare/RUN. Text that came from a file goes into the page as text alone.
import { add, h } from "../src/dom";
import * as api from "./api";
import { compareView } from "./compare";
import { Desk } from "./desk";
import { editView } from "./edit";
import { setModels } from "./form";
import { message, runsView } from "./runs";

let desk: Desk | null = null;
let leave: () => void = () => undefined;

async function listView(main: HTMLElement): Promise<void> {
  const { scenarios } = await api.scenarios();
  const told = h("p", { role: "status", class: "note" });
  const name = h("input", { id: "new-name", placeholder: "my-case", pattern: "[a-z0-9_\\-]+", spellcheck: "false" });
  const create = async (): Promise<void> => {
    try {
      location.hash = `#/s/${(await api.create(name.value.trim())).id}/edit`;
    } catch (error) {
      told.textContent = message(error);
    }
  };
  add(main, [h("h1", { tabindex: "-1" }, "Scenarios"),
    scenarios.length === 0 ? h("p", {}, "There is none in these folders yet.") : h("ul", { class: "scenarios" }, scenarios.map((s) => h("li", {},
      h("a", { href: `#/s/${s.id}/edit` }, h("b", { dir: "auto" }, s.title)), h("p", { class: "note" }, h("span", { dir: "auto" }, s.folder), s.runs > 0 ? `, ${s.runs} ${s.runs === 1 ? "run" : "runs"}` : "")))),
    h("form", { class: "new", submit: (e) => { e.preventDefault(); void create(); } }, h("label", { for: "new-name" }, "A new scenario, small and commented, in the folder"), name, h("button", { type: "submit" }, "Make it"), told)]);
}

async function scenarioView(main: HTMLElement, id: string, tab: string, rest: string): Promise<() => void> {
  if (desk?.scenario.id !== id) {
    desk?.stop();
    desk = new Desk(await api.scenario(id));
  }
  const at = desk;
  at.start();
  const tabs: [string, string][] = [["edit", "Edit"], ["runs", "Run and history"], ["compare", "Compare"]];
  add(main, [h("h1", { tabindex: "-1", dir: "auto", class: "title" }, at.scenario.title), h("p", { class: "note" }, h("span", { dir: "auto" }, at.scenario.folder)),
    h("nav", { class: "tabs", "aria-label": "Parts" }, tabs.map(([key, text]) => h("a", { href: `#/s/${id}/${key}`, "aria-current": key === tab ? "page" : null }, text)))]);
  const view = tab === "runs" ? runsView(at) : tab === "compare" ? compareView(at, rest) : editView(at, at.facts.some((f) => f.path === "scenario.yaml") ? "scenario.yaml" : at.facts[0]?.path ?? "scenario.yaml");
  add(main, [view.element]);
  return view.done;
}

let asked = 0;
async function show(): Promise<void> {
  const mine = ++asked;
  const page = document.getElementById("page");
  if (page === null) return;
  leave();
  leave = () => undefined;
  const [, kind = "", id = "", tab = "edit", rest = ""] = location.hash.split("/").map(decodeURIComponent);
  const main = h("main", { class: "wrap" });
  let done = (): void => undefined;
  try {
    if (kind === "s") done = await scenarioView(main, id, tab, rest);
    else {
      desk?.stop();
      desk = null;
      await listView(main);
    }
  } catch (error) {
    main.replaceChildren(h("h1", { tabindex: "-1" }, "This cannot be shown"), h("p", { role: "alert" }, message(error)), h("p", {}, h("a", { href: "#/" }, "All scenarios")));
  }
  if (mine !== asked) {
    done();
    return;
  }
  leave = done;
  document.title = `${main.querySelector("h1")?.textContent ?? ""} · entente`;
  page.replaceChildren(h("header", { class: "ban" }, h("div", { class: "wrap" }, h("a", { href: "#/" }, h("b", {}, "entente")), kind === "s" ? h("a", { href: "#/" }, "all scenarios") : null)), main);
  main.querySelector("h1")?.focus({ preventScroll: true });
}

window.addEventListener("hashchange", () => void show());
window.addEventListener("beforeunload", (event) => {
  if (desk !== null && desk.unsaved.length > 0) event.preventDefault();
});
if (location.search !== "") history.replaceState(null, "", location.pathname + location.hash); // the token is in a cookie now
void api.models().then((told) => setModels(told.models), () => undefined).then(show);
