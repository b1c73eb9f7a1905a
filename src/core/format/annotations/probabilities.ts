/** How far a sum may be from 1 and is rounding, not another meaning. */
const tolerance = 0.01;

/**
 * Probabilities of all classes, made to sum to exactly 1 where they do within 1 %; otherwise why they cannot be used.
 */
export function normalisedProbabilities(values: ArrayLike<number>): Float32Array | string {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const p = values[i]!;
    if (Number.isNaN(p)) return `probability ${i + 1} is not a number`;
    if (p < -1e-6 || p > 1 + tolerance) return `probability ${i + 1} is ${p}, not between 0 and 1`;
    sum += p;
  }
  if (Math.abs(sum - 1) > tolerance) return `its probabilities sum to ${Number(sum.toFixed(4))}, not to 1`;
  return Float32Array.from(values, (p) => Math.max(0, p) / sum);
}

/** Place of the largest; the first of equals. */
export function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
