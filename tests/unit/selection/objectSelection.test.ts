import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceSquared } from "../../../src/core/distance.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import type { Matrix } from "../../../src/core/matrix.ts";
import type { ObjectPoints } from "../../../src/core/objects/objectPoints.ts";
import { similarityTo } from "../../../src/core/select/similarity.ts";
import { typicality } from "../../../src/core/select/typicality.ts";
import type { SelectionConfig, SelectionStrategy } from "../../../src/core/selection/config.ts";
import { estimateOf } from "../../../src/core/selection/estimate.ts";
import type { SelectionScope } from "../../../src/core/selection/problem.ts";
import { selectImages } from "../../../src/core/selection/selectImages.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";
import { dataOf, unitRows } from "./selectionData.ts";

interface Problem {
  images: Matrix;
  /** How many objects each image has. */
  counts: number[];
  objects: ObjectPoints;
  w: number[];
  chosen: number[];
  strategies: SelectionStrategy[];
  n: number;
}

const neighbours = 3;
const ofObjects = { type: "EMBEDDINGS" as const, task: "boxes" };
const strength = fc.constantFrom(1, 0.5, 2);
const strategy: fc.Arbitrary<SelectionStrategy> = fc.oneof(
  strength.map((s): SelectionStrategy => ({ input: ofObjects, strategy: { type: "DIVERSITY", strength: s } })),
  strength.map(
    (s): SelectionStrategy => ({ input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY", strength: s } }),
  ),
  strength.map(
    (s): SelectionStrategy => ({
      input: ofObjects,
      strategy: { type: "COVERAGE", strength: s, numNearestNeighbors: neighbours },
    }),
  ),
  strength.map(
    (s): SelectionStrategy => ({
      input: { ...ofObjects, tagName: "q" },
      strategy: { type: "SIMILARITY", strength: s },
    }),
  ),
  strength.map(
    (s): SelectionStrategy => ({
      input: ofObjects,
      strategy: { type: "TYPICALITY", strength: s, numNearestNeighbors: neighbours },
    }),
  ),
  strength.map(
    (s): SelectionStrategy => ({ input: { type: "METADATA", key: "w" }, strategy: { type: "WEIGHTS", strength: s } }),
  ),
);

const pointsOf = (counts: readonly number[], seed: number): ObjectPoints => {
  const first = new Uint32Array(counts.length + 1);
  for (const [row, count] of counts.entries()) first[row + 1] = first[row]! + count;
  const points = first.at(-1)!;
  return {
    first,
    embeddings: unitRows(points, 3, seed),
    instances: Uint32Array.from({ length: points }, (_, i) => i),
    unknown: 0,
  };
};

const problems: fc.Arbitrary<Problem> = fc
  .tuple(fc.array(fc.nat(3), { minLength: 4, maxLength: 12 }), fc.integer({ min: 1, max: 1e6 }))
  .chain(([some, seed]) => {
    // The query and the graph need objects.
    const counts = [2, 1, ...some, 1, 1];
    const rows = counts.length;
    return fc.record({
      images: fc.constant(unitRows(rows, 3, seed + 1)),
      counts: fc.constant(counts),
      objects: fc.constant(pointsOf(counts, seed)),
      w: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: rows, maxLength: rows }),
      chosen: fc.uniqueArray(fc.nat(rows - 1), { maxLength: 3 }),
      strategies: fc
        .array(strategy, { minLength: 1, maxLength: 3 })
        .map((all): SelectionStrategy[] => [{ input: ofObjects, strategy: { type: "DIVERSITY" } }, ...all]),
      n: fc.integer({ min: 1, max: rows }),
    });
  });

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const distance = ({ data, cols }: Matrix, a: number, b: number): number =>
  Math.sqrt(distanceSquared(data, a * cols, data, b * cols, cols));
const query = [0, 1];

