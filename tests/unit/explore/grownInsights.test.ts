import { expect, test } from "vitest";
import { addedPairs, type DuplicatePairs, duplicatePairs } from "../../../src/core/cluster/duplicatePairs.ts";
import { outliers } from "../../../src/core/cluster/outliers.ts";
import { canGrow, grownInsights } from "../../../src/core/explore/grownInsights.ts";
import { insightNeighbours, insightsOf } from "../../../src/core/explore/insights.ts";
import { extendedGraph } from "../../../src/core/knn/extendedGraph.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import type { Features } from "../../../src/core/linalg/adapt.ts";
import { type Matrix, matrix, normaliseRows } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { typicality } from "../../../src/core/select/typicality.ts";
import { type Drive, runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";

const drive: Drive = async (task) => runToEnd(task);
const cols = 8;

/** Rows around some of these places of the space, tightly. */
function around(places: readonly number[], rows: number, seed: number): Float32Array {
  const random = new Random(seed);
  const data = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const place = places[row % places.length]!;
    for (let c = 0; c < cols; c++) data[row * cols + c] = (c === place ? 1 : 0) + 0.2 * random.float();
  }
  return data;
}

const first = ({ data }: Matrix, rows: number): Matrix => matrix(data.slice(0, rows * cols), rows, cols);
const featuresOf = ({ data, rows }: Matrix, read: number[]): Features => ({
  total: rows,
  signed: true,
  complete: true,
  async *chunks() {
    yield { firstRow: 0, rows, cols, data };
  },
  async *some(wanted) {
    for (const row of wanted) {
      read.push(row);
      yield { firstRow: row, rows: 1, cols, data: data.subarray(row * cols, (row + 1) * cols) };
    }
  },
});
const noHashes = (rows: number) => ({
  words: [new Uint32Array(rows), new Uint32Array(rows)] as const,
  usable: new Uint8Array(rows),
});
const pairSet = ({ a, b, distances, bits }: DuplicatePairs) =>
  new Map(Array.from(a, (row, i) => [`${row} ${b[i]}`, [distances[i], bits[i]]]));

test("new images join the clusters of their neighbours, pairs with them are found, scores are those of all", async () => {
  const old = 400;
  const parts = [around([0, 1, 2], old, 1), around([0, 2], 20, 2), around([5], 25, 3)];
  const points = matrix(Float32Array.from(parts.flatMap((part) => [...part])), old + 45, cols);
  // Two copies, one of an old row and one of a new one.
  points.data.copyWithin((old + 1) * cols, 7 * cols, 8 * cols);
  points.data.copyWithin((old + 3) * cols, (old + 2) * cols, (old + 3) * cols);
  normaliseRows(points);
  const before = first(points, old);
  const oldGraph = runToEnd(knnGraph(wasmKernels, before, insightNeighbours));
  const oldPairs = (await duplicatePairs(
    { graph: oldGraph, features: featuresOf(before, []), hashes: noHashes(old) },
    drive,
  ))!;
  const found = await insightsOf(oldGraph, oldPairs, null, drive);
  const graph = runToEnd(extendedGraph(wasmKernels, points, oldGraph));

  const features = featuresOf(points, []);
  const pairs = (await addedPairs({ graph, features, hashes: noHashes(points.rows) }, oldPairs, drive))!;
  const all = (await duplicatePairs({ graph, features, hashes: noHashes(points.rows) }, drive))!;
  expect(pairSet(pairs)).toEqual(new Map([...pairSet(oldPairs), ...pairSet(all)]));
  expect(pairSet(pairs).get(`7 ${old + 1}`)?.[0]).toBeLessThan(1e-3);
  expect(pairSet(pairs).get(`${old + 2} ${old + 3}`)?.[0]).toBeLessThan(1e-3);

  const grown = await grownInsights(found, graph, pairs, null, drive);
  const { ofRow, names } = grown.clusters;
  expect([...ofRow.subarray(0, old)]).toEqual([...found.clusters.ofRow]);
  // Old rows lie around the places 0, 1, 2 in turn; a place may be several clusters.
  const clustersOf = (place: number): Set<number> =>
    new Set(found.clusters.ofRow.filter((_, row) => row % 3 === place));
  for (let i = 0; i < 20; i++) {
    if (i === 1 || i === 3) continue;
    expect(clustersOf(i % 2 === 0 ? 0 : 2).has(ofRow[old + i]!)).toBe(true);
  }
  // Those around a new place are a cluster of their own.
  const novel = new Set(ofRow.subarray(old + 20));
  expect(novel.size).toBe(1);
  expect([...novel][0]).toBe(found.clusters.names.length);
  expect(names).toEqual([...found.clusters.names, `cluster ${found.clusters.names.length + 1}`]);
  expect(grown.typicality).toEqual(runToEnd(typicality(graph)));
  expect(grown.outlier).toEqual(runToEnd(outliers(graph)).scores);
  expect(grown).toMatchObject({ rows: points.rows, foundOf: old, predicted: null });
});

test("only features of the new images and of those near to them are read", async () => {
  const old = 6_000;
  const points = matrix(
    Float32Array.from([...around([0, 1, 2, 3, 4, 5, 6], old, 1), ...around([2], 3, 2)]),
    old + 3,
    cols,
  );
  normaliseRows(points);
  const before = first(points, old);
  const oldGraph = runToEnd(knnGraph(wasmKernels, before, insightNeighbours));
  const oldPairs = (await duplicatePairs(
    { graph: oldGraph, features: featuresOf(before, []), hashes: noHashes(old) },
    drive,
  ))!;
  const graph = runToEnd(extendedGraph(wasmKernels, points, oldGraph));
  const read: number[] = [];
  await addedPairs({ graph, features: featuresOf(points, read), hashes: noHashes(points.rows) }, oldPairs, drive);
  expect(read.length).toBeGreaterThanOrEqual(3);
  expect(read.length).toBeLessThan(old / 50);
  expect(read.slice(-3)).toEqual([old, old + 1, old + 2]);
});

test("a small project, or one that has grown by a tenth, is looked at anew", () => {
  const insights = { rows: 1_000_000, clusters: { names: [], ofRow: new Int32Array(0) } } as unknown as Parameters<
    typeof canGrow
  >[0];
  expect(canGrow(insights, 1_001_000)).toBe(true);
  expect(canGrow({ ...insights, rows: 1_099_000, foundOf: 1_000_000 }, 1_101_000)).toBe(false);
  expect(canGrow({ ...insights, rows: 1_000 }, 1_001)).toBe(false);
});
