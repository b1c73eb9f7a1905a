import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extendedGraph } from "../../../src/core/knn/extendedGraph.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { nearestRows } from "../../../src/core/knn/nearestRows.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { fitSquare } from "../../../src/core/reduce/fitSquare.ts";
import { pcaMap } from "../../../src/core/reduce/pcaMap.ts";
import { placeRows } from "../../../src/core/reduce/placement.ts";
import { mapQuality } from "../../../src/core/reduce/trustworthiness.ts";
import { umap } from "../../../src/core/reduce/umap.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";
import { hasShared, sharedF32 } from "../../fixtures/shared.ts";

const gaussian = (rows: number, cols: number, seed: number): Matrix => {
  const random = new Random(seed);
  const data = Float32Array.from({ length: rows * cols }, () => random.normal());
  return matrix(data, rows, cols);
};

const rowsOf = ({ data, cols }: Matrix, rows: readonly number[]): Matrix =>
  matrix(Float32Array.from(rows.flatMap((row) => [...data.subarray(row * cols, (row + 1) * cols)])), rows.length, cols);

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe.each(everyKernels)("placeRows, %s kernels", (_, kernels) => {
  const place = (embeddings: Matrix, xy: Float32Array): Float32Array => runToEnd(placeRows(kernels, embeddings, xy));

  it("copies the old positions bit by bit and places each new row by itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(6), fc.nat(), (old, added, seed) => {
        const m = gaussian(old + added, 4, seed);
        const xy = gaussian(old, 2, seed + 1).data;
        xy[0] = -0;
        const all = place(m, xy);
        expect(all).toHaveLength(2 * (old + added));
        expect(new Uint32Array(all.buffer, 0, 2 * old)).toEqual(new Uint32Array(xy.buffer));
        expect(all.every(Number.isFinite)).toBe(true);
        expect(place(m, xy)).toEqual(all);
        for (let row = old; row < old + added; row++) {
          const alone = place(rowsOf(m, [...upTo(old), row]), xy);
          expect([...alone.subarray(2 * old)]).toEqual([...all.subarray(2 * row, 2 * row + 2)]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("places rows whose neighbours are known where it places them otherwise", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 12 }), fc.nat(), (old, added, seed) => {
        const m = gaussian(old + added, 4, seed);
        const xy = gaussian(old, 2, seed + 1).data;
        const k = Math.min(20, old - 1);
        const known = runToEnd(extendedGraph(kernels, m, runToEnd(knnGraph(kernels, rowsOf(m, upTo(old)), k))));
        expect(runToEnd(placeRows(kernels, m, xy, known))).toEqual(place(m, xy));
      }),
      { numRuns: 60 },
    );
  });

  it("finds a place at least as dense as that of any of the 15 neighbours", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 60 }), fc.nat(), (old, seed) => {
        const m = gaussian(old + 1, 3, seed);
        const xy = gaussian(old, 2, seed + 1).data;
        const between = (a: number, x: number, y: number) => (xy[2 * a]! - x) ** 2 + (xy[2 * a + 1]! - y) ** 2;
        const fifteenth = upTo(old)
          .map((row) => upTo(old).map((a) => between(a, xy[2 * row]!, xy[2 * row + 1]!)))
          .map((squares) => Math.sqrt(squares.sort((a, b) => a - b)[15]!))
          .sort((a, b) => a - b);
        const radius = fifteenth[Math.floor((old - 1) / 2)]! + fifteenth[Math.ceil((old - 1) / 2)]!;
        const toNew = (row: number): number =>
          [0, 1, 2].reduce((sum, c) => sum + (m.data[row * 3 + c]! - m.data[old * 3 + c]!) ** 2, 0);
        const near = upTo(old)
          .sort((a, b) => toNew(a) - toNew(b))
          .slice(0, 15);
        const density = (x: number, y: number): number =>
          near.reduce((sum, a) => sum + 1 / (1 + between(a, x, y) / radius ** 2), 0);
        const [x, y] = place(m, xy).subarray(2 * old);
        const best = Math.max(...near.map((a) => density(xy[2 * a]!, xy[2 * a + 1]!)));
        expect(density(x!, y!)).toBeGreaterThan(best - 1e-4);
        // And no step away is much denser.
        for (const [dx, dy] of [
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ] as const) {
          expect(density(x! + 0.2 * radius * dx, y! + 0.2 * radius * dy)).toBeLessThan(density(x!, y!) + 0.02);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("chooses where most neighbours are, not the middle between two places", () => {
    // Five rows on the right and ten on the left are all equally near; the far rows give the map its scale.
    const m = matrix(new Float32Array(2 * 61), 61, 2);
    const xy = gaussian(60, 2, 1).data.map((value) => 0.01 * value);
    for (let row = 0; row < 60; row++) {
      if (row >= 15) m.data.set([50 + row, 3], 2 * row);
      xy[2 * row] = xy[2 * row]! + (row >= 5 && row < 15 ? -1 : 1);
    }
    const [x, y] = place(m, xy).subarray(120);
    expect(x).toBeCloseTo(-1, 1);
    expect(y).toBeCloseTo(0, 1);
  });

  it("does not depend on the map's scale, on where it lies, or on the order of its rows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 60 }), fc.nat(), (old, seed) => {
        const m = gaussian(old + 5, 4, seed);
        const xy = gaussian(old, 2, seed + 1).data;
        const all = place(m, xy).subarray(2 * old);
        const large = place(
          m,
          xy.map((value) => 1_024 * value),
        );
        for (const [i, value] of large.subarray(2 * old).entries()) expect(value / 1_024).toBeCloseTo(all[i]!, 5);
        const moved = place(
          m,
          xy.map((value) => value + 8),
        );
        for (const [i, value] of moved.subarray(2 * old).entries()) expect(value - 8).toBeCloseTo(all[i]!, 4);
        const order = [...new Random(seed).sample(old, old)];
        const shuffled = rowsOf(m, [...order, ...upTo(5).map((i) => old + i)]);
        const other = place(shuffled, rowsOf(matrix(xy, old, 2), order).data);
        for (const [i, value] of other.subarray(2 * old).entries()) expect(value).toBeCloseTo(all[i]!, 5);
      }),
      { numRuns: 40 },
    );
  });

  it("stands a map of one point, points on top of each other, and nothing new", () => {
    expect([...place(gaussian(3, 2, 1), Float32Array.of(5, -2))]).toEqual([5, -2, 5, -2, 5, -2]);
    const equal = place(gaussian(40, 2, 1), new Float32Array(60).fill(0.3));
    for (const value of equal) expect(value).toBeCloseTo(0.3, 6);
    expect([...place(gaussian(40, 2, 1), new Float32Array(60))]).toEqual(Array(80).fill(0));
    // Most points in one place, so that a typical distance is 0: 8 and 7 neighbours side by side stay apart.
    const m = matrix(new Float32Array(122), 61, 2);
    const crowded = new Float32Array(120).fill(0.3);
    for (let row = 8; row < 15; row++) crowded[2 * row] = 0.31;
    for (let row = 15; row < 60; row++) {
      m.data[2 * row] = row;
      crowded.set([0.5, 0.5], 2 * row);
    }
    expect(place(m, crowded)[120]).toBeCloseTo(0.3, 6);
    const xy = gaussian(30, 2, 2).data;
    expect(place(gaussian(30, 2, 1), xy)).toEqual(xy);
  });

  it("names what is wrong", () => {
    const xy = gaussian(20, 2, 2).data;
    expect(() => place(gaussian(5, 2, 1), new Float32Array(0))).toThrow(/no map/);
    expect(() => place(gaussian(5, 2, 1), xy)).toThrow("at most 5 rows, got 40 coordinates");
    expect(() => place(gaussian(25, 2, 1), xy.subarray(1))).toThrow("got 39 coordinates");
    for (const row of [3, 22]) {
      const m = gaussian(25, 2, 1);
      m.data[2 * row] = Number.NaN;
      expect(() => place(m, xy)).toThrow(new RegExp(`row ${row} of`));
    }
    xy[9] = Infinity;
    expect(() => place(gaussian(25, 2, 1), xy)).toThrow("row 4 of 20 map positions holds Infinity");
    expect(kernels.memory.used).toBe(0);
  });
});

