import type { KernelModule } from "../functions.ts";
import { measureFields as at } from "../state.ts";
import type { Views } from "./views.ts";

/** 64 √(x / 1000) in 32 bits, as the kernel has it. */
const brightnessScale = Math.fround(2.0238577);
const half = 1 << 21;

/** The measures of an image, a pixel at a time. */
export function measureKernels(views: () => Views): Pick<KernelModule, "measureRows"> {
  return {
    measureRows(state, count) {
      const { i32, u8 } = views();
      const field = (index: number): number => i32[(state >> 2) + index]!;
      const [width, height, first] = [field(at.width), field(at.height), field(at.rows)];
      const greyRow = (y: number): number => (field(at.grey) >> 2) + (y % 3) * field(at.greyStride) + 4;
      for (let i = 0; i < count; i++) {
        const y = first + i;
        const from = field(at.pixels) + i * width * 4;
        u8.copyWithin(field(at.padded), from, from + width * 4);
        const grey = greyRow(y);
        pointRow(views(), state, grey, width);
        i32[grey - 1] = i32[grey + (width > 1 ? 1 : 0)]!;
        i32[grey + width] = i32[grey + Math.max(0, width - 2)]!;
        if (y > 0) laplacianRow(views(), state, greyRow(y === 1 ? 1 : y - 2), greyRow(y - 1), grey, width);
        if (y === height - 1) {
          const above = y > 0 ? greyRow(y - 1) : grey;
          laplacianRow(views(), state, above, grey, above, width);
        }
        shrinkColour(views(), state, y);
        shrinkGrey(views(), state, grey, y);
      }
      i32[(state >> 2) + at.rows] = first + count;
    },
  };
}

function pointRow({ i32, u32, f64, u8 }: Views, state: number, grey: number, width: number): void {
  const field = (index: number): number => i32[(state >> 2) + index]!;
  const pixels = field(at.padded);
  const bright = field(at.brightnessCounts) >> 2;
  const channels = field(at.channelCounts) >> 2;
  const sums = field(at.sums) >> 3;
  const hashes = field(at.hashes) >> 2;
  for (let x = 0; x < Math.ceil(width / 4) * 4; x++) {
    const [r, g, b] = [u8[pixels + 4 * x]!, u8[pixels + 4 * x + 1]!, u8[pixels + 4 * x + 2]!];
    i32[hashes + (x & 3)] = hashed(i32[hashes + (x & 3)]!, r | (g << 8) | (b << 16));
    const l = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    i32[grey + x] = l;
    if (x >= width) continue;
    f64[sums] = f64[sums]! + l;
    f64[sums + 1] = f64[sums + 1]! + l * l;
    const spread = Math.max(r, g, b) - Math.min(r, g, b);
    i32[hashes + 4 + (x & 3)] = Math.max(i32[hashes + 4 + (x & 3)]!, spread);
    const power = Math.fround(241 * r * r + 691 * g * g + 68 * b * b);
    const root = Math.fround(Math.fround(Math.sqrt(power)) * brightnessScale);
    const place = Math.trunc(Math.fround(root + 0.5));
    for (const counter of [bright + place, channels + r, channels + 256 + g, channels + 512 + b]) {
      u32[counter] = u32[counter]! + 1;
    }
  }
}

/** A step of MurmurHash3. */
function hashed(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = hash ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function laplacianRow(
  { i32, f64 }: Views,
  state: number,
  above: number,
  row: number,
  below: number,
  width: number,
): void {
  const sums = (i32[(state >> 2) + at.sums]! >> 3) + 2;
  for (let x = 0; x < width; x++) {
    const around = i32[above + x]! + i32[below + x]! + i32[row + x - 1]! + i32[row + x + 1]!;
    const value = around - 4 * i32[row + x]!;
    f64[sums] = f64[sums]! + value;
    f64[sums + 1] = f64[sums + 1]! + value * value;
  }
}

const clamped = (sum: number): number => Math.min(255, Math.max(0, sum >> 22));

function shrinkColour({ i32, u8 }: Views, state: number, y: number): void {
  const field = (index: number): number => i32[(state >> 2) + index]!;
  const outputs = field(at.colourOutputs);
  for (let x = 0; x < outputs; x++) {
    const first = i32[(field(at.colourFirst) >> 2) + x]!;
    const weights = (field(at.colourWeights) >> 2) + x * field(at.colourStride);
    for (let channel = 0; channel < 3; channel++) {
      let sum = half;
      for (let tap = 0; tap < i32[(field(at.colourCounts) >> 2) + x]!; tap++) {
        sum += u8[field(at.padded) + (first + tap) * 4 + channel]! * i32[weights + tap]!;
      }
      u8[field(at.colourRows) + (y * outputs + x) * 3 + channel] = clamped(sum);
    }
  }
}

function shrinkGrey({ i32, u8 }: Views, state: number, grey: number, y: number): void {
  const field = (index: number): number => i32[(state >> 2) + index]!;
  const outputs = field(at.greyOutputs);
  for (let x = 0; x < outputs; x++) {
    const first = grey + i32[(field(at.greyFirst) >> 2) + x]!;
    const weights = (field(at.greyWeights) >> 2) + x * field(at.greyWeightStride);
    let sum = half;
    for (let tap = 0; tap < i32[(field(at.greyCounts) >> 2) + x]!; tap++) {
      sum += i32[first + tap]! * i32[weights + tap]!;
    }
    u8[field(at.greyRows) + y * outputs + x] = clamped(sum);
  }
}
