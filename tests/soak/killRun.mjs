import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KillableChromium } from "./killableChromium.mjs";
import { contradictions, storedProjects } from "./storedProject.mjs";
import { seeded } from "./variedPhotographs.mjs";

/** A batch of the store: what a kill may cost at most. */
const imagesInFlight = 64;
/** One kill in so many comes while the page starts, before it adds anything. */
const earlyKills = 5;
const longestEarlyMs = 3_000;
/** A kill comes up to so long after the image it was planned at. */
const longestDelayMs = 700;
const stuckMs = 300_000;

/** @typedef {import("./storedProject.mjs").StoredProject} StoredProject */
/** @typedef {{ path: string, tag: string }} Tagging */
/**
 * @typedef {{
 *   images: number,
 *   kills: number,
 *   seed: number,
 *   early: number,
 *   shownAtKills: number[],
 *   lostImages: number,
 *   mostInFlight: number,
 *   tagsShown: number,
 *   lostTags: string[],
 *   contradictions: string[],
 *   differences: string[],
 *   restartMs: number[],
 *   undisturbedSeconds: number,
 *   seconds: number,
 * }} KillResult
 */

/**
 * Adds a folder in a browser that is killed again and again while tags are set, and once in one that is left alone.
 * @param {{ url: string, folder: string, images: number, kills: number, seed: number, workFolder: string, log: (line: string) => void }} options
 *   `url` serves the built page; profiles are made in `workFolder`
 * @returns {Promise<KillResult>}
 */
export async function killRun({ url, folder, images, kills, seed, workFolder, log }) {
  const began = Date.now();
  const quiet = await undisturbed({ url, folder, images, profile: join(workFolder, "undisturbed") });
  const undisturbedSeconds = (Date.now() - began) / 1_000;
  log(`undisturbed: ${images} images in ${undisturbedSeconds.toFixed(0)} s`);

  const random = seeded(seed);
  const profile = join(workFolder, "killed");
  mkdirSync(profile, { recursive: true });
  const points = Array.from({ length: kills }, () => Math.floor(random() * images)).sort((a, b) => a - b);
  /** @type {Tagging[]} */
  const shown = [];
  /** @type {KillResult} */
  const result = {
    images,
    kills: 0,
    seed,
    early: 0,
    shownAtKills: [],
    lostImages: 0,
    mostInFlight: 0,
    tagsShown: 0,
    lostTags: [],
    contradictions: [],
    differences: [],
    restartMs: [],
    undisturbedSeconds,
    seconds: 0,
  };
  /** What the page showed when it was last killed. */
  let last = { stored: 0, taken: 0 };
  let address = url;

  for (let kill = 0; kill <= kills; kill++) {
    const browser = await KillableChromium.start(profile);
    try {
      const { page } = browser;
      const started = Date.now();
      await page.goto(address);
      const early = kill < kills && kill > 0 && random() < 1 / earlyKills;
      if (early) {
        await sleep(random() * longestEarlyMs);
        last = { ...last, stored: Math.max(last.stored, await shownCount(page)) };
        await browser.kill();
        result.kills++;
        result.early++;
        result.shownAtKills.push(last.stored);
        continue;
      }
      const found = await afterRestart(page, kill > 0 && last.stored > 0);
      if (kill > 0) result.restartMs.push(Date.now() - started);
      if (found) check(found, shown, last, result);
      await addFolder(browser, folder, found);
      if (kill === kills) {
        await untilDone(page, images);
        const done = await finalState(page);
        check(done, shown, last, result);
        result.differences = differences(quiet, done);
        break;
      }
      const point = Math.min(points[kill] ?? 0, images - 1);
      const state = { over: false };
      const tagging = tagImages(page, `t${kill}`, random, state, shown);
      last = await untilShown(page, point);
      const delay = random() * longestDelayMs;
      const end = Date.now() + delay;
      while (Date.now() < end) {
        last = await shownNow(page).catch(() => last);
        address = page.url();
        await sleep(10);
      }
      state.over = true;
      await browser.kill();
      await tagging;
      result.kills++;
      result.shownAtKills.push(last.stored);
      log(`kill ${kill + 1}: ${last.stored} images shown, ${shown.length} tags shown`);
    } finally {
      await browser.kill();
    }
  }
  result.tagsShown = shown.length;
  result.seconds = (Date.now() - began) / 1_000;
  return result;
}

