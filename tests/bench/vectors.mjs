import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedFolder } from "../../tools/sharedFiles.mjs";
import { importCore } from "./bundle.mjs";
import { peer } from "./peers.mjs";

/**
 * @typedef {{ vectors?: string, cols: number, rows: number, threads: number, labels?: string }} Options
 * @typedef {{ data: Float32Array, rows: number, cols: number }} Matrix
 * @typedef {{ k: number, indices: Uint32Array | Int32Array }} Graph
 */

const repetitions = 3;
/** What takes longer is measured once. */
const longMs = 10_000;
/** Rows that umap-js is given at most; beyond these it is left out. */
const umapJsRows = 5_000;
/** Rows that tsne-js is given at most: 2,000 take it nearly three minutes. */
const tsneJsRows = 1_000;

/** Measures one computation on vectors. @param {string} name @param {Options} options */
export async function run(name, options) {
  const core = await importCore();
  const points = vectors(options, new core.Random(1));
  const labels = labelsOf(options, points.rows);
  const kernels = await core.nodeKernels(core.threadFile, options.threads);
  const measured = await benches[/** @type {keyof typeof benches} */ (name)](core, kernels, points, labels);
  const { rows, cols } = measured.points ?? points;
  const ours = spread(measured.ours);
  const theirs = measured.peerMs ? spread(measured.peerMs) : null;
  return {
    name,
    rows,
    cols,
    threads: kernels.threads,
    ours_ms: ours.median,
    ours_min_ms: ours.min,
    ours_max_ms: ours.max,
    peer: measured.peer ?? null,
    peer_ms: theirs?.median ?? null,
    ...(measured.peerMissing && { peer_missing: measured.peerMissing }),
    ratio: theirs
      ? theirs.median / (measured.oursOnPeerRows ? spread(measured.oursOnPeerRows).median : ours.median)
      : null,
    quality: measured.quality,
    checksum: measured.checksum,
  };
}

export const names = ["kcenter", "knn", "approximate", "pca", "head", "umap", "tsne"];

/**
 * @typedef {object} Measured
 * @property {number[]} ours milliseconds
 * @property {string} [peer]
 * @property {number[]} [peerMs]
 * @property {string | null} [peerMissing] why the competitor could not run
 * @property {number[]} [oursOnPeerRows] ours on the rows that the competitor was given, when those are fewer
 * @property {object} quality
 * @property {number} checksum
 * @property {Matrix} [points] when they are not those of the file
 */

