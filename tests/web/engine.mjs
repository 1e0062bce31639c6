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

for (const draws of [64, 512])
  test(`${draws} draws of the shipped scenario have the bytes of the native run`, async () => {
    const wanted = native(`run${draws}`, "--draws", String(draws));
    await open(wanted.report, async (page) => {
      const got = await page.evaluate(async (n) => {
        const engine = await window.entente.engine();
        const read = (bytes) => new TextDecoder().decode(bytes);
        return { data: read(await engine.run(n)), json: read(await engine.json()) };
      }, draws);
      sameText(got.json, wanted.json, "the JSON");
      sameText(got.data, wanted.data, "the data of the report");
    });
  });

await run(async () => {
  await chrome.close();
  rmSync(folder, { recursive: true, force: true });
});
