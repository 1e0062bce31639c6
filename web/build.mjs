// Builds web/report.html: style and script inlined into one file that asks for nothing else. The same sources give the
// same bytes. `node build.mjs [OUTPUT]`
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, "report.html");

const options = { bundle: true, minify: true, write: false, legalComments: "none", charset: "utf8", absWorkingDir: here };
const worker = await build({ ...options, entryPoints: ["src/worker.ts"], format: "iife", target: "es2022" });
const define = { ENGINE_WORKER: JSON.stringify(worker.outputFiles[0].text) };
const script = await build({ ...options, entryPoints: ["src/main.ts"], format: "iife", target: "es2022", define });
const style = await build({ ...options, entryPoints: ["src/style.css"], loader: { ".css": "css" }, target: ["chrome111", "firefox113", "safari16.4"] });

// Inside an element, "</script" would end it.
const js = script.outputFiles[0].text.trim().replaceAll("</script", "<\\/script");
const css = style.outputFiles[0].text.trim();
if (/@ENTENTE_[A-Z]+@/.test(js + css)) throw new Error("a marker must stand once in the page");

const hash = `sha256-${createHash("sha256").update(js, "utf8").digest("base64")}`;
const template = readFileSync(join(here, "src/template.html"), "utf8");
const page = template
  .replace("@STYLE@", () => css)
  .replace("@SCRIPT_HASH@", () => hash)
  .replace("@SCRIPT@", () => js);
writeFileSync(output, page);
console.log(`${output}: ${Math.ceil(Buffer.byteLength(page) / 1000)} kB`);
