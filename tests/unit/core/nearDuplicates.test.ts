import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duplicateThreshold, nearDuplicates } from "../../../src/core/cluster/nearDuplicates.ts";
import { UnionFind } from "../../../src/core/cluster/unionFind.ts";
import { type KnnGraph, knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { matrix } from "../../../src/core/matrix.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";

/** Rows on a line. */
const line = (values: readonly number[], k = 239): KnnGraph =>
  runToEnd(knnGraph(wasmKernels, matrix(Float32Array.from(values), values.length, 1), k));

/** Connected components by spreading labels until nothing changes, in the order that is promised. */
function components(n: number, edges: readonly (readonly [number, number])[]): number[][] {
  const label = Array.from({ length: n }, (_, i) => i);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [a, b] of edges) {
      const low = Math.min(label[a]!, label[b]!);
      if (label[a] !== low || label[b] !== low) changed = true;
      label[a] = low;
      label[b] = low;
    }
  }
  const groups = label.map((_, i) => label.flatMap((own, row) => (own === i ? [row] : [])));
  return groups.filter((group) => group.length > 1).sort((a, b) => b.length - a.length || a[0]! - b[0]!);
}

const lists = (groups: Uint32Array[]): number[][] => groups.map((group) => [...group]);

describe("UnionFind", () => {
  it("has the connected components, largest first", () => {
    const graph = fc
      .integer({ min: 1, max: 30 })
      .chain((n) => fc.tuple(fc.constant(n), fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 30 })));
    fc.assert(
      fc.property(graph, ([n, edges]) => {
        const sets = new UnionFind(n);
        for (const [a, b] of edges) sets.join(a, b);
        const wanted = components(n, edges);
        expect(lists(sets.groups())).toEqual(wanted);
        for (const group of wanted) for (const row of group) expect(sets.find(row)).toBe(sets.find(group[0]!));
      }),
      { numRuns: 300 },
    );
  });

  it("is empty for nothing", () => expect(new UnionFind(0).groups()).toEqual([]));
});

describe("near duplicates", () => {
  it("are the components of all pairs under the threshold", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(60), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 3 }),
        (values, threshold) => {
          const edges = values.flatMap((a, i) =>
            values.flatMap((b, j) => (i < j && (a === b || Math.abs(a - b) < threshold) ? [[i, j] as const] : [])),
          );
          const groups = runToEnd(nearDuplicates(line(values), { threshold }));
          expect(lists(groups)).toEqual(components(values.length, edges));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are found in groups larger than the graph has neighbours", () => {
    const values = Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 7 : 100 * i));
    const [group, ...rest] = runToEnd(nearDuplicates(line(values, 3), { threshold: 0.1 }));
    expect([...group!]).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
    expect(rest).toEqual([]);
  });

  it("join what hangs together, by extra pairs as well", () => {
    const graph = line([0, 10, 0.2, 10.1, 0.4, 20, 30, 30.1]);
    const groups = (options: object) => lists(runToEnd(nearDuplicates(graph, { threshold: 0.25, ...options })));
    expect(groups({})).toEqual([
      [0, 2, 4],
      [1, 3],
      [6, 7],
    ]);
    expect(groups({ pairs: [[5, 7]] })).toEqual([
      [0, 2, 4],
      [5, 6, 7],
      [1, 3],
    ]);
    expect(() => groups({ pairs: [[5, 8]] })).toThrow("under 8, got 8");
    expect(() => groups({ pairs: [[-1, 2]] })).toThrow("under 8, got -1");
  });

  it("have a threshold of half the median nearest distance, at most 0.32", () => {
    // Nearest distances 0.1, 0.1, 0.3, 0.3, 0.5: median 0.3.
    const close = line([0, 0.1, 1, 1.3, 1.8]);
    expect(duplicateThreshold(close)).toBeCloseTo(0.15, 6);
    expect(lists(runToEnd(nearDuplicates(close)))).toEqual([[0, 1]]);
    const far = line([0, 0.3, 10, 20, 30]);
    expect(duplicateThreshold(far)).toBe(0.32);
    expect(lists(runToEnd(nearDuplicates(far)))).toEqual([[0, 1]]);
  });

  it("are the exact ones only where most rows have one, and none in a single row", () => {
    const mostly = line([1, 1, 2, 2, 3, 3.01]);
    expect(duplicateThreshold(mostly)).toBe(0);
    expect(lists(runToEnd(nearDuplicates(mostly)))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    for (const values of [[], [1]]) {
      expect(duplicateThreshold(line(values))).toBe(0.32);
      expect(runToEnd(nearDuplicates(line(values)))).toEqual([]);
    }
  });
});
