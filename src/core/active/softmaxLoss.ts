import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { outerProducts } from "../linalg/products.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";

/** Rows of a matrix with the class that each is an example of. */
export interface Examples {
  x: Matrix;
  /** Which rows of x; none twice. */
  rows: Uint32Array;
  /** By example: 0 … classes − 1. */
  labels: Uint32Array;
  classes: number;
  /** By example, above 0; null: all count the same. */
  weights: Float64Array | null;
}

/** Numbers of logits that are held at once: half a megabyte in f64, which a second-level cache keeps. */
const blockNumbers = 65_536;

/** Rows of a block; a power of two would make all its columns compete for the same lines of the cache. */
const mostRows = 1_000;

/** Numbers a class in the parameters: its weights, its intercept, and padding to an even count. */
export const widthOf = (cols: number): number => cols + 1 + ((cols + 1) % 2);

/**
 * The weighted mean of the log-loss of a softmax over examples, plus `ridge` / 2 · Σ weights² (intercepts are free).
 * Parameters are classes × {@link widthOf}: weights, intercept, zero padding. Sums are f64, in one order whatever the
 * number of threads. Holds blocks of the kernels' memory until {@link close}.
 */
export class SoftmaxLoss {
  private readonly blocks: Blocks;
  private readonly width: number;
  private readonly most: number;
  private readonly at: { x: number; turned: number; logits: number; theta: number; part: number };
  private readonly total: number;
  private readonly tops: Float64Array;
  private readonly sums: Float64Array;

  constructor(
    private readonly kernels: Kernels,
    private readonly examples: Examples,
    private readonly ridge: number,
  ) {
    const { x, rows, classes, weights } = examples;
    this.width = widthOf(x.cols);
    const fitting = Math.floor(blockNumbers / classes);
    this.most = Math.max(2, Math.min(mostRows, fitting - (fitting % 2), rows.length + (rows.length % 2)));
    this.total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : rows.length;
    this.tops = new Float64Array(this.most);
    this.sums = new Float64Array(this.most);
    this.blocks = new Blocks(kernels.memory);
    const alloc = (numbers: number): number => this.blocks.alloc(8 * numbers);
    this.at = {
      x: alloc(this.most * this.width),
      turned: alloc(this.most * this.width),
      logits: alloc(this.most * classes),
      theta: alloc(classes * this.width),
      part: alloc(classes * this.width),
    };
  }

  close(): void {
    this.blocks.free();
  }

  /** @param gradient overwritten @returns the loss */
  *evaluate(theta: Float64Array, gradient: Float64Array): Task<number> {
    const { kernels, width, ridge, total } = this;
    const { memory } = kernels;
    const { x, rows, classes } = this.examples;
    const chunk = Math.max(2, 2 * Math.ceil(classes / 2 / Math.max(1, kernels.threads)));
    gradient.fill(0);
    memory.f64(this.at.theta, theta.length).set(theta);
    let sum = 0;
    for (let first = 0; first < rows.length; first += this.most) {
      const count = Math.min(this.most, rows.length - first);
      const even = count + (count % 2);
      this.fill(first, count, even);
      const { x: block, turned, logits, theta: parameters, part } = this.at;
      kernels.range("multiplyTransposedF64", classes, chunk, parameters, block, even, width, logits);
      sum += this.residuals(first, count, even);
      kernels.range("multiplyTransposedF64", classes, chunk, logits, turned, width, even, part);
      const own = memory.f64(part, gradient.length);
      for (let i = 0; i < gradient.length; i++) gradient[i]! += own[i]!;
      yield { done: first + count, total: rows.length };
    }
    let squares = 0;
    for (let c = 0, i = 0; c < classes; c++) {
      for (let j = 0; j < width; j++, i++) {
        const penalised = j < x.cols ? theta[i]! : 0;
        squares += penalised * penalised;
        gradient[i] = gradient[i]! / total + ridge * penalised;
      }
    }
    return sum / total + (ridge / 2) * squares;
  }

  /**
   * An upper bound of the Hessian, the same for every class (Böhning 1992: ½ Σ w x xᵀ / Σ w, plus the ridge); width ×
   * width, positive definite.
   */
  *curvature(): Task<Float64Array> {
    const { width, ridge, total } = this;
    const { x, rows, weights } = this.examples;
    const bound = yield* outerProducts(this.kernels, rows.length, width, (i, to) => {
      const root = Math.sqrt(weights?.[i] ?? 1);
      const from = rows[i]! * x.cols;
      for (let j = 0; j < x.cols; j++) to[j] = root * x.data[from + j]!;
      to.fill(0, x.cols);
      to[x.cols] = root;
    });
    for (let i = 0; i < bound.length; i++) bound[i]! *= 0.5 / total;
    for (let j = 0; j < width; j++) bound[j * width + j]! += j < x.cols ? ridge + 1e-12 : j === x.cols ? 1e-12 : 1;
    return bound;
  }

  /** Copies examples with a 1 behind them, upright and turned. */
  private fill(first: number, count: number, even: number): void {
    const { width } = this;
    const { x, rows } = this.examples;
    const upright = this.kernels.memory.f64(this.at.x, even * width);
    const turned = this.kernels.memory.f64(this.at.turned, even * width);
    for (let i = 0; i < count; i++) {
      const from = rows[first + i]! * x.cols;
      const to = i * width;
      for (let j = 0; j < x.cols; j++) {
        const value = x.data[from + j]!;
        upright[to + j] = value;
        turned[j * even + i] = value;
      }
      upright[to + x.cols] = 1;
      turned[x.cols * even + i] = 1;
    }
    if (even === count) return;
    upright.fill(0, count * width);
    for (let j = 0; j < width; j++) turned[j * even + count] = 0;
  }

  /** Makes logits to weighted p − y, in place. @returns the weighted sum of the log-losses */
  private residuals(first: number, count: number, even: number): number {
    const { classes, labels, weights } = this.examples;
    const z = this.kernels.memory.f64(this.at.logits, classes * even);
    const { tops, sums } = this;
    tops.fill(Number.NEGATIVE_INFINITY);
    for (let c = 0, at = 0; c < classes; c++, at += even) {
      for (let i = 0; i < count; i++) if (z[at + i]! > tops[i]!) tops[i] = z[at + i]!;
    }
    let loss = 0;
    for (let i = 0; i < count; i++) {
      loss -= (weights?.[first + i] ?? 1) * (z[labels[first + i]! * even + i]! - tops[i]!);
    }
    sums.fill(0);
    for (let c = 0, at = 0; c < classes; c++, at += even) {
      for (let i = 0; i < count; i++) {
        const e = Math.exp(z[at + i]! - tops[i]!);
        z[at + i] = e;
        sums[i]! += e;
      }
    }
    for (let i = 0; i < count; i++) {
      const weight = weights?.[first + i] ?? 1;
      loss += weight * Math.log(sums[i]!);
      sums[i] = weight / sums[i]!;
    }
    for (let c = 0, at = 0; c < classes; c++, at += even) {
      for (let i = 0; i < count; i++) z[at + i]! *= sums[i]!;
    }
    for (let i = 0; i < count; i++) z[labels[first + i]! * even + i]! -= weights?.[first + i] ?? 1;
    if (even > count) for (let at = count; at < classes * even; at += even) z[at] = 0;
    return loss;
  }
}
