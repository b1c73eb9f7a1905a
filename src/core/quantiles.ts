/**
 * Quantiles of some values, linear between neighbours in order, as numpy's `percentile` has them by default.
 * @param values at least one; not changed
 * @param shares each 0…1: 0 is the smallest value, 0.5 the median
 * @returns one number a share; NaN where there are no values
 */
export function quantiles(values: Float32Array | Float64Array, shares: readonly number[]): number[] {
  const sorted = values.slice().sort();
  return shares.map((share) => {
    const at = share * (sorted.length - 1);
    const below = sorted[Math.floor(at)] ?? Number.NaN;
    const above = sorted[Math.ceil(at)] ?? Number.NaN;
    return below + (at - Math.floor(at)) * (above - below);
  });
}
