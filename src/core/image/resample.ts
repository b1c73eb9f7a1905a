/** Interleaved 8-bit pixels, row-major; `channels` is 3 (RGB) or 4 (RGBA, alpha ignored). */
export interface Pixels {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
  channels: 3 | 4;
}

/** A rectangle in source pixels; fractions are allowed. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Taps {
  /** First source index of each output. */
  first: Int32Array;
  /** Number of taps of each output. */
  count: Int32Array;
  /** Weights in 22-bit fixed point, `stride` per output. */
  weights: Int32Array;
  stride: number;
}

/** Fraction bits of a weight: 8-bit value · weight and their sum stay inside 32 bits. */
const precisionBits = 22;

/** Keys' cubic convolution with a = −0.5 (IEEE Trans. ASSP 29, 1981), the kernel that Pillow calls BICUBIC. */
function bicubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

function tapsFor(length: number, start: number, span: number, outputs: number): Taps {
  const scale = span / outputs;
  const filterScale = Math.max(scale, 1);
  const support = 2 * filterScale;
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
      const weight = bicubic((tap - centre + 0.5) / filterScale);
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

const half = 1 << (precisionBits - 1);

/**
 * Resizes `box` of an image to `width` × `height` RGB with an antialiased bicubic filter. The arithmetic is Pillow's:
 * separable, horizontal pass first, each pass rounded to 8 bits, weights in 22-bit fixed point. So a feature computed
 * from it agrees between browsers and with the command line.
 * @returns interleaved RGB, width · height · 3 bytes.
 */
export function resizeBicubic(source: Pixels, box: Box, width: number, height: number): Uint8Array {
  const across = tapsFor(source.width, box.left, box.width, width);
  const down = tapsFor(source.height, box.top, box.height, height);
  const top = down.first[0]!;
  const bottom = down.first[height - 1]! + down.count[height - 1]!;
  const middle = passAcross(source, across, width, top, bottom);
  return passDown(middle, down, width, height, top);
}

function passAcross(source: Pixels, taps: Taps, width: number, top: number, bottom: number): Uint8ClampedArray {
  const { data, channels } = source;
  const { first, count, weights, stride } = taps;
  // A clamped array does the rounding's 0…255 limit in hardware.
  const out = new Uint8ClampedArray(width * (bottom - top) * 3);
  for (let y = top, to = 0; y < bottom; y++) {
    const line = y * source.width * channels;
    for (let x = 0; x < width; x++, to += 3) {
      let from = line + first[x]! * channels;
      let r = half;
      let g = half;
      let b = half;
      for (let w = x * stride, end = w + count[x]!; w < end; w++, from += channels) {
        const weight = weights[w]!;
        r = (r + Math.imul(data[from]!, weight)) | 0;
        g = (g + Math.imul(data[from + 1]!, weight)) | 0;
        b = (b + Math.imul(data[from + 2]!, weight)) | 0;
      }
      out[to] = r >> precisionBits;
      out[to + 1] = g >> precisionBits;
      out[to + 2] = b >> precisionBits;
    }
  }
  return out;
}

function passDown(middle: Uint8ClampedArray, columnTaps: Taps, width: number, height: number, top: number): Uint8Array {
  const { first, count, weights, stride } = columnTaps;
  const lineBytes = width * 3;
  const out = new Uint8ClampedArray(lineBytes * height);
  const sums = new Int32Array(lineBytes);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    const taps = count[y]!;
    let tap = 0;
    // Four lines at a time: each sum is loaded and stored once for four products.
    for (; tap + 3 < taps; tap += 4) {
      const at = y * stride + tap;
      const [w0, w1, w2, w3] = [weights[at]!, weights[at + 1]!, weights[at + 2]!, weights[at + 3]!];
      let line = (first[y]! + tap - top) * lineBytes;
      for (let i = 0; i < lineBytes; i++, line++) {
        sums[i] =
          sums[i]! +
          Math.imul(middle[line]!, w0) +
          Math.imul(middle[line + lineBytes]!, w1) +
          Math.imul(middle[line + 2 * lineBytes]!, w2) +
          Math.imul(middle[line + 3 * lineBytes]!, w3);
      }
    }
    for (; tap < taps; tap++) {
      const weight = weights[y * stride + tap]!;
      let line = (first[y]! + tap - top) * lineBytes;
      for (let i = 0; i < lineBytes; i++, line++) sums[i] = sums[i]! + Math.imul(middle[line]!, weight);
    }
    const to = y * lineBytes;
    for (let i = 0; i < lineBytes; i++) out[to + i] = sums[i]! >> precisionBits;
  }
  return new Uint8Array(out.buffer);
}
