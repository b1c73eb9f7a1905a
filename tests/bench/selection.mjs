import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedFolder } from "../../tools/sharedFiles.mjs";
import { importCore } from "./bundle.mjs";
import { nearestToCentroids } from "./kMeans.mjs";

/**
 * How much each way of choosing helps: real vectors with labels that the engine never sees. Half of the rows, another half
 * for each seed, may be chosen; the other half is what a probe trained on the chosen is judged on.
 *
 * @typedef {{ data: Float32Array, rows: number, cols: number }} Matrix
 * @typedef {{ x: Matrix, labels: Uint8Array, graph: any, unseen: Matrix, unseenLabels: Uint32Array, seed: number }} Problem
 * @typedef {Record<"accuracy" | "balanced_accuracy" | "class_coverage" | "radius", number>} Measures
 */

const sizes = [50, 100, 200, 1_000];
const seeds = [1, 2, 3, 4, 5];
const rounds = 5;
const classes = 10;
/** Of the uneven mix: the classes that are thinned, and to what share. */
const thinned = { classes: 7, share: 0.05 };
const neighbours = 30;
const probe = { c: 5, balanced: false };

/** @param {{ rows: number, threads: number }} options rows: how many of the file's 20,000 are used; 0: all */
export async function run(options) {
  const core = await importCore();
  const kernels = await core.nodeKernels(core.threadFile, options.threads);
  const all = vectors(options.rows);
  const started = performance.now();
  /** @type {Record<string, Record<string, Record<string, object>>>} */
  const mixes = {};
  for (const mix of ["even", "uneven"]) {
    /** @type {Record<string, Measures[][]>} by strategy, by size, by seed */
    const found = {};
    for (const seed of seeds) {
      const problem = problemOf(core, kernels, all, mix === "uneven", seed);
      for (const [name, choose] of Object.entries(strategiesOf(core, kernels, problem))) {
        for (const [i, n] of sizes.entries()) {
          if (n > problem.x.rows / 2) continue;
          const bySize = found[name] ?? sizes.map(() => []);
          found[name] = bySize;
          bySize[i]?.push(measure(core, kernels, problem, choose(n)));
        }
      }
    }
    mixes[mix] = Object.fromEntries(
      Object.entries(found).map(([name, bySize]) => [
        name,
        Object.fromEntries(sizes.flatMap((n, i) => (bySize[i]?.length ? [[n, summary(bySize[i] ?? [])]] : []))),
      ]),
    );
    print(mix, mixes[mix] ?? {});
  }
  const seconds = (performance.now() - started) / 1_000;
  return { name: "selection", rows: all.x.rows, cols: all.x.cols, seeds: seeds.length, rounds, seconds, mixes };
}

/** @param {number} rows @returns {{ x: Matrix, labels: Uint8Array }} */
function vectors(rows) {
  const bytes = readFileSync(join(sharedFolder, "data/vectors/photos20k.f32"));
  const labels = readFileSync(join(sharedFolder, "data/vectors/photos20k.labels.u8"));
  const cols = bytes.byteLength / 4 / labels.length;
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  // The file may be ordered by class: every so many rows, never the first ones.
  const step = Math.max(1, Math.floor(labels.length / (rows || labels.length)));
  const taken = Uint32Array.from({ length: Math.floor(labels.length / step) }, (_, i) => i * step);
  return {
    x: rowsOf({ data, rows: labels.length, cols }, taken),
    labels: Uint8Array.from(taken, (row) => labels[row] ?? 0),
  };
}

/** @param {Matrix} from @param {Uint32Array} rows @returns {Matrix} */
function rowsOf({ data, cols }, rows) {
  const out = new Float32Array(rows.length * cols);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
  return { data: out, rows: rows.length, cols };
}

/**
 * @param {any} core @param {any} kernels @param {{ x: Matrix, labels: Uint8Array }} all @param {boolean} uneven
 * @param {number} seed @returns {Problem}
 */
function problemOf(core, kernels, { x, labels }, uneven, seed) {
  const random = new core.Random(seed);
  const shuffled = random.sample(x.rows, x.rows);
  const half = Math.floor(x.rows / 2);
  const rare = new Set(random.sample(classes, thinned.classes));
  const kept = shuffled
    .subarray(0, half)
    .filter((/** @type {number} */ row) => !uneven || !rare.has(labels[row]) || random.float() < thinned.share);
  const unseen = shuffled.subarray(half);
  const pool = rowsOf(x, kept);
  return {
    x: pool,
    labels: Uint8Array.from(kept, (row) => labels[row] ?? 0),
    graph: core.runToEnd(core.knnGraph(kernels, pool, neighbours)),
    unseen: rowsOf(x, unseen),
    unseenLabels: Uint32Array.from(unseen, (/** @type {number} */ row) => labels[row] ?? 0),
    seed,
  };
}

/**
 * What chooses n rows, by name. What is greedy chooses the largest number once: fewer are its beginning.
 * @param {any} core @param {any} kernels @param {Problem} problem
 * @returns {Record<string, (n: number) => Uint32Array>}
 */
