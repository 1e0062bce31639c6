// The app in a browser, as an analyst has it: from the list of scenarios to a changed one, a run, a comparison and its export.
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, check, fromWeb, needModules, run, same, test, web } from "../web/tap.mjs";

needModules();
const chrome = await browser();
const axe = (await fromWeb("axe-core/axe.js")).default;
const entente = process.env.ENTENTE;
const folder = mkdtempSync(join(tmpdir(), "entente-app-"));
const STRANGE = "<script>document.title='taken'</script> جزيرة <img src=x onerror=alert(1)>";
for (const name of ["small", "strange"]) execFileSync(entente, ["new", join(folder, name)]);
const scenario = join(folder, "strange", "scenario.yaml");
writeFileSync(scenario, readFileSync(scenario, "utf8").replace("title: Will the river open to trade?", `title: ${JSON.stringify(STRANGE)}`).replaceAll("tolls_fall:", "tolls_fall:\n    title: '<b onmouseover=alert(1)>tolls</b>'"));
const actors = join(folder, "strange", "actors.csv");
writeFileSync(actors, readFileSync(actors, "utf8").replace("Isle of Wend", STRANGE));

const server = spawn(entente, ["serve", folder, "--json", "--quiet"], { stdio: ["ignore", "pipe", "inherit"] });
const url = await new Promise((told, failed) => {
  server.stdout.once("data", (data) => told(JSON.parse(String(data)).url));
  server.once("exit", () => failed(new Error("the server did not start")));
});

async function open({ width = 1280, height = 800, dark = false } = {}) {
  const context = await chrome.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", acceptDownloads: true });
  const page = await context.newPage();
  const trouble = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && trouble.push(m.text()));
  page.on("pageerror", (e) => trouble.push(String(e)));
  page.on("dialog", (d) => { trouble.push(`dialog ${d.message()}`); void d.dismiss(); });
  page.on("request", (r) => !r.url().startsWith(new URL(url).origin) && !/^(blob|data):/.test(r.url()) && trouble.push(`request ${r.url()}`));
  await page.goto(url);
  await page.waitForSelector(".scenarios");
  return { page, trouble, done: () => context.close() };
}
const visit = (options, act) => async () => {
  const { page, trouble, done } = await open(options);
  try {
    await act(page, trouble);
    same(trouble, [], "errors and requests");
  } finally {
    await done();
  }
};
const enter = async (page, name, tab = "edit") => {
  await page.click(`.scenarios li:has-text("/${name}") a`);
  await page.waitForSelector("textarea.code");
  if (tab !== "edit") await page.click(`.tabs a[href$="/${tab}"]`);
};
const type = (page, from, to) => page.$eval("textarea.code", (area, [a, b]) => {
  if (!area.value.includes(a)) throw new Error(`no ${a} in the text`);
  area.value = area.value.replace(a, () => b);
  area.dispatchEvent(new Event("input"));
}, [from, to]);
const state = (page, pattern) => page.waitForFunction((p) => new RegExp(p).test(document.querySelector(".state")?.textContent ?? ""), pattern);
const onDisk = (name, file) => readFileSync(join(folder, name, file), "utf8");

test("rebuilding gives the committed app.html: one small file that lets in its own script and style by their hashes", () => {
  const built = join(folder, "app.html");
  execFileSync(process.execPath, [join(web, "app", "build.mjs"), built], { stdio: "pipe" });
  const page = readFileSync(join(web, "app.html"), "utf8");
  check(readFileSync(built, "utf8") === page, "web/app.html is not what its sources give: run ./do web and commit it");
  check(Buffer.byteLength(page) < 60_000, `${Buffer.byteLength(page)} bytes`);
  check(!/unsafe-(inline|eval)/.test(page) && /script-src 'sha256-[^']+'; img/.test(page), "the content security policy");
  check(!/<(?:script|img|iframe)[^>]*\s(?:src|href)=/i.test(page), "an element loads another file");
});

test("from the list to an error in place, mended and saved", visit({}, async (page) => {
  check(!page.url().includes("token"), `the token stays in the address: ${page.url()}`);
  same(await page.$$eval(".scenarios li", (l) => l.length), 2, "scenarios");
  await enter(page, "small");
  await state(page, "^No errors");
  await type(page, "draws: 20000", "drws: 2000");
  await state(page, "^1 error");
  const told = await page.textContent(".findings");
  check(/scenario\.yaml:8:1 .*'drws'.*did you mean 'draws'/.test(told), told);
  const stripe = await page.$eval(".stripe.error", (e) => e.getBoundingClientRect().top);
  const area = await page.$eval("textarea.code", (e) => e.getBoundingClientRect().top);
  same(Math.round((stripe - area - 8) / 20), 7, "the line that is marked, from 0");
  await page.click(".findings button");
  same(await page.$eval("textarea.code", (a) => a.value.slice(a.selectionStart, a.selectionStart + 4)), "drws", "the cursor goes there");
  await type(page, "drws: 2000", "draws: 2000");
  await state(page, "^No errors");
  check(onDisk("small", "scenario.yaml").includes("draws: 20000"), "nothing is written before it is saved");
  await page.keyboard.press("Control+s");
  await page.waitForSelector('[data-act="save"]:has-text("Saved")');
  check(onDisk("small", "scenario.yaml").includes("\ndraws: 2000  "), onDisk("small", "scenario.yaml").slice(0, 600));
}));

