import { chromium } from "playwright";
import { createServer } from "vite";
import { chromiumArguments, requireChromium } from "../../tools/chromium.mjs";
import { root } from "../../tools/install.mjs";

const n = 1_000;
/** All strategies are measured on these; one more size may be asked for. */
const allRows = 60_000;
const rounds = 3;

/** @typedef {import("./selectionRate.ts").SelectionTimes} SelectionTimes */

/**
 * How long choosing 1,000 images takes in Chromium, in a worker with as many threads as there are: every strategy on
 * 60,000 × 64, beside bare k-center; DIVERSITY on `rows` × 64 with its progress.
 * @param {{ rows: number }} options
 */
export async function run({ rows }) {
  const dev = await createServer({ root, server: { port: 0 }, logLevel: "error" });
  await dev.listen();
  const browser = await chromium.launch({ executablePath: requireChromium(), args: chromiumArguments });
  try {
    const tab = await browser.newPage();
    await tab.goto(`${dev.resolvedUrls?.local[0]}tests/bench/blank.html`);
    const measure = (/** @type {number} */ count, /** @type {boolean} */ all) =>
      tab.evaluate(
        async ([many, picks, every]) => {
          const path = "/tests/bench/selectionRate.ts";
          const rate = await import(/* @vite-ignore */ path);
          return /** @type {Promise<SelectionTimes>} */ (rate.selectionTimes(many, picks, every));
        },
        /** @type {[number, number, boolean]} */ ([count, n, all]),
      );
    // Warms up the server's bundles.
    await measure(2_000, true);
    /** @type {SelectionTimes[]} */
    const small = [];
    for (let round = 0; round < rounds; round++) small.push(await measure(allRows, true));
    const large = await measure(rows, false);
    const of = (/** @type {keyof SelectionTimes} */ what) => median(small.map((times) => Number(times[what])));
    return {
      name: "selection-speed",
      rows,
      cols: 64,
      threads: large.threads,
      n,
      ours_ms: large.diversityMs,
      peer: null,
      peer_ms: null,
      ratio: null,
      quality: {
        progress_reports: large.reports,
        with_curves_ms: large.measuredMs,
        curves_measured_on: large.measuredOn,
        bare_k_center_ms: large.kCenterMs,
        radius: large.radius,
        rows_60k: {
          bare_k_center_ms: of("kCenterMs"),
          diversity_ms: of("diversityMs"),
          diversity_with_curves_ms: of("measuredMs"),
          diversity_weights_ms: of("weightsMs"),
          diversity_balance_ms: of("balanceMs"),
          coverage_from_graph_ms: of("coverageMs"),
        },
      },
      checksum: large.checksum,
    };
  } finally {
    await browser.close();
    await dev.close();
  }
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
