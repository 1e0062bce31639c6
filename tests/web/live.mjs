// The live parts of a report that `entente run` wrote, opened from disk: "What if" finds what the command finds, by hand and
// by keyboard; "What matters" shows what `--why` found.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { browser, check, fromWeb, run, same, test } from "./tap.mjs";

const entente = process.env.ENTENTE;
if (entente === undefined) {
  console.log("1..0 # SKIP ENTENTE is not set: meson gives the command that was built");
  process.exit(0);
}
const chrome = await browser();
const axe = (await fromWeb("axe-core/axe.js")).default;
const folder = mkdtempSync(join(tmpdir(), "entente-live-"));

// A scenario that runs in a moment, with names that a page must not believe.
const MARKUP = "<script>window.broken = 1</script>";
mkdirSync(join(folder, "river"));
writeFileSync(join(folder, "river", "scenario.yaml"), `entente: 1
title: Will the toll on the river fall?
actors: {north: "${MARKUP}", south: جنوب النهر, delta: Delta}
issues:
  toll:
    question: How high is the toll?
    scale: {0: none, 50: as today, 100: closed}
    stances:
      north: {position: 5 to 30, salience: 0.6, capability: 9}
      south: {position: 40, salience: 0.6 to 0.9, capability: 5}
      delta: {position: 60 to 95, salience: 1, capability: 3}
    settle: {compromise: 2, median: 1}
document:
  title: A declaration
  provisions:
    free_passage: {title: "حرية المرور", binding: no, takes_hold: 0.4 to 0.9, changes: {"toll.position[north]": 0 to 10}}
    shared_locks: {title: "<b>Shared locks</b>", binding: no, takes_hold: 0.3 to 0.6, changes: {"toll.position[delta]": 30 to 50}}
claims:
  falls: {who: the author, says: The toll falls by a third., holds: "toll.outcome <= 33"}
  matters: {who: the author, says: "The text <i>matters</i>.", holds: "change(toll.outcome) <= -5"}
levers: {share: {actor: delta, title: a share of the income given up, range: [0, 1], cost: 30 coins a year, changes: {"toll.position[delta]": value * (1 - lever)}}}
`);

const unescaped = (html) => /id="entente-data">([\s\S]*?)<\/script>/.exec(html)[1].replaceAll("\\u003c", "<");
const dataOf = (report) => JSON.parse(unescaped(readFileSync(report, "utf8")));
function native(name, ...options) {
  execFileSync(entente, ["run", join(folder, "river"), "--quiet", "--out", join(folder, name), ...options], { stdio: "pipe" });
  return join(folder, name, "report.html");
}
const plain = native("plain", "--draws", "2000", "--seed", "3");
const why = native("why", "--draws", "2000", "--seed", "3", "--why");

// --- opening, waiting, reading -----------------------------------------------------------------------------

async function open(report, { width = 1280, dark = false, hash = "" }, act) {
  const context = await chrome.newContext({ viewport: { width, height: 800 }, colorScheme: dark ? "dark" : "light", acceptDownloads: true });
  const page = await context.newPage();
  const trouble = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && trouble.push(m.text()));
  page.on("pageerror", (e) => trouble.push(String(e)));
  page.on("request", (r) => !/^(file|blob|data):/.test(r.url()) && trouble.push(`request ${r.url()}`));
  try {
    await page.goto(pathToFileURL(report).href + hash);
    await page.waitForSelector("footer");
    await page.waitForFunction(() => document.querySelector(".wait") === null);
    await act(page);
    same(trouble, [], "errors and requests");
  } finally {
    await context.close();
  }
}
const visit = (report, options, act) => () => open(report, options, act);

const spaced = (text) => text.replaceAll(/[\u00a0\u202f]/g, " ").replaceAll(/[\u2066-\u2069]/g, "");
const text = async (page, selector) => spaced(await page.$eval(selector, (e) => e.textContent));
const texts = async (page, selector) => (await page.$$eval(selector, (list) => list.map((e) => e.textContent))).map(spaced);
const PANEL = "#s-what-if";
const STATUS = `${PANEL} .c7 > [role=status]`;
const command = (page) => text(page, `${PANEL} pre code`);

// Until the refined run has ended, or what it says of nothing changed.
const refined = (page) => page.waitForFunction((s) => /what the command gives|Nothing is changed/.test(document.querySelector(s).textContent), STATUS, { polling: 20 });

