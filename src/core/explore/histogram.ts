import type { NumberField } from "./field.ts";

/** Above this ratio of largest to smallest, sizes are binned by their logarithm: one huge file must not hide the rest. */
const logarithmicFrom = 30;

/**
 * Edges of bins over all values of a field, ascending, `bins` + 1 of them; sizes that differ much get bins of equal
 * ratio, everything else bins of equal width.
 * @returns null when there are no two different values
 */
export function histogramEdges({ values, unit }: NumberField, bins: number): Float64Array | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!(least < most)) return null;
  const isSize = unit === "bytes" || unit === "pixels" || unit === "megapixels";
  const logarithmic = isSize && least > 0 && most / least > logarithmicFrom;
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) =>
    logarithmic ? least * (most / least) ** (i / bins) : least + ((most - least) * i) / bins,
  );
  // Rounding must not leave the largest value outside.
  edges[0] = least;
  edges[bins] = most;
  return edges;
}
