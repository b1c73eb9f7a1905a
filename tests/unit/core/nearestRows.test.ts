import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceSquared } from "../../../src/core/distance.ts";
import { nearestRows } from "../../../src/core/knn/nearestRows.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";

/** The definition: all distances, sorted. */
function bruteForce(points: Matrix, queries: Matrix, k: number, skip: Uint8Array) {
  const { cols } = points;
  return Array.from({ length: queries.rows }, (_, query) =>
    Array.from({ length: points.rows }, (_, row) => ({
      row,
      squared: distanceSquared(queries.data, query * cols, points.data, row * cols, cols),
    }))
      .filter(({ row }) => skip[row] === 0)
      .sort((a, b) => a.squared - b.squared || a.row - b.row)
      .slice(0, Math.max(0, k)),
  );
}

function expectNearest(
  found: { indices: Uint32Array; distances: Float32Array },
  wanted: ReturnType<typeof bruteForce>,
) {
  const flat = wanted.flat();
  expect([...found.indices]).toEqual(flat.map(({ row }) => row));
  expect([...found.distances]).toEqual(flat.map(({ squared }) => Math.fround(Math.sqrt(squared))));
}

const gaussian = (rows: number, cols: number, seed: number): Matrix => {
  const random = new Random(seed);
  return matrix(
    Float32Array.from({ length: rows * cols }, () => random.normal()),
    rows,
    cols,
  );
};

describe.each(everyKernels)("nearestRows, %s kernels", (_, kernels) => {
  it("is the sorted list of distances, ties, duplicates and zero rows included", () => {
    const problem = fc
      .record({ rows: fc.nat(30), asked: fc.nat(9), cols: fc.integer({ min: 1, max: 9 }), k: fc.nat(34) })
      .chain(({ rows, asked, cols, k }) => {
        // Small whole numbers, so that ties are common and sums exact.
        const numbers = (count: number) =>
          fc.array(fc.integer({ min: -2, max: 2 }), { minLength: count * cols, maxLength: count * cols });
        return fc.record({
          points: numbers(rows).map((values) => matrix(Float32Array.from(values), rows, cols)),
          queries: numbers(asked).map((values) => matrix(Float32Array.from(values), asked, cols)),
          k: fc.constant(k),
          skip: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: rows, maxLength: rows }),
        });
      });
    fc.assert(
      fc.property(problem, ({ points, queries, k, skip: flags }) => {
        const skip = Uint8Array.from(flags);
        const found = runToEnd(nearestRows(kernels, points, queries, k, skip));
        const left = flags.filter((flag) => flag === 0).length;
        expect(found).toMatchObject({ rows: queries.rows, k: Math.min(k, left) });
        expectNearest(found, bruteForce(points, queries, k, skip));
      }),
      { numRuns: 400 },
    );
  });

  it("decides between rows that f32 cannot tell apart", () => {
    const cols = 64;
    const [points, queries] = [gaussian(600, cols, 1), gaussian(5, cols, 2)];
    const random = new Random(3);
    // Rows at nearly the same distance of a far query.
    for (let i = 0; i < points.data.length; i++) points.data[i] = 1 + 1e-7 * random.below(4);
    const found = runToEnd(nearestRows(kernels, points, queries, 20));
    expectNearest(found, bruteForce(points, queries, 20, new Uint8Array(600)));
  });

  it("stands numbers that are too large or too small for squares in f32", () => {
    for (const scale of [1e-25, 3e-22, 1e-20, 1e19, 1e25]) {
      const [points, queries] = [gaussian(40, 5, 1), gaussian(3, 5, 2)];
      for (const { data } of [points, queries]) for (let i = 0; i < data.length; i++) data[i] = data[i]! * scale;
      const found = runToEnd(nearestRows(kernels, points, queries, 7));
      expectNearest(found, bruteForce(points, queries, 7, new Uint8Array(40)));
    }
  });

  it("names a bad row and both numbers of columns, and gives its memory back", () => {
    const before = kernels.memory.used;
    const [points, queries] = [gaussian(5_000, 3, 1), gaussian(4, 3, 2)];
    points.data[3 * 4_321 + 1] = Number.NaN;
    expect(() => runToEnd(nearestRows(kernels, points, queries, 2))).toThrow("row 4321 of 5000 embeddings holds NaN");
    expect(() => runToEnd(nearestRows(kernels, queries, points, 2))).toThrow("row 4321 of 5000 queries holds NaN");
    expect(() => runToEnd(nearestRows(kernels, queries, gaussian(2, 5, 1), 2))).toThrow("3 columns, got 5");
    const half = nearestRows(kernels, gaussian(5_000, 3, 1), queries, 2);
    half.next();
    half.return(undefined as never);
    expect(kernels.memory.used).toBe(before);
  });
});

it("nearestRows of several blocks of rows and queries is the brute force", () => {
  const [points, queries] = [gaussian(4_500, 7, 1), gaussian(300, 7, 2)];
  const found = runToEnd(nearestRows(wasmKernels, points, queries, 10));
  expectNearest(found, bruteForce(points, queries, 10, new Uint8Array(4_500)));
});
