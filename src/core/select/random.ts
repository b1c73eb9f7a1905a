import { Random } from "../random.ts";

/**
 * A random selection, the measure of every other one: rows drawn without repeats, all equally likely.
 * @param rows how many there are
 * @param n how many are wanted; fewer are drawn when fewer are left
 * @param alreadyChosen rows that are never drawn
 * @returns rows in the order in which they were drawn; the same for the same seed
 */
export function randomRows(rows: number, n: number, alreadyChosen: Iterable<number>, seed: number): Uint32Array {
  const excluded = new Set(alreadyChosen);
  const left = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !excluded.has(row));
  return new Random(seed).sample(left.length, n).map((i) => left[i]!);
}
