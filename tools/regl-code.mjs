import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { createServer } from "vite";
import { chromiumArguments, requireChromium } from "./chromium.mjs";
import { root } from "./install.mjs";

/**
 * Writes src/ui/map/reglCode.ts: the draw functions that regl makes of regl-scatterplot's commands, so that the page
 * needs no `unsafe-eval`. Run it again after an update of regl or regl-scatterplot: `node tools/regl-code.mjs`.
 * The functions depend on which WebGL extensions there are, so every combination of those is tried.
 */
const extensions = ["OES_texture_float", "OES_element_index_uint", "WEBGL_color_buffer_float", "EXT_float_blend"];

const server = await createServer({ root, server: { port: 0 }, logLevel: "error" });
await server.listen();
const browser = await chromium.launch({ executablePath: requireChromium(), args: chromiumArguments });
/** @type {Record<string, string>} */
const functions = {};
for (let hidden = 0; hidden < 1 << extensions.length; hidden++) {
  const page = await browser.newPage({ bypassCSP: true });
  await page.goto(`${server.resolvedUrls?.local[0]}tools/`);
  const found = await page
    .evaluate(
      exercise,
      extensions.filter((_, i) => hidden & (1 << i)),
    )
    .catch((error) => console.warn(`without ${hidden}: ${error.message.split("\n")[0]}`));
  Object.assign(functions, found);
  await page.close();
}
await browser.close();
await server.close();

const body = Object.entries(functions)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([hash, text]) => `  "${hash}": ${text.replace("function anonymous", "function ")},`)
  .join("\n");
writeFileSync(
  join(root, "src/ui/map/reglCode.js"),
  `// Written by tools/regl-code.mjs; not by hand.\n/** regl's draw functions by the hash of their text. */\nexport const reglCode = {\n${body}\n};\n`,
);
console.log(`${Object.keys(functions).length} draw functions`);

/**
 * Runs in the page: draws in every way the map does and returns the functions that were needed.
 * @param {string[]} hidden
 */
async function exercise(hidden) {
  const original = WebGLRenderingContext.prototype.getExtension;
  Object.assign(WebGLRenderingContext.prototype, {
    getExtension(/** @type {any} */ name) {
      return hidden.includes(name) ? null : original.call(/** @type {any} */ (this), name);
    },
  });
  const load = (/** @type {string} */ path) => import(/* @vite-ignore */ path);
  const { GlPoints } = await load("/src/ui/map/glPoints.ts");
  const { RowSet } = await load("/src/core/rowSet.ts");
  const canvas = document.createElement("canvas");
  document.body.append(canvas);
  const layer = new GlPoints(canvas, { width: 300, height: 200 }, () => undefined);
  const wait = () => new Promise((resolve) => setTimeout(resolve, 250));
  const points = () => Float32Array.from({ length: 200 }, () => Math.random() * 2 - 1);
  const scene = {
    points: points(),
    categories: Uint8Array.from({ length: 100 }, (_, i) => i % 3),
    palette: ["#ff0000", "#00ff00", "#0000ff"],
    marked: RowSet.empty,
    markedColour: "#ffffff",
    background: "#101010",
  };
  layer.draw(scene, false);
  await wait();
  layer.draw({ ...scene, marked: RowSet.of([1, 2, 3]) }, false);
  await wait();
  layer.draw({ ...scene, points: points() }, true);
  await wait();
  await wait();
  await wait();
  layer.look({ x: 0.1, y: 0.1, scale: 100 });
  layer.resize({ width: 200, height: 300 });
  await wait();
  return Object.fromEntries(Object.entries(layer.drawFunctions).map(([hash, code]) => [hash, String(code)]));
}