describe.skipIf(!hasShared)("placeRows on digits (needs ../shared)", () => {
  it("is as trustworthy as a map made anew and more than the mean of the neighbours", () => {
    const [rows, old] = [1_797, 1_597];
    const m = rowsOf(matrix(sharedF32("golden/digits/E.f32"), rows, 64), [...new Random(3).sample(rows, rows)]);
    const mapOf = (part: Matrix): Float32Array => {
      const graph = runToEnd(knnGraph(wasmKernels, part, 14));
      const start = runToEnd(pcaMap(wasmKernels, part));
      return fitSquare(runToEnd(umap(wasmKernels, graph, start, { seed: 1, epochs: 300 }).task));
    };
    const before = rowsOf(m, upTo(old));
    const xy = mapOf(before);
    const ours = runToEnd(placeRows(wasmKernels, m, xy));
    const added = matrix(m.data.subarray(old * 64), rows - old, 64);
    const { k, indices } = runToEnd(nearestRows(wasmKernels, before, added, 15));
    const mean = ours.slice();
    for (let i = 0; i < added.rows; i++) {
      for (const axis of [0, 1]) {
        let sum = 0;
        for (let n = 0; n < k; n++) sum += xy[2 * indices[i * k + n]! + axis]!;
        mean[2 * (old + i) + axis] = sum / k;
      }
    }
    const quality = (map: Float32Array): number =>
      runToEnd(mapQuality(wasmKernels, m, map, { sample: rows })).trustworthiness;
    expect(quality(ours)).toBeGreaterThan(quality(mean) + 0.002);
    expect(quality(ours)).toBeGreaterThan(quality(mapOf(m)) - 0.005);
  });
});
