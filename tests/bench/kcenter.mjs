import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "vite";
import { root } from "../../tools/install.mjs";
import { sharedFolder } from "../../tools/sharedFiles.mjs";

/**
 * k-center greedy on 60,000 × 64 real embeddings (20,000 of them three times, with seeded noise), n = 1,000, beside the
 * plain loop that updates every row's distance after every pick.
 */
export async function run() {
  const server = await createServer({ root, server: { middlewareMode: true }, appType: "custom", logLevel: "error" });
  const { kCenter } = await server.ssrLoadModule("/src/core/select/kCenter.ts");
  const { runToEnd } = await server.ssrLoadModule("/src/core/task.ts");
  const { Random } = await server.ssrLoadModule("/src/core/random.ts");
  const [rows, cols, n] = [60_000, 64, 1_000];
  const data = vectors(rows, cols, new Random(1));
  const ours = [];
  const plain = [];
  let same = true;
  let radius = 0;
  for (let round = 0; round < 3; round++) {
    let start = performance.now();
    const result = runToEnd(kCenter({ data, rows, cols }, { n }));
    ours.push(performance.now() - start);
    start = performance.now();
    const expected = fullScan(data, rows, cols, n);
    plain.push(performance.now() - start);
    same &&= expected.every((row, i) => row === result.rows[i]);
    radius = result.radii.at(-1);
  }
  await server.close();
  const median = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)[1] ?? 0;
  const [oursMs, peerMs] = [median(ours), median(plain)];
  return {
    name: "kcenter",
    rows,
    cols,
    n,
    threads: 1,
    ours_ms: oursMs,
    peer: "plain full scan",
    peer_ms: peerMs,
    ratio: peerMs / oursMs,
    quality: { same_order: same, radius },
  };
}

/** @param {number} rows @param {number} cols @param {{ normal(): number }} random */
function vectors(rows, cols, random) {
  const file = join(sharedFolder, "data/vectors/photos20k.f32");
  if (!existsSync(file)) throw new Error(`needs ${file}`);
  const bytes = readFileSync(file);
  const base = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return Float32Array.from({ length: rows * cols }, (_, i) =>
    i < base.length ? (base[i] ?? 0) : (base[i % base.length] ?? 0) + 0.02 * random.normal(),
  );
}

/** @param {Float32Array} data @param {number} rows @param {number} cols @param {number} n */
function fullScan(data, rows, cols, n) {
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const picks = [0];
  while (picks.length < n) {
    const centre = (picks.at(-1) ?? 0) * cols;
    let best = 0;
    let bestDistance = -1;
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let c = 0; c < cols; c++) {
        const d = /** @type {number} */ (data[row * cols + c]) - /** @type {number} */ (data[centre + c]);
        sum += d * d;
      }
      if (sum < /** @type {number} */ (nearest[row])) nearest[row] = sum;
      if (/** @type {number} */ (nearest[row]) > bestDistance) {
        bestDistance = /** @type {number} */ (nearest[row]);
        best = row;
      }
    }
    picks.push(best);
  }
  return picks;
}