/** @param {{ url: string, folder: string, images: number, profile: string }} options @returns {Promise<StoredProject>} */
async function undisturbed({ url, folder, images, profile }) {
  mkdirSync(profile, { recursive: true });
  const browser = await KillableChromium.start(profile);
  try {
    await browser.page.goto(url);
    await browser.page.getByRole("button", { name: "Try the sample" }).waitFor();
    await browser.chooseFolder(folder);
    await untilDone(browser.page, images);
    return await finalState(browser.page);
  } finally {
    await browser.kill();
  }
}

/** @param {import("playwright").Page} page */
const imageCount = (page) => page.getByRole("status", { name: "Image count" });

/** Images that the page says are there; 0 where it says nothing. @param {import("playwright").Page} page */
async function shownCount(page) {
  return (await shownNow(page)).stored;
}

/**
 * What the page shows at this moment: stored images, and those that the job has taken.
 * @param {import("playwright").Page} page
 * @returns {Promise<{ stored: number, taken: number }>}
 */
const shownNow = (page) =>
  page.evaluate(() => {
    const number = (/** @type {string | null | undefined} */ text) =>
      Number.parseInt((text ?? "").replaceAll(",", ""), 10) || 0;
    const stored = number(document.querySelector('[role="status"][aria-label="Image count"]')?.textContent);
    const job = Array.from(document.querySelectorAll('[role="progressbar"]')).find(
      (bar) => document.getElementById(bar.getAttribute("aria-labelledby") ?? "")?.textContent === "Embedding",
    );
    return { stored, taken: number(job?.getAttribute("aria-valuenow")) };
  });

/** Waits for the project, or for the start screen where there is none yet; what is stored then. @param {import("playwright").Page} page @param {boolean} expected */
async function afterRestart(page, expected) {
  const start = page.getByRole("button", { name: "Try the sample" });
  await imageCount(page).or(start).first().waitFor({ timeout: 60_000 });
  const [stored, ...more] = await storedProjects(page);
  if (more.length > 0) throw new Error(`${more.length + 1} projects where there should be one`);
  if (expected && !stored) throw new Error("the project is gone");
  // The address opens the project; where the page was killed before it named one, the list does.
  if (stored && !page.url().includes(stored.id)) {
    const projects = page.getByRole("region", { name: "Projects in this browser" }).getByRole("listitem");
    await projects.getByRole("button").first().click();
  }
  if (stored) await imageCount(page).waitFor({ timeout: 60_000 });
  return stored ?? null;
}

/** @param {KillableChromium} browser @param {string} folder @param {StoredProject | null} found */
async function addFolder(browser, folder, found) {
  const { page } = browser;
  if (found && !found.unfinished) return;
  if (found) await page.getByRole("region", { name: "Interrupted" }).waitFor({ timeout: 60_000 });
  await browser.chooseFolder(folder);
}

/** @param {import("playwright").Page} page @param {number} point */
async function untilShown(page, point) {
  const deadline = Date.now() + stuckMs;
  for (;;) {
    const now = await shownNow(page);
    if (now.stored >= point) return now;
    if (Date.now() > deadline)
      throw new Error(`${now.stored} of ${point} images after ${stuckMs / 1_000} s, at ${page.url()}`);
    await sleep(20);
  }
}

/** Waits until all images are there and nothing runs any more. @param {import("playwright").Page} page @param {number} images */
async function untilDone(page, images) {
  await untilShown(page, images);
  await idle(page);
}

/** @param {import("playwright").Page} page */
async function idle(page) {
  const running = page.getByRole("region", { name: "Jobs" }).getByRole("button", { name: /^(Cancel|Pause|Resume)/ });
  const deadline = Date.now() + stuckMs;
  // One job begins where another has ended: idle is what stays so.
  for (let still = 0; still < 8; ) {
    still = (await running.count()) === 0 ? still + 1 : 0;
    if (Date.now() > deadline) throw new Error(`jobs still run after ${stuckMs / 1_000} s`);
    await sleep(100);
  }
}

