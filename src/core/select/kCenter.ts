import { distanceSquared } from "../distance.ts";
import { WinnowError } from "../errors.ts";
import { type Matrix, requireFinite } from "../matrix.ts";
import type { Task } from "../task.ts";

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

/** Distances computed between two reports of progress: about a millisecond. */
const reportEvery = 20_000;

/**
 * k-center greedy, or farthest-first traversal (Gonzalez 1985), exact: again and again the row whose distance to its
 * nearest chosen row is largest; ties go to the lowest row. A 2-approximation of the k-center optimum.
 *
 * Lazy: a row's distance to the chosen set only falls, so an old value is an upper bound. Rows wait in a max-heap by
 * (old value, lower row); the top is compared with the centres it has not seen and sifted down until a top is up to
 * date. Distances are f64 sums over the f32 values, so the order is that of a plain f64 loop.
 *
 * @param embeddings n × d, finite; kept, not changed
 * @throws WinnowError `shape` for a value that is not finite (names the row) or a row out of range
 */
export function* kCenter(embeddings: Matrix, options: KCenterOptions): Task<KCenterResult> {
  requireFinite(embeddings, "embeddings");
  const { data, rows, cols } = embeddings;
  const centres = Array.from(options.alreadyChosen ?? []);
  const taken = new Uint8Array(rows);
  for (const row of centres) {
    if (row >= rows) throw new WinnowError("shape", `already chosen row ${row} of ${rows} rows`, { row });
    taken[row] = 1;
  }
  const left = rows - taken.reduce((sum, value) => sum + value, 0);
  const n = Math.max(0, Math.min(options.n, left));
  const result: KCenterResult = {
    rows: new Uint32Array(n),
    radii: new Float32Array(n),
    nearestChosen: new Int32Array(n),
    pickDistances: new Float32Array(n),
  };
  const minSquared = (options.minDistance ?? 0) ** 2;

  /** Squared distance to the nearest centre seen so far, which centre that is, and how many have been seen. */
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const nearestRow = new Int32Array(rows).fill(-1);
  const seen = new Uint32Array(rows);
  const heap = new Uint32Array(left);
  let size = 0;
  for (let row = 0; row < rows; row++) if (!taken[row]) heap[size++] = row;

  const before = (a: number, b: number): boolean => nearest[a]! > nearest[b]! || (nearest[a] === nearest[b] && a < b);
  const sink = (): void => {
    const row = heap[0]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, row)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = row;
  };

  let computed = 0;
  /** Brings the top row up to date, or stops as soon as it is no longer the top. */
  const refresh = (): void => {
    const row = heap[0]!;
    let rival = -1;
    if (size > 1) rival = size > 2 && before(heap[2]!, heap[1]!) ? heap[2]! : heap[1]!;
    let count = seen[row]!;
    while (count < centres.length) {
      const centre = centres[count++]!;
      const d = distanceSquared(data, row * cols, centre * cols, cols);
      computed++;
      if (d < nearest[row]!) {
        nearest[row] = d;
        nearestRow[row] = centre;
        if (rival >= 0 && before(rival, row)) break;
      }
    }
    seen[row] = count;
    sink();
  };
  const removeTop = (): number => {
    const row = heap[0]!;
    heap[0] = heap[--size]!;
    if (size > 0) sink();
    return row;
  };
  /** Rows at the top are refreshed until the top is up to date; then it is the farthest row. */
  function* settle(done: number): Task<void> {
    let reported = computed;
    while (size > 0 && seen[heap[0]!]! < centres.length) {
      refresh();
      if (computed - reported < reportEvery) continue;
      reported = computed;
      yield { done, total: n };
    }
  }

  let picks = 0;
  if (n > 0 && centres.length === 0) {
    const start = options.start ?? 0;
    if (start >= rows) throw new WinnowError("shape", `start row ${start} of ${rows} rows`, { row: start });
    heap.copyWithin(start, start + 1, size);
    // Rows are still in ascending order with equal values, so the heap stays one.
    size--;
    centres.push(start);
    result.rows[0] = start;
    result.nearestChosen[0] = -1;
    picks = 1;
    yield* settle(picks);
    result.radii[0] = size > 0 ? Math.sqrt(nearest[heap[0]!]!) : 0;
  } else {
    yield* settle(picks);
  }
  while (picks < n) {
    const farthest = heap[0]!;
    if (minSquared > 0 && nearest[farthest]! < minSquared) break;
    const row = removeTop();
    result.rows[picks] = row;
    result.nearestChosen[picks] = nearestRow[row]!;
    result.pickDistances[picks] = Math.sqrt(nearest[row]!);
    centres.push(row);
    yield* settle(picks);
    result.radii[picks] = size > 0 ? Math.sqrt(nearest[heap[0]!]!) : 0;
    picks++;
  }
  if (picks === n) return result;
  return {
    rows: result.rows.slice(0, picks),
    radii: result.radii.slice(0, picks),
    nearestChosen: result.nearestChosen.slice(0, picks),
    pickDistances: result.pickDistances.slice(0, picks),
  };
}
