/**
 * Squared Euclidean distance of a row of one row-major array and a row of another, or of the same, summed in f64.
 * @param a offset of the row's first value in `first`
 * @param b offset of the row's first value in `second`
 */
export function distanceSquared(first: Float32Array, a: number, second: Float32Array, b: number, cols: number): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  // Two sums, because one would wait for itself at every step.
  for (; i + 1 < cols; i += 2) {
    const one = first[a + i]! - second[b + i]!;
    const next = first[a + i + 1]! - second[b + i + 1]!;
    even += one * one;
    odd += next * next;
  }
  if (i < cols) {
    const last = first[a + i]! - second[b + i]!;
    even += last * last;
  }
  return even + odd;
}
