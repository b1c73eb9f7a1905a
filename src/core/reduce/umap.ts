import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { WinnowError } from "../errors.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import { Random } from "../random.ts";
import { fuzzyGraph } from "./fuzzyGraph.ts";
import type { LayoutTask, SparseGraph } from "./layout.ts";

/** Fewer images than this have no neighbourhoods to speak of. */
export const umapMinRows = 5;

export interface UmapOptions {
  /** Neighbours a point, itself counted, as in umap-learn. Default 15. */
  neighbours?: number;
  /** How close points may lie, in the layout's units. Default 0.1. */
  minDist?: number;
  /** Default 500 up to 10,000 rows and {@link manyRowsEpochs} beyond. */
  epochs?: number;
  /** Share of a force that a point moves at first; it falls to 0. */
  learningRate?: number;
  negatives?: number;
  seed: number;
}

const manyRowsEpochs = 300;
/** All points move at once, so they must take smaller steps than one after another (there it is 1). */
const synchronousRate = 0.12;
/** Random points that push a point away for each neighbour that pulls it. */
const negativesPerEdge = 5;
/** Half-width that a layout starts with. */
const startHalfWidth = 10;
/** Points of a chunk: a few dozen chunks even for small data, so that threads share evenly. */
const pointsPerChunk = 512;

/**
 * UMAP (McInnes et al. 2018) from an exact kNN graph. Every epoch computes all forces from the positions of the epoch
 * before and applies them together, so the same seed gives the same map on any number of threads.
 * @param start x, y of each row, such as the first two principal components; any scale
 * @throws WinnowError `empty` under {@link umapMinRows} rows
 */
export function umap(kernels: Kernels, graph: KnnGraph, start: Float32Array, options: UmapOptions): LayoutTask {
  const { rows, k } = graph;
  if (rows < umapMinRows) {
    throw new WinnowError("empty", `UMAP needs at least ${umapMinRows} images; there are ${rows}.`, { rows });
  }
  const neighbours = Math.min(options.neighbours ?? 15, k + 1);
  const epochs = options.epochs ?? (rows <= 10_000 ? 500 : manyRowsEpochs);
  let look: (() => Float32Array) | null = null;
  return {
    snapshot: () => look?.() ?? null,
    task: (function* () {
      yield { done: 0, total: epochs };
      const edges = fuzzyGraph(graph, neighbours);
      const field = new UmapField(kernels, edges, startOf(start, options.seed), epochs, options);
      look = () => field.positions();
      try {
        for (let epoch = 0; epoch < epochs; epoch++) {
          field.advance(epoch);
          yield { done: epoch + 1, total: epochs };
        }
        return field.positions();
      } finally {
        look = null;
        field.free();
      }
    })(),
  };
}

/** The starting positions, moved and scaled to {@link startHalfWidth}, with a little noise so that equal rows part. */
function startOf(start: Float32Array, seed: number): Float32Array {
  const random = new Random(seed);
  let most = 0;
  for (const value of start) most = Math.max(most, Math.abs(value));
  const scale = most > 0 ? startHalfWidth / most : 1;
  return start.map((value) => value * scale + 1e-4 * random.normal());
}

class UmapField {
  private readonly blocks: Blocks;
  private readonly first: number;
  private readonly others: number;
  private readonly rates: number;
  private readonly table: number;
  private from: number;
  private to: number;
  private readonly rows: number;
  private readonly step: number;
  private readonly negatives: number;
  private readonly seed: number;

