/** Which source values make each output of a resize along one axis, in Pillow's arithmetic. */
export interface Taps {
  /** First source index of each output. */
  first: Int32Array;
  /** Number of taps of each output. */
  count: Int32Array;
  /** Weights in 22-bit fixed point, `stride` per output; each output's sum to 2²². */
  weights: Int32Array;
  stride: number;
}

/** A resampling kernel: zero at `support` and beyond. */
export interface Filter {
  support: number;
  at(x: number): number;
}

/** Fraction bits of a weight: 8-bit value · weight and their sum stay inside 32 bits. */
export const precisionBits = 22;
/** Half of a result's last bit: sums begin with it, so that dropping the fraction rounds. */
export const halfUnit = 1 << (precisionBits - 1);

/** Keys' cubic convolution with a = −0.5 (IEEE Trans. ASSP 29, 1981), the kernel that Pillow calls BICUBIC. */
export const bicubic: Filter = {
  support: 2,
  at(x) {
    const t = Math.abs(x);
    if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
    if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
    return 0;
  },
};

/** The windowed sinc with three lobes that Pillow calls LANCZOS. */
export const lanczos: Filter = {
  support: 3,
  at: (x) => (x > -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0),
};

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/**
 * @param length source values along the axis
 * @param start where the part that is resized begins
 * @param span its length
 * @param outputs values along the axis afterwards
 */
export function tapsFor(filter: Filter, length: number, start: number, span: number, outputs: number): Taps {
  const scale = span / outputs;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputs);
  const count = new Int32Array(outputs);
  const weights = new Int32Array(outputs * stride);
  const row = new Float64Array(stride);
  for (let i = 0; i < outputs; i++) {
    const centre = start + (i + 0.5) * scale;
    const from = Math.max(0, Math.floor(centre - support + 0.5));
    const to = Math.min(length, Math.floor(centre + support + 0.5));
    let sum = 0;
    for (let tap = from; tap < to; tap++) {
      const weight = filter.at((tap - centre + 0.5) / filterScale);
      row[tap - from] = weight;
      sum += weight;
    }
    first[i] = from;
    count[i] = to - from;
    for (let tap = 0; tap < to - from; tap++) {
      weights[i * stride + tap] = Math.round(((row[tap] ?? 0) / sum) * 2 ** precisionBits);
    }
  }
  return { first, count, weights, stride };
}
