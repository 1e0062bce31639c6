// Puts the page together: the first screen at once, the rest when it comes into view.

import { readData } from "./data";
import type { Data } from "./data";
import { claimsPart } from "./claims";
import { h } from "./dom";
import { buildWhenIdle, followLayout, nameDownloads, redrawAll } from "./figure";
import { makeNames } from "./names";
import { outcomesPart } from "./outcomes";
import { top } from "./top";

function read(): Data | string {
  const text = document.getElementById("entente-data")?.textContent ?? "";
  if (text.startsWith("@")) return "This is the empty page of the report: entente fills it with the results of a run.";
  try {
    return readData(text);
  } catch (error) {
    return `The data in this page cannot be read: ${error instanceof Error ? error.message : String(error)}. Run the scenario again.`;
  }
}

function show(data: Data, page: HTMLElement): void {
  document.title = data.scenario.title === "" ? "entente report" : `${data.scenario.title} · entente`;
  nameDownloads(data);
  const names = makeNames(data);
  const first = h("div", { class: "two" }, outcomesPart(data, names), claimsPart(data, names));
  page.replaceChildren(...top(data), h("main", { class: "wrap" }, first));
  redrawAll();
  followLayout();
  buildWhenIdle();
}

const page = document.getElementById("page");
if (page !== null) {
  const data = read();
  if (typeof data === "string") page.replaceChildren(h("p", { class: "plain" }, data));
  else show(data, page);
}
