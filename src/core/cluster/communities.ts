import type { SparseGraph } from "../reduce/layout.ts";
import type { Task } from "../task.ts";

/** Passes over all nodes of a level at most; nearly nothing moves after the first few. */
const mostPasses = 20;
/** Moves that gain less modularity than this, as a share of all weight, are not made: they would go on for ever. */
const leastGain = 1e-9;
/** Nodes between two reports of progress: about a millisecond. */
const nodesPerStep = 2_048;

/**
 * Communities of a weighted symmetric graph by greedy modularity: nodes move to the neighbouring community that gains
 * most, communities become nodes, and so on until nothing gains (Louvain; Blondel et al. 2008). Afterwards each
 * community is split into its connected parts, which Louvain does not promise. Repeatable: nodes are visited in order,
 * ties go to the lower community.
 * @param resolution 1 for modularity; more makes smaller communities
 * @returns by node the number of its community: the largest is 0, of equals the one with the lowest node first
 */
export function* communities(graph: SparseGraph, resolution = 1): Task<Int32Array> {
  const of = Int32Array.from({ length: graph.rows }, (_, i) => i);
  let level: Level = levelOf(graph);
  for (;;) {
    const moved = yield* oneLevel(level, resolution);
    if (moved.count === level.rows) break;
    for (let i = 0; i < of.length; i++) of[i] = moved.of[of[i]!]!;
    level = merged(level, moved.of, moved.count);
  }
  return numbered(connectedParts(graph, of));
}

interface Level extends SparseGraph {
  /** Weight of edges within a node, both ways. */
  loops: Float64Array;
  /** Sum of a node's weights with its loops. */
  degrees: Float64Array;
}

function levelOf(graph: SparseGraph, loops = new Float64Array(graph.rows)): Level {
  const degrees = loops.slice();
  for (let i = 0; i < graph.rows; i++) {
    for (let e = graph.first[i]!; e < graph.first[i + 1]!; e++) degrees[i] = degrees[i]! + graph.weights[e]!;
  }
  return { ...graph, loops, degrees };
}

/** Moves nodes until nothing gains; communities are numbered in the order of their lowest node. */
function* oneLevel(level: Level, resolution: number): Task<{ of: Int32Array; count: number }> {
  const { rows, first, others, weights, degrees } = level;
  const of = Int32Array.from({ length: rows }, (_, i) => i);
  const totals = degrees.slice();
  const all = degrees.reduce((sum, degree) => sum + degree, 0);
  const toward = new Float64Array(rows);
  const touched: number[] = [];
  for (let pass = 0; pass < mostPasses && all > 0; pass++) {
    let moves = 0;
    for (let i = 0; i < rows; i++) {
      const own = of[i]!;
      for (let e = first[i]!; e < first[i + 1]!; e++) {
        const community = of[others[e]!]!;
        if (toward[community] === 0) touched.push(community);
        toward[community] = toward[community]! + weights[e]!;
      }
      totals[own] = totals[own]! - degrees[i]!;
      const gainOf = (community: number): number =>
        toward[community]! - (resolution * totals[community]! * degrees[i]!) / all;
      let best = own;
      let most = gainOf(own) + leastGain * all;
      for (const community of touched) {
        const gain = gainOf(community);
        if (gain > most || (gain === most && community < best)) {
          best = community;
          most = gain;
        }
      }
      totals[best] = totals[best]! + degrees[i]!;
      if (best !== own) {
        of[i] = best;
        moves++;
      }
      for (const community of touched) toward[community] = 0;
      touched.length = 0;
      if (i % nodesPerStep === 0) yield { done: pass * rows + i, total: mostPasses * rows };
    }
    if (moves === 0) break;
  }
  const numbers = new Map<number, number>();
  for (let i = 0; i < rows; i++) {
    const known = numbers.get(of[i]!) ?? numbers.size;
    numbers.set(of[i]!, known);
    of[i] = known;
  }
  return { of, count: numbers.size };
}

/** Communities as nodes. */
function merged(level: Level, of: Int32Array, count: number): Level {
  const loops = new Float64Array(count);
  const edges: Map<number, number>[] = Array.from({ length: count }, () => new Map());
  for (let i = 0; i < level.rows; i++) {
    const own = of[i]!;
    loops[own] = loops[own]! + level.loops[i]!;
    for (let e = level.first[i]!; e < level.first[i + 1]!; e++) {
      const other = of[level.others[e]!]!;
      if (other === own) loops[own] = loops[own]! + level.weights[e]!;
      else edges[own]!.set(other, (edges[own]!.get(other) ?? 0) + level.weights[e]!);
    }
  }
  const first = new Uint32Array(count + 1);
  for (const [i, { size }] of edges.entries()) first[i + 1] = first[i]! + size;
  const others = Uint32Array.from(edges.flatMap((list) => [...list.keys()]));
  const weights = Float32Array.from(edges.flatMap((list) => [...list.values()]));
  return levelOf({ rows: count, first, others, weights }, loops);
}

/** A number for every connected part of every community. */
function connectedParts({ rows, first, others }: SparseGraph, of: Int32Array): Int32Array {
  const part = new Int32Array(rows).fill(-1);
  const waiting: number[] = [];
  let count = 0;
  for (let seed = 0; seed < rows; seed++) {
    if (part[seed]! >= 0) continue;
    part[seed] = count;
    waiting.push(seed);
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      for (let e = first[i]!; e < first[i + 1]!; e++) {
        const other = others[e]!;
        if (part[other]! >= 0 || of[other] !== of[seed]) continue;
        part[other] = count;
        waiting.push(other);
      }
    }
    count++;
  }
  return part;
}

function numbered(of: Int32Array): Int32Array {
  const sizes: number[] = [];
  for (const community of of) sizes[community] = (sizes[community] ?? 0) + 1;
  // Parts are numbered by their lowest node, and sorting is stable.
  const order = [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]!);
  const placeOf = new Int32Array(sizes.length);
  for (const [place, community] of order.entries()) placeOf[community] = place;
  return of.map((community) => placeOf[community]!);
}
