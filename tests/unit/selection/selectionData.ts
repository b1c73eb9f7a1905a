import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { type Matrix, matrix, normaliseRows } from "../../../src/core/matrix.ts";
import type { ObjectPoints } from "../../../src/core/objects/objectPoints.ts";
import { Random } from "../../../src/core/random.ts";
import type { ClassCounts, SelectionData } from "../../../src/core/selection/problem.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";

/** Rows of length 1. */
export function unitRows(rows: number, cols: number, seed: number): Matrix {
  const random = new Random(seed);
  return normaliseRows(
    matrix(
      Float32Array.from({ length: rows * cols }, () => random.normal()),
      rows,
      cols,
    ),
  );
}

/** Each row one class, or none for −1. */
export function oneClassEach(names: readonly string[], ofRow: ArrayLike<number>): ClassCounts {
  const first = new Uint32Array(ofRow.length + 1);
  const classes: number[] = [];
  for (let row = 0; row < ofRow.length; row++) {
    if (ofRow[row]! >= 0) classes.push(ofRow[row]!);
    first[row + 1] = classes.length;
  }
  return { names, first, classes: Uint32Array.from(classes), counts: new Float64Array(classes.length).fill(1) };
}

/** Data for the engine: numbers by key, one category, tags. */
export function dataOf(
  embeddings: Matrix,
  numbers: Record<string, ArrayLike<number>> = {},
  classes: ClassCounts = oneClassEach([], new Int32Array(embeddings.rows).fill(-1)),
  tags: Record<string, number[]> = {},
  objects: Record<string, ObjectPoints> = {},
): SelectionData {
  return {
    rows: embeddings.rows,
    embeddings,
    graph: (k) => knnGraph(wasmKernels, embeddings, Math.min(k, Math.max(0, embeddings.rows - 1))),
    path: (row) => `folder ${row % 2}/${String(row).padStart(4, "0")}.jpg`,
    numbers: (input) => {
      const name = input.type === "METADATA" ? input.key : input.type === "SCORES" ? input.score : "count";
      return Float64Array.from(numbers[name]!);
    },
    classes: () => classes,
    objects: (task) => objects[task]!,
    tagged: (name) => tags[name] ?? [],
  };
}