const benches = {
  /** @returns {Promise<Measured>} */
  kcenter: async (/** @type {any} */ core, /** @type {any} */ kernels, /** @type {Matrix} */ points) => {
    const n = Math.min(1_000, points.rows);
    const { times, result } = await repeat(() => core.runToEnd(core.kCenter(kernels, points, { n })));
    const plain = await repeat(() => fullScan(points, n));
    return {
      ours: times,
      peer: "plain full scan in JS",
      peerMs: plain.times,
      quality: {
        n,
        radius: result.radii.at(-1),
        order_equals_brute_force: plain.result.every((row, i) => row === result.rows[i]),
      },
      checksum: checksum(result.rows),
    };
  },

  /** @returns {Promise<Measured>} */
  knn: async (/** @type {any} */ core, /** @type {any} */ kernels, /** @type {Matrix} */ points) => {
    const k = 15;
    const { times, result } = await repeat(() => core.runToEnd(core.knnGraph(kernels, points, k)));
    const sampled = [...new core.Random(2).sample(points.rows, 200)];
    const truth = sampled.map((row) => nearest(points, row, k));
    const recall = (/** @type {(row: number) => Iterable<number>} */ listOf) =>
      sampled.reduce((sum, row, i) => {
        const list = new Set(listOf(row));
        return sum + (truth[i]?.filter((other) => list.has(other)).length ?? 0);
      }, 0) /
      (sampled.length * k);
    const quality = {
      k,
      recall: recall((row) => result.indices.subarray(row * k, (row + 1) * k)),
      peer_recall: /** @type {number | null} */ (null),
    };
    const measured = { ours: times, quality, checksum: checksum(result.indices) };
    const { module, missing } = await peer("embedding-atlas");
    if (missing) return { ...measured, peerMissing: missing };
    // It counts a row as its own first neighbour.
    const options = { nNeighbors: k + 1, seed: 1 };
    const theirs = await repeat(() => module.createNNDescent(points.rows, points.cols, points.data, options));
    quality.peer_recall = recall((row) => theirs.result.queryByIndex(row, k + 1).indices);
    return { ...measured, peer: "embedding-atlas 0.26.0, NN-descent in WASM", peerMs: theirs.times };
  },

  /** The approximate graph beside the exact one, each from the points to the finished graph. @returns {Promise<Measured>} */
  approximate: async (/** @type {any} */ core, /** @type {any} */ kernels, /** @type {Matrix} */ points) => {
    const k = 15;
    const { times, result } = await repeat(() => core.runToEnd(core.approximateGraph(kernels, points, k, { seed: 1 })));
    const exact = await repeat(() => core.runToEnd(core.knnGraph(kernels, points, k)));
    const quality = {
      k,
      recall: sharedNeighbours(result, exact.result),
      own_estimate_of_recall: result.recall,
      kernel_memory_mb: kernels.memory.raw.buffer.byteLength / 1e6,
      points_mb: points.data.byteLength / 1e6,
      graph_mb: (result.indices.byteLength * 2) / 1e6,
    };
    return { ours: times, peer: "our exact graph", peerMs: exact.times, quality, checksum: checksum(result.indices) };
  },

  /** @returns {Promise<Measured>} */
  pca: async (/** @type {any} */ core, /** @type {any} */ kernels, /** @type {Matrix} */ points) => {
    const { times, result } = await repeat(() => core.runToEnd(core.pca(kernels, points, 32)));
    const variance = result.variances.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
    return { ours: times, quality: { components: result.count, variance }, checksum: variance };
  },

  /** Fitted on 20,000 × 1280 made-up features and applied to 60,000. @returns {Promise<Measured>} */
  head: async (/** @type {any} */ core, /** @type {any} */ kernels) => {
    const sample = madeUpFeatures(20_000, 1_280, new core.Random(1));
    const { times, result } = await repeat(() => {
      const head = core.runToEnd(core.fitHead(kernels, sample, { dim: 64 }));
      for (let part = 0; part < 3; part++) core.runToEnd(core.applyHead(kernels, head, sample));
      return head;
    });
    return {
      ours: times,
      quality: { applied_to: 60_000, ...result.report },
      checksum: result.weights[0],
      points: sample,
    };
  },

  /** The layout alone, both on our exact graph; the times of the graph and of the start are in `quality`. @returns {Promise<Measured>} */
  umap: async (
    /** @type {any} */ core,
    /** @type {any} */ kernels,
    /** @type {Matrix} */ points,
    /** @type {any} */ labels,
  ) => {
    const { rows } = points;
    const graph = await timed(() => core.runToEnd(core.knnGraph(kernels, points, 14)));
    const start = await timed(() => core.runToEnd(core.pcaMap(kernels, points)));
    const layout = () => core.runToEnd(core.umap(kernels, graph.result, start.result, { seed: 1 }).task);
    const { times, result } = await repeat(layout);
    const qualityOf = (/** @type {Float32Array} */ xy) => mapQuality(core, kernels, points, xy, labels);
    const quality = { graph_ms: graph.ms, start_ms: start.ms, ...qualityOf(result) };
    if (rows <= umapJsRows) {
      const task = () => core.umapJs(graph.result, { random: new core.Random(1) }).task;
      const js = await repeat(() => core.runToEnd(task()));
      Object.assign(quality, { umap_js: { ms: spread(js.times).median, ...qualityOf(js.result) } });
    }
    const measured = { ours: times, quality, checksum: checksum(result) };
    const { module, missing } = await peer("embedding-atlas");
    if (missing) return { ...measured, peerMissing: missing };
    const indices = Int32Array.from(graph.result.indices);
    const theirs = await repeat(async () => {
      const options = { nEpochs: 200, seed: 1 };
      const map = await module.createUMAPFromKNN(rows, 2, indices, graph.result.distances, options);
      await map.run();
      const xy = Float32Array.from(map.embedding);
      map.destroy();
      return xy;
    });
    return {
      ...measured,
      peer: "embedding-atlas 0.26.0 in WASM, 200 epochs with its spectral start, on the same graph",
      peerMs: theirs.times,
      quality: { ...quality, peer: qualityOf(theirs.result) },
    };
  },

  /**
   * The layout alone; the graph's time is in `quality`. The competitor computes its distances itself, so against it we
   * are timed with the graph, on the same rows.
   * @returns {Promise<Measured>}
   */
  tsne: async (
    /** @type {any} */ core,
    /** @type {any} */ kernels,
    /** @type {Matrix} */ points,
    /** @type {any} */ labels,
  ) => {
    const graphOf = (/** @type {Matrix} */ some) =>
      core.runToEnd(core.knnGraph(kernels, some, core.tsneNeighbours(some.rows)));
    const layout = (/** @type {Matrix} */ some, /** @type {any} */ graph) => {
      const start = core.runToEnd(core.pcaMap(kernels, some));
      return core.runToEnd(core.tsne(kernels, graph, start, { seed: 1 }).task);
    };
    const graph = await timed(() => graphOf(points));
    const { times, result } = await repeat(() => layout(points, graph.result));
    const quality = { graph_ms: graph.ms, ...mapQuality(core, kernels, points, result, labels) };
    const measured = { ours: times, quality, checksum: checksum(result) };
    const { module, missing } = await peer("tsne-js");
    if (missing) return { ...measured, peerMissing: missing };
    const rows = Math.min(points.rows, tsneJsRows);
    const few = { ...points, rows, data: points.data.subarray(0, rows * points.cols) };
    const fewLabels = labels?.subarray(0, rows) ?? null;
    const ours = await repeat(() => layout(few, graphOf(few)));
    const theirs = await repeat(() => tsneJs(module.default, few));
    return {
      ...measured,
      peer: `tsne-js 1.0.3 on ${rows} rows; the ratio is to ours_ms_on_peer_rows, from the points to the map`,
      peerMs: theirs.times,
      oursOnPeerRows: ours.times,
      quality: {
        ...quality,
        peer_rows: rows,
        ours_ms_on_peer_rows: spread(ours.times).median,
        ours_on_peer_rows: mapQuality(core, kernels, few, ours.result, fewLabels),
        peer: mapQuality(core, kernels, few, theirs.result, fewLabels),
      },
    };
  },
};

