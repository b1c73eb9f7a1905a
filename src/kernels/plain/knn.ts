import type { KernelModule } from "../functions.ts";
import { knnFields as at } from "../state.ts";
import { distanceSquared, type Views } from "./views.ts";

type KnnKernels = Pick<KernelModule, "quantise" | "knnPairs" | "knnRerank" | "knnExactRows">;

/** The kNN graph without estimates: what is kept are exact distances, so every row is sure. */
export function knnKernels(views: () => Views): KnnKernels {
  const open = (state: number) => {
    const { f32, i32, u32, u8 } = views();
    const field = (index: number): number => i32[(state >> 2) + index]!;
    const [data, stride] = [field(at.data) >> 2, field(at.stride)];
    const between = (a: number, b: number): number =>
      distanceSquared(f32, data + a * stride, data + b * stride, stride);
    const emit = (row: number, found: readonly { squared: number; other: number }[]): void => {
      const k = field(at.k);
      for (let n = 0; n < k; n++) {
        u32[(field(at.indices) >> 2) + row * k + n] = found[n]!.other;
        f32[(field(at.distances) >> 2) + row * k + n] = Math.sqrt(found[n]!.squared);
      }
    };
    return { f32, u32, u8, i32, field, between, emit };
  };
  const inOrder = (a: { squared: number; other: number }, b: { squared: number; other: number }): number =>
    a.squared - b.squared || a.other - b.other;

  return {
    quantise() {
      // The plain kernels compare the rows themselves.
    },

    knnPairs(begin, end, _thread, state) {
      const { f32, u32, i32, field, between } = open(state);
      const [rows, kept] = [field(at.rows), field(at.kept)];
      const [estimates, candidates] = [field(at.estimates) >> 2, field(at.candidates) >> 2];
      const offer = (row: number, other: number, squared: number): void => {
        const first = row * kept;
        let place = first + kept - 1;
        const last = f32[estimates + place]!;
        if (squared > last || (squared === last && other > u32[candidates + place]!)) return;
        while (place > first) {
          const value = f32[estimates + place - 1]!;
          if (value < squared || (value === squared && u32[candidates + place - 1]! < other)) break;
          f32[estimates + place] = value;
          u32[candidates + place] = u32[candidates + place - 1]!;
          place--;
        }
        f32[estimates + place] = squared;
        u32[candidates + place] = other;
      };
      const blockRows = field(at.blockPanels) * 8;
      for (let i = begin; i < end; i++) {
        const a = i32[(field(at.pairs) >> 2) + 2 * i]! * blockRows;
        const b = i32[(field(at.pairs) >> 2) + 2 * i + 1]! * blockRows;
        for (let row = a; row < Math.min(rows, a + blockRows); row++) {
          for (let other = a === b ? row + 1 : b; other < Math.min(rows, b + blockRows); other++) {
            const squared = Math.fround(between(row, other));
            offer(row, other, squared);
            offer(other, row, squared);
          }
        }
      }
    },

    knnRerank(begin, end, _thread, state, margin, complete) {
      const { f32, u32, u8, field, between, emit } = open(state);
      const [kept, k] = [field(at.kept), field(at.k)];
      for (let row = begin; row < end; row++) {
        const found = Array.from({ length: kept }, (_, n) => {
          const other = u32[(field(at.candidates) >> 2) + row * kept + n]!;
          return { other, squared: between(row, other) };
        }).sort(inOrder);
        emit(row, found);
        const estimate = f32[(field(at.estimates) >> 2) + (row + 1) * kept - 1]! - margin;
        u8[field(at.unsure) + row] = complete !== 0 || k === 0 || estimate > found[k - 1]!.squared ? 0 : 1;
      }
    },

    knnExactRows(begin, end, _thread, state, list) {
      const { i32, field, between, emit } = open(state);
      for (let i = begin; i < end; i++) {
        const row = i32[(list >> 2) + i]!;
        const found: { squared: number; other: number }[] = [];
        for (let other = 0; other < field(at.rows); other++) {
          if (other !== row) found.push({ other, squared: between(row, other) });
        }
        emit(row, found.sort(inOrder));
      }
    },
  };
}