test("a form made from the table of models changes one value and nothing else", visit({}, async (page) => {
  await enter(page, "small");
  const before = onDisk("small", "scenario.yaml");
  await page.click('[data-act="form"]');
  await page.fill('[id="f-inputs.sincerity"]', "0.5 to 0.8");
  await page.keyboard.press("Tab");
  await page.fill('[id="f-issues.trade.settle.nash"]', "3");
  await page.keyboard.press("Tab");
  await state(page, "^No errors");
  await page.fill('[id="f-inputs.sincerity"]', "0.5 too 0.8");
  await page.keyboard.press("Tab");
  await state(page, "error");
  await page.fill('[id="f-inputs.sincerity"]', "0.5 to 0.8");
  await page.keyboard.press("Tab");
  await state(page, "^No errors");
  await page.click('[data-act="save"]');
  await page.waitForSelector('[data-act="save"]:has-text("Saved")');
  same(onDisk("small", "scenario.yaml"), before.replace("value: 0.4 to 0.9", "value: 0.5 to 0.8").replace("{compromise: 2, median: 1}", "{compromise: 2, median: 1, nash: 3}"));
}));

test("a table is edited cell by cell", visit({}, async (page) => {
  await enter(page, "small");
  await page.click('.files button:has-text("trade.csv")');
  const before = onDisk("small", "trade.csv");
  await page.click('[data-act="table"]');
  await page.fill(".grid tbody tr:nth-child(1) td:nth-child(3) input", "5 to x");
  await state(page, "error");
  await page.waitForSelector(".findings button:has-text('trade.csv:2')");
  const cell = before.split("\n")[1].split(",")[1];
  await page.fill(".grid tbody tr:nth-child(1) td:nth-child(3) input", "15");
  await state(page, "^No errors");
  await page.click('[data-act="save"]');
  await page.waitForSelector('[data-act="save"]:has-text("Saved")');
  same(onDisk("small", "trade.csv"), before.replace(`,${cell},`, ",15,"));
}));

test("a change by another program is shown, and nothing is overwritten", visit({}, async (page) => {
  await enter(page, "small");
  await state(page, "^No errors");
  appendFileSync(join(folder, "small", "scenario.yaml"), "# by another program\n");
  await page.waitForFunction(() => document.querySelector("textarea.code").value.endsWith("# by another program\n"));
  await type(page, "# by another program", "# by hand");
  appendFileSync(join(folder, "small", "scenario.yaml"), "# and again\n");
  await page.waitForSelector(".clash");
  await page.click('[data-act="save"]');
  await page.waitForTimeout(300);
  check(onDisk("small", "scenario.yaml").endsWith("# by another program\n# and again\n"), "it was overwritten");
  await page.click(".clash button:has-text('Keep what I typed')");
  await page.click('[data-act="save"]');
  await page.waitForSelector('[data-act="save"]:has-text("Saved")');
  check(onDisk("small", "scenario.yaml").endsWith("# by hand\n"), onDisk("small", "scenario.yaml").slice(-60));
}));

test("a run with progress, its report in a sandbox, and its files", visit({}, async (page, trouble) => {
  await enter(page, "small", "runs");
  await page.fill("#run-draws", "4000");
  await page.fill("#run-note", "as it stands");
  await page.click("form.ask button[type=submit]");
  await page.waitForSelector(".runs .run");
  const card = await page.textContent(".runs .run");
  check(/as it stands/.test(card) && /4.?000 draws/.test(card) && /(follows|leans to|open)/.test(card), card);
  const [report] = await Promise.all([page.context().waitForEvent("page"), page.click(".runs .report")]);
  report.on("console", (m) => m.type() === "error" && trouble.push(m.text()));
  await report.waitForSelector("footer");
  same(await report.evaluate(() => window.origin), "null", "the report's origin");
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click(".runs .links >> text=JSON")]);
  same(JSON.parse(readFileSync(await saved.path(), "utf8")).draws, 4000, "draws in the JSON");
  const [base] = await Promise.all([page.waitForEvent("download"), page.click(".runs .links >> text=SQLite")]);
  same(readFileSync(await base.path()).subarray(0, 13).toString(), "SQLite format", "the SQLite file");
}));

test("a long run is cancelled and keeps what is finished", visit({}, async (page) => {
  await enter(page, "small", "runs");
  await page.fill("#run-draws", "20000000");
  await page.click("form.ask button[type=submit]");
  await page.waitForFunction(() => (document.querySelector("progress")?.value ?? 0) > 0);
  await page.click(".progress button");
  await page.waitForSelector("text=what was finished is kept");
  check(/stopped/.test(await page.textContent(".runs .run")), await page.textContent(".runs .run"));
  await page.click(".runs .run:first-child .quiet");
  await page.click(".runs .run:first-child .quiet");
  await page.waitForFunction(() => document.querySelectorAll(".runs .run").length === 1);
}));