async function downloaded(page, selector, words) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(selector, { hasText: words }).first().click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

// The command that the page shows, run as a person would run it.
function asTold(line) {
  check(line.startsWith("entente run "), line);
  const out = join(folder, "told");
  execFileSync("sh", ["-c", `"$ENTENTE" ${line.slice("entente ".length)} --quiet --out "${out}"`], { stdio: "pipe" });
  return dataOf(join(out, "report.html"));
}

// The table of claims has the numbers of the command, and the whole page shown has its claims to the last digit.
async function sameAsCommand(page) {
  await refined(page);
  const wanted = asTold(await command(page));
  const rows = await texts(page, `${PANEL} .c7 .scroll:first-of-type tbody tr`);
  Object.values(wanted.claims).forEach((claim, i) => {
    const now = `${claim.share > 0 && claim.share < 0.005 ? "<1" : claim.share < 1 && claim.share >= 0.995 ? ">99" : Math.round(100 * claim.share)} %`;
    check(rows[i].includes(claim.title) && rows[i].includes(now) && rows[i].includes(claim.verdict), `${rows[i]}: wanted ${now}, ${claim.verdict}`);
  });
  await page.click(`${PANEL} button:has-text("Show the whole page")`);
  await page.waitForSelector(".changed-note");
  await page.waitForFunction(() => document.querySelector("footer") !== null && document.querySelector(".wait") === null);
  const got = JSON.parse((await downloaded(page, "#s-reproduce button", "JSON")).bytes);
  for (const key of ["claims", "quantities", "provisions", "draws", "seed", "effective_draws"]) same(got[key], wanted[key], key);
  return wanted;
}

// Opens what is found for some words and gives the row that stands for it.
async function find(page, words, label) {
  await page.fill("#what-if-find", words);
  await page.locator(`${PANEL} .found button`, { hasText: label }).first().click();
  return page.locator(`${PANEL} .changed li`, { hasText: label });
}
async function type(field, value) {
  await field.fill(value);
  await field.press("Tab");
}

// --- what if ---------------------------------------------------------------------------------------------------

test("nothing is changed at first, and the engine is not asked", visit(plain, {}, async (page) => {
  same(await text(page, STATUS), "Nothing is changed: the numbers are those of the report.");
  const base = dataOf(plain);
  same(await command(page), base.command);
  const rows = await texts(page, `${PANEL} .c7 .scroll:first-of-type tbody tr`);
  same(rows.length, 2);
  check(rows[0].includes(`${Math.round(100 * base.claims.falls.share)} %`), rows[0]);
  same(await page.$$eval(`${PANEL} tr.now-moved`, (l) => l.length), 0, "rows that moved");
}));

