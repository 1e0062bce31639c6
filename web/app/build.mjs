// Builds web/app.html, the page of `entente serve`: style and script inlined, each let in by its hash. `node build.mjs [OUTPUT]`
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, "..", "app.html");

const options = { bundle: true, minify: true, write: false, legalComments: "none", charset: "utf8", absWorkingDir: here };
const script = await build({ ...options, entryPoints: ["main.ts"], format: "iife", target: "es2022" });
const style = await build({ ...options, entryPoints: ["style.css"], loader: { ".css": "css" }, target: ["chrome111", "firefox113", "safari16.4"] });

// Inside an element, "</script" would end it.
const js = script.outputFiles[0].text.trim().replaceAll("</script", "<\\/script");
const css = style.outputFiles[0].text.trim();
const hash = (text) => `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
const page = readFileSync(join(here, "template.html"), "utf8")
  .replace("@STYLE_HASH@", () => hash(css))
  .replace("@SCRIPT_HASH@", () => hash(js))
  .replace("@STYLE@", () => css)
  .replace("@SCRIPT@", () => js);
writeFileSync(output, page);
console.log(`${output}: ${Math.ceil(Buffer.byteLength(page) / 1000)} kB`);