/** tsne-js with its default rate, as many iterations as it takes up to 500. @param {any} TSNE @param {Matrix} points */
function tsneJs(TSNE, { data, rows, cols }) {
  // Its bundle calls Math by names that its bundler has made up for the parts of code that it compiles while running.
  for (let part = 0; part < 100; part++) Object.assign(globalThis, { [`_inline_${part}_Math`]: Math });
  const model = new TSNE({ dim: 2, perplexity: 30, nIter: 500 });
  const lists = Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * cols, (row + 1) * cols)));
  model.init({ data: lists, type: "dense" });
  model.run();
  return Float32Array.from(model.getOutput().flat());
}

/** Rows of the file; more than it has are its rows again with a little seeded noise, of length 1. @returns {Matrix} */
function vectors(/** @type {Options} */ { vectors: file, cols, rows }, /** @type {{ normal(): number }} */ random) {
  const path = file ?? join(sharedFolder, "data/vectors/photos20k.f32");
  if (!existsSync(path)) throw new Error(`There is no ${path}. Name a file of f32 rows: --vectors FILE.f32 --cols 64`);
  const bytes = readFileSync(path);
  const base = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (base.length % cols !== 0) throw new Error(`${path} holds ${base.length} numbers, not a multiple of ${cols}`);
  const count = rows || base.length / cols;
  const data = new Float32Array(count * cols);
  for (let row = 0; row < count; row++) {
    let squares = 0;
    for (let c = 0; c < cols; c++) {
      const i = row * cols + c;
      const value = base[i % base.length] ?? 0;
      data[i] = i < base.length ? value : value + 0.02 * random.normal();
      squares += (data[i] ?? 0) ** 2;
    }
    if (row * cols < base.length || squares === 0) continue;
    for (let i = row * cols; i < (row + 1) * cols; i++) data[i] = (data[i] ?? 0) / Math.sqrt(squares);
  }
  return { data, rows: count, cols };
}

/** One byte a row, repeated like the rows; null without a file. @returns {Uint8Array | null} */
function labelsOf(/** @type {Options} */ { labels: file, vectors: given }, /** @type {number} */ rows) {
  const path = file ?? (given ? null : join(sharedFolder, "data/vectors/photos20k.labels.u8"));
  if (path === null) return null;
  const base = readFileSync(path);
  return Uint8Array.from({ length: rows }, (_, row) => base[row % base.length] ?? 0);
}

