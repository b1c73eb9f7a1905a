import { Random } from "../random.ts";

/**
 * Different rows in random order, the same for the same seed: what a selection is compared with.
 * @param n how many; all that are left when there are fewer
 * @param excluded rows that are never returned
 */
export function randomRows(rows: number, n: number, excluded: Iterable<number>, seed: number): Uint32Array {
  const out = new Set(excluded);
  const left = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !out.has(row));
  return new Random(seed).sample(left.length, n).map((i) => left[i]!);
}
