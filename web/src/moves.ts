// Who moves whom: the rounds of the models that have rounds, and what each actor gains by what is settled.

import type { Data, Issue, Quantity } from "./data";
import { fitted, h, label, line, round, s, textWidth } from "./dom";
import type { Child } from "./dom";
import { cell, drawn, picture, redrawAll, tools } from "./figure";
import type { Table } from "./figure";
import { at, capital, change, count, differ, inWords, isolated, listed, measured, place, plain, plural, range } from "./format";
import type { Names } from "./names";
import { MOST_NAMED, networkPicture, roundsPicture } from "./rounds";
import type { Play } from "./rounds";
import type { Section } from "./section";
import { ending, finding, overall, rounds, sentence, shown, teller } from "./story";
import type { Offer, Story } from "./story";

const MOST = 14; // moves that are drawn and told
const MOST_REFUSED = 5;
const MOST_ROWS = 24; // actors in the picture of gains

function playOf(story: Story, follow: string, data: Data, names: Names): Play {
  const issue = data.issues.find((i) => i.id === story.issue);
  const stance = new Map((issue?.stances ?? []).map((t) => [t.actor, t]));
  const of = (id: string, key: "capability" | "salience"): number => {
    const arms = stance.get(id)?.[key];
    return (story.arm === "taken" ? arms?.taken.p50 : arms?.without.p50) ?? 0;
  };
  return {
    story,
    issue,
    follow,
    tell: teller(story, issue, data),
    name: (id) => names.actor(id),
    weight: (id) => of(id, "capability") * of(id, "salience"),
    capability: (id) => of(id, "capability"),
    shown: shown(story, issue, follow, MOST, follow !== "" ? 0 : story.actors.length > MOST_NAMED ? 2 : MOST_REFUSED),
  };
}

// --- tables ---------------------------------------------------------------------------------------------

function positionsTable(play: Play): Table {
  const { story, tell } = play;
  const states = Array.from({ length: rounds(story) + 1 }, (_, r) => r);
  const row = (name: string, values: (number | null)[]): Table["rows"][number] => [name, ...values.map((v) => cell(v === null ? "" : tell.position(v), v))];
  return {
    head: ["Actor", ...states.map((r) => (r === 0 ? "Given" : `Round ${r}`))],
    rows: [
      ...story.actors.map((id, i) => row(play.name(id), states.map((r) => story.positions[r]?.[i] ?? null))),
      row("Weighted median", states.map((r) => story.median[r] ?? null)),
      row("Weighted mean", states.map((r) => story.mean[r] ?? null)),
    ],
  };
}

function offersTable(play: Play, offers: Offer[]): Table {
  const { tell } = play;
  return {
    head: ["Round", "Who asks", "Who is asked", "Kind", "Stands at", "Is asked to go to", "Expected utility of who asks", "Of who is asked", "Accepted"],
    rows: offers.map((o) => [
      String(o.round), play.name(o.from), play.name(o.to), o.kind, cell(tell.position(o.stands), o.stands), cell(tell.position(o.asks), o.asks),
      cell(o.eu_from === null ? "" : measured(o.eu_from), o.eu_from), cell(o.eu_to === null ? "" : measured(o.eu_to), o.eu_to), o.accepted ? "yes" : "no",
    ]),
  };
}

// --- gains ----------------------------------------------------------------------------------------------

interface Gain {
  name: string;
  quantity: Quantity;
  bold: boolean;
}

function gainsOf(story: Story, follow: string, data: Data, names: Names): Gain[] {
  return data.quantities
    .filter((q) => q.kind === "gain" && q.issue === story.issue && q.p50 !== null)
    .map((quantity) => ({ quantity, name: names.actor(quantity.actor), bold: quantity.actor === follow }));
}

// All, or those that the document moves most, sorted by what they end with.
function gainRows(all: Gain[], doc: boolean, follow: string): Gain[] {
  const by = (g: Gain): number => (doc ? Math.abs((g.quantity.p50 ?? 0) - (g.quantity.without.p50 ?? 0)) : Math.abs(g.quantity.p50 ?? 0));
  const first = all.length <= MOST_ROWS ? all : [...all].sort((a, b) => Number(b.quantity.actor === follow) - Number(a.quantity.actor === follow) || by(b) - by(a)).slice(0, MOST_ROWS);
  return [...first].sort((a, b) => (b.quantity.p50 ?? 0) - (a.quantity.p50 ?? 0));
}