/** Trustworthiness at 15 on 3,000 rows and the share of 15 plane neighbours with the row's label. */
function mapQuality(
  /** @type {any} */ core,
  /** @type {any} */ kernels,
  /** @type {Matrix} */ points,
  /** @type {Float32Array} */ xy,
  /** @type {Uint8Array | null} */ labels,
) {
  const { trustworthiness, kept } = core.runToEnd(core.mapQuality(kernels, points, xy, { sample: 3_000 }));
  if (labels === null) return { trustworthiness, kept };
  const near = core.runToEnd(core.knnGraph(kernels, { data: xy, rows: points.rows, cols: 2 }, 15));
  let same = 0;
  for (const [i, other] of near.indices.entries()) if (labels[other] === labels[Math.floor(i / 15)]) same++;
  return { trustworthiness, kept, purity: same / near.indices.length };
}

/** Non-negative, of low rank, sparse in its factors. @returns {Matrix} */
function madeUpFeatures(
  /** @type {number} */ rows,
  /** @type {number} */ cols,
  /** @type {{ normal(): number, below(n: number): number }} */ random,
) {
  const factors = Float32Array.from({ length: 300 * cols }, () => random.normal());
  const data = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const line = data.subarray(row * cols, (row + 1) * cols);
    for (let f = 0; f < 12; f++) {
      const [from, weight] = [random.below(300) * cols, random.normal() / 3];
      for (let c = 0; c < cols; c++) line[c] = (line[c] ?? 0) + weight * (factors[from + c] ?? 0);
    }
    for (let c = 0; c < cols; c++) line[c] = Math.max(0, line[c] ?? 0);
  }
  return { data, rows, cols };
}

/** The definition: every row's distance is brought up to date after every pick. @returns {number[]} */
function fullScan(/** @type {Matrix} */ { data, rows, cols }, /** @type {number} */ n) {
  const nearestSquared = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const picks = [0];
  while (picks.length < n) {
    const centre = (picks.at(-1) ?? 0) * cols;
    let best = 0;
    let bestSquared = -1;
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let c = 0; c < cols; c++) {
        const d = /** @type {number} */ (data[row * cols + c]) - /** @type {number} */ (data[centre + c]);
        sum += d * d;
      }
      if (sum < /** @type {number} */ (nearestSquared[row])) nearestSquared[row] = sum;
      if (/** @type {number} */ (nearestSquared[row]) > bestSquared) {
        bestSquared = /** @type {number} */ (nearestSquared[row]);
        best = row;
      }
    }
    picks.push(best);
  }
  return picks;
}

/** The share of one graph's neighbours that another of the same k has too. */
function sharedNeighbours(/** @type {Graph} */ graph, /** @type {Graph} */ truth) {
  const { k, indices } = truth;
  let found = 0;
  for (let at = 0; at < indices.length; at += k) {
    const list = new Set(graph.indices.subarray(at, at + k));
    for (const other of indices.subarray(at, at + k)) if (list.has(other)) found++;
  }
  return found / indices.length;
}

/** The k nearest rows by sorting all distances. @returns {number[]} */
function nearest(/** @type {Matrix} */ { data, rows, cols }, /** @type {number} */ row, /** @type {number} */ k) {
  const squared = Float64Array.from({ length: rows }, (_, other) => {
    let sum = 0;
    for (let c = 0; c < cols; c++) sum += ((data[row * cols + c] ?? 0) - (data[other * cols + c] ?? 0)) ** 2;
    return other === row ? Number.POSITIVE_INFINITY : sum;
  });
  return Array.from({ length: rows }, (_, i) => i)
    .sort((a, b) => (squared[a] ?? 0) - (squared[b] ?? 0) || a - b)
    .slice(0, k);
}

/** @template T @param {() => T | Promise<T>} work */
async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { result, ms: performance.now() - start };
}

/** Once to warm up, then a few times; what takes long is warm by itself. @template T @param {() => T | Promise<T>} work */
async function repeat(work) {
  const warmUp = await timed(work);
  let { result } = warmUp;
  const { ms } = warmUp;
  if (ms > longMs) return { times: [ms], result };
  const times = [];
  for (let i = 0; i < repetitions; i++) {
    const again = await timed(work);
    times.push(again.ms);
    result = again.result;
  }
  return { times, result };
}

/** @param {number[]} times */
function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { min: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 };
}

/** @param {ArrayLike<number>} numbers */
function checksum(numbers) {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum = (sum * 31 + (numbers[i] ?? 0)) % 1_000_000_007;
  return sum;
}
