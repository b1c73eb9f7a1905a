import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { communities } from "../../../src/core/cluster/communities.ts";
import type { SparseGraph } from "../../../src/core/reduce/layout.ts";
import { runToEnd } from "../../../src/core/task.ts";

type Edge = [a: number, b: number, weight: number];

function graphOf(rows: number, edges: readonly Edge[]): SparseGraph {
  const lists: Map<number, number>[] = Array.from({ length: rows }, () => new Map());
  for (const [a, b, weight] of edges) {
    if (a === b) continue;
    lists[a]!.set(b, weight);
    lists[b]!.set(a, weight);
  }
  const first = new Uint32Array(rows + 1);
  for (const [i, list] of lists.entries()) first[i + 1] = first[i]! + list.size;
  const sorted = lists.map((list) => [...list].sort(([a], [b]) => a - b));
  return {
    rows,
    first,
    others: Uint32Array.from(sorted.flatMap((list) => list.map(([other]) => other))),
    weights: Float32Array.from(sorted.flatMap((list) => list.map(([, weight]) => weight))),
  };
}

/** Newman's modularity, by its definition. */
function modularity({ rows, first, others, weights }: SparseGraph, of: ArrayLike<number>): number {
  const degrees = Array.from({ length: rows }, (_, i) =>
    weights.subarray(first[i]!, first[i + 1]!).reduce((sum, weight) => sum + weight, 0),
  );
  const all = degrees.reduce((sum, degree) => sum + degree, 0);
  if (all === 0) return 0;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let e = first[i]!; e < first[i + 1]!; e++) if (of[i] === of[others[e]!]) sum += weights[e]! / all;
    for (let j = 0; j < rows; j++) if (of[i] === of[j]) sum -= (degrees[i]! * degrees[j]!) / all ** 2;
  }
  return sum;
}

const clique = (nodes: readonly number[]): Edge[] =>
  nodes.flatMap((a) => nodes.filter((b) => b > a).map((b): Edge => [a, b, 1]));

const graphs = fc.integer({ min: 1, max: 24 }).chain((rows) =>
  fc
    .array(fc.tuple(fc.nat(rows - 1), fc.nat(rows - 1), fc.float({ min: Math.fround(0.01), max: 1, noNaN: true })), {
      maxLength: 60,
    })
    .map((edges) => graphOf(rows, edges as Edge[])),
);

describe("communities", () => {
  it("are the crowds that hang together, the largest first", () => {
    const edges = [
      ...clique([0, 2, 4]),
      ...clique([1, 3, 5, 7, 9]),
      ...clique([6, 8, 10, 11]),
      [0, 1, 0.1],
      [9, 6, 0.1],
    ];
    const of = runToEnd(communities(graphOf(13, edges as Edge[])));
    expect([...of]).toEqual([2, 0, 2, 0, 2, 0, 1, 0, 1, 0, 1, 1, 3]);
  });

  it("are finer with a higher resolution", () => {
    const graph = graphOf(6, [...clique([0, 1, 2]), ...clique([3, 4, 5]), [2, 3, 1], [1, 4, 1]] as Edge[]);
    const count = (resolution: number): number => new Set(runToEnd(communities(graph, resolution))).size;
    expect(count(0.1)).toBe(1);
    expect(count(1)).toBe(2);
    expect(count(10)).toBe(6);
  });

  it("are connected, repeatable, and better than none and than one", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const of = runToEnd(communities(graph));
        expect([...runToEnd(communities(graph))]).toEqual([...of]);
        const q = modularity(graph, of);
        expect(q).toBeGreaterThanOrEqual(modularity(graph, Array.from(of.keys())) - 1e-6);
        const sizes = [...of].reduce<number[]>((all, c) => {
          all[c] = (all[c] ?? 0) + 1;
          return all;
        }, []);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        for (const community of sizes.keys()) {
          const members = [...of.keys()].filter((i) => of[i] === community);
          const reached = new Set([members[0]!]);
          for (const i of reached) {
            for (let e = graph.first[i]!; e < graph.first[i + 1]!; e++) {
              if (of[graph.others[e]!] === community) reached.add(graph.others[e]!);
            }
          }
          expect(reached.size).toBe(members.length);
        }
      }),
    );
  });
});