function gainsTitle(all: Gain[], doc: boolean): string {
  const sure = (q: Quantity): number => Math.sign(q.p50 ?? 0) * Number(Math.abs(q.p50 ?? 0) > 2 * (q.quantile_error.p50 ?? 0));
  if (!doc) {
    const [up, down] = [all.filter((g) => sure(g.quantity) > 0).length, all.filter((g) => sure(g.quantity) < 0).length];
    return `${capital(inWords(up))} of ${inWords(all.length)} gain, ${inWords(down)} ${plural(down, "loses", "lose")}`;
  }
  const moved = all.filter((g) => differ(g.quantity.without, g.quantity));
  if (moved.length === 0) return "The document changes nobody’s gain";
  const shift = (g: Gain): number => (g.quantity.p50 ?? 0) - (g.quantity.without.p50 ?? 0);
  const better = moved.filter((g) => shift(g) > 0).sort((a, b) => shift(b) - shift(a));
  const worse = moved.length - better.length;
  const told = better.length === 0 ? "nobody" : better.length <= 3 ? listed(better.map((g) => g.name)) : `${inWords(better.length)} of ${inWords(all.length)}`;
  return `The document leaves ${told} better off, ${inWords(worse)} worse`;
}

function gainsPicture(rows: Gain[], doc: boolean, width: number, title: string): SVGSVGElement {
  const values = rows.flatMap(({ quantity: q }) => [q.p05, q.p95, q.p50, ...(doc ? [q.without.p50] : [])]).filter((v): v is number => v !== null);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const names = Math.min(width * 0.34, Math.max(...rows.map((r) => textWidth(r.name, 12, r.bold ? 600 : 400)))) + 8;
  const figures = rows.map(({ quantity: q }) => {
    if (!doc || !differ(q.without, q)) return at(q.p50 ?? 0, Math.max(-2, place(Math.max(Math.abs(low), Math.abs(high)), q.quantile_error.p50)));
    const c = change(q.without, q, -1, 1);
    return `${c.from} → ${c.to}`;
  });
  const room = Math.max(...figures.map((t) => textWidth(t, 11.5))) + 10;
  const [left, right] = [names, width - room];
  const x = (v: number): number => left + ((v - low) / (high - low || 1)) * (right - left);
  const pitch = 19;
  const height = rows.length * pitch + 20;
  const out: SVGElement[] = [line(x(0), 0, x(0), rows.length * pitch, "si1")];
  rows.forEach(({ quantity: q, name, bold }, i) => {
    const y = i * pitch + 3;
    const bar = (v: number, top: number, tall: number, type: string): void => void out.push(s("path", { class: type, d: `M${round(x(0))} ${top}H${round(x(v))}v${tall}H${round(x(0))}z` }));
    out.push(label(left - 8, y + 11, fitted(name, names - 8, 12, bold ? 600 : 400), bold ? "b ac" : "", "end"));
    if (q.p05 !== null && q.p95 !== null) out.push(line(x(q.p05), y + (doc ? 10 : 6), x(q.p95), y + (doc ? 10 : 6), "sw"));
    if (doc && q.without.p50 !== null) bar(q.without.p50, y, 5, "fg");
    bar(q.p50 ?? 0, doc ? y + 6 : y + 2, 8, bold ? "fa" : "fi");
    out.push(label(width, y + 11, figures[i] ?? "", "s g", "end"));
  });
  const base = rows.length * pitch + 15;
  out.push(label(x(0), base, "0", "s g", "middle"));
  if (x(0) - 70 > left) out.push(label(x(0) - 12, base, "← worse", "s g", "end"));
  if (x(0) + 70 < right) out.push(label(x(0) + 12, base, "better →", "s g"));
  const alt = `${title}: ${rows.map((r, i) => `${r.name} ${(figures[i] ?? "").replace("→", "to")}`).join(", ")}.`;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": alt }, out);
}

function gainsTable(all: Gain[], doc: boolean): Table {
  return {
    head: ["Actor", ...(doc ? ["Median without", "90 % without", "Median with", "90 % with"] : ["Median", "90 %"]), "Error of the median"],
    rows: [...all].sort((a, b) => (b.quantity.p50 ?? 0) - (a.quantity.p50 ?? 0)).map(({ name, quantity: q }) => [
      name,
      ...(doc ? [cell(measured(q.without.p50, q.without.quantile_error.p50), q.without.p50), range(q.without)] : []),
      cell(measured(q.p50, q.quantile_error.p50), q.p50), range(q), cell(measured(q.quantile_error.p50), q.quantile_error.p50),
    ]),
  };
}

