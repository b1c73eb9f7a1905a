/**
 * Squared Euclidean distance of two rows of a row-major array, summed in f64.
 * @param a offset of the first row's first value
 * @param b offset of the second row's first value
 */
export function distanceSquared(data: Float32Array, a: number, b: number, cols: number): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  // Two sums, because one would wait for itself at every step.
  for (; i + 1 < cols; i += 2) {
    const first = data[a + i]! - data[b + i]!;
    const second = data[a + i + 1]! - data[b + i + 1]!;
    even += first * first;
    odd += second * second;
  }
  if (i < cols) {
    const last = data[a + i]! - data[b + i]!;
    even += last * last;
  }
  return even + odd;
}
