// What things are called: words from the scenario where it gives them, else names made readable.

import type { Data, Quantity } from "./data";
import { articled, isolated } from "./format";

export interface Names {
  actor(id: string): string;
  the(id: string): string; // inside a sentence: "the United States"
  quantity(q: Quantity): string;
  model(id: string): string;
  letters: Map<string, string>; // one letter a model, for the narrow columns of the claims table
}

function readable(name: string): string {
  return name.replace(/\.outcome\b/, "").replaceAll("_", " ").replaceAll(".", ": ");
}

// Labels that are made of ids, "territory to ukraine": the names in them are written as names.
export function properIn(data: Pick<Data, "actors">): (label: string) => string {
  const known = new Map(Object.values(data.actors).filter((a) => a.name.length > 3).map((a) => [a.name.toLowerCase(), a.name] as const));
  return (label) => (/^[^\p{Lu}]*$/u.test(label) ? label.replace(/\p{L}{4,}/gu, (word) => known.get(word) ?? word) : label);
}

// Letters from the titles: the first letter that is free, else a number.
function lettersOf(models: { id: string; title: string }[]): Map<string, string> {
  const taken = new Set<string>();
  const out = new Map<string, string>();
  for (const { id, title } of models) {
    const candidates = Array.from(`${title}${id}`.toUpperCase()).filter((c) => /\p{L}/u.test(c));
    let n = 1;
    let letter = candidates.find((c) => !taken.has(c)) ?? "";
    while (letter === "" || taken.has(letter)) letter = String(n++);
    taken.add(letter);
    out.set(id, letter);
  }
  return out;
}

// The models that some claim or quantity is told by, in the order of the data's table of models.
export function modelsOfClaims(data: Data): string[] {
  const used = new Set(data.claims.flatMap((c) => Object.keys(c.by_model)));
  const known = data.models.map((m) => m.id).filter((id) => used.delete(id));
  return [...known, ...used];
}

export function makeNames(data: Data): Names {
  const issues = new Map(data.issues.map((i) => [i.id, i.title]));
  const nodes = new Map(data.graph.nodes.map((n) => [n.id, n.label]));
  const models = new Map(data.models.map((m) => [m.id, m.title]));
  return {
    actor: (id) => isolated(data.actors[id]?.name ?? id),
    the: (id) => isolated(articled(data.actors[id]?.name ?? id)),
    quantity: (q) => {
      if (q.title !== undefined) return isolated(q.title);
      const issue = issues.get(q.issue);
      if (q.kind === "outcome" && issue !== undefined) return isolated(issue);
      const told = nodes.get(q.name);
      return isolated(told !== undefined && told !== q.name ? told : readable(q.name));
    },
    model: (id) => isolated(models.get(id) ?? readable(id)),
    letters: lettersOf(modelsOfClaims(data).map((id) => ({ id, title: models.get(id) ?? id }))),
  };
}
