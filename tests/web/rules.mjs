// The rules by which the page writes numbers, sorts claims, stacks dots and words its findings; without a browser.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { all } from "../../web/fixtures/make.mjs";
import { shapeErrors } from "./shape.mjs";
import { check, fromWeb, needModules, run, same, test, web } from "./tap.mjs";

needModules();
const { build } = await fromWeb("esbuild/lib/main.js").then((m) => m.default ?? m);
const folder = mkdtempSync(join(tmpdir(), "entente-rules-"));
await build({
  stdin: {
    contents: ["format", "verdict", "dotplot", "data", "explain", "names", "figure", "outcomes", "top", "claim", "spread", "story", "rooms", "decisions", "alliance", "war", "changes", "whatif", "camps"]
      .map((m) => `export * as ${m} from "./src/${m}";`)
      .join("\n"),
    resolveDir: web,
  },
  bundle: true,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  outfile: join(folder, "rules.mjs"),
  logLevel: "error",
});
const page = await import(pathToFileURL(join(folder, "rules.mjs")).href);
const { at, change, count, finestOn, inWords, isolated, measured, percent, plain, range, shareError } = page.format;
const fixtures = all();
const read = (name) => page.data.readData(JSON.stringify(fixtures[name]));
const spaced = (text) => text.replaceAll("\u00a0", " ");
const summary = (p50, error, more = {}) => ({ p50, quantile_error: { p05: error, p50: error, p95: error }, ...more });

test("numbers have at most three significant digits", () => {
  same([measured(41.9632), measured(0.012345), measured(12345.6), measured(-3.14159), measured(1e-7)], ["42.0", "0.0123", "12\u202f300", "−3.14", "1.00 × 10⁻⁷"]);
});

test("numbers have no digit beyond their error", () => {
  const written = [0.006, 0.06, 0.3, 0.6, 3, 20].map((error) => measured(34.12, error));
  same(written, ["34.1", "34.1", "34.1", "34", "34", "30"]);
  same([measured(0.4567, 0.0001), measured(0.4567, 0.02), measured(0.4567, 0.3)], ["0.457", "0.46", "0.5"]);
});

test("numbers on a scale are no finer than a hundredth of it", () => {
  same([measured(41.9632, 0.001, finestOn(0, 100)), measured(8.6012, 0.001, finestOn(4, 10)), measured(0.4567, 0.0001, finestOn(0, 1))], ["42", "8.60", "0.46"]);
});

test("what cannot be told is not printed as a number", () => {
  same([measured(null), plain(null), percent(null), range(summary(null, null, { p05: null, p95: null }))], ["undefined", "undefined", "undefined", "undefined"]);
});

test("a share is not rounded to none or all", () => {
  same([percent(0), percent(0.0004), percent(0.804), percent(0.9996), percent(1)], ["0", "<1", "80", ">99", "100"]);
});

test("the error of a share is two standard errors, and the rule of three at none or all", () => {
  same([shareError(0.8, 0.004, 6400), shareError(0.8, 0.02, 400), shareError(0, 0, 100), shareError(1, 0, 3), shareError(null, null, 3)], [1, 4, 3, 100, null]);
});

test("an error is written on the side where there is room, and not at all where a share is sure to a point", () => {
  const { errorText } = page.format;
  same([errorText(0.8, 0.004, 6400), errorText(1, 0, 6400), errorText(0, 0, 6400), errorText(1, 0, 60), errorText(0, 0, 60), errorText(null, null, 9)], ["±1", "", "", "−5", "+5", ""]);
});