/** Has UMAP made too, then reads what is stored. @param {import("playwright").Page} page */
async function finalState(page) {
  const projection = page.getByRole("region", { name: "Map" }).getByRole("combobox", { name: "Projection" });
  await projection.selectOption("UMAP");
  await idle(page);
  const [stored] = await storedProjects(page);
  if (!stored) throw new Error("there is no project at the end");
  return stored;
}

/**
 * Tags images one after the other, as a person would, until the browser is gone. A tag counts once the page shows it.
 * @param {import("playwright").Page} page @param {string} prefix @param {() => number} random
 * @param {{ over: boolean }} state @param {Tagging[]} shown
 */
async function tagImages(page, prefix, random, state, shown) {
  for (let i = 0; !state.over; i++) {
    const tag = `${prefix}-${i}`;
    try {
      const cells = page.getByRole("grid", { name: "Images" }).getByRole("gridcell");
      await cells.first().waitFor({ timeout: 30_000 });
      const cell = cells.nth(Math.floor(random() * Math.min(12, await cells.count())));
      // What else is known of the image follows its path in the cell's name.
      const path = ((await cell.getAttribute("aria-label")) ?? "").split(", ")[0] ?? "";
      await cell.click({ timeout: 2_000 });
      if (i === 0) await page.getByRole("tab", { name: "Details" }).click({ timeout: 2_000 });
      const details = page.getByRole("region", { name: "Details" });
      await details.getByRole("textbox", { name: "Tag" }).fill(tag, { timeout: 2_000 });
      await details.getByRole("button", { name: "Add tag" }).click({ timeout: 2_000 });
      await details.getByRole("button", { name: `Remove tag ${tag}`, exact: true }).waitFor({ timeout: 5_000 });
      shown.push({ path, tag });
    } catch (error) {
      // A page that is busy may let one go by; one that is gone ends it.
      if (!state.over && page.isClosed()) return;
      if (!state.over && !/Timeout|closed|detached/i.test(String(error))) throw error;
    }
    await sleep(random() * 150).catch(() => undefined);
  }
}

/**
 * @param {StoredProject} found @param {readonly Tagging[]} shown @param {{ stored: number, taken: number }} last
 * @param {KillResult} result
 */
function check(found, shown, last, result) {
  result.lostImages = Math.max(result.lostImages, last.stored - found.imageCount);
  result.mostInFlight = Math.max(result.mostInFlight, last.taken - found.imageCount);
  result.contradictions.push(...contradictions(found));
  for (const { path, tag } of shown) {
    const rows = found.tags[tag] ?? [];
    if (!rows.some((row) => found.images[row]?.path === path)) result.lostTags.push(`${tag} on ${path}`);
  }
}

/** What is different at the end, in sentences. @param {StoredProject} quiet @param {StoredProject} killed */
function differences(quiet, killed) {
  const found = [];
  if (JSON.stringify(quiet.images) !== JSON.stringify(killed.images)) found.push("the images or their order");
  if (quiet.features !== killed.features) found.push("features");
  if (quiet.head !== killed.head || quiet.head === "") found.push("the head");
  for (const map of new Set([...Object.keys(quiet.maps), ...Object.keys(killed.maps), "map.UMAP", "map.PCA"])) {
    if (quiet.maps[map] !== killed.maps[map] || quiet.maps[map] === undefined) found.push(map);
  }
  return found;
}

/** What a run must not show, in sentences; nothing when all is well. @param {KillResult} result */
export function failures(result) {
  const found = [...result.contradictions];
  if (result.lostImages > 0) found.push(`${result.lostImages} images that were shown are gone`);
  if (result.mostInFlight > imagesInFlight) {
    found.push(`${result.mostInFlight} images were in flight, more than a batch of ${imagesInFlight}`);
  }
  if (result.lostTags.length > 0) found.push(`tags that were shown are gone: ${result.lostTags.join(", ")}`);
  if (result.differences.length > 0) found.push(`different from the undisturbed run: ${result.differences.join(", ")}`);
  return found;
}
