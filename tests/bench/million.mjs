import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { buildPage } from "../../tools/build.mjs";
import { chromiumArguments, requireChromium } from "../../tools/chromium.mjs";
import { root } from "../../tools/install.mjs";
import { serve } from "../../tools/serve.mjs";
import { importCore } from "./bundle.mjs";
import { bundled, filterTimes, median, openingTime, panRate, scrollRate, untilQuiet } from "./ui.mjs";

const rounds = 3;
/** Images that come when everything is there. */
const added = 1_000;
const picks = 1_000;
const longest = 1_800_000;
const memoryEveryMs = 1_000;

/** @typedef {import("playwright").Page} Page */
/** @typedef {import("playwright").BrowserContext} BrowserContext */

/**
 * What a project of a million images costs in the built page, in a real Chromium: a project folder is made, chosen as
 * a person chooses it, and worked on. Prints each figure as it is known.
 * @param {{ rows: number, folder?: string | undefined }} options folder: where the made projects are, or are kept
 */
export async function run({ rows, folder }) {
  await buildPage();
  const work = folder ?? mkdtempSync(join(tmpdir(), "winnow-million-"));
  const profile = mkdtempSync(join(tmpdir(), "winnow-profile-"));
  // A build in the meantime must not change what is measured.
  const built = mkdtempSync(join(tmpdir(), "winnow-page-"));
  cpSync(join(root, "dist"), built, { recursive: true });
  writeFileSync(join(built, "bench-add.js"), await bundled("tests/bench/addImages.ts", "es"));
  const server = await serve(built, 0);
  const address = server.address();
  const base = `http://localhost:${typeof address === "object" && address ? address.port : 0}/`;
  const probeCode = await bundled("tests/bench/uiProbe.ts", "iife");
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: requireChromium(),
    args: [...chromiumArguments, "--enable-blink-features=ForceEagerMeasureMemory"],
    viewport: { width: 1440, height: 900 },
  });
  /** @type {Record<string, number>} */
  const figures = {};
  const note = (/** @type {string} */ name, /** @type {number} */ value) => {
    figures[name] = value;
    console.error(`${name.padEnd(40)} ${Number(value.toPrecision(4)).toLocaleString("en")}`);
  };
  try {
    const made = await madeProject(work, rows);
    const page = await browser.newPage();
    page.setDefaultTimeout(longest);
    await page.addInitScript(`${probeCode}; window.probe = probe; probe.watchJobs();`);
    await page.goto(base);
    note("import_folder_s", (await choose(page, made, rows)) / 1_000);
    note("memory_exploring_most_mb", await mostMemory(page, untilQuiet(page, rows)));
    await jobsOf(page, note);
    await memoryOf(page, "explored", note);
    /** @type {number[]} */
    const gallery = [];
    /** @type {number[]} */
    const opening = [];
    for (let i = 0; i < rounds; i++) {
      opening.push(await openingTime(page, rows));
      gallery.push(await page.evaluate(() => probe.galleryMs()));
    }
    note("open_gallery_ms", median(gallery));
    note("open_ms", median(opening));
    await memoryOf(page, "opened", note);
    const filters = await filterTimes(page);
    note("filter_ms", median(filters));
    note("filter_max_ms", Math.max(...filters));
    const scroll = await scrollRate(page);
    note("scroll_fps", scroll.scroll_fps);
    note("longest_blank_ms", scroll.longest_blank_ms);
    note("pan_fps", await panRate(page));
    note("k_center_ms", await kCenterTime(page));
    await memoryOf(page, "selected", note);
    await umapTimes(page, note);
    await memoryOf(page, "umap", note);
    await page.evaluate(async (count) => {
      const file = "/bench-add.js";
      const { addImages } = await import(/* @vite-ignore */ file);
      await addImages(/project=([^&]+)/.exec(location.hash)?.[1], count);
    }, added);
    await openingTime(page, rows + added);
    await untilQuiet(page, rows + added);
    await jobsOf(page, note, "added_");
    await memoryOf(page, "added", note);
    return { name: "million", rows, cols: 64, ...figures };
  } finally {
    await browser.close();
    server.close();
    for (const made of [profile, built]) rmSync(made, { recursive: true, force: true });
    if (folder === undefined) rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} work @param {number} rows */
