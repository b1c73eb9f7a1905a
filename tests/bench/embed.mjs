import { readdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { buildPage } from "../../tools/build.mjs";
import { chromiumArguments, requireChromium } from "../../tools/chromium.mjs";
import { root } from "../../tools/install.mjs";
import { serve } from "../../tools/serve.mjs";
import { sharedFolder } from "../../tools/sharedFiles.mjs";

const rounds = 3;
const imagesOfBareRun = 96;
const folder = join(sharedFolder, "data/clothing");

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * Images a second from the choice of a folder to the last image stored, in full and as a draft, beside inference alone
 * with onnxruntime-web (the better of one session with two threads and two sessions with one, on the model as it is; and
 * on the model as the page rewrites it) and onnxruntime-node with sharp on the same files; and how long the first image
 * takes after a drop. All in one run and in turn, because the machine's speed drifts: ratios are taken within a round.
 */
export async function run() {
  await buildPage();
  const executablePath = requireChromium();
  const { createServer } = await import("vite");
  const dev = await createServer({ root, server: { port: 0 }, logLevel: "error" });
  await dev.listen();
  const built = await serve(join(root, "dist"), 0);
  const address = built.address();
  const page = `http://localhost:${typeof address === "object" ? address?.port : ""}/`;
  const source = dev.resolvedUrls?.local[0] ?? "";
  const rows = [];
  for (let round = 0; round < rounds; round++) {
    const browser = await chromium.launch({ executablePath, args: chromiumArguments });
    const row = {
      endToEnd: await endToEnd(browser, page, false),
      draft: await endToEnd(browser, page, true),
      bareOneByTwo: await bare(browser, source, { sessions: 1, threads: 2, batch: 8, rewritten: false }),
      bareTwoByOne: await bare(browser, source, { sessions: 2, threads: 1, batch: 8, rewritten: false }),
      rewritten: await bare(browser, source, { sessions: 2, threads: 1, batch: 16, rewritten: true }),
      native: await native(),
    };
    await browser.close();
    console.log(
      `round ${round + 1}: ${JSON.stringify(row, (_, value) => (typeof value === "number" ? +value.toFixed(2) : value))}`,
    );
    rows.push(row);
  }
  await dev.close();
  built.close();
  const ours = median(rows.map(({ endToEnd: one }) => one.steady));
  const bareRate = median(rows.map(({ bareOneByTwo, bareTwoByOne }) => Math.max(bareOneByTwo.rate, bareTwoByOne.rate)));
  const nativeRate = median(rows.map(({ native: one }) => one));
  return {
    name: "embed",
    images: files(folder).length,
    ours_images_per_second: ours,
    with_start_images_per_second: median(rows.map(({ endToEnd: one }) => one.withStart)),
    first_image_ms: median(rows.map(({ endToEnd: one }) => one.firstMs)),
    first_image_after_drop_ms: median(rows.map(({ endToEnd: one }) => one.droppedMs)),
    draft_images_per_second: median(rows.map(({ draft }) => draft.steady)),
    draft_ratio: median(rows.map(({ endToEnd: one, draft }) => draft.steady / one.steady)),
    draft_ratio_with_start: median(rows.map(({ endToEnd: one, draft }) => draft.withStart / one.withStart)),
    tuning: rows.at(-1)?.endToEnd.tuning,
    processor_ms_an_image: {
      end_to_end: median(rows.map(({ endToEnd: one }) => one.processorMs)),
      draft: median(rows.map(({ draft }) => draft.processorMs)),
      bare: median(rows.map(({ bareTwoByOne }) => bareTwoByOne.processorMs)),
      rewritten: median(rows.map(({ rewritten }) => rewritten.processorMs)),
    },
    bare_onnxruntime_web: bareRate,
    rewritten_onnxruntime_web: median(rows.map(({ rewritten }) => rewritten.rate)),
    rewritten_to_bare: median(
      rows.map((row) => row.rewritten.rate / Math.max(row.bareOneByTwo.rate, row.bareTwoByOne.rate)),
    ),
    share_of_rewritten: median(rows.map((row) => row.endToEnd.steady / row.rewritten.rate)),
    share_of_bare: median(
      rows.map((row) => row.endToEnd.steady / Math.max(row.bareOneByTwo.rate, row.bareTwoByOne.rate)),
    ),
    peer: "sharp + onnxruntime-node",
    peer_images_per_second: nativeRate,
    ratio: ours / nativeRate,
  };
}

/** @param {string} path @returns {string[]} */
const files = (path) =>
  readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => /\.jpe?g$/i.test(name));

