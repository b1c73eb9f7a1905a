import { describe, expect, it } from "vitest";
import { approximateGraph } from "../../../src/core/knn/approximateGraph.ts";
import { compactOrder } from "../../../src/core/knn/compactOrder.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";

/** Rows around `centres` points, in no order. */
const clustered = (rows: number, cols: number, centres: number, seed: number): Matrix => {
  const random = new Random(seed);
  const middles = Float32Array.from({ length: centres * cols }, () => 2 * random.normal());
  const data = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const centre = random.below(centres);
    for (let c = 0; c < cols; c++) data[row * cols + c] = middles[centre * cols + c]! + random.normal();
  }
  return matrix(data, rows, cols);
};
const distance = ({ data, cols }: Matrix, a: number, b: number): number => {
  let squared = 0;
  for (let c = 0; c < cols; c++) squared += (data[a * cols + c]! - data[b * cols + c]!) ** 2;
  return Math.sqrt(squared);
};
const approximate = (points: Matrix, k: number, nearBlocks = 6, kernels = wasmKernels, seed = 1) =>
  runToEnd(approximateGraph(kernels, points, k, { seed, nearBlocks }));

describe("compactOrder", () => {
  it("is each row once, in blocks that are ascending and more compact than the whole", () => {
    const points = clustered(5_000, 6, 40, 1);
    const order = runToEnd(compactOrder(points, 256, new Random(1)));
    expect(order.slice().sort()).toEqual(Uint32Array.from({ length: 5_000 }, (_, row) => row));
    const spread = (rows: Uint32Array): number => {
      let sum = 0;
      for (let i = 0; i < 200; i++) {
        sum += distance(points, rows[(i * 7) % rows.length]!, rows[(i * 31 + 3) % rows.length]!);
      }
      return sum / 200;
    };
    for (let first = 0; first < 4_864; first += 256) {
      const block = order.subarray(first, first + 256);
      expect(block).toEqual(block.slice().sort());
      expect(spread(block)).toBeLessThan(0.9 * spread(order));
    }
  });

  it("stands rows that are all the same", () => {
    const order = runToEnd(compactOrder(matrix(new Float32Array(3_000).fill(2), 1_000, 3), 64, new Random(1)));
    expect(order.slice().sort()).toEqual(Uint32Array.from({ length: 1_000 }, (_, row) => row));
  });
});

describe("approximateGraph", () => {
  const points = clustered(6_000, 10, 60, 2);
  const exact = runToEnd(knnGraph(wasmKernels, points, 15));
  const graph = approximate(points, 15);

  it("finds nearly all neighbours of clustered rows, and measures how many", () => {
    let found = 0;
    for (let row = 0; row < 6_000; row++) {
      const wanted = new Set(exact.indices.subarray(row * 15, row * 15 + 15));
      for (const other of graph.indices.subarray(row * 15, row * 15 + 15)) if (wanted.has(other)) found++;
    }
    const recall = found / (6_000 * 15);
    // Six of 24 blocks.
    expect(recall).toBeGreaterThan(0.9);
    expect(recall).toBeLessThan(1);
    expect(Math.abs(graph.recall - recall)).toBeLessThan(0.02);
    expect(approximate(points, 15, 2).recall).toBeLessThan(graph.recall);
  });

  it("gives true distances in order, no row twice, and none as its own neighbour", () => {
    for (let row = 0; row < 6_000; row++) {
      const list = graph.indices.subarray(row * 15, row * 15 + 15);
      expect(new Set(list).size).toBe(15);
      expect(list.includes(row)).toBe(false);
      for (let n = 0; n < 15; n++) {
        const own = graph.distances[row * 15 + n]!;
        expect(own).toBeCloseTo(distance(points, row, list[n]!), 4);
        if (n > 0) expect(own).toBeGreaterThanOrEqual(graph.distances[row * 15 + n - 1]!);
        expect(own).toBeGreaterThanOrEqual(exact.distances[row * 15 + n]!);
      }
    }
  });

  it("is the same for the same seed, and gives its memory back", () => {
    expect(approximate(points, 15)).toEqual(graph);
    expect(approximate(points, 15, 6, wasmKernels, 2).indices).not.toEqual(graph.indices);
    const before = wasmKernels.memory.used;
    const half = approximateGraph(wasmKernels, points, 15, { seed: 1, nearBlocks: 6 });
    for (let step = 0; step < 20; step++) half.next();
    half.return(undefined as never);
    expect(wasmKernels.memory.used).toBe(before);
  });

  it("needs the rows no longer once it says so", () => {
    const lent = { data: points.data.slice(), rows: 6_000, cols: 10 };
    let told = 0;
    const copied = (): void => {
      told++;
      lent.data = new Float32Array(0);
    };
    expect(runToEnd(approximateGraph(wasmKernels, lent, 15, { seed: 1, nearBlocks: 6, copied }))).toEqual(graph);
    expect(told).toBe(1);
  });

  it("is the same with plain kernels where no estimate decides", () => {
    const few = clustered(1_500, 4, 20, 3);
    const [wasm, plain] = everyKernels.map(([, kernels]) => approximate(few, 5, 2, kernels));
    expect(wasm!.indices).toEqual(plain!.indices);
    expect(wasm!.distances).toEqual(plain!.distances);
    expect(wasm!.recall).toBeCloseTo(plain!.recall, 3);
  });

  it("is the exact graph for few rows", () => {
    for (const rows of [1, 2, 7, 300, 1_700]) {
      const few = clustered(rows, 5, 3, rows);
      expect(approximate(few, 9)).toEqual(runToEnd(knnGraph(wasmKernels, few, 9)));
    }
    expect(approximate(points, 0).indices.length).toBe(0);
  });

  it("stands copies of rows; equal distances go by row", () => {
    const copies = matrix(points.data.slice(), 6_000, 10);
    for (let row = 3_000; row < 6_000; row++) copies.data.copyWithin(row * 10, (row % 300) * 10, (row % 300) * 10 + 10);
    const found = approximate(copies, 8);
    let all = 0;
    for (let row = 3_000; row < 6_000; row++) {
      const list = found.indices.subarray(row * 8, row * 8 + 8);
      expect(list.includes(row)).toBe(false);
      const copiesOfRow = list.filter((_, n) => found.distances[row * 8 + n] === 0);
      expect(copiesOfRow).toEqual(copiesOfRow.slice().sort());
      if (copiesOfRow.length === 8) all++;
    }
    // A cut may fall between copies.
    expect(all / 3_000).toBeGreaterThan(0.99);
    const same = approximate(matrix(new Float32Array(9_000).fill(1), 3_000, 3), 4);
    expect(same.distances.every((value) => value === 0)).toBe(true);
    expect(same.recall).toBe(1);
  });

  it("refuses values that are no numbers, and a k out of range", () => {
    const bad = matrix(points.data.slice(), 6_000, 10);
    bad.data[4_321 * 10 + 3] = Number.NaN;
    expect(() => approximate(bad, 5)).toThrow(/row 4321 of 6000 points holds NaN/);
    expect(() => approximate(points, 241)).toThrow(/0 to 240 neighbours, got 241/);
    expect(() => approximate(points, -1)).toThrow(/got -1/);
  });
});
