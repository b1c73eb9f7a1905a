import type { KernelModule } from "../functions.ts";
import type { Views } from "./views.ts";

type ProductKernels = Pick<
  KernelModule,
  "rowStatistics" | "powerNormalise" | "project" | "addOuterProducts" | "multiplyTransposedF64" | "orthonormalise"
>;

export function productKernels(views: () => Views): ProductKernels {
  const scaleToOne = (f32: Float32Array, from: number, count: number): void => {
    let squares = 0;
    for (let i = from; i < from + count; i++) squares += f32[i]! * f32[i]!;
    if (squares === 0) return;
    for (let i = from; i < from + count; i++) f32[i] = f32[i]! / Math.sqrt(squares);
  };
  return {
    rowStatistics(begin, end, _thread, data, cols, stride, norms, finite) {
      const { f32, u8 } = views();
      for (let row = begin; row < end; row++) {
        let sum = 0;
        for (let c = 0; c < cols; c++) sum += f32[(data >> 2) + row * stride + c]! ** 2;
        f32[(norms >> 2) + row] = sum;
        u8[finite + row] = Number.isFinite(sum) ? 1 : 0;
      }
    },

    powerNormalise(begin, end, _thread, data, stride, signed) {
      const { f32 } = views();
      for (let row = begin; row < end; row++) {
        const from = (data >> 2) + row * stride;
        for (let i = from; i < from + stride; i++) {
          const value = f32[i]!;
          f32[i] = value > 0 ? Math.sqrt(value) : signed ? -Math.sqrt(-value) : 0;
        }
        scaleToOne(f32, from, stride);
      }
    },

    project(begin, end, _thread, x, stride, weights, offset, outputs, out, outStride, unit) {
      const { f32 } = views();
      for (let row = begin; row < end; row++) {
        const to = (out >> 2) + row * outStride;
        for (let o = 0; o < outputs; o++) {
          let sum = 0;
          for (let c = 0; c < stride; c++) {
            sum += f32[(x >> 2) + row * stride + c]! * f32[(weights >> 2) + o * stride + c]!;
          }
          f32[to + o] = sum - f32[(offset >> 2) + o]!;
        }
        if (unit) scaleToOne(f32, to, outputs);
      }
    },

    addOuterProducts(begin, end, _thread, x, rows, cols, sums) {
      const { f64 } = views();
      for (let i = begin * 4; i < end * 4; i++) {
        for (let j = (i >> 2) << 2; j < cols; j++) {
          let sum = 0;
          for (let row = 0; row < rows; row++) sum += f64[(x >> 3) + row * cols + i]! * f64[(x >> 3) + row * cols + j]!;
          f64[(sums >> 3) + i * cols + j]! += sum;
        }
      }
    },

    multiplyTransposedF64(begin, end, _thread, a, b, bRows, cols, out) {
      const { f64 } = views();
      for (let i = begin; i < end; i++) {
        for (let j = 0; j < bRows; j++) {
          let sum = 0;
          for (let c = 0; c < cols; c++) sum += f64[(a >> 3) + i * cols + c]! * f64[(b >> 3) + j * cols + c]!;
          f64[(out >> 3) + i * bRows + j] = sum;
        }
      }
    },

    orthonormalise(at, count, cols) {
      const { f64 } = views();
      const rows = Array.from({ length: count }, (_, i) =>
        f64.subarray((at >> 3) + i * cols, (at >> 3) + (i + 1) * cols),
      );
      const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
      for (const [i, row] of rows.entries()) {
        const before = Math.sqrt(dot(row, row));
        for (const other of [...rows.slice(0, i), ...rows.slice(0, i)]) {
          const share = dot(row, other);
          for (let c = 0; c < cols; c++) row[c] = row[c]! - share * other[c]!;
        }
        const left = Math.sqrt(dot(row, row));
        const scale = left > before * 1e-12 ? 1 / left : 0;
        for (let c = 0; c < cols; c++) row[c] = row[c]! * scale;
      }
    },
  };
}
