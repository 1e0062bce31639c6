// The engine in the page: a report that `entente run` wrote, opened from disk in a browser, runs its plan again and finds
// the same bytes as the native run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { browser, check, run, same, test } from "./tap.mjs";

const entente = process.env.ENTENTE;
const scenario = join(process.env.ENTENTE_SOURCE, "scenarios", "european-security-2025");
const chrome = await browser();
const folder = mkdtempSync(join(tmpdir(), "entente-engine-"));

// A native run: its JSON, the data block of its report, and the report.
function native(name, ...options) {
  const out = join(folder, name);
  const json = execFileSync(entente, ["run", scenario, "--json", "--out", out, ...options], { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
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
  const read = (bytes) => new TextDecoder().decode(bytes);
  return { data: read(await engine.run(n)), json: read(await engine.json()) };
}, draws);

function sameRun(got, wanted) {
  sameText(got.json, wanted.json, "the JSON");
  sameText(got.data, wanted.data, "the data of the report");
}

const base = native("base", "--draws", "300");
test("300 draws of the shipped scenario have the bytes of the native run", () => open(base.report, async (page) => sameRun(await found(page, 300), base)));

const changes = {
  "compromise alone": ["nash", "challenge", "condorcet", "spatial"].map((model) => [`enlargement.settle.${model}`, "0"]),
  "everything that can be set": [["sharpness_of_governments", "10 to 20"], ["end_enlargement.in_force", "no"], ["strategy.salience[us_executive]", "0.5"], ["enlargement.settle.spatial", "0"], ["visions_match.threshold", "0.2"], ["war_aim.position[al]", "uniform(20, 30)"]],
};
for (const [name, settings] of Object.entries(changes))
  test(`${name}: the page finds what --set finds, and after a reset what there was`, () => open(base.report, async (page) => {
    const wanted = native("changed", "--draws", "64", ...settings.flatMap(([k, v]) => ["--set", `${k}=${v}`]));
    await page.evaluate(async (all) => {
      const engine = await window.entente.engine();
      for (const [k, v] of all) await engine.set(k, v);
    }, settings);
    sameRun(await found(page, 64), wanted);
    await page.evaluate(async () => (await window.entente.engine()).reset());
    sameRun(await found(page, 300), base);
  }));

test("a setting that is refused says what is allowed", () => open(base.report, async (page) => {
  const said = await page.evaluate(async () => (await window.entente.engine()).set("sharpnes_of_governments", "3").catch((e) => e.message));
  check(said.includes('did you mean "sharpness_of_governments"?'), said);
}));

await run(async () => {
  await chrome.close();
  rmSync(folder, { recursive: true, force: true });
});
