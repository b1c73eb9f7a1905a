import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { WinnowError } from "../errors.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import { Random } from "../random.ts";
import { type LayoutTask, type SparseGraph, symmetrised } from "./layout.ts";
import { PotentialGrid } from "./potentialGrid.ts";

export const tsneMinRows = 5;

export interface TsneOptions {
  /** Effective neighbours of a point, at most a third of the graph's k. Default 30. */
  perplexity?: number;
  /** Default 750, of which a third with early exaggeration. */
  epochs?: number;
  seed: number;
}

/** Neighbours that a graph should have for a perplexity: beyond these the similarities are nothing. */
export const tsneNeighbours = (rows: number, perplexity = 30): number => Math.min(rows - 1, Math.ceil(3 * perplexity));

const defaultEpochs = 750;
/** At first attraction counts this many times, so that clusters form. */
const earlyExaggeration = 12;
const earlyShare = 1 / 3;
const momentum = 0.8;
/** The learning rate is rows / exaggeration (Belkina et al. 2019), for a gradient without its factor of 4. */
const leastRate = 50;
/** Standard deviation that a layout starts with along its wider axis: small, so that nothing is decided yet. */
const startSpread = 1e-4;
const pointsPerChunk = 512;

/**
 * t-SNE (van der Maaten & Hinton 2008) from an exact kNN graph, with the repulsion from a potential on a grid by FFT
 * (after Linderman et al. 2019), so that an epoch costs rows × (3 · perplexity) and some transforms. All points move
 * together and every sum has a fixed order: the same seed gives the same map on any number of threads.
 * @param graph with {@link tsneNeighbours} neighbours
 * @param start x, y of each row, such as the first two principal components; any scale
 * @throws WinnowError `empty` under {@link tsneMinRows} rows
 */
