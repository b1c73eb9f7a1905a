import type { KernelModule } from "../functions.ts";
import type { Views } from "./views.ts";

type FftKernels = Pick<KernelModule, "fftColumns" | "fftRows" | "fftColumnsBack">;

interface Complex {
  re: Float64Array;
  im: Float64Array;
}

const tables = new Map<number, Complex>();

/** cos and −sin of 2π · i / n. */
function rootsOf(n: number): Complex {
  let roots = tables.get(n);
  if (!roots) {
    const angles = Float64Array.from({ length: n }, (_, i) => (-2 * Math.PI * i) / n);
    roots = { re: angles.map(Math.cos), im: angles.map(Math.sin) };
    tables.set(n, roots);
  }
  return roots;
}

/** Discrete Fourier transform in f64 by splitting off the factors 2 and 3. */
function transform(re: Float64Array, im: Float64Array): Complex {
  const length = re.length;
  const roots = rootsOf(length);
  const out = { re: new Float64Array(length), im: new Float64Array(length) };
  /** The transform of n values from `from` in steps of `stride`, to n places from `to`. */
  const part = (n: number, from: number, stride: number, to: number): void => {
    if (n === 1) {
      out.re[to] = re[from]!;
      out.im[to] = im[from]!;
      return;
    }
    const radix = n % 2 === 0 ? 2 : 3;
    const m = n / radix;
    for (let r = 0; r < radix; r++) part(m, from + r * stride, stride * radix, to + r * m);
    const x = [0, 0, 0];
    const y = [0, 0, 0];
    for (let k = 0; k < m; k++) {
      for (let r = 0; r < radix; r++) {
        x[r] = out.re[to + k + r * m]!;
        y[r] = out.im[to + k + r * m]!;
      }
      for (let j = 0; j < radix; j++) {
        let [sumRe, sumIm] = [x[0]!, y[0]!];
        for (let r = 1; r < radix; r++) {
          const at = (((k + j * m) * r * stride) % length) | 0;
          sumRe += x[r]! * roots.re[at]! - y[r]! * roots.im[at]!;
          sumIm += x[r]! * roots.im[at]! + y[r]! * roots.re[at]!;
        }
        out.re[to + k + j * m] = sumRe;
        out.im[to + k + j * m] = sumIm;
      }
    }
  };
  part(length, 0, 1, 0);
  return out;
}

/** The convolution's three passes, one line after another; see assembly/fft.ts. */
export function fftKernels(views: () => Views): FftKernels {
  const imaginary = (spectrum: number, side: number, length: number): number =>
    (spectrum >> 2) + (length / 2 + 4) * side;
  return {
    fftColumns(begin, end, _thread, grids, parts, side, length, spectrum) {
      const { f32 } = views();
      const im = imaginary(spectrum, side, length);
      for (let x = begin * 8; x < end * 8; x++) {
        const column = new Float64Array(length);
        for (let y = 0; y < side; y++) {
          for (let part = 0; part < parts; part++) {
            column[y] = column[y]! + f32[(grids >> 2) + (part * side + y) * side + x]!;
          }
        }
        const out = transform(column, new Float64Array(length));
        for (let k = 0; k <= length / 2; k++) {
          f32[(spectrum >> 2) + k * side + x] = out.re[k]!;
          f32[im + k * side + x] = out.im[k]!;
        }
      }
    },

    fftRows(begin, end, _thread, spectrum, side, length, kernel, gains, apply) {
      const { f32 } = views();
      const im = imaginary(spectrum, side, length);
      for (let y = begin * 4; y < end * 4; y++) {
        const line = { re: new Float64Array(length), im: new Float64Array(length) };
        for (let x = 0; x < side; x++) {
          line.re[x] = f32[(spectrum >> 2) + y * side + x]!;
          line.im[x] = f32[im + y * side + x]!;
        }
        const out = transform(line.re, line.im);
        const kernelAt = (x: number): number => (kernel >> 2) + ((y >> 2) * length + x) * 4 + (y & 3);
        for (let x = 0; x < length; x++) {
          if (!apply) f32[kernelAt(x)] = f32[(gains >> 2) + y]! * f32[(gains >> 2) + x]! * out.re[x]!;
          else {
            out.re[x] = out.re[x]! * f32[kernelAt(x)]!;
            out.im[x] = out.im[x]! * f32[kernelAt(x)]!;
          }
        }
        if (!apply) continue;
        const back = transform(out.im, out.re);
        for (let x = 0; x < side; x++) {
          f32[(spectrum >> 2) + y * side + x] = back.im[x]!;
          f32[im + y * side + x] = back.re[x]!;
        }
      }
    },

    fftColumnsBack(begin, end, _thread, spectrum, side, length, grid, scale) {
      const { f32 } = views();
      const im = imaginary(spectrum, side, length);
      for (let x = begin * 8; x < end * 8; x++) {
        const line = { re: new Float64Array(length), im: new Float64Array(length) };
        for (let k = 0; k <= length / 2; k++) {
          const [re, imag] = [f32[(spectrum >> 2) + k * side + x]!, f32[im + k * side + x]!];
          line.re[k] = re;
          line.im[k] = imag;
          if (k > 0 && k < length / 2) {
            line.re[length - k] = re;
            line.im[length - k] = -imag;
          }
        }
        const back = transform(line.im, line.re);
        for (let y = 0; y < side; y++) f32[(grid >> 2) + y * side + x] = back.im[y]! * scale;
      }
    },
  };
}
