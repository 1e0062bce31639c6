// Makes the pictures of docs/tour.md and docs/report.png from a run of the shipped scenario, in a browser without a window.
//
//     node tools/tour.mjs build/cli/entente [REPORT]
//
// REPORT: a report that `entente run --why` has already written; without it the scenario is run as by `./do demo`.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { crc32 as nodeCrc, deflateSync, inflateSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [entente, made] = process.argv.slice(2);
if (entente === undefined) {
  console.error("usage: node tools/tour.mjs ENTENTE [REPORT]");
  process.exit(2);
}
const { chromium } = await import(join(root, "web", "node_modules", "playwright-core", "index.mjs"));
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

// --- a PNG of few colours ----------------------------------------------------------------------------------

// The pixels of a PNG as Chromium writes it: 8 bits, RGB or RGBA, not interlaced (PNG specification, section 9).
function pixels(png) {
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const data = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(data));
  const [row, out] = [width * channels, Buffer.alloc(width * height * channels)];
  for (let y = 0; y < height; y++)
    for (let i = 0; i < row; i++) {
      const left = i >= channels ? out[y * row + i - channels] : 0;
      const up = y > 0 ? out[(y - 1) * row + i] : 0;
      const corner = y > 0 && i >= channels ? out[(y - 1) * row + i - channels] : 0;
      const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const guess = [0, left, up, (left + up) >> 1, paeth][raw[y * (row + 1)]];
      out[y * row + i] = raw[y * (row + 1) + 1 + i] + guess;
    }
  return { width, height, channels, data: out };
}

// CRC-32 of the PNG specification, annex D; Node.js has its own from version 22.
const crc = nodeCrc ?? ((bytes) => {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
});

function chunk(type, data) {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  data.copy(out, 8);
  out.writeUInt32BE(crc(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}

// With the 256 most frequent colours; every other pixel gets the nearest of them.
function reduced(png) {
  const { width, height, channels, data } = pixels(png);
  const count = new Map();
  const key = (i) => (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
  for (let i = 0; i < data.length; i += channels) count.set(key(i), (count.get(key(i)) ?? 0) + 1);
  const palette = [...count].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 256).map(([k]) => k);
  const index = new Map(palette.map((k, i) => [k, i]));
  const far = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  const nearest = (k) => {
    if (!index.has(k)) index.set(k, palette.reduce((best, p, i) => (far(k, p) < far(k, palette[best]) ? i : best), 0));
    return index.get(k);
  };
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = nearest(key((y * width + x) * channels));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((k) => [k >> 16, (k >> 8) & 255, k & 255]));
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", head), chunk("PLTE", colours), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

// --- the pictures ----------------------------------------------------------------------------------------------

const folder = mkdtempSync(join(tmpdir(), "entente-tour-"));
let report = made;
if (report === undefined) {
  execFileSync(entente, ["run", "scenarios/european-security-2025", "--draws", "2000", "--why", "--quiet", "--out", folder], { cwd: root, stdio: "inherit" });
  report = join(folder, "report.html");
}
mkdirSync(join(root, "docs", "tour"), { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"] });

async function picture(file, { width = 1280, height = 800, dark = false, hash = "", section = null, most = 150_000 }, act = async () => {}) {
  const page = await (await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" })).newPage();
  await page.goto(pathToFileURL(report).href + hash);
  await page.waitForSelector("footer");
  await page.waitForFunction(() => document.querySelector(".wait") === null);
  await act(page);
  if (section !== null) await page.$eval(section, (e) => window.scrollTo(0, e.getBoundingClientRect().top + window.scrollY - 8));
  else await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForTimeout(200);
  const path = join(root, "docs", file);
  writeFileSync(path, reduced(await page.screenshot()));
  const size = statSync(path).size;
  console.log(`docs/${file}: ${Math.ceil(size / 1000)} kB`);
  if (size > most) throw new Error(`docs/${file} has more than ${most / 1000} kB`);
  await page.context().close();
}
const refined = (page) => page.waitForFunction(() => /what the command gives/.test(document.querySelector("#s-what-if .c7 > [role=status]").textContent), null, { timeout: 120_000 });

await picture("report.png", { most: 200_000 });
await picture("tour/claim.png", { hash: "#standstill", section: "#s-claim" });
await picture("tour/what-if.png", { section: "#s-what-if" }, async (page) => {
  await page.click("#what-if-end_enlargement");
  await page.fill("#what-if-find", "salience germany");
  await page.locator("#s-what-if .found button").first().click();
  const [low, high] = [page.locator("#s-what-if .changed input").nth(0), page.locator("#s-what-if .changed input").nth(1)];
  await low.fill("0.6");
  await low.press("Tab");
  await high.fill("0.9");
  await high.press("Tab");
  await refined(page);
  await page.evaluate(() => document.activeElement.blur());
});
await picture("tour/what-matters.png", { section: "#s-why" });
await picture("tour/stances.png", { section: "#s-stances" });
await picture("tour/coalitions.png", { section: "#s-coalitions" });
await picture("tour/war.png", { section: "#s-war" });
await picture("tour/map.png", { section: "#s-rests", height: 1000, most: 200_000 }, async (page) => {
  await page.click('.mapframe .nd[aria-label*="Outcomes"] >> nth=-1');
});
await browser.close();
rmSync(folder, { recursive: true, force: true });
