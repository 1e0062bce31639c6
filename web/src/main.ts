// Puts the page together: the first screen at once, the rest after it has been painted.

import { deterrenceSection, paysSection, yearsSection } from "./alliance";
import { briefSection } from "./brief";
import { fromFragment } from "./changes";
import { claimSection } from "./claim";
import { claimsPart } from "./claims";
import { coalitionsSection } from "./coalitions";
import { readData } from "./data";
import type { Data } from "./data";
import { decisionsSection } from "./decisions";
import { h } from "./dom";
import { Engine } from "./engine";
import { buildAll, buildWhenIdle, followLayout, nameDownloads, redrawAll } from "./figure";
import { mapPart } from "./map";
import type { MapPart } from "./map";
import { movesSection } from "./moves";
import { makeNames } from "./names";
import { allOutcomesSection, outcomesPart } from "./outcomes";
import { reproduceSection } from "./reproduce";
import { documentSection, restsSection } from "./rests";
import { section } from "./section";
import type { Section } from "./section";
import { stancesSection } from "./stances";
import { top } from "./top";
import { warSection } from "./war";
import { whatIfSection } from "./whatif";
import { whySection } from "./why";

const block = (): string => changed ?? document.getElementById("entente-data")?.textContent ?? "";

function read(): Data | string {
  const text = block();
  if (text.startsWith("@")) return "This is the empty page of the report: entente fills it with the results of a run.";
  try {
    return readData(text);
  } catch (error) {
    return `The data in this page cannot be read: ${error instanceof Error ? error.message : String(error)}. Run the scenario again.`;
  }
}

// What listens for as long as this page is shown, and no longer.
let shown = new AbortController();

// `base`: the report as it is, which changes start from; `changes`: how many are in what is shown.
function show(data: Data, page: HTMLElement, base = data, changes = 0): void {
  shown.abort();
  shown = new AbortController();
  document.title = data.scenario.title === "" ? "entente report" : `${data.scenario.title} · entente`;
  nameDownloads(data);
  const names = makeNames(data);
  const main = h("main", { class: "wrap" }, h("div", { class: "two" }, outcomesPart(data, names), claimsPart(data, names)));
  page.replaceChildren(...top(data, changes, () => back(base, page)), main);
  redrawAll();
  requestAnimationFrame(() => setTimeout(() => below(data, main, base, page)));
}

// Everything under the first screen, and the links to it.
function below(data: Data, main: HTMLElement, base: Data, page: HTMLElement): void {
  const { signal } = shown;
  const names = makeNames(data);
  let map: MapPart | null = null;
  const opened = claimSection(data, names, redrawAll, (id) => map?.follow(id));
  const first = location.hash.slice(1);
  if (opened !== null && first !== "") opened.open(decode(first));
  const current = (): string | null => opened?.current() ?? null;
  const lazy = (s: Section | null): { nav: string; id: string; element: HTMLElement } | null => s && { nav: s.nav, id: s.id, element: section(s) };
  const parts = [
    lazy(briefSection(data)),
    opened && { nav: "A claim, opened", id: "s-claim", element: opened.element },
    lazy(whatIfSection(base, () => window.entente.engine(), (text, changes) => showChanged(base, text, changes, page), signal)),
    lazy(allOutcomesSection(data, names)),
    lazy(stancesSection(data, names)),
    lazy(coalitionsSection(data, names)),
    lazy(movesSection(data, names)),
    lazy(decisionsSection(data, names)),
    lazy(paysSection(data, names)),
    lazy(deterrenceSection(data, names)),
    lazy(warSection(data, names)),
    lazy(yearsSection(data, names)),
    lazy(whySection(data)),
    lazy(documentSection(data)),
    lazy(restsSection(data, () => (map = mapPart(data, current())))),
    lazy(reproduceSection(data, names, block)),
  ].filter((p) => p !== null);
  main.append(
    h("nav", { "aria-label": "Sections" }, parts.map((p) => h("a", { href: `#${p.id}` }, p.nav))),
    ...parts.map((p) => p.element),
    h("footer", {}, "Verdicts say what follows from these assumptions, never what will happen."),
  );
  redrawAll();

  const go = (): void => {
    const id = fromFragment(location.hash).length > 0 ? "s-what-if" : decode(location.hash.slice(1));
    if (id === "") return;
    const claim = opened?.open(id) ?? false;
    // What stands above the target is built first, so that the target does not move away afterwards.
    buildAll();
    const target = document.getElementById(claim ? "s-claim" : id);
    target?.scrollIntoView();
    if (claim) document.getElementById("s-claim-title")?.focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", go, { signal });
  document.addEventListener("click", (event) => {
    // A second click on the same link changes no hash, but still goes there.
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    if (link !== null && link.getAttribute("href") === location.hash) go();
  }, { signal });
  followLayout(signal);
  if (first !== "") go();
  buildWhenIdle();
}

// The whole page from another run: of the same scenario with changes.
function showChanged(base: Data, text: string, changes: number, page: HTMLElement): void {
  changed = text;
  const data = readData(text);
  // What a run with changes does not tell again is as it was.
  data.scenario = base.scenario;
  data.document = base.document;
  show(data, page, base, changes);
  window.scrollTo(0, 0);
}
function back(base: Data, page: HTMLElement): void {
  changed = null;
  history.replaceState(null, "", location.pathname + location.search);
  show(base, page);
}
let changed: string | null = null;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const page = document.getElementById("page");
if (page !== null) {
  const data = read();
  if (typeof data === "string") page.replaceChildren(h("p", { class: "plain" }, data));
  else show(data, page);
}

// The engine starts when it is first asked for; what asks for it so far is the console and the tests.
declare global {
  interface Window {
    entente: { engine(): Promise<Engine | null>; start(crew?: number): Promise<Engine | null> };
  }
}
let engine: Promise<Engine | null> | null = null;
window.entente = { engine: () => (engine ??= Engine.start()), start: (crew) => Engine.start(crew) };
