import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { FarthestFirst } from "./farthestFirst.ts";

/**
 * Covering radius after each pick of a given order: the largest distance (Euclidean) of any row to its nearest chosen
 * one. Serves to compare a selection with another, such as a random one.
 * @param rows picks in order
 * @param alreadyChosen rows that count as chosen from the start
 */
export function* radiiOf(
  kernels: Kernels,
  embeddings: Matrix,
  rows: Uint32Array,
  alreadyChosen: Uint32Array,
): Task<Float32Array> {
  const radii = new Float32Array(rows.length);
  const total = rows.length;
  const chosen = new FarthestFirst(kernels, embeddings, total + alreadyChosen.length, { lazy: false });
  try {
    for (const row of alreadyChosen) {
      yield* chosen.choose(row);
      yield { done: 0, total };
    }
    for (let pick = 0; pick < total; pick++) {
      yield* chosen.choose(rows[pick]!);
      radii[pick] = Math.sqrt((yield* chosen.farthest())?.squared ?? 0);
      yield { done: pick + 1, total };
    }
    return radii;
  } finally {
    chosen.free();
  }
}