test("a provision is switched off: first from few draws, then what the command gives", visit(plain, {}, async (page) => {
  await page.evaluate((s) => {
    window.said = [];
    const status = document.querySelector(s);
    new MutationObserver(() => window.said.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
  }, STATUS);
  await page.click("#what-if-free_passage");
  await refined(page);
  const draws = (await page.evaluate(() => window.said)).flatMap((t) => Number(/^From ([\d\s\u202f]+) draws/.exec(t)?.[1].replaceAll(/\D/g, "")) || []);
  check(draws[0] <= 64 && draws.at(-1) === 2000 && draws.every((n, i) => i === 0 || n >= draws[i - 1]), `answers from ${draws} draws`);
  check((await command(page)).endsWith(" --set free_passage.in_force=no"), await command(page));
  check(/With one change/.test(await text(page, `${PANEL} .c7 > h3`)), await text(page, `${PANEL} .c7 > h3`));
  check((await page.$$(`${PANEL} tr.now-moved`)).length > 0, "no row moved");
  const wanted = await sameAsCommand(page);
  check(wanted.claims.falls.share !== dataOf(plain).claims.falls.share, "nothing changed");
}));

test("an input's range, a plain stance, a weight and a threshold: what the command gives; undo, redo, reset", visit(plain, {}, async (page) => {
  const delta = await find(page, "delta position", "Delta position");
  await type(delta.locator("input").nth(0), "50");
  const south = await find(page, "جنوب position", "جنوب النهر");
  await type(south.locator("input").first(), "45");
  await page.click(`${PANEL} summary:has-text("Models and their weights")`);
  await type(page.locator(`${PANEL} fieldset input`).nth(1), "3");
  const threshold = await find(page, "threshold third", "threshold of");
  await type(threshold.locator("input").first(), "36");
  const all = ["'toll.position[delta]=50 to 95'", "'toll.position[south]=45'", "toll.settle.median=3", "falls.threshold=36"].map((c) => ` --set ${c}`);
  const base = dataOf(plain).command;
  same(await command(page), base + all.join(""));
  for (let n = 3; n >= 0; n--) {
    await page.click(`${PANEL} button:text-is("Undo")`);
    same(await command(page), base + all.slice(0, n).join(""), "after undo");
  }
  same(await page.getAttribute(`${PANEL} button:text-is("Undo")`, "aria-disabled"), "true");
  same(await text(page, STATUS), "Nothing is changed: the numbers are those of the report.");
  same(await page.inputValue(`${PANEL} fieldset input >> nth=1`), "1", "the weight as it was");
  for (let n = 1; n <= 4; n++) await page.click(`${PANEL} button:text-is("Redo")`);
  same(await command(page), base + all.join(""), "after redo");
  same(await page.inputValue(`${PANEL} fieldset input >> nth=1`), "3", "the weight again");
  await page.click(`${PANEL} button:text-is("Reset")`);
  same(await command(page), base, "after reset");
  check(!(await page.evaluate(() => location.href)).includes("#"), "the address has no changes");
  await page.click(`${PANEL} button:text-is("Undo")`);
  await sameAsCommand(page);
}));

test("the slider moves the whole range, and its steps are one change", visit(plain, {}, async (page) => {
  const north = await find(page, "script position", "position");
  const slider = north.locator("input[type=range]");
  await slider.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
  check(await slider.evaluate((e) => document.activeElement === e), "the slider keeps the focus");
  const [low, high] = [Number(await north.locator("input").nth(0).inputValue()), Number(await north.locator("input").nth(1).inputValue())];
  check(low > 5 && Math.abs(high - low - 25) < 0.05, `${low} to ${high}`);
  await refined(page);
  await page.click(`${PANEL} button:text-is("Undo")`);
  same(await command(page), dataOf(plain).command, "one undo takes all steps back");
}));

test("typing is not disturbed by answers that come in", visit(plain, {}, async (page) => {
  const delta = await find(page, "delta position", "Delta position");
  await type(delta.locator("input").nth(0), "50");
  await delta.locator("input").nth(1).fill("8");
  await refined(page);
  await page.keyboard.type("5");
  same(await delta.locator("input").nth(1).inputValue(), "85");
}));

test("a link carries the changes; the page with them says so, and goes back", visit(plain, { hash: "#what-if=free_passage.in_force~no!toll.position%5Bdelta%5D~50%20to%2060" }, async (page) => {
  check(await page.$eval(PANEL, (e) => Math.abs(e.getBoundingClientRect().top) < 60), "the link goes to the section");
  check((await command(page)).endsWith(" --set free_passage.in_force=no --set 'toll.position[delta]=50 to 60'"), await command(page));
  same(await page.isChecked("#what-if-free_passage"), false);
  const wanted = await sameAsCommand(page);
  check((await text(page, ".changed-note")).includes("with two changes of yours"), await text(page, ".changed-note"));
  const first = await text(page, "#s-claims tbody tr");
  check(Object.values(wanted.claims).some((c) => first.includes(`${Math.round(100 * c.share)}`)), first);
  // Changes start from the report, not from what is shown.
  same((await command(page)).match(/--set/g).length, 2, "changes in the command");
  await page.click(".changed-note button");
  await page.waitForFunction(() => document.querySelector(".changed-note") === null && document.querySelector("footer") !== null && document.querySelector(".wait") === null);
  same(await command(page), dataOf(plain).command);
}));

test("changes go to a file and come back from it", visit(plain, {}, async (page) => {
  await page.click("#what-if-shared_locks");
  const { name, bytes } = await downloaded(page, `${PANEL} button`, "Save changes");
  same([name, JSON.parse(bytes).changes], ["river-changes.json", [["shared_locks.in_force", "no"]]]);
  await page.click(`${PANEL} button:text-is("Reset")`);
  await page.setInputFiles(`${PANEL} input[type=file]`, { name: "c.json", mimeType: "application/json", buffer: Buffer.from(bytes) });
  await page.waitForFunction(() => !document.querySelector("#what-if-shared_locks").checked);
  await page.setInputFiles(`${PANEL} input[type=file]`, { name: "c.json", mimeType: "application/json", buffer: Buffer.from("[[1]]") });
  await page.waitForFunction(() => document.querySelector("#s-what-if .wrong").textContent.includes("no file of changes"));
  check((await command(page)).endsWith("--set shared_locks.in_force=no"), "the changes stand");
}));

test("a change that is refused says what is allowed, and the others stand", visit(plain, {}, async (page) => {
  await page.click("#what-if-shared_locks");
  await page.click(`${PANEL} summary:has-text("By name")`);
  for (const [line, said] of [["toll.salience[nrth] = 0.3", "toll.salience[north]"], ["toll.salience[north] = 3 to", ""], ["falls.threshold = <img src=x onerror=alert(1)>", ""]]) {
    await page.fill("#what-if-set", line);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#s-what-if .wrong").textContent.includes("refused"));
    const wrong = await text(page, `${PANEL} .wrong`);
    check(wrong.includes(said) && wrong.startsWith(line.split(" ")[0]) && wrong.length > line.length + 20, wrong);
    await refined(page);
    check((await command(page)).endsWith(" --seed 3 --set shared_locks.in_force=no"), await command(page));
  }
  await page.click(`${PANEL} button:text-is("Undo")`);
  same(await command(page), dataOf(plain).command, "what was refused is no step back");
  same(await text(page, `${PANEL} .wrong`), "");
}));

test("the keyboard alone changes, finds, undoes and shows", visit(plain, {}, async (page) => {
  await page.focus("#s-what-if-title, nav a:last-of-type");
  const to = async (test, most = 120) => {
    for (let i = 0; i < most; i++) {
      if (await page.evaluate(test)) return;
      await page.keyboard.press("Tab");
    }
    check(false, `the keyboard does not reach ${test}`);
  };
  await to("document.activeElement.id === 'what-if-free_passage'");
  await page.keyboard.press("Space");
  same(await page.isChecked("#what-if-free_passage"), false);
  await to("document.activeElement.id === 'what-if-find'");
  await page.keyboard.type("delta position");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  check(await page.evaluate(() => document.activeElement.closest(".changed") !== null), "the focus is in the new row");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("45");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  same(await page.evaluate(() => document.activeElement.type), "range");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Tab");
  same(await page.evaluate(() => document.activeElement.textContent), "take back");
  await page.keyboard.press("Enter");
  check((await command(page)).endsWith("--seed 3 --set free_passage.in_force=no"), await command(page));
  await to("document.activeElement.textContent === 'Undo'");
  await page.keyboard.press("Space");
  check((await command(page)).includes("toll.position[delta]"), "undone");
  await refined(page);
  await to("document.activeElement.textContent.startsWith('Show the whole page')");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".changed-note");
}));

