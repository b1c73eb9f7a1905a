import type { KernelModule } from "../functions.ts";
import { kCenterFields as at } from "../state.ts";
import { distanceSquared, type Views } from "./views.ts";

type KCenterKernels = Pick<KernelModule, "distanceUpdate" | "kCenterHeapify" | "kCenterSettle">;

/** Squared distances count as at least this where they are weighed. */
const leastSquared = 1e-18;

/** k-center without estimates: every distance in f64. */
export function kCenterKernels(views: () => Views): KCenterKernels {
  const open = (state: number) => {
    const { f32, f64, i32 } = views();
    const field = (index: number): number => i32[(state >> 2) + index]!;
    const nearest = field(at.nearest) >> 3;
    const weights = field(at.weights) >> 3;
    const worth = (row: number): number =>
      weights === 0 ? f64[nearest + row]! : Math.max(f64[nearest + row]!, leastSquared) * f64[weights + row]!;
    const before = (a: number, b: number): boolean => {
      const [x, y] = [worth(a), worth(b)];
      return x > y || (x === y && a < b);
    };
    const heap = field(at.heap) >> 2;
    const sink = (size: number, from: number): void => {
      const row = i32[heap + from]!;
      let place = from;
      for (;;) {
        let child = 2 * place + 1;
        if (child >= size) break;
        if (child + 1 < size && before(i32[heap + child + 1]!, i32[heap + child]!)) child++;
        if (!before(i32[heap + child]!, row)) break;
        i32[heap + place] = i32[heap + child]!;
        place = child;
      }
      i32[heap + place] = row;
    };
    /** Compares a row with a centre. */
    const compare = (row: number, centre: number): number => {
      const stride = field(at.stride);
      const data = field(at.data) >> 2;
      const d = distanceSquared(f32, data + row * stride, (field(at.centres) >> 2) + centre * stride, stride);
      if (d < f64[nearest + row]!) {
        f64[nearest + row] = d;
        i32[(field(at.nearestRow) >> 2) + row] = i32[(field(at.centreRows) >> 2) + centre]!;
      }
      return f64[nearest + row]!;
    };
    return { f32, f64, i32, field, nearest, seen: field(at.seen) >> 2, heap, before, sink, compare };
  };

  return {
    distanceUpdate(begin, end, _thread, state, centre, chunk, bestSquared, bestRow) {
      const { f64, i32, seen, compare } = open(state);
      let best = -1;
      let row = -1;
      for (let i = begin; i < end; i++) {
        if (i32[seen + i]! < 0) continue;
        const d = compare(i, centre);
        i32[seen + i] = centre + 1;
        if (d > best) {
          best = d;
          row = i;
        }
      }
      const slot = Math.floor(begin / chunk);
      f64[(bestSquared >> 3) + slot] = best;
      i32[(bestRow >> 2) + slot] = row;
    },

    kCenterHeapify(state) {
      const { i32, field, seen, heap, sink } = open(state);
      let size = 0;
      for (let row = 0; row < field(at.rows); row++) if (i32[seen + row]! >= 0) i32[heap + size++] = row;
      i32[(state >> 2) + at.heapSize] = size;
      for (let place = (size >> 1) - 1; place >= 0; place--) sink(size, place);
    },

    kCenterSettle(state, budget) {
      const { i32, field, seen, heap, before, sink, compare } = open(state);
      let size = field(at.heapSize);
      const count = field(at.centreCount);
      let left = budget;
      while (size > 0) {
        const row = i32[heap]!;
        let next = i32[seen + row]!;
        if (next < 0) {
          i32[heap] = i32[heap + --size]!;
          i32[(state >> 2) + at.heapSize] = size;
          if (size > 0) sink(size, 0);
          continue;
        }
        if (next >= count) return 1;
        if (left <= 0) return 0;
        const started = next;
        const rival =
          size > 2 && before(i32[heap + 2]!, i32[heap + 1]!) ? i32[heap + 2]! : size > 1 ? i32[heap + 1]! : -1;
        do compare(row, next++);
        while (next < count && !(rival >= 0 && before(rival, row)));
        left -= next - started;
        i32[seen + row] = next;
        sink(size, 0);
      }
      return 1;
    },
  };
}