  constructor(
    private readonly kernels: Kernels,
    { rows, first, others, weights }: SparseGraph,
    start: Float32Array,
    private readonly epochs: number,
    { minDist = 0.1, learningRate = synchronousRate, negatives = negativesPerEdge, seed }: UmapOptions,
  ) {
    const { memory } = kernels;
    const blocks = new Blocks(memory);
    this.blocks = blocks;
    this.rows = rows;
    this.step = learningRate;
    this.negatives = negatives;
    this.seed = seed;
    try {
      this.first = blocks.alloc(4 * (rows + 1));
      this.others = blocks.alloc(4 * others.length);
      this.rates = blocks.alloc(4 * others.length);
      this.from = blocks.alloc(8 * rows);
      this.to = blocks.alloc(8 * rows);
      const table = forceTable(curveOf(minDist));
      this.table = blocks.alloc(4 * table.length);
      memory.f32(this.table, table.length).set(table);
      memory.u32(this.first, rows + 1).set(first);
      memory.u32(this.others, others.length).set(others);
      let most = 0;
      for (const weight of weights) most = Math.max(most, weight);
      const rates = memory.f32(this.rates, weights.length);
      // An edge that would never be active is left alone, as umap-learn does.
      for (let e = 0; e < weights.length; e++) rates[e] = weights[e]! < most / epochs ? 0 : weights[e]! / most;
      memory.f32(this.from, 2 * rows).set(start);
    } catch (error) {
      blocks.free();
      throw error;
    }
  }

  advance(epoch: number): void {
    const step = this.step * (1 - epoch / this.epochs);
    const { first, others, rates, from, to, rows, negatives, table, seed } = this;
    this.kernels.range(
      "umapEpoch",
      rows,
      pointsPerChunk,
      first,
      others,
      rates,
      from,
      to,
      rows,
      epoch,
      negatives,
      step,
      table,
      seed,
    );
    [this.from, this.to] = [to, from];
  }

  positions(): Float32Array {
    return this.kernels.memory.f32(this.from, 2 * this.rows).slice();
  }

  free(): void {
    this.blocks.free();
  }
}

/** Shape of the membership in the plane, 1 / (1 + a · d²ᵇ). */
export interface Curve {
  a: number;
  b: number;
}

/**
 * The curve that comes nearest to 1 up to `minDist` and exp(−(d − minDist)) beyond, for d in 0…3 (spread 1), in least
 * squares by Gauss–Newton; as umap-learn chooses it.
 */
export function curveOf(minDist: number): Curve {
  const samples = 300;
  let [a, b] = [1, 1];
  for (let round = 0; round < 200; round++) {
    let [aa, ab, bb, ra, rb] = [0, 0, 0, 0, 0];
    for (let i = 1; i < samples; i++) {
      const d = (3 * i) / (samples - 1);
      const wanted = d < minDist ? 1 : Math.exp(-(d - minDist));
      const power = d ** (2 * b);
      const bottom = 1 + a * power;
      const rest = wanted - 1 / bottom;
      const byA = -power / bottom ** 2;
      const byB = (-2 * a * power * Math.log(d)) / bottom ** 2;
      aa += byA * byA;
      ab += byA * byB;
      bb += byB * byB;
      ra += byA * rest;
      rb += byB * rest;
    }
    const determinant = aa * bb - ab * ab;
    const [da, db] = [(ra * bb - rb * ab) / determinant, (rb * aa - ra * ab) / determinant];
    a += 0.5 * da;
    b += 0.5 * db;
    if (Math.abs(da) + Math.abs(db) < 1e-10) break;
  }
  return { a, b };
}

/** Attraction and repulsion over d², in pairs, from 2⁻²⁴ to 2¹⁶, 64 entries an octave and one more. */
function forceTable({ a, b }: Curve): Float32Array {
  const entries = 40 * 64 + 1;
  const table = new Float32Array(2 * entries);
  for (let i = 0; i < entries; i++) {
    const squared = 2 ** (Math.floor(i / 64) - 24) * (1 + (i % 64) / 64);
    const bottom = 1 + a * squared ** b;
    table[2 * i] = (-2 * a * b * squared ** (b - 1)) / bottom;
    table[2 * i + 1] = (2 * b) / ((0.001 + squared) * bottom);
  }
  return table;
}