function strategiesOf(core, kernels, problem) {
  const most = Math.min(sizes.at(-1) ?? 0, problem.x.rows);
  const uncertainty = { type: "SCORES", task: "probe", score: "uncertainty_margin" };
  /** @param {any[]} strategies @param {number} n @param {Uint32Array} chosen @param {Float64Array} [margins] */
  const select = (strategies, n, chosen, margins) => {
    const data = {
      rows: problem.x.rows,
      embeddings: problem.x,
      graph: function* () {
        yield { done: 0, total: 1 };
        return problem.graph;
      },
      path: String,
      numbers: () => margins,
    };
    const scope = { alreadyChosen: chosen, among: null };
    const config = { nSamples: n, strategies };
    return /** @type {Uint32Array} */ (core.runToEnd(core.selectImages(kernels, data, config, scope)).rows);
  };
  /** @param {() => Uint32Array} all */
  const prefix = (all) => {
    /** @type {Uint32Array | null} */
    let rows = null;
    return (/** @type {number} */ n) => {
      rows = rows ?? all();
      return rows.subarray(0, n);
    };
  };
  const nothing = new Uint32Array(0);
  const strategy = (/** @type {string} */ type) => ({ input: { type: "EMBEDDINGS" }, strategy: { type } });
  const [diversity, coverage, typicality] = ["DIVERSITY", "COVERAGE", "TYPICALITY"].map(strategy);
  const inRounds = (/** @type {string} */ id) => (/** @type {number} */ n) => {
    const { first, next } = core.loopStrategies.find((/** @type {any} */ one) => one.id === id);
    let chosen = select(first, n / rounds, nothing);
    for (let round = 1; round < rounds; round++) {
      const margins = marginsOf(core, kernels, problem, chosen);
      const more = select(next(uncertainty), Math.round((n * (round + 1)) / rounds) - chosen.length, chosen, margins);
      chosen = Uint32Array.of(...chosen, ...more);
    }
    return chosen;
  };
  return {
    random: prefix(() => new core.Random(100 + problem.seed).sample(problem.x.rows, most)),
    "k-means centroids": (n) => nearestToCentroids(problem.x, n, new core.Random(200 + problem.seed)),
    diversity: prefix(() => select([diversity], most, nothing)),
    coverage: prefix(() => select([coverage], most, nothing)),
    "diversity × typicality": prefix(() => select([diversity, typicality], most, nothing)),
    "margin alone, 5 rounds": inRounds("uncertain"),
    "CORAL, 5 rounds": inRounds("coral"),
    "coverage × margin, 5 rounds": inRounds("uncertain-representative"),
    "diversity × typicality × margin, 5 rounds": inRounds("uncertain-diverse-typical"),
  };
}

/** @param {any} core @param {any} kernels @param {Problem} problem @param {Uint32Array} chosen */
function trained(core, kernels, { x, labels }, chosen) {
  const rows = chosen.slice().sort();
  const labelled = { rows, labels: rows.map((row) => labels[row] ?? 0), classes };
  return core.runToEnd(core.fitProbe(kernels, x, labelled, probe));
}

/** @param {any} core @param {any} kernels @param {Problem} problem @param {Uint32Array} chosen */
function marginsOf(core, kernels, problem, chosen) {
  const p = core.runToEnd(core.probeProbabilities(trained(core, kernels, problem, chosen), problem.x));
  return Float64Array.from(
    { length: problem.x.rows },
    (_, row) => core.uncertaintiesOf(p, row * classes, classes).margin,
  );
}

/** @param {any} core @param {any} kernels @param {Problem} problem @param {Uint32Array} chosen @returns {Measures} */
function measure(core, kernels, problem, chosen) {
  const p = core.runToEnd(core.probeProbabilities(trained(core, kernels, problem, chosen), problem.unseen));
  const { accuracy, balancedAccuracy } = core.probeReport(p, problem.unseenLabels, classes);
  const radii = core.runToEnd(core.radiiOf(kernels, problem.x, chosen, new Uint32Array(0)));
  return {
    accuracy,
    balanced_accuracy: balancedAccuracy,
    class_coverage: new Set(Array.from(chosen, (row) => problem.labels[row])).size / new Set(problem.labels).size,
    radius: radii.at(-1),
  };
}

/** @param {Measures[]} bySeed */
function summary(bySeed) {
  const keys = /** @type {(keyof Measures)[]} */ (Object.keys(bySeed[0] ?? {}));
  return Object.fromEntries(
    keys.map((key) => {
      const values = bySeed.map((one) => one[key]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [key, { mean, least: Math.min(...values), most: Math.max(...values) }];
    }),
  );
}

/** @param {string} mix @param {Record<string, Record<string, any>>} strategies */
function print(mix, strategies) {
  const figure = (/** @type {any} */ { mean, least, most }) => `${mean.toFixed(3)} ±${((most - least) / 2).toFixed(3)}`;
  for (const key of ["accuracy", "class_coverage", "radius"]) {
    const shown = mix === "uneven" && key === "accuracy" ? "balanced_accuracy" : key;
    console.log(`\n${mix} mix, ${shown.replace("_", " ")} (mean of ${seeds.length} seeds, half of their range)`);
    const used = Object.keys(Object.values(strategies)[0] ?? {});
    console.log(["".padEnd(42), ...used.map((n) => n.padStart(13))].join(""));
    for (const [name, bySize] of Object.entries(strategies)) {
      console.log([name.padEnd(42), ...used.map((n) => figure(bySize[n][shown]).padStart(13))].join(""));
    }
  }
}
