import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { distanceSquared } from "../distance.ts";
import { type KernelRows, rowsPerChunk } from "../kernelRows.ts";
import type { Task } from "../task.ts";

/** Rows that the sampled ones are compared with at a time: 16 MB of products for 500. */
const rowsPerCall = 8_192;
/** Beyond k, because the order of nearly equal f32 products may be wrong. */
const spare = 6;

/** What a graph found for some rows. */
export interface FoundNeighbours {
  /** Row numbers. */
  list: Uint32Array;
  /** list × k, Euclidean. */
  distances: Float32Array;
  k: number;
}

/**
 * The share of the true k nearest neighbours that was found, 0 to 1, by comparing the listed rows with all rows. A
 * neighbour counts when it is no farther than the k-th true one, so that equal distances are equally good.
 */
export function* measuredRecall(kernels: Kernels, all: KernelRows, found: FoundNeighbours): Task<number> {
  const { memory } = kernels;
  const { data, rows, stride, norms } = all;
  const { list, distances, k } = found;
  if (list.length === 0 || k === 0) return 1;
  const outputs = Math.ceil(list.length / 4) * 4;
  const kept = Math.min(k + spare, rows - 1);
  const scores = new Float64Array(list.length * kept).fill(Number.POSITIVE_INFINITY);
  const others = new Uint32Array(list.length * kept);
  const worst = new Float64Array(list.length).fill(Number.POSITIVE_INFINITY);
  const blocks = new Blocks(memory);
  try {
    const wanted = blocks.alloc(4 * outputs * stride);
    const offset = blocks.alloc(4 * outputs);
    const out = blocks.alloc(4 * Math.min(rows, rowsPerCall) * outputs);
    for (const [i, row] of list.entries()) {
      memory.f32(wanted + 4 * i * stride, stride).set(memory.f32(data + 4 * row * stride, stride));
    }
    for (let first = 0; first < rows; first += rowsPerCall) {
      const count = Math.min(rowsPerCall, rows - first);
      const from = data + 4 * first * stride;
      kernels.range("project", count, rowsPerChunk, from, stride, wanted, offset, outputs, out, outputs, 0);
      const products = memory.f32(out, count * outputs);
      const lengths = memory.f32(norms + 4 * first, count);
      for (let r = 0; r < count; r++) {
        const at = r * outputs;
        const length = lengths[r]!;
        for (let i = 0; i < list.length; i++) {
          const score = length - 2 * products[at + i]!;
          if (score >= worst[i]! || list[i] === first + r) continue;
          let place = (i + 1) * kept - 1;
          for (; place > i * kept && scores[place - 1]! > score; place--) {
            scores[place] = scores[place - 1]!;
            others[place] = others[place - 1]!;
          }
          scores[place] = score;
          others[place] = first + r;
          worst[i] = scores[(i + 1) * kept - 1]!;
        }
      }
      yield { done: first + count, total: rows };
    }
  } finally {
    blocks.free();
  }
  const values = memory.f32(data, rows * stride);
  let good = 0;
  for (const [i, row] of list.entries()) {
    const squares = Float64Array.from(others.subarray(i * kept, (i + 1) * kept), (other) =>
      distanceSquared(values, row * stride, values, other * stride, stride),
    ).sort();
    const last = Math.fround(Math.sqrt(squares[k - 1]!));
    for (const distance of distances.subarray(i * k, (i + 1) * k)) if (distance <= last) good++;
  }
  return good / (list.length * k);
}
