import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { build } from "vite";
import { buildPage } from "../../tools/build.mjs";
import { chromiumArguments, requireChromium } from "../../tools/chromium.mjs";
import { root } from "../../tools/install.mjs";
import { serve } from "../../tools/serve.mjs";

const clicks = 9;
const rounds = 3;
const scrollMs = 3_000;
const longest = 900_000;
const cols = 64;
const defaultVectors = join(root, "../shared/data/vectors/photos20k.f32");

/** @typedef {import("playwright").Page} Page */

/**
 * How the workspace feels with many rows, in a real Chromium on the built page: every figure is from the event that
 * a person causes to the frame in which its result is painted.
 * @param {{ rows: number, vectors?: string | undefined }} options
 */
export async function run({ rows, vectors = defaultVectors }) {
  if (!existsSync(vectors))
    throw new Error(`${vectors} is missing: name a file of ${cols} f32 numbers a row by --vectors.`);
  await buildPage();
  const fill = await bundled("tests/bench/fillProject.ts", "es");
  const probeCode = await bundled("tests/bench/uiProbe.ts", "iife");
  const server = await serve(join(root, "dist"), 0);
  const address = server.address();
  const base = `http://localhost:${typeof address === "object" && address ? address.port : 0}/`;
  // A profile on the disk: one in memory has not the room for a million images.
  const profile = mkdtempSync(join(tmpdir(), "winnow-bench-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: requireChromium(),
    args: chromiumArguments,
    viewport: { width: 1440, height: 900 },
  });
  try {
    const page = await browser.newPage();
    await page.route("**/bench/fill.js", (route) => route.fulfill({ contentType: "text/javascript", body: fill }));
    await page.route("**/bench/vectors.f32", (route) => route.fulfill({ body: readFileSync(vectors) }));
    await page.addInitScript(`${probeCode}; window.probe = probe;`);
    await page.goto(base);
    const id = await page.evaluate(async (count) => {
      const file = "/bench/fill.js";
      const [{ fillProject }, bytes] = await Promise.all([
        import(/* @vite-ignore */ file),
        fetch("/bench/vectors.f32").then((answer) => answer.arrayBuffer()),
      ]);
      return await fillProject(count, new Float32Array(bytes));
    }, rows);

    const started = Date.now();
    await page.goto(`${base}#project=${id}`);
    await page.reload();
    await page.waitForFunction((count) => probe.opened(count), rows, { timeout: longest });
    await untilQuiet(page, rows);
    const prepared = Date.now() - started;
    const opening = [];
    for (let i = 0; i < rounds; i++) opening.push(await openingTime(page, rows));
    await untilQuiet(page, rows);

    const filters = await filterTimes(page);
    const lasso = await lassoTime(page);
    const tag = await tagTimes(page);
    const scroll = await scrollRate(page);
    const pan = await panRate(page);
    return {
      name: "ui",
      rows,
      gl: await page.evaluate(() => probe.glRenderer()),
      ours_ms: median(filters),
      peer: null,
      peer_ms: null,
      ratio: null,
      quality: {
        first_visit_ms: prepared,
        open_ms: median(opening),
        filter_ms: median(filters),
        filter_max_ms: Math.max(...filters),
        ...lasso,
        ...tag,
        ...scroll,
        pan_fps: pan,
        heap_mb: (await page.evaluate(() => probe.heapBytes())) / 1e6,
      },
    };
  } finally {
    await browser.close();
    server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Bundles one TypeScript file into one module for the page. @param {string} file @param {"es" | "iife"} format */
export async function bundled(file, format) {
  const result = await build({
    root,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: { write: false, minify: false, lib: { entry: join(root, file), formats: [format], name: "probe" } },
  });
  const [first] = Array.isArray(result) ? result : [result];
  if (first === undefined || !("output" in first)) throw new Error(`${file} could not be bundled`);
  return first.output[0].code;
}

/** Waits until every image is listed and nothing has been running for a while. @param {Page} page @param {number} rows */
export async function untilQuiet(page, rows) {
  await page.waitForFunction((count) => probe.imagesListed() === count, rows, { timeout: longest });
  await page.evaluate(() => probe.startQuiet());
  await page.waitForFunction(() => probe.quietMs() > 2_000, null, { timeout: longest, polling: 200 });
}

/** From the start of a reload to a painted gallery and map. @param {Page} page @param {number} rows */
export async function openingTime(page, rows) {
  await page.reload();
  await page.waitForFunction((count) => probe.opened(count), rows, { timeout: longest, polling: "raf" });
  return await page.evaluate(() => performance.now());
}

/** From a click on a value of the filters to the frame with the new count. @param {Page} page */
export async function filterTimes(page) {
  const values = page.getByRole("region", { name: "Filters" }).getByRole("checkbox", { name: /^folder \d+ \(/ });
  const times = [];
  for (let i = 0; i < clicks; i++) {
    times.push(await timed(page, "click", "countText", () => values.nth(i % 5).click()));
    // The map follows the counts: the next click comes when it is drawn, which takes seconds without a GPU.
    await page.waitForTimeout(400);
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    await page.waitForTimeout(200);
  }
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await page.waitForTimeout(500);
  return times;
}

/** From letting go of a lasso around half of the map to the frame with the marks. @param {Page} page */
async function lassoTime(page) {
  const map = page.getByRole("region", { name: "Map" });
  await map.getByRole("button", { name: "Lasso", exact: true }).click();
  const box = await map.locator(".map-overlay").boundingBox();
  if (box === null) throw new Error("there is no map");
  const { x, y, width, height } = box;
  const lasso_ms = await timed(page, "pointerup", "marksText", async () => {
    // Away from the buttons on the map.
    await page.mouse.move(x + 0.25 * width, y + 0.99 * height);
    await page.mouse.down();
    for (const [dx, dy] of /** @type {const} */ ([
      [0.52, 0.99],
      [0.5, 0.5],
      [0.5, 0.01],
      [0.01, 0.01],
      [0.01, 0.99],
    ])) {
      await page.mouse.move(x + dx * width, y + dy * height, { steps: 8 });
    }
    await page.mouse.up();
  });
  return { lasso_ms, lasso_images: await page.evaluate(() => probe.marked()) };
}

/** From asking for a tag on the marked images to the frame with its count, and the same for taking it back. @param {Page} page */
async function tagTimes(page) {
  await page.getByRole("tab", { name: "Tags" }).click();
  await page.getByRole("textbox", { name: "New tag" }).fill("bench");
  const tag_ms = await timed(page, "keydown", "tagsText", () => page.keyboard.press("Enter"));
  const undo_ms = await timed(page, "click", "tagsText", () =>
    page.getByRole("button", { name: "Undo", exact: true }).click(),
  );
  return { tag_ms, undo_ms };
}

/** Frames a second while the gallery scrolls, and how long a cell was without its image. @param {Page} page */
export async function scrollRate(page) {
  await page.keyboard.press("Escape");
  return await page.evaluate((ms) => probe.scrollGallery(ms), scrollMs);
}

/** Frames a second while the map is dragged. @param {Page} page */
export async function panRate(page) {
  const box = await page.getByRole("region", { name: "Map" }).locator(".map-overlay").boundingBox();
  if (box === null) throw new Error("there is no map");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  const counting = page.evaluate((ms) => probe.frameRate(ms), 2_000);
  const until = Date.now() + 2_000;
  for (let i = 0; Date.now() < until; i++) {
    await page.mouse.move(box.x + box.width / 2 + 60 * Math.sin(i / 8), box.y + box.height / 2 + 40 * Math.cos(i / 8));
  }
  await page.mouse.up();
  return await counting;
}

/**
 * Milliseconds from an event to the frame that shows another text.
 * @param {Page} page
 * @param {string} event
 * @param {"countText" | "marksText" | "tagsText"} text
 * @param {() => Promise<void>} act
 */
async function timed(page, event, text, act) {
  await page.evaluate(([name, what]) => probe.arm(name, what), /** @type {const} */ ([event, text]));
  await act();
  return await page.evaluate(() => probe.painted());
}

/** @param {number[]} values */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
