import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix, normaliseRows } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { cosinesTo, mostSimilar, queryOf, similarityTo } from "../../../src/core/select/similarity.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels } from "../../fixtures/kernels.ts";

const unitRows = (rows: number, cols: number, seed: number): Matrix => {
  const random = new Random(seed);
  const data = Float32Array.from({ length: rows * cols }, () => random.normal());
  return normaliseRows(matrix(data, rows, cols));
};

const rowOf = ({ data, cols }: Matrix, row: number): Float32Array => data.slice(row * cols, (row + 1) * cols);

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0));

describe("cosinesTo", () => {
  it("orders rows as their distances to the query do", () => {
    const m = unitRows(200, 7, 3);
    const examples = { positives: [5, 9], negatives: [11] };
    const cosines = cosinesTo(m, examples);
    const query = queryOf(m, examples);
    for (let row = 0; row < m.rows; row++) {
      expect(cosines[row]).toBeCloseTo(1 - distance(query, rowOf(m, row)) ** 2 / 2, 5);
    }
  });
});

describe("queryOf", () => {
  it("is mean(positives) − ½ · mean(negatives) of length 1, rows and vectors alike", () => {
    const m = matrix(Float32Array.of(1, 0, 0, 1, 0, -1, -1, 0), 4, 2);
    const query = queryOf(m, { positives: [0, Float32Array.of(0, 1)], negatives: [3] });
    // (½, ½) − ½ · (−1, 0) = (1, ½).
    expect(query[0]).toBeCloseTo(1 / Math.sqrt(1.25), 6);
    expect(query[1]).toBeCloseTo(0.5 / Math.sqrt(1.25), 6);
    expect(queryOf(m, { positives: Uint32Array.of(0, 1), negatives: [Float32Array.of(-1, 0)] })).toEqual(query);
    expect(queryOf(m, { positives: [0] })).toEqual(rowOf(m, 0));
  });

  it("stays zero where positives cancel", () => {
    const m = matrix(Float32Array.of(1, 0, -1, 0), 2, 2);
    expect([...queryOf(m, { positives: [0, 1] })]).toEqual([0, 0]);
  });

  it("names what is wrong", () => {
    const m = matrix(Float32Array.of(1, 0, Number.NaN, 1), 2, 2);
    expect(() => queryOf(m, { positives: [] })).toThrow(/at least one/);
    expect(() => queryOf(m, { positives: [1] })).toThrow("row 1 of 2 embeddings holds NaN");
    expect(() => queryOf(m, { positives: [0], negatives: [2] })).toThrow("under 2, got 2");
    expect(() => queryOf(m, { positives: [Float32Array.of(1)] })).toThrow("2 numbers, got 1");
    expect(() => queryOf(m, { positives: [Float32Array.of(1, Infinity)] })).toThrow("holds Infinity");
  });
});

describe.each(everyKernels)("similarity, %s kernels", (_, kernels) => {
  it("mostSimilar is the order of cosines, without the examples, among the given rows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(45), fc.nat(), fc.boolean(), (rows, k, seed, restricted) => {
        const m = unitRows(rows, 6, seed);
        const random = new Random(seed + 1);
        const examples = {
          positives: random.sample(rows, 1 + random.below(3)),
          negatives: random.sample(rows, random.below(3)),
        };
        const among = restricted ? random.sample(rows, random.below(rows + 1)) : undefined;
        const query = queryOf(m, examples);
        const cosine = (row: number): number => rowOf(m, row).reduce((sum, x, i) => sum + x * query[i]!, 0);
        const left = [...(among ?? Array(rows).keys())].filter(
          (row) => !examples.positives.includes(row) && !examples.negatives.includes(row),
        );
        const found = runToEnd(mostSimilar(kernels, m, examples, { k, ...(among && { among }) }));
        expect(found.rows).toHaveLength(Math.min(k, left.length));
        expect([...found.rows].every((row) => left.includes(row))).toBe(true);
        const wanted = left.map(cosine).sort((a, b) => b - a);
        for (const [i, row] of found.rows.entries()) {
          expect(cosine(row)).toBeCloseTo(wanted[i]!, 5);
          expect(found.distances[i]).toBeCloseTo(distance(rowOf(m, row), query), 5);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("gives ties to the lowest row and the examples themselves only when asked for", () => {
    const m = matrix(Float32Array.of(0, 1, 1, 0, 1, 0, 1, 0, 0, 0), 5, 2);
    const similar = (options: object) => [
      ...runToEnd(mostSimilar(kernels, m, { positives: [2] }, { k: 9, ...options })).rows,
    ];
    expect(similar({})).toEqual([1, 3, 4, 0]);
    expect(similar({ withExamples: true })).toEqual([1, 2, 3, 4, 0]);
    expect(similar({ among: [0, 3] })).toEqual([3, 0]);
    expect(similar({ among: [] })).toEqual([]);
    expect(() => similar({ among: [5] })).toThrow("under 5, got 5");
    m.data[8] = Number.NaN;
    expect(() => similar({})).toThrow("row 4 of 5 embeddings holds NaN");
  });

  it("similarityTo is exp(−d / mean d) to the nearest query row", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (rows, seed) => {
        const m = unitRows(rows, 5, seed);
        const random = new Random(seed);
        const queries = random.sample(rows, 1 + random.below(rows));
        const nearest = Array.from({ length: rows }, (_, row) =>
          Math.min(...[...queries].map((query) => distance(rowOf(m, row), rowOf(m, query)))),
        );
        const mean = nearest.reduce((sum, d) => sum + d, 0) / rows;
        const scores = runToEnd(similarityTo(kernels, m, Uint32Array.of(...queries, queries[0]!)));
        for (const [row, score] of scores.entries()) {
          expect(score).toBeCloseTo(mean === 0 ? 1 : Math.exp(-nearest[row]! / mean), 5);
        }
        for (const query of queries) expect(scores[query]).toBe(1);
        const moved = matrix(new Float32Array(m.data.length), rows, 5);
        for (let row = 0; row < rows; row++) moved.data.set(rowOf(m, row), (rows - 1 - row) * 5);
        const movedScores = runToEnd(
          similarityTo(
            kernels,
            moved,
            queries.map((query) => rows - 1 - query),
          ),
        );
        for (const [row, score] of movedScores.reverse().entries()) expect(score).toBeCloseTo(scores[row]!, 6);
      }),
      { numRuns: 100 },
    );
  });

  it("similarityTo stands equal rows and one row, and wants a query", () => {
    const equal = matrix(new Float32Array(8).fill(0.5), 4, 2);
    expect([...runToEnd(similarityTo(kernels, equal, Uint32Array.of(2)))]).toEqual([1, 1, 1, 1]);
    expect([...runToEnd(similarityTo(kernels, matrix(new Float32Array(2), 1, 2), Uint32Array.of(0)))]).toEqual([1]);
    expect(() => runToEnd(similarityTo(kernels, equal, new Uint32Array(0)))).toThrow(/at least one/);
    expect(() => runToEnd(similarityTo(kernels, equal, Uint32Array.of(4)))).toThrow(/row 4 of 4/);
    expect(kernels.memory.used).toBe(0);
  });
});
