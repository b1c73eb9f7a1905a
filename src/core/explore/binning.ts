/** Rows in no bin: no value, or one outside of all. */
export const noBin = 255;

const known = new WeakMap<ArrayLike<number>, { edges: Float64Array; bins: Uint8Array }>();

/**
 * The bin of every row, [edges[i], edges[i + 1]), the last one closed; {@link noBin} for none. Kept for as long as the
 * values are, for the edges that were asked for last: counting under another filter is then one addition a row.
 * @param values do not change
 * @param edges ascending, 2…255 of them
 */
export function binsOf(values: Float64Array | Float32Array, edges: Float64Array): Uint8Array {
  const before = known.get(values);
  if (before?.edges === edges) return before.bins;
  const bins = new Uint8Array(values.length).fill(noBin);
  const last = edges.length - 2;
  const [least, most] = [edges[0]!, edges[last + 1]!];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!(value >= least && value <= most)) continue;
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (value >= edges[middle]!) low = middle;
      else high = middle - 1;
    }
    bins[row] = low;
  }
  known.set(values, { edges, bins });
  return bins;
}
