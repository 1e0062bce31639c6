// The JSON that the engine in a report finds in headless Chromium: node tools/browser_json.mjs REPORT DRAWS WORKERS
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const [, , report, draws, workers] = process.argv;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(report).href);
  const json = await page.evaluate(async ([n, crew]) => {
    const engine = await window.entente.start(crew);
    await engine.run(n);
    return engine.json();
  }, [Number(draws), Number(workers)]);
  process.stdout.write(json);
} finally {
  await browser.close();
}
