// promise: what-if-command
// promise: browser-same-bits
// The engine in the page: a report that `entente run` wrote, opened from disk in a browser, runs its plan again and finds
// the same bytes as the native run.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { browser, check, run, same, test } from "./tap.mjs";

const entente = process.env.ENTENTE;
const scenario = join(process.env.ENTENTE_SOURCE, "scenarios", "european-security-2025");
const chrome = await browser();
const folder = mkdtempSync(join(tmpdir(), "entente-engine-"));

// A scenario that runs fast: the first one of docs/scenario.md.
const toll = join(folder, "toll");
mkdirSync(toll);
writeFileSync(join(toll, "scenario.yaml"), /```yaml\n(entente: 1[\s\S]*?)```/.exec(readFileSync(join(process.env.ENTENTE_SOURCE, "docs", "scenario.md"), "utf8"))[1]);

// A native run: its JSON, the data block of its report, and the report.
function native(name, ...options) {
  const out = join(folder, name), which = ["small", "look"].includes(name) ? toll : scenario;
  const json = execFileSync(entente, ["run", which, "--json", "--out", out, ...options], { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
  const report = join(out, "report.html");
  const data = /id="entente-data">([\s\S]*?)<\/script>/.exec(readFileSync(report, "utf8"))[1];
  return { json: json.toString("utf8"), data: data.replaceAll("\\u003c", "<").replaceAll("\\u2028", "\u2028").replaceAll("\\u2029", "\u2029"), report };
}

async function open(report, act) {
  const page = await (await chrome.newContext()).newPage();
  const trouble = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && trouble.push(m.text()));
  page.on("pageerror", (e) => trouble.push(String(e)));
  try {
    await page.goto(pathToFileURL(report).href);
    await page.waitForSelector("footer");
    await act(page);
    same(trouble, [], "errors");
  } finally {
    await page.context().close();
  }
}

// Where two texts part, for the message of a failure.
function sameText(got, wanted, what) {
  if (got === wanted) return;
  let at = 0;
  while (got[at] === wanted[at]) at++;
  check(false, `${what} parts at ${at} of ${wanted.length}: ${got.slice(at - 60, at + 60)} / ${wanted.slice(at - 60, at + 60)}`);
}

// What the page's engine finds of the plan as it stands, in the page that `act` was given.
const found = (page, draws) => page.evaluate(async (n) => {
  const engine = await window.entente.engine();
  return { data: await engine.run(n), json: await engine.json() };
}, draws);

function sameRun(got, wanted) {
  sameText(got.json, wanted.json, "the JSON");
  sameText(got.data, wanted.data, "the data of the report");
}

const base = native("base", "--draws", "300");
test("300 draws of the shipped scenario have the bytes of the native run", () => open(base.report, async (page) => sameRun(await found(page, 300), base)));

test("the report of the shipped scenario has at most 1.5 MB beside its data", () => {
  const text = readFileSync(base.report, "utf8");
  const rest = text.length - /id="entente-data">([\s\S]*?)<\/script>/.exec(text)[1].length;
  check(rest > 500_000 && rest <= 1_500_000, `${rest} bytes`);
});

const changes = {
  "compromise alone": ["nash", "challenge", "condorcet", "spatial"].map((model) => [`enlargement.settle.${model}`, "0"]),
  "everything that can be set": [["sharpness_of_governments", "10 to 20"], ["end_enlargement.in_force", "no"], ["strategy.salience[us_executive]", "0.5"], ["enlargement.settle.spatial", "0"], ["visions_match.threshold", "20"], ["war_aim.position[al]", "uniform(20, 30)"]],
};
test("with any settings the page finds what --set finds, and after a reset what there was", () => open(base.report, async (page) => {
  for (const [name, settings] of Object.entries(changes)) {
    const wanted = native("changed", "--draws", "64", ...settings.flatMap(([k, v]) => ["--set", `${k}=${v}`]));
    await page.evaluate(async (all) => {
      const engine = await window.entente.engine();
      for (const [k, v] of all) await engine.set(k, v);
    }, settings);
    sameRun(await found(page, 64), wanted);
    const set = await page.evaluate(async () => (await window.entente.engine()).settings());
    same(set, settings, `settings of ${name}`);
    await page.evaluate(async () => (await window.entente.engine()).reset());
  }
  sameRun(await found(page, 300), base);
}));

test("a setting that is refused says what is allowed and changes nothing", () => open(small.report, async (page) => {
  const said = await page.evaluate(async () => (await window.entente.engine()).set("toll.salience[nrth]", "3").catch((e) => e.message));
  check(said.includes('did you mean "toll.salience[north]"?'), said);
  const reset = await page.evaluate(async () => (await window.entente.engine()).reset([["toll.salience[south]", "0.5"], ["nothing", "1"]]).catch((e) => e.message));
  check(reset.includes('nothing is named "nothing"'), reset);
  same(await page.evaluate(async () => (await window.entente.engine()).settings()), [], "settings");
  sameRun(await found(page, 2000), small);
}));

// --- several workers, looks, cancelling -----------------------------------------------------------------

const small = native("small", "--draws", "2000", "--set", "toll.salience[south]=0.7");

for (const crew of [1, 3, 4])
  test(`${crew} workers and their looks have the bytes of one run`, () => open(small.report, async (page) => {
    const got = await page.evaluate(async (n) => {
      const engine = await window.entente.start(n);
      const looks = [], progress = [];
      const data = await engine.run(2000, { onLook: (text, draws) => looks.push([draws, text]), onDraws: (done, total) => progress.push([done, total]) });
      const json = await engine.json();
      engine.end();
      return { data, json, looks, progress };
    }, crew);
    sameRun(got, small);
    const draws = got.looks.map(([n]) => n);
    check(draws[0] >= 16 && draws[0] <= 64 && draws.at(-1) === 256 && draws.every((n, i) => i === 0 || n > draws[i - 1]), `looks of ${draws} draws`);
    same(got.progress.at(-1), [2000, 2000], "the end of the progress");
    check(got.progress.every(([done], i) => i === 0 || done >= got.progress[i - 1][0]), "progress runs backwards");
  }));

test("a look has the numbers of a run of as many draws", () => open(small.report, async (page) => {
  const wanted = JSON.parse(native("look", "--draws", "256", "--set", "toll.salience[south]=0.7", "--set", "free_passage.takes_hold=0.3").data);
  const text = await page.evaluate(async () => {
    const engine = await window.entente.engine();
    await engine.set("free_passage.takes_hold", "0.3");
    return new Promise((resolve) => engine.run(256, { onLook: (look, draws) => draws === 256 && resolve(look) }));
  });
  const look = JSON.parse(text);
  same(Object.keys(look.claims), Object.keys(wanted.claims), "claims");
  for (const [id, claim] of Object.entries(look.claims)) same({ ...claim, drivers: 0, explanation: 0 }, { ...wanted.claims[id], drivers: 0, explanation: 0 }, id);
  same(look.provisions, wanted.provisions, "provisions");
  check("toll.outcome" in look.quantities, Object.keys(look.quantities));
  for (const [name, quantity] of Object.entries(look.quantities)) same(quantity, wanted.quantities[name], name);
}));

test("a run is cancelled, and overtaken by another one", () => open(small.report, async (page) => {
  const got = await page.evaluate(async () => {
    const engine = await window.entente.engine();
    const named = (error) => error.name;
    const long = engine.run(3_000_000).then(() => "done", named);
    await new Promise((resolve) => setTimeout(resolve, 300));
    engine.cancel();
    const first = await long;
    const overtaken = engine.run(1_000_000).then(() => "done", named);
    const data = await engine.run(2000);
    return { first, overtaken: await overtaken, data };
  });
  same([got.first, got.overtaken], ["Cancelled", "Cancelled"]);
  sameText(got.data, small.data, "the data of the report");
}));

await run(async () => {
  await chrome.close();
  rmSync(folder, { recursive: true, force: true });
});
