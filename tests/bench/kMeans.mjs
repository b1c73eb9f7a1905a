/** What most people do without a tool: k-means, and of each cluster the image nearest to its centre. */

/** Steps after which the centres hardly move. */
const steps = 10;

/**
 * k-means++ starts (Arthur & Vassilvitskii 2007), Lloyd's steps.
 * @param {{ data: Float32Array, rows: number, cols: number }} points @param {number} k
 * @param {{ float(): number, below(n: number): number }} random
 * @returns {Uint32Array} k different rows
 */
export function nearestToCentroids({ data, rows, cols }, k, random) {
  const centres = new Float32Array(k * cols);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  for (let c = 0; c < k; c++) {
    const row = c === 0 ? random.below(rows) : drawn(nearest, random);
    centres.set(data.subarray(row * cols, (row + 1) * cols), c * cols);
    for (let i = 0; i < rows; i++)
      nearest[i] = Math.min(nearest[i] ?? 0, squared(data, i * cols, centres, c * cols, cols));
  }
  const of = new Uint32Array(rows);
  for (let step = 0; step <= steps; step++) {
    for (let i = 0; i < rows; i++) {
      let best = Number.POSITIVE_INFINITY;
      for (let c = 0; c < k; c++) {
        const d = squared(data, i * cols, centres, c * cols, cols);
        if (d < best) [best, of[i]] = [d, c];
      }
      nearest[i] = best;
    }
    if (step === steps) break;
    const sums = new Float64Array(k * cols);
    const counts = new Uint32Array(k);
    for (let i = 0; i < rows; i++) {
      const c = of[i] ?? 0;
      counts[c] = (counts[c] ?? 0) + 1;
      for (let j = 0; j < cols; j++) sums[c * cols + j] = (sums[c * cols + j] ?? 0) + (data[i * cols + j] ?? 0);
    }
    for (let c = 0; c < k; c++) {
      const count = counts[c] ?? 0;
      if (count > 0) for (let j = 0; j < cols; j++) centres[c * cols + j] = (sums[c * cols + j] ?? 0) / count;
    }
  }
  const chosen = new Int32Array(k).fill(-1);
  for (let i = 0; i < rows; i++) {
    const c = of[i] ?? 0;
    const before = chosen[c] ?? -1;
    if (before < 0 || (nearest[i] ?? 0) < (nearest[before] ?? 0)) chosen[c] = i;
  }
  const picked = new Set(chosen.filter((row) => row >= 0));
  // A cluster may be empty: a random row in its place.
  while (picked.size < k) picked.add(random.below(rows));
  return Uint32Array.from(picked);
}

/** A row, more likely the farther it is. @param {Float64Array} weights @param {{ float(): number }} random */
function drawn(weights, random) {
  let left = random.float() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i] ?? 0;
    if (left <= 0) return i;
  }
  return weights.length - 1;
}

/** @param {Float32Array} a @param {number} i @param {Float32Array} b @param {number} j @param {number} cols */
function squared(a, i, b, j, cols) {
  let sum = 0;
  for (let c = 0; c < cols; c++) {
    const d = /** @type {number} */ (a[i + c]) - /** @type {number} */ (b[j + c]);
    sum += d * d;
  }
  return sum;
}
