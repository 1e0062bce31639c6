// What the tests of the page share: TAP on stdout, and what they need or else skip for.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const web = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "web");
const chromium = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

function skipAll(reason) {
  console.log(`1..0 # SKIP ${reason}`);
  process.exit(0);
}

export function needModules() {
  if (!existsSync(join(web, "node_modules", "esbuild"))) skipAll("web/node_modules is missing: ./do test installs it");
}

// A module of web/node_modules, which is beside this folder and not above it.
export async function fromWeb(name) {
  needModules();
  return import(join(web, "node_modules", name));
}

export async function browser() {
  if (chromium === undefined || !existsSync(chromium)) skipAll("no chromium: ./do test installs it, or set CHROMIUM");
  const { chromium: engine } = await fromWeb("playwright-core/index.mjs");
  return engine.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
}

// Thrown in a case that cannot be asked here, with the reason.
export class Skip extends Error {}

const cases = [];
export const test = (name, run) => cases.push({ name, run });

export function check(truth, message) {
  if (!truth) throw new Error(message);
}
export function same(got, wanted, what = "value") {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  check(a === b, `${what}: got ${a}, wanted ${b}`);
}

// Runs the cases in order; a failure says why on stderr and the others still run.
export async function run(after = async () => {}) {
  console.log(`1..${cases.length}`);
  let failed = 0;
  for (const [i, { name, run: act }] of cases.entries()) {
    try {
      await act();
      console.log(`ok ${i + 1} - ${name}`);
    } catch (error) {
      if (error instanceof Skip) {
        console.log(`ok ${i + 1} - ${name} # SKIP ${error.message}`);
        continue;
      }
      failed++;
      console.log(`not ok ${i + 1} - ${name}`);
      console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  await after();
  process.exit(failed === 0 ? 0 : 1);
}