export function tsne(kernels: Kernels, graph: KnnGraph, start: Float32Array, options: TsneOptions): LayoutTask {
  const { rows, k } = graph;
  if (rows < tsneMinRows) {
    throw new WinnowError("empty", `t-SNE needs at least ${tsneMinRows} images; there are ${rows}.`, { rows });
  }
  const { perplexity = 30, epochs = defaultEpochs, seed } = options;
  let look: (() => Float32Array) | null = null;
  return {
    snapshot: () => look?.() ?? null,
    task: (function* () {
      yield { done: 0, total: epochs };
      const edges = similarities(graph, Math.min(perplexity, k / 3));
      const field = new TsneField(kernels, edges, startOf(start, seed));
      look = () => field.positions();
      try {
        for (let epoch = 0; epoch < epochs; epoch++) {
          field.advance(epoch < epochs * earlyShare ? earlyExaggeration : 1);
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

function startOf(start: Float32Array, seed: number): Float32Array {
  const random = new Random(seed);
  const rows = start.length / 2;
  let widest = 0;
  for (const axis of [0, 1]) {
    let [sum, squares] = [0, 0];
    for (let i = axis; i < start.length; i += 2) {
      sum += start[i]!;
      squares += start[i]! ** 2;
    }
    widest = Math.max(widest, Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2)));
  }
  const scale = widest > 0 ? startSpread / widest : 0;
  return start.map((value) => value * scale + 0.01 * startSpread * random.normal());
}

const searchSteps = 60;

/** p_ij: Gaussian similarities of the wanted perplexity, symmetric, that sum to 1. */
export function similarities({ rows, k, indices, distances }: KnnGraph, perplexity: number): SparseGraph {
  const weights = new Float32Array(rows * k);
  const wanted = Math.log(Math.max(perplexity, 1));
  for (let row = 0; row < rows; row++) {
    const squares = Float64Array.from(distances.subarray(row * k, (row + 1) * k), (d) => d * d);
    const nearest = squares[0] ?? 0;
    let [low, high, beta] = [0, Number.POSITIVE_INFINITY, 1];
    let sum = 1;
    for (let step = 0; step < searchSteps; step++) {
      sum = 0;
      let weighted = 0;
      for (const squared of squares) {
        const p = Math.exp(-beta * (squared - nearest));
        sum += p;
        weighted += p * (squared - nearest);
      }
      const entropy = Math.log(sum) + (beta * weighted) / sum;
      if (Math.abs(entropy - wanted) < 1e-5) break;
      if (entropy > wanted) {
        low = beta;
        beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (low + high) / 2;
      } else {
        high = beta;
        beta = (low + high) / 2;
      }
    }
    for (const [n, squared] of squares.entries()) {
      weights[row * k + n] = Math.exp(-beta * (squared - nearest)) / sum / rows;
    }
  }
  return symmetrised(rows, k, indices, weights, "mean");
}

class TsneField {
  private readonly blocks: Blocks;
  private readonly rows: number;
  private readonly first: number;
  private readonly others: number;
  private readonly weights: number;
  private readonly forces: number;
  private readonly motion: number;
  private readonly bounds: number;
  private readonly grid: PotentialGrid;
  private from: number;
  private to: number;
  private box = { left: 0, bottom: 0, right: 0, top: 0 };

  constructor(
    private readonly kernels: Kernels,
    { rows, first, others, weights }: SparseGraph,
    start: Float32Array,
  ) {
    const { memory } = kernels;
    const blocks = new Blocks(memory);
    this.blocks = blocks;
    this.rows = rows;
    try {
      this.first = blocks.alloc(4 * (rows + 1));
      this.others = blocks.alloc(4 * others.length);
      this.weights = blocks.alloc(4 * others.length);
      this.from = blocks.alloc(8 * rows);
      this.to = blocks.alloc(8 * rows);
      this.forces = blocks.alloc(8 * rows);
      this.motion = blocks.alloc(16 * rows);
      this.bounds = blocks.alloc(24 * Math.ceil(rows / pointsPerChunk));
      memory.u32(this.first, rows + 1).set(first);
      memory.u32(this.others, others.length).set(others);
      memory.f32(this.weights, weights.length).set(weights);
      memory.f32(this.from, 2 * rows).set(start);
      const motion = memory.f32(this.motion, 4 * rows);
      for (let i = 0; i < motion.length; i += 4) motion.fill(1, i, i + 2);
      this.grid = new PotentialGrid(kernels, rows);
    } catch (error) {
      blocks.free();
      throw error;
    }
    for (let i = 0; i < start.length; i += 2) this.widen(start[i]!, start[i + 1]!, start[i]!, start[i + 1]!);
  }

  advance(exaggeration: number): void {
    const { kernels, rows, first, others, weights, from, to, forces, motion, bounds } = this;
    const sum = this.grid.repel(from, forces, this.box);
    const args = [exaggeration, 1 / sum, Math.max(leastRate, rows / exaggeration), momentum] as const;
    kernels.range(
      "tsneMove",
      rows,
      pointsPerChunk,
      first,
      others,
      weights,
      from,
      to,
      forces,
      motion,
      ...args,
      bounds,
      pointsPerChunk,
    );
    const chunks = Math.ceil(rows / pointsPerChunk);
    const boxes = kernels.memory.f32(bounds, 6 * chunks);
    this.box = { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity };
    for (let i = 0; i < boxes.length; i += 6) this.widen(boxes[i]!, boxes[i + 1]!, boxes[i + 2]!, boxes[i + 3]!);
    [this.from, this.to] = [to, from];
  }

  positions(): Float32Array {
    return this.kernels.memory.f32(this.from, 2 * this.rows).slice();
  }

  free(): void {
    this.grid.free();
    this.blocks.free();
  }

  private widen(left: number, bottom: number, right: number, top: number): void {
    const { box } = this;
    this.box = {
      left: Math.min(box.left, left),
      bottom: Math.min(box.bottom, bottom),
      right: Math.max(box.right, right),
      top: Math.max(box.top, top),
    };
  }
}