test("changes travel in a link, a file and a command, whatever is in them", () => {
  const { toFragment, fromFragment, fromFile, commandOf } = page.changes;
  const changes = [["a.position[x]", "10 to 20"], ["b~c!d", "it's ~1!#%&="], ["é", "<b>"]];
  same(fromFragment(toFragment(changes)), changes);
  check(!/[<" ]/.test(toFragment(changes)), toFragment(changes));
  same(fromFile(JSON.stringify({ scenario: "s", changes })), changes);
  same(fromFile('{"a": "1"}'), [["a", "1"]]);
  same([fromFragment("#standstill"), fromFragment("#what-if=%E0%A4%A~1!a"), fromFragment("")], [[], [], []]);
  same(commandOf("entente run s", [["a.b", "1"], ["c", "it's"]]), `entente run s --set a.b=1 --set 'c=it'\\''s'`);
});

test("what is searched is found by any words of its label or name", () => {
  const all = [{ name: "us.salience", label: "salience of Washington" }, { name: "de.salience", label: "Germany: salience" }, { name: "salience", label: "how much it matters" }];
  const found = (query) => page.whatif.search(all, query).map((c) => c.name);
  same([found("german SAL"), found("salience"), found("us.sal"), found("nothing"), found(" ")], [["de.salience"], ["salience", "us.salience", "de.salience"], ["us.salience"], [], []]);
});

test("what changes do to verdicts is a sentence", () => {
  const claims = (n, moved) => Array.from({ length: 5 }, (_, i) => ({ title: `C${i}.`, turned: i < n, moved: i < moved }));
  same([page.whatif.finding(1, claims(0, 0)), page.whatif.finding(2, claims(0, 1)), page.whatif.finding(1, claims(1, 1)), page.whatif.finding(2, claims(5, 5))],
    ["With one change no claim gets another verdict", "With two changes no claim gets another verdict; the share of one moves", "With one change one of 5 claims gets another verdict: “C0”", "With two changes five of 5 claims get another verdict: “C0”, “C1”, “C2” and two more"]);
});

test("groups and events without a name are written as the scenario writes their words", () => {
  const data = { groups: { nato: { name: "nato" }, eu: { name: "European Union" } }, actors: { fr: { name: "France" } }, rooms: { decisions: [{ title: "NATO invites" }, { title: "US adopts" }], burdens: [], deterrence: [] }, issues: [], scenario: { title: "x" } };
  const name = (id) => page.decisions.groupName(id, data);
  same(["nato", "eu", "us_executive_alone", "fr", "who"].map(name), ["NATO", "European Union", "US executive alone", "France", "who"]);
  same(["won by france", "chance that France wins", "franceau"].map(page.names.properIn(data)), ["won by France", "chance that France wins", "franceau"]);
});

test("two medians differ only beyond two errors of their difference", () => {
  check(change(summary(42, 0.2), summary(21, 0.2), 0, 100).differs, "42 and 21 differ");
  check(!change(summary(65.4, 0.2), summary(65.0, 0.2), 0, 100).differs, "65.4 and 65.0 are within two errors");
});

test("two medians that differ are never printed as the same number", () => {
  const c = change(summary(42.41, 0.01), summary(42.19, 0.01), 0, 100);
  check(c.differs && c.from !== c.to, `${c.from} and ${c.to}`);
});

test("a change agrees with the numbers beside it or has a digit more", () => {
  same(change(summary(42.4, 0.1), summary(20.6, 0.1), 0, 100), { from: "42", to: "21", by: "−21.8", differs: true });
  same(change(summary(42, 0.1), summary(21, 0.1), 0, 100).by, "−21");
});

test("large counts are grouped, small ones are words", () => {
  same([count(20000), count(6400), inWords(5), inWords(37)], ["20\u202f000", "6400", "five", "37"]);
});

test("a name written from right to left is isolated in a sentence, others are left alone", () => {
  same([isolated("France"), isolated("صرب")], ["France", "\u2068صرب\u2069"]);
});

test("claims are sorted by verdict and then by share", () => {
  const order = ["follows", "leans to", "open", "leans against", "does not follow", "depends on the model", "not yet tested"];
  const sorted = page.verdict.sorted(read("full").claims);
  same(sorted.length, 23);
  sorted.slice(1).forEach((c, i) => {
    const [a, b] = [order.indexOf(sorted[i].verdict), order.indexOf(c.verdict)];
    check(a < b || (a === b && (sorted[i].share ?? -1) >= (c.share ?? -1)), `${sorted[i].id} before ${c.id}`);
  });
});

test("the title of the claims counts what is there", () => {
  const { tally } = page.verdict;
  const of = (...verdicts) => verdicts.map((verdict) => ({ verdict }));
  same(tally(of("follows", "follows", "leans to", "does not follow", "open")), "Of 5 claims, 2 follow from these assumptions, 1 leans that way, 1 goes against, 1 is unsettled");
  same(tally(of("not yet tested", "not yet tested")), "None of the two claims is tested yet");
  same(tally(of("leans to", "leans to")), "Of 2 claims, 2 lean to yes");
});

test("the title of the outcomes counts those that move", () => {
  const title = (name, edit = () => {}) => {
    const data = read(name);
    edit(data);
    return page.outcomes.outcomesTitle(data, page.outcomes.outcomes(data, page.names.makeNames(data)));
  };
  same(title("full"), "The document moves three of four outcomes");
  same(title("full", (d) => d.quantities.forEach((q) => (q.without = q))), "The document moves none of four outcomes");
  same(title("nodocument"), "What happened lies inside the 90 % range");
  same(title("nodocument", (d) => (d.quantities[0].known = 5)), "What happened lies outside the 90 % range");
  same(title("bare"), "No outcome is computed");
});

test("of many outcomes the first screen has those that move most", () => {
  const data = read("many");
  const rows = page.outcomes.firstRows(page.outcomes.outcomes(data, page.names.makeNames(data)));
  same(rows.length, 4);
  const by = (q) => Math.abs(q.p50 - q.without.p50);
  const least = Math.min(...rows.map((o) => by(o.quantity)));
  same(data.quantities.filter((q) => by(q) > least).length, 3, "outcomes that move more than the last shown");
});

test("the sentence of the head says what was computed", () => {
  same(page.top.computed(read("full")), "20\u202f000 draws of 267 uncertain inputs; five models; effective 6400 after what is known");
  same(page.top.computed(read("nodocument")), "20\u202f000 draws of 4 uncertain inputs; two models");
});

test("an interrupted run and too few draws that count are said, nothing else is", () => {
  same(page.top.warnings(read("full")), []);
  const said = page.top.warnings(read("thin"));
  same(said.length, 2);
  check(said[0].includes("4096 of 20\u202f000") && said[1].startsWith("Only 3 draws"), said.join(" "));
});

test("stacks hold every dot, keep their order and never overlap", () => {
  for (const xs of [[5, 5, 5, 5, 5], [0, 3, 6, 9, 12, 15], [100, 100, 100], Array(20).fill(40), [0, 90, 91, 99, 100, 100, 100]]) {
    const piles = page.dotplot.stacks(xs, 8, 0, 100, 5);
    same(piles.reduce((n, p) => n + p.n, 0), xs.length, "dots");
    piles.slice(1).forEach((p, i) => {
      const gap = p.x - piles[i].x - ((p.columns + piles[i].columns) / 2) * 8;
      check(gap > -1e-9, `stacks at ${piles[i].x} and ${p.x}`);
    });
    check(piles.every((p) => p.x - ((p.columns - 1) / 2) * 8 >= -1e-9 && p.x + ((p.columns - 1) / 2) * 8 <= 100 + 1e-9), "a stack leaves the axis");
  }
});

test("a claim is explained from its numbers", () => {
  const data = read("full");
  const names = page.names.makeNames(data);
  const said = (id) => spaced(page.explain.explain(data.claims.find((c) => c.id === id), data, names).join(" "));
  const standstill = said("standstill");
  check(standstill.startsWith("Without the document it holds in 6 % of draws, with it in 80 %: the document adds 74 points."), standstill);
  check(/“US position after it” decides most/.test(standstill) && /fails most where that is 42 to 45/.test(standstill) && /one half at 21\./.test(standstill), standstill);
  check(/Models disagree: .* on the other side of one half/.test(said("gap_not_guarantee")), said("gap_not_guarantee"));
  check(/no difference/.test(said("free_riding")), said("free_riding"));
  same(said("wants_share"), "It is not yet tested: it needs vote, alliance, which this version does not compute.");
  const thin = read("thin");
  same(page.explain.explain(thin.claims[0], thin, page.names.makeNames(thin))[1], "It holds in no draw, whatever the inputs.");
});

test("the opened claim's title is its finding", () => {
  const data = read("full");
  const title = (id) => spaced(page.claim.claimTitle(data.claims.find((c) => c.id === id), data));
  same(title("standstill"), "“Enlargement comes to a standstill”: 6 % of draws rise to 80 %");
  same(title("allies_refuse"), "“Allies refuse a formal end of enlargement”: 99 % of draws fall to 97 %");
  same(title("internal_consent"), "“Washington must first agree with itself” holds in 94 % of draws");
  same(title("wants_share"), "“Europe pays its share by itself” is not yet tested");
});

test("labels are spread as near to their places as a gap allows", () => {
  const { spread } = page.spread;
  same(spread([10, 50, 90], 15, 0, 100), [10, 50, 90], "those with room stay");
  same(spread([50, 50, 50], 10, 0, 100), [40, 50, 60], "a heap opens around its middle");
  same(spread([98, 99, 100], 10, 0, 100), [80, 90, 100], "at the end it moves inwards");
  same(spread([60, 20, 60], 10, 0, 100), [55, 20, 65], "in any order");
  const many = spread(Array(11).fill(3), 20, 0, 100);
  check(many.every((y, i) => Math.abs(y - 10 * i) < 1e-9), `too many share what there is: ${many}`);
});

test("a play is told from its offers and positions", () => {
  const data = read("full");
  const offers = [
    { round: 1, from: "us", to: "de", kind: "confrontation", stands: 60, asks: 14, eu_from: 0.3, eu_to: -0.1, accepted: true },
    { round: 1, from: "us", to: "fr", kind: "compromise", stands: 68, asks: 60, eu_from: 0.2, eu_to: 0.1, accepted: true },
    { round: 1, from: "ru", to: "de", kind: "confrontation", stands: 60, asks: 2, eu_from: 0.2, eu_to: 0.1, accepted: false },
    { round: 2, from: "de", to: "us", kind: "proposal", stands: 14, asks: 14.05, eu_from: 0.2, eu_to: 0.1, accepted: true },
  ];
  const [story] = page.story.readStory({ issue: "enlargement", model: "challenge", arm: "taken", stop: "cycle", outcome: 14, actors: ["us", "de", "fr", "ru"], positions: [[14, 60, 68, 2], [14, 14, 60, 2], [14.05, 14, 60, 2]], median: [14, 14, 14], mean: [20, 15, 15], offers });
  const issue = data.issues[0];
  same(page.story.finding(story, issue, data), "The United States moves two of three others; Germany goes farthest, 60 to 14");
  const tell = page.story.teller(story, issue, data);
  same(story.offers.map((o) => page.story.sentence(o, tell)), ["Germany gives in to the United States: 60 to 14", "France accepts a compromise with the United States: 68 to 60", "Germany resists Russia: 60 to 2", "The United States accepts what Germany proposes: 14 to 14"]);
  const { offers: drawn, smaller, refusals } = page.story.shown(story, issue, "", 1, 5);
  same([drawn.map((o) => o.to), smaller, refusals], [["de"], 2, 1], "the largest move; two smaller, one refused");
  same(page.story.ending(story, tell), "It stops at 14: positions return to those of an earlier round; the outcome is the mean over the cycle.");
  data.stories.splice(0, Infinity, story);
  same(page.story.overall(data), "Half of all movement comes from the United States");
});

test("rooms are read arm by arm; without a document one arm is all", () => {
  const { rooms } = page.data.readData('{"decisions": [{"id": "a_b", "years": [2026, 2027], "by_year": {"with": {"mean": [0.1, null], "mc_error": [0.1]}}}, {"id": "c"}], "wars": [{"start": "2022-04", "months": 3, "known": "2025-12"}, {"start": "soon", "months": 3}]}');
  const [d] = rooms.decisions;
  same([rooms.decisions.length, d.title, d.by_year.without.mean, d.by_year.taken.mean, d.by_year.with.mc_error], [1, "a b", [0.1, null], [0.1, null], []], "a list that is too short is not read");
  same([rooms.wars.length, rooms.wars[0].months.map((t) => t.toFixed(3)), rooms.wars[0].known.toFixed(3)], [1, ["2022.250", "2022.333", "2022.417"], "2025.917"]);
  same(page.data.readData("{}").rooms, { decisions: [], power: [], burdens: [], memberships: [], deterrence: [], capability: [], wars: [] });
});

test("the fixtures have the documented form, and what leaves it is found", () => {
  for (const name of ["full", "nodocument", "many", "bare"]) same(shapeErrors(fixtures[name]).slice(0, 3), [], name);
  const broken = (edit) => {
    const d = structuredClone(fixtures.full);
    edit(d);
    return shapeErrors(d);
  };
  const found = [
    broken((d) => d.decisions[0].by_year.with.mean.pop()),
    broken((d) => delete d.decisions[1].by_year.with),
    broken((d) => (d.decisions[1].by_years = 1)),
    broken((d) => (d.decisions[1].by_year.with.mean[5] = 0)),
    broken((d) => (d.power[0].members[0].banzhaf = 0.9)),
    broken((d) => (d.burdens[0].members[0].gdp_share = 0.9)),
    broken((d) => (d.memberships[0].members[0].equivalent.with.p05 = 1)),
    broken((d) => (d.deterrence[0].challenge.with.mean[0] = 1.2)),
    broken((d) => d.capability[0].first_closed.with.dots.reverse()),
    broken((d) => (d.wars[0].states.frozen.with.mean[100] = 0)),
    broken((d) => (d.wars[0].start = "April 2022")),
    broken((d) => d.stories[0].positions[1].pop()),
  ].map((errors) => errors.length > 0);
  same(found, found.map(() => true));
});

test("small chances have a digit more, and none is rounded to never or always", () => {
  const { chance } = page.decisions;
  same([chance(0.66, 0.006), chance(0.032, 0.0002), chance(0.0004), chance(0), chance(0.9996), chance(1), chance(null)], ["66", "3.2", "<0.1", "0", ">99", "100", "undefined"]);
});

test("members of the same power are one row", () => {
  const data = read("full");
  const names = page.names.makeNames(data);
  const rows = data.rooms.power.map((p) => page.decisions.alike(p, names).map((g) => g.names.length));
  same(rows, [[32], [5, 10], [1, 1, 1]]);
});

test("shares of spending add up and are burdens times incomes", () => {
  const data = read("nodocument");
  const payers = page.alliance.payers(data.rooms.burdens[0]);
  check(Math.abs(payers.reduce((a, p) => a + p.share.with, 0) - 1) < 1e-12, "they add up to one");
  const total = 0.4 * 0.02 + 0.3 * 0.023 + 0.2 * 0.026 + 0.1 * 0.029;
  check(Math.abs(payers[0].share.with - (0.4 * 0.02) / total) < 1e-9, `${payers[0].share.with}`);
});

test("a play with holes is not read", () => {
  const { readStory } = page.story;
  same(readStory({ actors: ["a"], positions: [[null]], offers: [] }).length, 0);
  same(readStory({ actors: ["a", "b"], positions: [[1, 2], [1]] }).length, 0);
  same(readStory({ actors: ["a", "b"], positions: [[1, 2]], offers: [{ round: 1, from: "a", to: "x", stands: 1, asks: 2 }] })[0].offers, []);
});

test("each model has a letter of its own", () => {
  const { letters } = page.names.makeNames(read("full"));
  same(new Set(letters.values()).size, 5);
});

test("a CSV keeps commas and quotes apart, and no text is a formula", () => {
  const text = page.figure.csv({ head: ["a", "b"], rows: [["x, \"y\"\n", page.figure.cell("1.5", 1.4999)], ["=1+1", page.figure.cell("−2", -2)]] });
  same(text, 'a,b\r\n"x, ""y""\n",1.4999\r\n\'=1+1,-2\r\n');
});

test("a data block without its optional parts is read", () => {
  const data = page.data.readData('{"format": 1, "scenario": {"title": "x"}, "claims": {"a": {}}, "quantities": {"q": {}}, "issues": {"i": {"stances": [{}]}}, "graph": {"edges": [["a", "b"]]}}');
  same([data.claims[0].verdict, data.quantities[0].p50, data.issues[0].stances[0].position.with.p50, data.graph.edges.length], ["not yet tested", null, null, 0]);
});

// --- who stands with whom -----------------------------------------------------------------------------

const standing = (id, issues, weight = 1, moved = false) => ({ id, weight, moved, at: new Map(Object.entries(issues).map(([issue, [without, now, salience = 1]]) => [issue, { without, with: now, salience }])) });

test("the distance of two actors is the mean over the issues of both, weighted by their salience", () => {
  const [a, b, c] = [standing("a", { x: [0, 0, 3], y: [0.5, 0.5, 1] }), standing("b", { x: [1, 0.5, 1], y: [0.5, 0.1, 3], z: [0, 0] }), standing("c", { w: [0, 0] })];
  check(Math.abs(page.camps.distance(a, b, "with") - (4 * 0.5 + 4 * 0.4) / 8) < 1e-12, "with");
  check(Math.abs(page.camps.distance(a, b, "without") - 0.5) < 1e-12, "without");
  same([Number.isNaN(page.camps.distance(a, c, "with")), page.camps.distance(a, b, "with") === page.camps.distance(b, a, "with")], [true, true]);
  same(page.camps.bound(page.camps.distances([a, b, c], "with")), { in: [0, 1], out: [2] });
});

test("groups are joined by average linkage up to the distance that is allowed, and never across unknown ones", () => {
  const at = [0, 0.1, 0.18, 0.6, 0.7, 1];
  const d = at.map((x) => at.map((y) => Math.abs(x - y)));
  const { groups } = page.camps;
  same(groups(d, 0.05), [[0], [1], [2], [3], [4], [5]]);
  same(groups(d, 0.1), [[1, 2], [3, 4], [0], [5]]);
  same(groups(d, 0.2), [[0, 1, 2], [3, 4], [5]]); // 0 from {1, 2}: 0.14; 5 from {3, 4}: 0.35
  same(groups(d, 0.36), [[0, 1, 2], [3, 4, 5]]);
  same(groups(d, 1), [[0, 1, 2, 3, 4, 5]]);
  same(groups([[0, NaN], [NaN, 0]], 1), [[0], [1]]);
});

test("who changes the group is told against the group of before with which the new one shares most", () => {
  const { changed } = page.camps;
  same(changed([[0, 1, 2], [3, 4]], [[0, 1, 2], [3, 4]]), []);
  same(changed([[0, 1, 2], [3, 4]], [[1, 2], [0, 3, 4]]), [{ who: 0, to: [0, 3, 4] }]);
  same(changed([[0, 1, 2]], [[1, 2], [0]]), [{ who: 0, to: [0] }]);
});

test("a plane that is asked for distances of points in a plane returns them", () => {
  const points = Array.from({ length: 14 }, (_, i) => ({ x: Math.sin(7 * i * i + 1), y: 0.6 * Math.cos(3 * i * i + 2) }));
  const d = points.map((p) => points.map((q) => Math.hypot(p.x - q.x, p.y - q.y)));
  const at = page.camps.plane(d);
  check(page.camps.miss(d, at) < 1e-6, `off by ${page.camps.miss(d, at)}`);
  check(at[0].x <= 0 && at[0].y <= 0, "the weightiest is not where it should be");
  const stretched = d.map((row) => row.map((x) => 2 * x));
  check(Math.abs(page.camps.miss(stretched, at) - d.flat().reduce((a, b) => a + b, 0) / (14 * 13)) < 1e-6, "what is missed");
  for (const n of [1, 2, 3]) check(page.camps.plane(d.slice(0, n).map((r) => r.slice(0, n))).every((p) => Number.isFinite(p.x + p.y)), `${n} points`);
  check(page.camps.plane([[0, 0], [0, 0]]).every((p) => Number.isFinite(p.x + p.y)), "two in one place");
});

await run(async () => rmSync(folder, { recursive: true, force: true }));
