import { distanceSquared } from "../distance.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";

/**
 * Covering radius after each pick of a given order: the largest distance (Euclidean) of any row to its nearest chosen
 * one. Serves to compare a selection with another, such as a random one.
 * @param rows picks in order
 * @param alreadyChosen rows that count as chosen from the start
 */
export function* radiiOf(embeddings: Matrix, rows: Uint32Array, alreadyChosen: Uint32Array): Task<Float32Array> {
  const { data, rows: count, cols } = embeddings;
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const radii = new Float32Array(rows.length);
  const total = rows.length;
  const add = (centre: number): number => {
    let largest = 0;
    for (let row = 0; row < count; row++) {
      const d = distanceSquared(data, row * cols, centre * cols, cols);
      if (d < nearest[row]!) nearest[row] = d;
      if (nearest[row]! > largest) largest = nearest[row]!;
    }
    return Math.sqrt(largest);
  };
  for (const centre of alreadyChosen) {
    add(centre);
    yield { done: 0, total };
  }
  for (let pick = 0; pick < total; pick++) {
    radii[pick] = add(rows[pick]!);
    yield { done: pick + 1, total };
  }
  return radii;
}
