import { chromium } from "playwright";
import { createServer } from "vite";
import { chromiumArguments, requireChromium } from "../../tools/chromium.mjs";
import { root } from "../../tools/install.mjs";

const rounds = 3;
/** As in storeRate.ts. */
const thumbnailsRead = 500;

/** @typedef {import("./storeRate.ts").StoreTimes} StoreTimes */

/**
 * Rows a second through the project's store in Chromium, written and read, beside one IndexedDB record a row, in turn.
 * `ours_ms` and `peer_ms` are writing everything and reading all records and features; single thumbnails are apart.
 * @param {{ rows: number }} options
 */
export async function run({ rows }) {
  const dev = await createServer({ root, server: { port: 0 }, logLevel: "error" });
  await dev.listen();
  const browser = await chromium.launch({ executablePath: requireChromium(), args: chromiumArguments });
  try {
    const tab = await browser.newPage();
    await tab.goto(`${dev.resolvedUrls?.local[0]}tests/bench/blank.html`);
    const measure = (/** @type {"projectStoreTimes" | "recordPerRowTimes"} */ what) =>
      tab.evaluate(
        async ([name, count]) => {
          const path = "/tests/bench/storeRate.ts";
          const rate = await import(/* @vite-ignore */ path);
          return /** @type {Promise<StoreTimes>} */ (rate[name](count));
        },
        /** @type {[string, number]} */ ([what, rows]),
      );
    const ours = [];
    const theirs = [];
    // Warms up the server's bundles and the browser's files.
    await measure("projectStoreTimes");
    for (let round = 0; round < rounds; round++) {
      ours.push(await measure("projectStoreTimes"));
      theirs.push(await measure("recordPerRowTimes"));
    }
    if (new Set([...ours, ...theirs].map(({ checksum }) => checksum)).size !== 1) {
      throw new Error("the two sides read different numbers");
    }
    const [store, naive] = [rates(ours, rows), rates(theirs, rows)];
    return {
      name: "store",
      rows,
      cols: 1_280,
      threads: 1,
      ours_ms: store.ms,
      peer: "one IndexedDB record a row through idb",
      peer_ms: naive.ms,
      ratio: naive.ms / store.ms,
      quality: {
        rows_written_per_second: store.written,
        rows_read_per_second: store.read,
        peer_rows_written_per_second: naive.written,
        peer_rows_read_per_second: naive.read,
        write_ratio: store.written / naive.written,
        read_ratio: store.read / naive.read,
        thumbnail_ms: store.thumbnail,
        peer_thumbnail_ms: naive.thumbnail,
      },
      checksum: ours[0]?.checksum,
    };
  } finally {
    await browser.close();
    await dev.close();
  }
}

/** @param {StoreTimes[]} times @param {number} rows */
function rates(times, rows) {
  return {
    ms: median(times.map(({ writeMs, readMs }) => writeMs + readMs)),
    written: (rows * 1_000) / median(times.map(({ writeMs }) => writeMs)),
    read: (rows * 1_000) / median(times.map(({ readMs }) => readMs)),
    thumbnail: median(times.map(({ thumbnailsMs }) => thumbnailsMs)) / Math.min(rows, thumbnailsRead),
  };
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
