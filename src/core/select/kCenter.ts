import type { Kernels } from "../../kernels/load.ts";
import { WinnowError } from "../errors.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { FarthestFirst } from "./farthestFirst.ts";

export interface KCenterOptions {
  /** How many rows to choose; fewer are chosen when fewer are left. */
  n: number;
  /** Rows that count as chosen and are never returned. */
  alreadyChosen?: Uint32Array;
  /** First row when nothing is chosen yet. Default 0. */
  start?: number;
  /** Stops before a pick nearer than this to what is chosen (Euclidean). Default 0: never. */
  minDistance?: number;
}

export interface KCenterResult {
  /** Chosen rows in pick order. */
  rows: Uint32Array;
  /** Covering radius after each pick: the largest distance of any row to its nearest chosen row. */
  radii: Float32Array;
  /** For each pick its nearest row among those chosen before; −1 for a first pick of an empty set. */
  nearestChosen: Int32Array;
  /** For each pick its distance to that row when it was taken; 0 for a first pick of an empty set. */
  pickDistances: Float32Array;
}

/**
 * k-center greedy, or farthest-first traversal (Gonzalez 1985), exact: again and again the row whose distance to its
 * nearest chosen row is largest; ties go to the lowest row. A 2-approximation of the k-center optimum.
 *
 * Lazy: a row's distance to the chosen set only falls, so an old value is an upper bound. Rows wait in a max-heap by
 * (old value, lower row); the top is compared with the centres it has not seen and sifted down until a top is up to
 * date. Every decision is made on f64 sums over the f32 values, so the order is that of a plain f64 loop.
 *
 * @param embeddings n × d, finite; kept, not changed
 * @throws WinnowError `shape` for a value that is not finite (names the row) or a row out of range
 */
export function* kCenter(kernels: Kernels, embeddings: Matrix, options: KCenterOptions): Task<KCenterResult> {
  const { rows } = embeddings;
  const before = new Set(options.alreadyChosen ?? []);
  const n = Math.max(0, Math.min(options.n, rows - before.size));
  const start = options.start ?? 0;
  if (before.size === 0 && n > 0 && start >= rows) {
    throw new WinnowError("shape", `start row ${start} of ${rows} rows`, { row: start });
  }
  const result: KCenterResult = {
    rows: new Uint32Array(n),
    radii: new Float32Array(n),
    nearestChosen: new Int32Array(n),
    pickDistances: new Float32Array(n),
  };
  const minSquared = (options.minDistance ?? 0) ** 2;
  const chosen = new FarthestFirst(kernels, embeddings, before.size + n);
  let picks = 0;
  const reporting = function* <T>(task: Task<T>): Task<T> {
    for (;;) {
      const step = task.next();
      if (step.done) return step.value;
      yield { done: picks, total: n };
    }
  };
  try {
    for (const row of before) yield* reporting(chosen.choose(row));
    let farthest = before.size > 0 ? yield* reporting(chosen.farthest()) : { row: start, squared: 0, nearest: -1 };
    while (picks < n && farthest !== null) {
      if (minSquared > 0 && farthest.nearest >= 0 && farthest.squared < minSquared) break;
      result.rows[picks] = farthest.row;
      result.nearestChosen[picks] = farthest.nearest;
      result.pickDistances[picks] = Math.sqrt(farthest.squared);
      yield* reporting(chosen.choose(farthest.row));
      farthest = yield* reporting(chosen.farthest());
      result.radii[picks] = farthest === null ? 0 : Math.sqrt(farthest.squared);
      picks++;
    }
  } finally {
    chosen.free();
  }
  if (picks === n) return result;
  return {
    rows: result.rows.slice(0, picks),
    radii: result.radii.slice(0, picks),
    nearestChosen: result.nearestChosen.slice(0, picks),
    pickDistances: result.pickDistances.slice(0, picks),
  };
}