/** Σ strength · ln factor of every image after some picks, by the definition. */
function judge({ images, objects, w, strategies }: Problem, chosen: readonly number[]): number[] {
  const own = (row: number): number[] => range(objects.first[row]!, objects.first[row + 1]!);
  const points = objects.embeddings;
  const taken = chosen.flatMap(own);
  const ln = (x: number): number => Math.log(Math.max(1e-9, x));
  const graph = runToEnd(knnGraph(wasmKernels, points, Math.min(neighbours, points.rows - 1)));
  const covers = (a: number, b: number): number => {
    if (a === b) return 1;
    const near = (x: number, y: number): boolean => graph.indices.subarray(x * graph.k, (x + 1) * graph.k).includes(y);
    return near(a, b) || near(b, a) ? 1 - distance(points, a, b) ** 2 / 4 : 0;
  };
  const covered = (set: readonly number[]): number =>
    range(0, points.rows).reduce((sum, i) => sum + Math.max(0, ...set.map((c) => covers(i, c))), 0);
  const factorOf = ({ input, strategy: { type } }: SelectionStrategy): ((row: number) => number) => {
    if (type === "WEIGHTS") return (row) => w[row]!;
    if (type === "DIVERSITY" && input.type === "EMBEDDINGS" && input.task === undefined) {
      return (row) => (chosen.length === 0 ? 1 : Math.min(...chosen.map((other) => distance(images, row, other))));
    }
    switch (type) {
      case "DIVERSITY":
        return (row) =>
          taken.length === 0
            ? 1
            : Math.max(0, ...own(row).map((i) => Math.min(...taken.map((other) => distance(points, i, other)))));
      case "COVERAGE":
        return (row) => covered([...taken, ...own(row)]) - covered(taken);
      case "SIMILARITY": {
        const values = runToEnd(similarityTo(wasmKernels, points, Uint32Array.from(query.flatMap(own))));
        return (row) => Math.max(...own(row).map((i) => values[i]!));
      }
      case "TYPICALITY": {
        const values = runToEnd(typicality(graph, neighbours));
        return (row) => own(row).reduce((sum, i) => sum + values[i]!, 0) / own(row).length;
      }
      default:
        throw new Error(type);
    }
  };
  const factors = strategies.map((one) => ({ of: factorOf(one), power: one.strategy.strength ?? 1 }));
  return range(0, images.rows).map((row) => factors.reduce((sum, { of, power }) => sum + power * ln(of(row)), 0));
}

describe.each(everyKernels)("selection by objects, %s kernels", (_, kernels) => {
  it("takes the image with the largest product of factors; images without objects are left out and named", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { images, counts, objects, w, chosen, strategies, n } = problem;
        const data = dataOf(images, { w }, undefined, { q: query }, { boxes: objects });
        const scope: SelectionScope = { alreadyChosen: Uint32Array.from(chosen), among: null };
        const config: SelectionConfig = { nSamples: n, strategies };
        const outcome = runToEnd(selectImages(kernels, data, config, scope));
        const set = [...chosen];
        const candidate = (row: number): boolean => counts[row]! > 0 && !set.includes(row);
        const free = range(0, images.rows).filter(candidate);
        expect(outcome.rows.length).toBe(Math.min(n, free.length));
        for (const row of outcome.rows) {
          const logs = judge(problem, set);
          const best = Math.max(...logs.filter((_, i) => candidate(i)));
          expect(candidate(row)).toBe(true);
          expect(logs[row]).toBeGreaterThan(best - 1e-6 * Math.max(1, Math.abs(best)));
          set.push(row);
        }
        const without = range(0, images.rows).filter((row) => counts[row] === 0 && !chosen.includes(row));
        expect(outcome.notes.join("\n").includes("no object and can not be chosen")).toBe(without.length > 0);
        expect(estimateOf(config, data, scope).left).toBe(free.length);
      }),
      { numRuns: 150 },
    );
  });

  it("with thousands of objects lazily chooses what a full scan does, among some images too", () => {
    const counts = Array.from({ length: 900 }, (_, row) => row % 4);
    const objects = pointsOf(counts, 5);
    const images = unitRows(counts.length, 3, 6);
    const w = counts.map((_, row) => 0.2 + (row % 7) / 10);
    const data = dataOf(images, { w }, undefined, {}, { boxes: objects });
    const diverse: SelectionStrategy = { input: ofObjects, strategy: { type: "DIVERSITY" } };
    const weighed: SelectionStrategy = { input: { type: "METADATA", key: "w" }, strategy: { type: "WEIGHTS" } };
    const all: SelectionStrategy = {
      input: { type: "METADATA", key: "w" },
      strategy: { type: "WEIGHTS", targetRange: { minSum: 1e9, maxSum: 2e9 } },
    };
    for (const among of [null, Uint32Array.from(range(100, 700))]) {
      for (const strategies of [[diverse], [diverse, weighed]]) {
        const choose = (extra: SelectionStrategy[]): number[] => [
          ...runToEnd(
            selectImages(
              kernels,
              data,
              { nSamples: 150, strategies: [...strategies, ...extra] },
              {
                alreadyChosen: Uint32Array.of(101, 333),
                among,
              },
            ),
          ).rows,
        ];
        // A range that is never reached makes the engine look at every image; its weight of strength 0 says nothing.
        expect(choose([])).toEqual(choose([{ ...all, strategy: { ...all.strategy, strength: 0 } }]));
      }
    }
  });
});

describe("sequences and their objects", () => {
  it("counts the objects of all its frames", () => {
    const counts = [1, 0, 0, 0, 2, 1, 0, 0];
    const data = dataOf(unitRows(8, 3, 1), {}, undefined, {}, { boxes: pointsOf(counts, 2) });
    const config: SelectionConfig = {
      nSamples: 4,
      selectedSequenceLength: 2,
      strategies: [{ input: ofObjects, strategy: { type: "DIVERSITY" } }],
    };
    const { rows } = runToEnd(
      selectImages(wasmKernels, data, config, { alreadyChosen: new Uint32Array(0), among: null }),
    );
    // Frames without objects can not be chosen, nor sequences with one of them; folders take every other row.
    expect([...rows].every((row) => counts[row]! > 0)).toBe(true);
  });
});