test("two settings are compared side by side, and saved", visit({}, async (page) => {
  await enter(page, "small", "compare");
  await page.waitForSelector(".sides");
  await page.fill("#compare-draws", "2000");
  await page.selectOption("#side-first", "");
  await page.selectOption("#side-second", "");
  await page.fill("#settings-Settingsofthesecond", "sincerity = 0.01\nnonsense");
  await page.click(".sides button[type=submit]");
  await page.waitForSelector("[role=alert]:has-text('nonsense')");
  await page.fill("#settings-Settingsofthesecond", "sincerity = 0.01");
  await page.click(".sides button[type=submit]");
  await page.waitForSelector(".pairs");
  check(/^[1-9]\d* of \d+ claims and quantities differ/.test(await page.textContent("div[aria-live] h2")), await page.textContent("div[aria-live] h2"));
  const row = await page.textContent(".pairs tbody tr.telling");
  check(/−\d+(\.\d+)? ± [\d.]+ points/.test(row), row);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("text=Save as JSON")]);
  check(JSON.parse(readFileSync(await saved.path(), "utf8")).claims.tolls_fall.difference < 0, "the saved comparison");
}));

test("names in Arabic and with markup are text, in every view", visit({}, async (page) => {
  same(await page.$eval(".scenarios li:has-text('/strange') a", (a) => a.textContent), STRANGE, "in the list");
  await enter(page, "strange");
  same(await page.textContent("h1"), STRANGE, "as title");
  await page.click('[data-act="form"]');
  same(await page.inputValue("#f-title"), STRANGE, "in the form");
  await page.click('.files button:has-text("actors.csv")');
  await page.click('[data-act="table"]');
  check((await page.$$eval(".grid input", (l) => l.map((i) => i.value))).includes(STRANGE), "in the table");
  await page.click('.tabs a[href$="/runs"]');
  await page.fill("#run-draws", "500");
  await page.fill("#run-note", STRANGE.slice(0, 100));
  await page.click("form.ask button[type=submit]");
  await page.waitForSelector(".runs .run");
  check((await page.textContent(".runs .run")).includes(STRANGE.slice(0, 100)), "as note");
  await page.click('.tabs a[href$="/compare"]');
  await page.fill("#compare-draws", "500");
  await page.click(".sides button[type=submit]");
  await page.waitForSelector(".pairs");
  check((await page.textContent(".pairs")).includes("<b onmouseover"), "as a claim's title");
  same(await page.$$eval("script, img, b[onmouseover]", (l) => l.length), 1, "elements beside the page's own script");
}));

for (const [width, dark] of [[1280, false], [1280, true], [360, false], [2560, false]])
  test(`nothing overflows and axe finds nothing serious: ${width} px, ${dark ? "dark" : "light"}`, visit({ width, dark }, async (page) => {
    const look = async (what) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      check(wide <= width, `${what}: ${wide} px wide`);
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const { violations, passes } = await axe.run(document, { resultTypes: ["violations"] });
        return { passes: passes.length, violations: violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 140)).join(" | ")}`) };
      });
      check(found.passes > 8, "axe ran no rule");
      same(found.violations, [], what);
    };
    await look("list");
    await enter(page, "small");
    await type(page, "draws: 2000", "drws: 2000");
    await state(page, "error");
    await look("text");
    await page.click('[data-act="form"]');
    await page.$$eval("details", (l) => l.forEach((d) => (d.open = true)));
    await look("form");
    await page.click('.files button:has-text("actors.csv")');
    await page.click('[data-act="table"]');
    await look("table");
    await page.click('.tabs a[href$="/runs"]');
    await page.waitForSelector(".runs .run");
    await look("runs");
    await page.click('.tabs a[href$="/compare"]');
    await page.fill("#compare-draws", "500");
    await page.click(".sides button[type=submit]");
    await page.waitForSelector(".pairs");
    await look("compare");
  }));

test("the keyboard alone reaches a scenario, its text, a run and a comparison", visit({}, async (page) => {
  const tabTo = async (what) => {
    for (let i = 0; i < 120; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((s) => document.activeElement?.matches(s), what)) return;
    }
    throw new Error(`Tab does not reach ${what}`);
  };
  await tabTo(".scenarios a");
  await page.keyboard.press("Enter");
  await page.waitForSelector("textarea.code");
  await state(page, "^No errors");
  await tabTo('[data-act="form"]');
  await tabTo("textarea.code");
  await page.keyboard.type("# typed\n");
  check((await page.inputValue("textarea.code")).includes("# typed\n"), "typing");
  await page.keyboard.press("Control+s");
  await page.waitForSelector('[data-act="save"]:has-text("Saved")');
  await page.keyboard.press("Shift+Tab");
  await tabTo("a[href='#/']");
}));

await run(async () => {
  await chrome.close();
  server.kill("SIGTERM");
  await new Promise((done) => server.once("exit", done));
  rmSync(folder, { recursive: true, force: true });
});
