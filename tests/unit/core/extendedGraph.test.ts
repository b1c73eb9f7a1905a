import { expect, test } from "vitest";
import { approximateGraph } from "../../../src/core/knn/approximateGraph.ts";
import { extendedGraph } from "../../../src/core/knn/extendedGraph.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { plainKernels } from "../../../src/kernels/load.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";

const gaussian = (rows: number, cols: number, seed: number): Matrix => {
  const random = new Random(seed);
  const sum = (): number => random.float() + random.float() + random.float() - 1.5;
  return matrix(Float32Array.from({ length: rows * cols }, sum), rows, cols);
};
const first = ({ data, cols }: Matrix, rows: number): Matrix => matrix(data.slice(0, rows * cols), rows, cols);
/** Every row some times, so that there are many equal distances. */
const repeated = (points: Matrix, rows: number): Matrix => {
  const random = new Random(5);
  const data = new Float32Array(rows * points.cols);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor(random.float() * points.rows) * points.cols;
    data.set(points.data.subarray(from, from + points.cols), row * points.cols);
  }
  return matrix(data, rows, points.cols);
};

test.each([
  ["random points", gaussian(900, 12, 1), 850, 10],
  ["a single new row", gaussian(300, 8, 2), 299, 5],
  ["many copies", repeated(gaussian(40, 6, 3), 500), 430, 7],
  ["more new rows than a block of queries", gaussian(1_200, 5, 4), 500, 3],
  ["no new rows", gaussian(100, 5, 4), 100, 3],
  ["no neighbours asked for", gaussian(100, 5, 4), 90, 0],
])("an exact graph becomes the exact graph of all rows: %s", (_name, points, old, k) => {
  for (const kernels of [wasmKernels, plainKernels()]) {
    const whole = runToEnd(knnGraph(kernels, points, k));
    const before = runToEnd(knnGraph(kernels, first(points, old), k));
    const kept = { indices: before.indices.slice(), distances: before.distances.slice() };
    expect(runToEnd(extendedGraph(kernels, points, before))).toEqual(whole);
    expect({ indices: before.indices, distances: before.distances }).toEqual(kept);
  }
});

test("an approximate graph gains the new rows in full and loses nothing", () => {
  const points = gaussian(30_200, 16, 1);
  const before = runToEnd(approximateGraph(wasmKernels, first(points, 30_000), 10, { seed: 1, nearBlocks: 12 }));
  expect(before.recall).toBeLessThan(0.99);
  const after = runToEnd(extendedGraph(wasmKernels, points, before));
  const whole = runToEnd(knnGraph(wasmKernels, points, 10));
  const share = (rows: number[], graph: typeof after): number => {
    let found = 0;
    for (const row of rows) {
      const there = new Set(graph.indices.subarray(row * 10, row * 10 + 10));
      for (const other of whole.indices.subarray(row * 10, row * 10 + 10)) if (there.has(other)) found++;
    }
    return found / (10 * rows.length);
  };
  const added = Array.from({ length: 200 }, (_, i) => 30_000 + i);
  expect(share(added, after)).toBe(1);
  const old = Array.from({ length: 3_000 }, (_, i) => i * 10);
  expect(share(old, after)).toBeGreaterThan(before.recall - 0.03);
  for (let at = 0; at < before.distances.length; at++) {
    expect(after.distances[at]! <= before.distances[at]!).toBe(true);
  }
});
