// The app of `entente serve`: the list of scenarios.
import { add, h } from "../src/dom";

interface Listed { id: string; title: string; folder: string; runs: number }

async function start(): Promise<void> {
  if (location.search !== "") history.replaceState(null, "", location.pathname + location.hash); // the token is in the cookie now
  const page = document.getElementById("page");
  if (page === null) return;
  const answer = await fetch("/api/scenarios");
  const { scenarios } = (await answer.json()) as { scenarios: Listed[] };
  add(page, [h("main", {}, h("h1", {}, "Scenarios"), h("ul", {}, scenarios.map((s) => h("li", {}, s.title))))]);
}
void start();
