// The argument in its author's words, with every claim in it marked by its verdict.

import type { Claim, Data } from "./data";
import { h } from "./dom";
import type { Child } from "./dom";
import { capital, inWords, plural } from "./format";
import type { Section } from "./section";
import { RULES, glyph, letter, rank } from "./verdict";

// What the engine makes from Markdown, and nothing else: elements not listed are left out but for their text, and of
// attributes only a link's address is kept.
const ALLOWED = new Set(
  "P BR HR EM STRONG B I DEL CODE PRE BLOCKQUOTE UL OL LI H1 H2 H3 H4 H5 H6 A TABLE THEAD TBODY TR TH TD".split(" "),
);
const DROPPED = new Set("SCRIPT STYLE TEMPLATE IFRAME OBJECT EMBED NOSCRIPT SVG MATH TITLE TEXTAREA".split(" "));
// The page has one first and second level already.
const LOWER: Record<string, "h3" | "h4"> = { H1: "h3", H2: "h3", H3: "h4", H4: "h4", H5: "h4", H6: "h4" };

interface Marked {
  nodes: Node[];
  claims: Claim[]; // in the order of their first mention
}

function clean(from: Node, byId: Map<string, Claim>, found: Set<Claim>): Node[] {
  if (from.nodeType === Node.TEXT_NODE) return [document.createTextNode(from.textContent ?? "")];
  if (!(from instanceof Element)) return [];
  if (DROPPED.has(from.tagName.toUpperCase())) return [];
  const inside = Array.from(from.childNodes).flatMap((n) => clean(n, byId, found));
  if (!ALLOWED.has(from.tagName)) return inside;
  if (from.tagName === "A") return link(from.getAttribute("href") ?? "", inside, byId, found);
  const element = h(LOWER[from.tagName] ?? (from.tagName.toLowerCase() as "p"), {}, inside);
  if (/^(P|LI|H\d|BLOCKQUOTE)$/.test(from.tagName)) element.dir = "auto";
  return [element];
}

function link(href: string, inside: Node[], byId: Map<string, Claim>, found: Set<Claim>): Node[] {
  const claim = href.startsWith("#") ? byId.get(href.slice(1)) : undefined;
  if (claim !== undefined) {
    found.add(claim);
    // The glyph stays on the line of the last word.
    const mark = h("span", { class: "ug" }, "\u2060", glyph(claim.verdict, 10), h("span", { class: "hidden" }, ` (${claim.verdict})`));
    return [h("a", { href, class: `u u${letter(claim.verdict)}`, title: `${claim.verdict}: ${claim.title}` }, inside, mark)];
  }
  return /^https?:\/\//i.test(href) ? [h("a", { href, rel: "noreferrer" }, inside)] : inside;
}

export function mark(html: string, claims: Claim[]): Marked {
  // The browser runs nothing of a parsed document, but would report handlers in it as blocked.
  const quiet = html.replace(/<[^>]*>/g, (tag) => tag.replace(/\son\w+\s*=/gi, " title="));
  const parsed = new DOMParser().parseFromString(quiet, "text/html");
  const byId = new Map(claims.map((c) => [c.id, c]));
  const found = new Set<Claim>();
  return { nodes: Array.from(parsed.body.childNodes).flatMap((n) => clean(n, byId, found)), claims: [...found] };
}

function sentences(nodes: Node[]): number {
  const text = nodes.map((n) => n.textContent ?? "").join(" ");
  return text.split(/[.!?。؟]+(?:\s|$)/).filter((t) => /\p{L}/u.test(t)).length;
}

function title({ nodes, claims }: Marked): string {
  const n = sentences(nodes);
  if (claims.length === 0) return `${capital(inWords(n))} ${plural(n, "sentence")}, none tied to a claim`;
  const [only] = claims;
  if (claims.length === 1 && only !== undefined) return `One claim in ${inWords(n)} ${plural(n, "sentence")}: ${only.verdict}`;
  const against = claims.filter((c) => c.verdict === "does not follow").length;
  const follow = claims.filter((c) => c.verdict === "follows").length;
  const first = `${capital(inWords(claims.length))} ${plural(claims.length, "claim")} in ${inWords(n)} ${plural(n, "sentence")}`;
  const untested = claims.filter((c) => c.verdict === "not yet tested").length;
  if (untested === claims.length) return `${first}, none tested yet`;
  const tested = untested === 0 ? "" : ` of the ${inWords(claims.length - untested)} tested`;
  if (against > 0) return `${first}; ${inWords(against)}${tested} ${against === 1 ? "does" : "do"} not follow`;
  return `${first}; ${follow === 0 ? "none" : inWords(follow)}${tested} ${follow < 2 ? "follows" : "follow"}`;
}

export function legend(claims: Claim[]): Child {
  const present = [...new Set(claims.map((c) => c.verdict))].sort((a, b) => rank(a) - rank(b));
  return h(
    "ul",
    { class: "leg" },
    present.map((v) => h("li", {}, glyph(v), h("b", { class: `v${letter(v)}w` }, v), h("span", {}, RULES[v]))),
  );
}

export function briefSection(data: Data): Section | null {
  if (data.scenario.brief_html.trim() === "") return null;
  const marked = mark(data.scenario.brief_html, data.claims);
  return {
    id: "s-brief",
    nav: "Brief",
    kick: "The brief",
    title: title(marked),
    sub: ["The argument in the analyst’s words; each underlined claim carries its verdict"],
    body: () => [
      h(
        "div",
        { class: "g12" },
        h("div", { class: "c8 prose" }, marked.nodes),
        h(
          "div",
          { class: "c4" },
          marked.claims.length > 0 && [
            legend(marked.claims),
            h("p", { class: "nt" }, "A verdict says what follows from these assumptions, by thresholds fixed before the run."),
          ],
        ),
      ),
    ],
  };
}