async function madeProject(work, rows) {
  const folder = join(work, `${rows}.winnow`);
  if (!existsSync(join(folder, "map.pca.npy"))) {
    const { makeMillion, threadFile } = await importCore();
    await makeMillion(folder, threadFile, rows);
  }
  console.error(`${folder}: ${execFileSync("du", ["-sm", folder], { encoding: "utf8" }).split("\t")[0]} MB`);
  return folder;
}

/** Chooses a folder and waits until all of it is shown. @param {Page} page @param {string} folder @param {number} rows */
async function choose(page, folder, rows) {
  const since = performance.now();
  await page.getByLabel("Choose folder").setInputFiles(folder);
  await page.waitForFunction((count) => probe.opened(count), rows, { timeout: longest });
  return performance.now() - since;
}

/** @param {Page} page @param {string} when @param {(name: string, value: number) => void} note */
async function memoryOf(page, when, note) {
  const { bytes, breakdown } = await page.evaluate(() => probe.memory());
  note(`memory_${when}_mb`, bytes / 1e6);
  for (const part of breakdown) if (part.bytes > 1e7) console.error("   ", part.bytes / 1e6, part.types.join());
  note(`rss_${when}_mb`, rendererMegabytes());
}

/** The most memory that is seen in use until something is over, in megabytes. @param {Page} page @param {Promise<unknown>} over */
async function mostMemory(page, over) {
  const state = { isOver: false };
  const ending = over.finally(() => {
    state.isOver = true;
  });
  let most = 0;
  while (!state.isOver) {
    most = Math.max(most, (await page.evaluate(() => probe.memory())).bytes / 1e6);
    await page.waitForTimeout(memoryEveryMs);
  }
  await ending;
  return most;
}

/** Resident memory of the largest renderer of this process's browser. */
function rendererMegabytes() {
  const lines = execFileSync("ps", ["-eo", "rss,args"], { encoding: "utf8" }).split("\n");
  const sizes = lines.filter((line) => /--type=renderer/.test(line)).map((line) => Number(/\d+/.exec(line)?.[0] ?? 0));
  return Math.max(0, ...sizes) / 1_000;
}

/** @param {Page} page @param {(name: string, value: number) => void} note @param {string} prefix */
async function jobsOf(page, note, prefix = "") {
  for (const [name, { ms, reports }] of Object.entries(await page.evaluate(() => probe.jobsSeen()))) {
    note(`${prefix}job_${name.toLowerCase().replaceAll(" ", "_")}_s`, ms / 1_000);
    note(`${prefix}job_${name.toLowerCase().replaceAll(" ", "_")}_reports`, reports);
  }
}

/** From asking for 1,000 of all images to the frame that shows them. @param {Page} page */
async function kCenterTime(page) {
  await page.getByRole("tab", { name: "Select", exact: true }).click();
  const panel = page.getByRole("region", { name: "Select", exact: true });
  await panel.getByRole("spinbutton", { name: "How many" }).fill(String(picks));
  const since = performance.now();
  await panel.getByRole("button", { name: "Select", exact: true }).click();
  await panel.getByRole("switch", { name: /^Selection 1/ }).waitFor();
  return performance.now() - since;
}

/** Begins a UMAP, cancels it when it has said how far it is, and then lets one end. @param {Page} page @param {(name: string, value: number) => void} note */
async function umapTimes(page, note) {
  const map = page.getByRole("region", { name: "Map" });
  const jobs = page.getByRole("region", { name: "Jobs" });
  const choose = () => map.getByRole("combobox", { name: "Projection" }).selectOption("UMAP");
  await page.evaluate(() => probe.watchJobs());
  await choose();
  await jobs.getByRole("progressbar", { name: "UMAP" }).and(page.locator("[aria-valuemax]")).waitFor();
  const since = performance.now();
  await jobs.getByRole("button", { name: "Cancel" }).click();
  await page.locator(".job-running").first().waitFor({ state: "detached" });
  note("umap_cancelled_after_ms", performance.now() - since);
  await page.evaluate(() => probe.watchJobs());
  await choose();
  const started = performance.now();
  await jobs
    .getByText(/trustworthiness/)
    .first()
    .waitFor();
  note("umap_s", (performance.now() - started) / 1_000);
  const told = await map.locator(".map-quality").textContent();
  note("graph_recall", Number(/recall\D*([\d.]+)/i.exec(told ?? "")?.[1] ?? Number.NaN));
  await jobsOf(page, note);
}