function gainsPart(play: Play, data: Data, names: Names): Child[] {
  const doc = data.document !== null;
  const all = gainsOf(play.story, play.follow, data, names);
  if (all.length === 0) return [];
  const rows = gainRows(all, doc, play.follow);
  const title = gainsTitle(all, doc);
  const host = picture((width) => gainsPicture(rows, doc, width, title));
  const against = play.issue?.status_quo === null || play.issue === undefined ? "at the mean of all positions" : `at the status quo (${plain(play.issue.status_quo)})`;
  return [
    h("h4", { dir: "auto" }, title),
    h("p", { class: "sub" }, `Utility at the outcome less that ${against}, median of draws over all models${doc ? "; grey without the document, ink with it" : ""}; line: 90 %`),
    host,
    rows.length < all.length && h("p", { class: "nt" }, `The ${inWords(rows.length)} that ${doc ? "the document moves most" : "gain or lose most"}; the table has all ${count(all.length)}.`),
    tools({ name: `gains-${play.story.issue}`, title, table: () => gainsTable(all, doc), parts: () => drawn(host).map((svg) => ({ svg, heading: "" })) }),
  ];
}

// --- one play -------------------------------------------------------------------------------------------

function told(play: Play): Child[] {
  const { offers, refused, smaller, refusals } = play.shown;
  const { story, tell } = play;
  const some = (n: number, one: string, many: string): string => `${count(n)} ${plural(n, one, many)}`;
  const rest = [
    ...(smaller > 0 ? [some(smaller, "smaller move", "smaller moves")] : []),
    ...(refusals > 0 ? [some(refusals, "refused offer", "refused offers")] : []),
  ];
  return [
    h("h4", {}, offers.length === 0 ? "No offer is accepted" : smaller === 0 ? "Every move, in words" : `The ${inWords(offers.length)} largest moves, in words`),
    h(
      "ol",
      { class: "said-moves" },
      offers.map((o, i) => h("li", { dir: "auto" }, h("span", { class: "rg" }, `Round ${o.round}`), h("b", {}, String(i + 1)), h("span", {}, sentence(o, tell)))),
      h("li", { class: "stop" }, h("span", { class: "rg" }, rounds(story) === 0 ? "" : `Round ${rounds(story)}`), h("b", {}), h("span", {}, ending(story, tell))),
    ),
    rest.length > 0 && h("p", { class: "nt" }, `And ${rest.join(" and ")}${refused.length > 0 ? `; ${inWords(refused.length)} of these, the ones wanted most, are the faint dashed arcs` : ""}.`),
  ];
}

function playPart(story: Story, follow: string, data: Data, names: Names): Child[] {
  const play = playOf(story, follow, data, names);
  const left = picture((width) => roundsPicture(play, width));
  const right = picture((width) => networkPicture(play, width));
  const title = `${isolated(play.issue?.title ?? story.issue)}, ${names.model(story.model)}${data.document === null ? "" : story.arm === "taken" ? ", with the document taking hold" : ", without the document"}`;
  const words = finding(story, play.issue, data);
  const n = play.shown.offers.length;
  const hidden = story.actors.length - MOST_NAMED;
  const file = `${story.issue}-${story.model}-${story.arm}`;
  const accepted = story.offers.filter((o) => o.accepted);
  const head = [
    data.stories.length > 1 && h("h3", { class: "h3 play", dir: "auto" }, words),
    h("p", { class: "sub", dir: "auto" }, title),
  ];
  if (story.actors.length === 1 || rounds(story) === 0)
    return [...head, h("p", { class: "nt" }, ending(story, play.tell)), h("div", { class: "g12 plays" }, h("div", { class: "c7" }, gainsPart(play, data, names)))];
  return [
    ...head,
    h(
      "div",
      { class: "g12 plays" },
      h("div", { class: "c7" },
        h("h4", {}, "Where each stands, round by round"),
        left,
        hidden > 0 && h("p", { class: "nt" }, `Named are the ${MOST_NAMED} of most weight; ${count(hidden)} more are lines without a name.`),
        tools({ name: `rounds-${file}`, title: `${words}. ${title}`, table: () => positionsTable(play), parts: () => drawn(left).map((svg) => ({ svg, heading: "Where each stands, round by round" })) })),
      h("div", { class: "c5" },
        h("h4", {}, n === 0 ? "Who moves whom: nobody" : "Who moves whom"),
        right,
        h("p", { class: "nt" }, "An arc leads from who asks to who gives way, heavier for a longer move, with its number in the list; actors stand in the order of their positions as given. Dot area: capability."),
        tools({
          name: `offers-${file}`,
          title: `Who moves whom. ${title}`,
          table: () => offersTable(play, accepted),
          all: () => offersTable(play, story.offers),
          parts: () => drawn(right).map((svg) => ({ svg, heading: "Who moves whom" })),
        })),
      h("div", { class: "c7" }, told(play)),
      h("div", { class: "c5" }, gainsPart(play, data, names)),
    ),
  ];
}