// --- what matters ----------------------------------------------------------------------------------------------

test("what matters shows attribution, indices, tornado, levers and break-evens of the run", visit(why, {}, async (page) => {
  const data = dataOf(why);
  check(Object.keys(data.why).sort().join() === "attribution,levers,sensitivity", Object.keys(data.why));
  for (const target of ["falls", "matters", "toll.outcome"]) {
    await page.selectOption("#why-target", target);
    await page.waitForFunction((t) => document.querySelector("#s-why .why-of")?.dataset.target === t, target);
    const { change, shares } = data.why.attribution.targets[target];
    const parts = Object.values(shares).filter((s) => s.value !== 0);
    const bars = await page.$$eval("#s-why .why-of .pic:first-of-type svg path.fi, #s-why .why-of .pic:first-of-type svg path.fg", (l) => l.map((p) => Math.abs(p.getBBox().width)));
    same(bars.length, parts.length, `bars of ${target}`);
    const [a, b] = [...parts].sort((x, y) => Math.abs(y.value) - Math.abs(x.value));
    check(Math.abs(bars[1] / bars[0] - Math.abs(b.value / a.value)) < 0.02, `lengths ${bars}`);
    check(Math.abs(Object.values(shares).reduce((sum, s) => sum + s.value, 0) - change) < 1e-9, "parts add up");
  }
  const svgs = await page.$$eval("#s-why .pic svg", (l) => l.map((svg) => [svg.getAttribute("role"), svg.getAttribute("aria-label").length > 20]));
  check(svgs.length >= 2 && svgs.every(([role, told]) => role === "img" && told), JSON.stringify(svgs));
  await page.selectOption("#why-target", "falls");
  const said = await text(page, "#s-why");
  const way = data.why.levers.targets.falls.actors.delta;
  check(way.found && said.includes("a share of the income given up") && said.includes(`then ${Math.round(100 * way.reaches)} %`), said);
  check(!/undefined|NaN|\bnull\b|Infinity/.test(said), said);
  const marks = await page.$$eval("#s-why svg text", (l) => l.map((t) => t.textContent));
  check(marks.some((t) => t.includes("Delta position")), marks.join("|"));
}));

