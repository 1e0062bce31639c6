// The built page: it is what its sources give, whole in one file, small, and its types hold.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { check, needModules, run, same, Skip, test, web } from "./tap.mjs";

needModules();
const folder = mkdtempSync(join(tmpdir(), "entente-web-"));
const committed = readFileSync(join(web, "report.html"), "utf8");

test("rebuilding gives the committed report.html", () => {
  const built = join(folder, "report.html");
  execFileSync(process.execPath, [join(web, "build.mjs"), built], { stdio: "pipe" });
  check(readFileSync(built, "utf8") === committed, "web/report.html is not what its sources give: run ./do web and commit it");
});

test("building from another folder gives the same bytes", () => {
  const built = join(folder, "again.html");
  execFileSync(process.execPath, [join(web, "build.mjs"), built], { stdio: "pipe", cwd: folder });
  check(readFileSync(built, "utf8") === committed, "the build depends on where it is started");
});

test("rebuilding gives the committed engine.wasm", () => {
  const built = join(folder, "engine.wasm");
  try {
    execFileSync(join(web, "engine", "build.py"), [built], { stdio: "pipe" });
  } catch (error) {
    if (error.status === 3) throw new Skip(String(error.stderr).trim());
    throw error;
  }
  check(readFileSync(built).equals(readFileSync(join(web, "engine.wasm"))), "web/engine.wasm is not what the sources give: run ./do web and commit it");
});

test("the types hold under tsc --strict", () => {
  try {
    execFileSync(process.execPath, [join(web, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", web], { stdio: "pipe" });
  } catch (error) {
    throw new Error(String(error.stdout) + String(error.stderr));
  }
});

test("the page is at most 300 kB without data, the engine at most 400 kB", () => {
  check(Buffer.byteLength(committed) <= 300_000, `${Buffer.byteLength(committed)} bytes`);
  const engine = statSync(join(web, "engine.wasm")).size;
  check(engine <= 400_000, `the engine has ${engine} bytes`);
});

test("the markers for data, engine and plan stand exactly once, in this order, alone in their blocks", () => {
  const blocks = ['type="application/json" id="entente-data">@ENTENTE_DATA@', 'type="text/plain" id="entente-engine">@ENTENTE_ENGINE@', 'type="text/plain" id="entente-plan">@ENTENTE_PLAN@'];
  same(committed.match(/@ENTENTE_[A-Z]+@/g), ["@ENTENTE_DATA@", "@ENTENTE_ENGINE@", "@ENTENTE_PLAN@"], "markers");
  for (const block of blocks) check(committed.includes(`<script ${block}</script>`), block);
});

test("the page names no other file and lets only its own script run", () => {
  check(!/<(?:script|link|img|iframe)[^>]*\s(?:src|href)=/i.test(committed), "an element loads another file");
  const style = /<style>([\s\S]*)<\/style>/.exec(committed)?.[1] ?? "";
  check(style.length > 1000 && !/@import|url\(/i.test(style), "the style loads another file");
  const script = /<script>([\s\S]*?)<\/script>/.exec(committed)?.[1] ?? "";
  const hash = createHash("sha256").update(script, "utf8").digest("base64");
  check(committed.includes(`script-src 'sha256-${hash}' 'wasm-unsafe-eval';`), "the content security policy does not fit the script");
  check(committed.includes("default-src 'none'"), "the content security policy allows loading");
});

test("nothing in the style moves by itself", () => {
  check(!/[{;]\s*(?:animation|transition)[\w-]*\s*:/.test(committed), "the style has an animation or a transition");
});

await run(async () => rmSync(folder, { recursive: true, force: true }));