// --- the section ----------------------------------------------------------------------------------------

const DOCUMENT = { without: "without it", taken: "taking hold" } as const;

function options(values: [string, string][]): HTMLOptionElement[] {
  return values.map(([value, words]) => h("option", { value }, words.length > 60 ? `${words.slice(0, 59)}…` : words));
}

export function movesSection(data: Data, names: Names): Section | null {
  const { stories } = data;
  const start = stories.find((t) => t.arm === "taken") ?? stories[0];
  if (start === undefined) return null;
  const titles = new Map(data.issues.map((i): [string, Issue] => [i.id, i]));
  return {
    id: "s-moves",
    nav: "Who moves whom",
    kick: "Who moves whom",
    title: stories.length === 1 ? finding(start, titles.get(start.issue), data) : overall(data),
    sub: ["Models with rounds, each played once at the medians of all stances to show how it works; the outcomes over all draws stand above"],
    body: () => {
      let story = start;
      let follow = "";
      const unique = (values: string[]): string[] => [...new Set(values)];
      const place_ = h("div", { class: "issue" });
      const said = h("p", { class: "hidden", role: "status" }); // what is shown now, for those who hear the page
      const select = (id: string, words: string, act: (value: string) => void): { label: HTMLElement; control: HTMLSelectElement } => {
        const control = h("select", { id });
        control.addEventListener("change", () => {
          act(control.value);
          show();
          said.textContent = finding(story, titles.get(story.issue), data);
        });
        return { label: h("span", { class: "one" }, h("label", { for: id }, `${words} `), control), control };
      };
      const pick = (wanted: Partial<Story>): void => {
        const fits = (t: Story): number => (["issue", "model", "arm"] as const).reduce((sum, key, i) => sum + (t[key] === { ...story, ...wanted }[key] ? 4 >> i : 0) + (wanted[key] !== undefined && t[key] === wanted[key] ? 8 : 0), 0);
        story = stories.reduce((a, b) => (fits(b) > fits(a) ? b : a));
        if (!story.actors.includes(follow)) follow = "";
      };
      const issue = select("moves-issue", "Issue", (v) => pick({ issue: v }));
      const model = select("moves-model", "Model", (v) => pick({ model: v }));
      const arm = select("moves-arm", "Document", (v) => pick({ arm: v === "taken" ? "taken" : "without" }));
      const actor = select("moves-actor", "Follow", (v) => (follow = v));
      const show = (): void => {
        const here = stories.filter((t) => t.issue === story.issue);
        issue.control.replaceChildren(...options(unique(stories.map((t) => t.issue)).map((id) => [id, titles.get(id)?.title ?? id])));
        model.control.replaceChildren(...options(unique(here.map((t) => t.model)).map((id) => [id, names.model(id)])));
        arm.control.replaceChildren(...options(unique(here.filter((t) => t.model === story.model).map((t) => t.arm)).map((a) => [a, DOCUMENT[a === "taken" ? "taken" : "without"]])));
        actor.control.replaceChildren(...options([["", "everybody"], ...[...story.actors].map((id): [string, string] => [id, names.actor(id)]).sort((a, b) => a[1].localeCompare(b[1]))]));
        [issue.control.value, model.control.value, arm.control.value, actor.control.value] = [story.issue, story.model, story.arm, follow];
        for (const one of [issue, model, arm]) one.label.hidden = one.control.options.length < 2 && one !== issue;
        place_.replaceChildren(...Array.from(h("div", {}, playPart(story, follow, data, names)).childNodes));
        redrawAll();
      };
      show();
      return [h("div", { class: "ask" }, issue.label, model.label, arm.label, actor.label), said, place_];
    },
  };
}
