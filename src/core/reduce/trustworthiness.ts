import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { kernelRows } from "../kernelRows.ts";
import type { Matrix } from "../matrix.ts";
import { Random } from "../random.ts";
import type { Task } from "../task.ts";

/** How far a map can be believed. */
export interface MapQuality {
  /** 1 minus the penalty for neighbours in the plane that are none in the embedding (Venna & Kaski 2001), 0…1. */
  trustworthiness: number;
  /** Share of the k nearest in the embedding that are among the k nearest in the plane, 0…1. */
  kept: number;
  /** Neighbours that were looked at. */
  k: number;
  /** Rows that it was measured on. */
  measured: number;
}

const rowsPerCall = 16;

/**
 * Trustworthiness of a map at k, on a random sample of rows against all rows.
 * @param embeddings n × d
 * @param xy x, y of each row in turn
 * @param k neighbours, default 15; fewer when there are fewer than 2k + 1 rows
 * @param sample rows that are measured at most; default 1,000
 */
export function* mapQuality(
  kernels: Kernels,
  embeddings: Matrix,
  xy: Float32Array,
  { k = 15, sample = 1_000, seed = 1 }: { k?: number; sample?: number; seed?: number } = {},
): Task<MapQuality> {
  const { memory } = kernels;
  const blocks = new Blocks(memory);
  try {
    const alloc = (bytes: number): number => blocks.alloc(bytes);
    const { data, rows, stride, norms } = kernelRows(kernels, alloc, embeddings, "embeddings");
    const near = Math.min(k, Math.floor((rows - 1) / 2));
    if (near < 1) return { trustworthiness: 1, kept: 1, k: 0, measured: 0 };
    const list = new Random(seed).sample(rows, sample);
    const positions = alloc(8 * rows);
    memory.f32(positions, 2 * rows).set(xy);
    const listAt = alloc(4 * list.length);
    memory.u32(listAt, list.length).set(list);
    const ranksAt = alloc(4 * list.length * near);
    const scratch = alloc(4_096 * kernels.threads);
    for (let first = 0; first < list.length; first += rowsPerCall) {
      const count = Math.min(rowsPerCall, list.length - first);
      const [from, to] = [listAt + 4 * first, ranksAt + 4 * first * near];
      kernels.range("planeRanks", count, 4, data, rows, stride, norms, positions, from, near, to, scratch);
      yield { done: first + count, total: list.length };
    }
    let penalty = 0;
    let kept = 0;
    for (const rank of memory.i32(ranksAt, list.length * near)) {
      if (rank > near) penalty += rank - near;
      else kept++;
    }
    const worst = (list.length * near * (2 * rows - 3 * near - 1)) / 2;
    return {
      trustworthiness: 1 - penalty / worst,
      kept: kept / (list.length * near),
      k: near,
      measured: list.length,
    };
  } finally {
    blocks.free();
  }
}
