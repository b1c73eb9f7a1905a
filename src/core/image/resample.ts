import { bicubic, halfUnit as half, precisionBits, type Taps, tapsFor } from "./taps.ts";

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

/**
 * Resizes `box` of an image to `width` × `height` RGB with an antialiased bicubic filter. The arithmetic is Pillow's:
 * separable, horizontal pass first, each pass rounded to 8 bits, weights in 22-bit fixed point. So a feature computed
 * from it agrees between browsers and with the command line.
 * @returns interleaved RGB, width · height · 3 bytes.
 */
export function resizeBicubic(source: Pixels, box: Box, width: number, height: number): Uint8Array {
  const across = tapsFor(bicubic, source.width, box.left, box.width, width);
  const down = tapsFor(bicubic, source.height, box.top, box.height, height);
  const top = down.first[0]!;
  const bottom = down.first[height - 1]! + down.count[height - 1]!;
  const middle = passAcross(source, across, width, top, bottom);
  return resizeDown(middle, width * 3, down, top);
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

/**
 * The vertical pass of a resize.
 * @param lines from line `top` of the image, each `lineBytes` values, of any number of channels
 * @returns a line for each output of the taps
 */
export function resizeDown(lines: Uint8Array | Uint8ClampedArray, lineBytes: number, taps: Taps, top = 0): Uint8Array {
  const { first, count, weights, stride } = taps;
  const height = count.length;
  const out = new Uint8ClampedArray(lineBytes * height);
  const sums = new Int32Array(lineBytes);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    const used = count[y]!;
    let tap = 0;
    // Four lines at a time: each sum is loaded and stored once for four products.
    for (; tap + 3 < used; tap += 4) {
      const at = y * stride + tap;
      const [w0, w1, w2, w3] = [weights[at]!, weights[at + 1]!, weights[at + 2]!, weights[at + 3]!];
      let line = (first[y]! + tap - top) * lineBytes;
      for (let i = 0; i < lineBytes; i++, line++) {
        sums[i] =
          sums[i]! +
          Math.imul(lines[line]!, w0) +
          Math.imul(lines[line + lineBytes]!, w1) +
          Math.imul(lines[line + 2 * lineBytes]!, w2) +
          Math.imul(lines[line + 3 * lineBytes]!, w3);
      }
    }
    for (; tap < used; tap++) {
      const weight = weights[y * stride + tap]!;
      let line = (first[y]! + tap - top) * lineBytes;
      for (let i = 0; i < lineBytes; i++, line++) sums[i] = sums[i]! + Math.imul(lines[line]!, weight);
    }
    const to = y * lineBytes;
    for (let i = 0; i < lineBytes; i++) out[to + i] = sums[i]! >> precisionBits;
  }
  return new Uint8Array(out.buffer);
}