test("tables and downloads of what matters have its numbers", visit(why, {}, async (page) => {
  const { shares } = dataOf(why).why.attribution.targets.falls;
  await page.selectOption("#why-target", "falls");
  await page.locator("#s-why .ff summary").first().click();
  await page.waitForSelector("#s-why .dt");
  same((await page.$$("#s-why .dt >> nth=0 >> tbody tr")).length, Object.keys(shares).length + 1, "rows");
  const csv = await downloaded(page, "#s-why button", "CSV");
  same(csv.name, "river-attribution-falls.csv");
  const values = csv.bytes.toString().trim().split("\r\n").slice(1).map((row) => Number(row.split(",").at(-2)));
  Object.values(shares).forEach((s, i) => check(Math.abs(values[i] - 100 * s.value) < 1e-9, `${values[i]}`));
  const svg = await downloaded(page, "#s-why button", "SVG");
  check(svg.bytes.toString().startsWith("<svg") && svg.bytes.includes("حرية المرور"), "SVG");
  const png = await downloaded(page, "#s-why button", "PNG");
  same(png.bytes.subarray(0, 4).toString("hex"), "89504e47");
}));

test("without --why the section says how to get it", visit(plain, {}, async (page) => {
  same(await text(page, "#s-why pre"), `${dataOf(plain).command} --why`);
  same((await page.$$("#why-target")).length, 0);
}));

// --- the whole page ----------------------------------------------------------------------------------------------

for (const dark of [false, true])
  test(`axe finds nothing serious on the whole page, ${dark ? "dark" : "light"}, with changes`, visit(why, { dark, hash: "#what-if=free_passage.in_force~no!toll.position%5Bdelta%5D~50%20to%2060!nothing~3" }, async (page) => {
    await page.waitForFunction(() => document.querySelector("#s-what-if .wrong").textContent !== "");
    await refined(page);
    await page.$$eval("details", (list) => list.forEach((d) => (d.open = true)));
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations, passes } = await axe.run(document, { resultTypes: ["violations"] });
      return { passes: passes.length, violations: violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.any[0]?.message ?? ""}`).join(" | ")}`) };
    });
    check(found.passes > 20, "axe ran no rule");
    same(found.violations, []);
  }));

for (const width of [360, 2560])
  test(`nothing scrolls sideways at ${width} px, with changes`, visit(why, { width, hash: "#what-if=free_passage.in_force~no!toll.position%5Bdelta%5D~50%20to%2060!falls.threshold~36" }, async (page) => {
    await refined(page);
    await page.$$eval("#s-what-if details, #s-why details", (list) => list.forEach((d) => (d.open = true)));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    const who = await page.evaluate(() => [...document.querySelectorAll("main *, header *")].filter((e) => !e.closest("pre, .scroll, svg, .hidden") && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((e) => `${e.tagName}.${e.className}`));
    check(wide <= width && who.length === 0, `${wide} px wide; ${who}`);
    const small = await page.$$eval("#s-what-if .changed input", (list) => list.filter((e) => e.getBoundingClientRect().width < 40).length);
    same(small, 0, "fields too small");
  }));

test("names from right to left and names like markup are text everywhere", visit(why, { hash: "#what-if=free_passage.in_force~no" }, async (page) => {
  await refined(page);
  const said = await page.evaluate(() => document.getElementById("page").innerText);
  for (const name of ["حرية المرور", "<b>Shared locks</b>", MARKUP, "The text <i>matters</i>."]) check(said.includes(name), `lacks ${name}`);
  await page.fill("#what-if-find", "script");
  check((await texts(page, `${PANEL} .found li`)).some((t) => t.includes(MARKUP)), "found by name");
  same(await page.evaluate(() => window.broken), undefined);
  same(await page.$$eval("main script, #s-what-if i, #s-why i, #s-what-if b b", (l) => l.length), 0, "elements made from names");
}));

await run(async () => {
  await chrome.close();
  rmSync(folder, { recursive: true, force: true });
});