/**
 * A first visit that embeds the whole folder, then a second one on which it is dropped.
 * @param {import("playwright").Browser} browser @param {string} page @param {boolean} asDraft
 */
async function endToEnd(browser, page, asDraft) {
  const context = await browser.newContext();
  const visit = await openAndWatch(context, page, asDraft);
  const before = await processorMs(browser);
  await visit.tab.setInputFiles("input[webkitdirectory]", folder);
  const times = await visit.until(files(folder).length);
  const spent = (await processorMs(browser)) - before;
  const tuning = /** @type {string | null} */ (await visit.tab.evaluate("localStorage.getItem('winnow-tunings')"));
  await visit.tab.close();

  const second = await openAndWatch(context, page, asDraft);
  const client = await context.newCDPSession(second.tab);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
    await client.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
  }
  const [dropped] = await second.until(1);
  await context.close();

  const [first, last] = [times[0], times.at(-1)];
  if (!first || !last || !dropped) throw new Error("no image was stored");
  return {
    firstMs: first[0] - visit.start,
    droppedMs: dropped[0] - second.start,
    withStart: (last[1] * 1000) / (last[0] - visit.start),
    steady: ((last[1] - first[1]) * 1000) / (last[0] - first[0]),
    processorMs: spent / last[1],
    tuning: JSON.parse(tuning ?? "[]"),
  };
}

/** @param {import("playwright").BrowserContext} context @param {string} page @param {boolean} asDraft */
async function openAndWatch(context, page, asDraft) {
  const tab = await context.newPage();
  await tab.goto(page);
  if (asDraft) await tab.getByRole("checkbox", { name: /^Draft/ }).check();
  await tab.evaluate(() => {
    const times = /** @type {[number, number][]} */ ([]);
    Object.assign(window, { times });
    new MutationObserver(() => {
      const count = Number.parseInt(document.querySelector('[aria-label="Image count"]')?.textContent ?? "", 10);
      if (count > (times.at(-1)?.[1] ?? 0)) times.push([performance.now(), count]);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const start = await tab.evaluate(() => performance.now());
  /** @param {number} count of stored images @returns {Promise<[number, number][]>} when, and how many */
  const until = async (count) => {
    await tab.waitForFunction(
      (all) => Number.parseInt(document.querySelector('[aria-label="Image count"]')?.textContent ?? "", 10) >= all,
      count,
      { timeout: 300_000 },
    );
    return await tab.evaluate("times");
  };
  return { tab, start, until };
}

/**
 * @param {import("playwright").Browser} browser @param {string} url
 * @param {import("./bareRate.ts").BareSessions} how
 */
async function bare(browser, url, how) {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(`${url}tests/bench/blank.html`);
  await tab.evaluate(async (sessions) => {
    const path = "/tests/bench/bareRate.ts";
    const { startBare } = await import(/* @vite-ignore */ path);
    Object.assign(window, { rateOf: await startBare(sessions) });
  }, how);
  const before = await processorMs(browser);
  const rate = /** @type {number} */ (await tab.evaluate(`rateOf(${imagesOfBareRun})`));
  const spent = (await processorMs(browser)) - before;
  await context.close();
  return { rate, processorMs: spent / imagesOfBareRun };
}

/**
 * Processor time of all processes of the browser: unlike a rate it hardly depends on what else the machine does.
 * @param {import("playwright").Browser} browser
 */
async function processorMs(browser) {
  const client = await browser.newBrowserCDPSession();
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  await client.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0);
}

/** Decoding with sharp (scaled decode, as one does) and inference natively on two threads. */
async function native() {
  const { default: sharp } = await import("sharp");
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const session = await InferenceSession.create(join(root, "models/efficientnet-lite0/model.onnx"), {
    intraOpNumThreads: 2,
  });
  const all = files(folder);
  const batch = 8;
  const pixels = 224 * 224;
  const start = performance.now();
  for (let i = 0; i < all.length; i += batch) {
    const part = all.slice(i, i + batch);
    const images = await Promise.all(
      part.map((name) =>
        sharp(join(folder, name))
          .rotate()
          .resize(224, 224, { fit: "cover", kernel: "cubic" })
          .removeAlpha()
          .raw()
          .toBuffer(),
      ),
    );
    const input = new Float32Array(part.length * 3 * pixels);
    for (const [n, image] of images.entries()) {
      for (let p = 0; p < pixels; p++) {
        for (let c = 0; c < 3; c++) input[(n * 3 + c) * pixels + p] = ((image[p * 3 + c] ?? 0) - 127) / 128;
      }
    }
    await session.run({ image: new Tensor("float32", input, [part.length, 3, 224, 224]) }, ["features"]);
  }
  return (all.length * 1000) / (performance.now() - start);
}
