import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outliers, outlierThreshold } from "../../../src/core/cluster/outliers.ts";
import { type KnnGraph, knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { rowsUnder } from "../../../src/core/quality/issues.ts";
import { quantiles } from "../../../src/core/quantiles.ts";
import { Random } from "../../../src/core/random.ts";
import { typicality } from "../../../src/core/select/typicality.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";

const gaussian = (rows: number, cols: number, seed: number): Matrix => {
  const random = new Random(seed);
  const data = Float32Array.from({ length: rows * cols }, () => random.normal());
  return matrix(data, rows, cols);
};
const graphOf = (m: Matrix, k: number): KnnGraph => runToEnd(knnGraph(wasmKernels, m, k));

/** Distances of each row to its nearest others, from all pairs. */
function nearestDistances({ data, rows, cols }: Matrix, k: number): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: rows }, (_, other) => other)
      .filter((other) => other !== row)
      .map((other) => {
        let sum = 0;
        for (let c = 0; c < cols; c++) sum += (data[row * cols + c]! - data[other * cols + c]!) ** 2;
        return Math.sqrt(sum);
      })
      .sort((a, b) => a - b)
      .slice(0, k),
  );
}

const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

const reversed = ({ data, rows, cols }: Matrix): Matrix => {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    out.set(data.subarray(row * cols, (row + 1) * cols), (rows - 1 - row) * cols);
  }
  return matrix(out, rows, cols);
};

describe("quantiles", () => {
  it("are numpy's", () => {
    // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [0, 10, 25, 50, 75, 90, 100])
    expect(quantiles(Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6), [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1])).toEqual([
      1,
      1,
      1.75,
      3.5,
      5.25,
      expect.closeTo(6.9, 12),
      9,
    ]);
    expect(quantiles(Float32Array.of(7), [0, 0.3, 1])).toEqual([7, 7, 7]);
    expect(quantiles(new Float64Array(0), [0.5])).toEqual([Number.NaN]);
  });

  it("leave their input as it was", () => {
    const values = Float64Array.of(2, 1);
    quantiles(values, [0.5]);
    expect([...values]).toEqual([2, 1]);
  });
});

const sizes = [fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 45 }), fc.nat()] as const;

describe("typicality", () => {
  it("is its definition, and follows the rows when they are reordered", () => {
    fc.assert(
      fc.property(...sizes, fc.integer({ min: 1, max: 30 }), (rows, k, seed, neighbours) => {
        const m = gaussian(rows, 4, seed);
        const near = nearestDistances(m, Math.min(k, neighbours));
        const scale = mean(near.flat());
        const scores = runToEnd(typicality(graphOf(m, k), neighbours));
        for (const [row, list] of near.entries()) {
          expect(scores[row]).toBeCloseTo(mean(list.map((d) => Math.exp(-d / scale))), 5);
        }
        const back = runToEnd(typicality(graphOf(reversed(m), k), neighbours)).reverse();
        for (const [row, score] of back.entries()) expect(score).toBeCloseTo(scores[row]!, 6);
      }),
      { numRuns: 100 },
    );
  });

  it("uses 20 neighbours unless told otherwise", () => {
    const graph = graphOf(gaussian(60, 4, 1), 40);
    expect(runToEnd(typicality(graph))).toEqual(runToEnd(typicality(graph, 20)));
    expect(runToEnd(typicality(graph))).not.toEqual(runToEnd(typicality(graph, 21)));
  });

  it("is 1 for equal rows, one row and no neighbours", () => {
    expect([...runToEnd(typicality(graphOf(matrix(new Float32Array(8).fill(1), 4, 2), 3)))]).toEqual([1, 1, 1, 1]);
    expect([...runToEnd(typicality(graphOf(gaussian(1, 2, 1), 5)))]).toEqual([1]);
    expect([...runToEnd(typicality(graphOf(gaussian(3, 2, 1), 0)))]).toEqual([1, 1, 1]);
    expect([...runToEnd(typicality(graphOf(gaussian(0, 2, 1), 5)))]).toEqual([]);
  });
});

describe("outliers", () => {
  it("are their definition", () => {
    let seen = 0;
    fc.assert(
      fc.property(...sizes, (rows, k, seed) => {
        const m = gaussian(rows, 3, seed);
        if (seed % 2) m.data[0] = 30;
        const far = nearestDistances(m, Math.min(k, 10)).map(mean);
        const sorted = [...far].sort((a, b) => a - b);
        const at = (share: number): number => {
          const place = share * (rows - 1);
          const low = sorted[Math.floor(place)]!;
          return low + (place % 1) * (sorted[Math.ceil(place)]! - low);
        };
        const threshold = at(0.75) + 1.7 * (at(0.75) - at(0.25));
        const found = runToEnd(outliers(graphOf(m, k)));
        expect(found.threshold).toBeCloseTo(threshold, 4);
        const expected = far.flatMap((d, row) => (d > threshold + 1e-6 ? [row] : []));
        expect([...found.flagged]).toEqual(expected);
        seen += expected.length;
        for (const [row, d] of far.entries()) expect(found.scores[row]).toBeCloseTo(Math.exp(-d / at(0.5)), 5);
      }),
      { numRuns: 150, seed: 1 },
    );
    expect(seen).toBeGreaterThan(20);
  });

  it("do not depend on the order of rows", () => {
    const m = gaussian(50, 3, 4);
    m.data[30] = 40;
    const [there, back] = [m, reversed(m)].map((one) => runToEnd(outliers(graphOf(one, 10))));
    expect(there!.flagged).toContain(10);
    expect([...back!.flagged].map((row) => 49 - row).sort((a, b) => a - b)).toEqual([...there!.flagged]);
  });

  it("are found again from their scores alone", () => {
    for (const seed of [1, 2, 3, 4]) {
      const m = gaussian(200, 4, seed);
      for (let row = 0; row < 5; row++) m.data[row * 4] = 6 + row;
      const { scores, flagged } = runToEnd(outliers(graphOf(m, 10)));
      expect(flagged.length).toBeGreaterThan(4);
      expect(rowsUnder(scores, outlierThreshold(scores))).toEqual(flagged);
    }
  });

  it("flags nothing among equal rows, in one row, or without neighbours", () => {
    for (const [m, k] of [
      [matrix(new Float32Array(8).fill(1), 4, 2), 3],
      [gaussian(1, 2, 1), 5],
      [gaussian(3, 2, 1), 0],
      [gaussian(0, 2, 1), 5],
    ] as const) {
      const { scores, flagged } = runToEnd(outliers(graphOf(m, k)));
      expect([...scores]).toEqual(Array(m.rows).fill(1));
      expect(flagged).toHaveLength(0);
      expect(rowsUnder(scores, outlierThreshold(scores))).toHaveLength(0);
    }
  });

  it("keeps the order of the few rows that are no duplicates", () => {
    const m = matrix(new Float32Array(30), 30, 1);
    m.data[4] = 1;
    m.data[5] = 9;
    const { scores, flagged } = runToEnd(outliers(graphOf(m, 10)));
    expect([...flagged]).toEqual([4, 5]);
    expect(scores[0]).toBe(1);
    expect(scores[4]).toBeGreaterThan(scores[5]!);
    expect(scores[5]).toBeGreaterThan(0);
  });
});
