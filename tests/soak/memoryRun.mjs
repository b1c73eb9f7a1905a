import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { chromium } from "playwright";
import { chromiumArguments, requireChromium } from "../../tools/chromium.mjs";

const sampleMs = 5_000;
/** Until then workers start, kernels and the model are loaded, and caches fill. */
const warmUpShare = 0.3;
/** Kilobytes an image: its path, hashes, measures, fields and place on the map, and what a garbage collector leaves for later. */
const mostGrowth = 4;

/**
 * The memory of the page with its workers, which are threads of one process, while an ingest runs.
 * @typedef {object} Sample
 * @property {number} seconds
 * @property {number} images shown by the page
 * @property {number} residentMb the process, with everything that it maps
 * @property {number} heapMb JavaScript of the page alone
 */

/**
 * Drops a folder on the page and samples memory until all its images are in the project.
 * @param {{ url: string, folder: string, images: number, workFolder: string, log: (line: string) => void }} options
 * @returns {Promise<Sample[]>}
 */
export async function memoryRun({ url, folder, images, workFolder, log }) {
  const browser = await chromium.launchPersistentContext(join(workFolder, "profile"), {
    executablePath: requireChromium(),
    args: chromiumArguments,
    viewport: { width: 1440, height: 900 },
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const session = await browser.browser()?.newBrowserCDPSession();
    if (session === undefined) throw new Error("the browser is gone");
    const since = performance.now();
    await page.getByLabel("Choose folder").setInputFiles(folder);
    /** @type {Sample[]} */
    const samples = [];
    for (;;) {
      await page.waitForTimeout(sampleMs);
      const { shown, heap } = await page.evaluate(() => ({
        shown: Number(
          /[\d,]+/
            .exec(document.querySelector('[aria-label="Image count"]')?.textContent ?? "")?.[0]
            .replaceAll(",", "") ?? 0,
        ),
        heap: /** @type {{ memory?: { usedJSHeapSize: number } }} */ (performance).memory?.usedJSHeapSize ?? 0,
      }));
      const sample = {
        seconds: (performance.now() - since) / 1_000,
        images: shown,
        residentMb: await residentMb(session),
        heapMb: heap / 1e6,
      };
      samples.push(sample);
      log(line(sample));
      if (shown >= images) return samples;
    }
  } finally {
    await browser.close();
  }
}

/** @param {Sample} sample */
const line = ({ seconds, images, residentMb, heapMb }) =>
  `${seconds.toFixed(0).padStart(6)} s ${String(images).padStart(8)} images ${residentMb.toFixed(0).padStart(6)} MB resident ${heapMb.toFixed(0).padStart(5)} MB heap`;

/**
 * Resident memory of the browser's largest renderer: the page's, which moves to another process when it is isolated.
 * @param {import("playwright").CDPSession} session of the browser
 */
async function residentMb(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => String(id));
  const sizes = execFileSync("ps", ["-o", "rss=", "-p", renderers.join()], { encoding: "utf8" });
  return Math.max(...sizes.trim().split(/\s+/).map(Number)) / 1_000;
}

/**
 * How memory grows once everything is loaded: least squares over the samples after the warm-up, in kilobytes an image.
 * @param {readonly Sample[]} samples
 * @param {"residentMb" | "heapMb"} what
 */
export function growth(samples, what) {
  const last = samples.at(-1)?.images ?? 0;
  const used = samples.filter(({ images }) => images >= warmUpShare * last);
  const mean = (/** @type {(sample: Sample) => number} */ of) =>
    used.reduce((sum, one) => sum + of(one), 0) / used.length;
  const [x, y] = [mean(({ images }) => images), mean((sample) => sample[what])];
  const across = mean((sample) => (sample.images - x) * (sample[what] - y));
  return (1_000 * across) / mean(({ images }) => (images - x) ** 2);
}

/** What the run shows to be wrong, in sentences. @param {readonly Sample[]} samples */
export function memoryFailures(samples) {
  const grown = growth(samples, "residentMb");
  return grown > mostGrowth
    ? [
        `Memory grew by ${grown.toFixed(1)} kB with every image: expected at most ${mostGrowth} kB, what is known of one.`,
      ]
    : [];
}

/** The run as a table for docs/reliability.md. @param {readonly Sample[]} samples @param {Date} when */
export function memoryTable(samples, when) {
  const shown = Math.max(1, Math.ceil(samples.length / 12));
  const rows = samples.filter((_, i) => i % shown === 0 || i === samples.length - 1);
  return [
    `| memory, ${when.toISOString().slice(0, 10)} | images | resident | of it the page's JavaScript |`,
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ seconds, images, residentMb, heapMb }) =>
        `| ${seconds.toFixed(0)} s | ${images.toLocaleString("en")} | ${residentMb.toFixed(0)} MB | ${heapMb.toFixed(0)} MB |`,
    ),
    `| growth after the first ${100 * warmUpShare} % | | ${growth(samples, "residentMb").toFixed(1)} kB an image | ${growth(samples, "heapMb").toFixed(1)} kB an image |`,
  ].join("\n");
}
