import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";
import { measureFields as at, brightnessPlaces } from "../../kernels/state.ts";
import type { Pixels } from "../image/resample.ts";
import { resizeDown } from "../image/resample.ts";
import { bicubic, type Filter, lanczos, type Taps, tapsFor } from "../image/taps.ts";
import { blurScore } from "./blur.ts";
import { hashSide, perceptualHash } from "./dctHash.ts";
import { wordHex } from "./measureColumns.ts";
import type { ImageMeasures } from "./measures.ts";

/** Longest side of the image in which blur is looked for. */
const blurSide = 64;
/** Bytes that are given to the kernel at a time: they stay in the processor's cache. */
const bytesPerCall = 262_144;

/**
 * Takes an image's measures from its rows as they arrive, in bands of any height, so that a huge image never stands in
 * memory twice. Holds kernel memory until {@link finish} or {@link free}.
 */
export class Measurer {
  private readonly blocks: Blocks;
  private readonly state: number;
  private readonly rowsPerCall: number;
  private readonly down: { colour: Taps; grey: Taps };
  private rows = 0;

  /** @param width, @param height pixels */
  constructor(
    private readonly kernels: Kernels,
    private readonly width: number,
    private readonly height: number,
  ) {
    const blocks = new Blocks(kernels.memory);
    this.blocks = blocks;
    this.rowsPerCall = Math.max(1, Math.min(height, Math.floor(bytesPerCall / (width * 4))));
    const ratio = Math.max(1, Math.max(width, height) / blurSide);
    const small = (length: number): number => Math.max(1, Math.floor(length / ratio));
    const across = {
      colour: wholeTaps(bicubic, width, small(width)),
      grey: wholeTaps(lanczos, width, hashSide),
    };
    this.down = {
      colour: wholeTaps(bicubic, height, small(height)),
      grey: wholeTaps(lanczos, height, hashSide),
    };
    const paddedRow = Math.ceil(width / 4) * 4;
    const greyStride = paddedRow + 12;
    try {
      this.state = blocks.alloc(at.words * 4);
      const fields: Record<string, number> = {
        width,
        height,
        pixels: blocks.alloc(this.rowsPerCall * width * 4),
        padded: blocks.alloc(paddedRow * 4 + 16),
        grey: blocks.alloc(3 * greyStride * 4 + 16),
        greyStride,
        brightness: blocks.alloc(paddedRow * 4),
        brightnessCounts: blocks.alloc(brightnessPlaces * 4),
        channelCounts: blocks.alloc(768 * 4),
        sums: blocks.alloc(32),
        hashes: blocks.alloc(32),
        ...this.putTaps(across.colour, 2, ["colourFirst", "colourCounts", "colourWeights", "colourStride"]),
        colourOutputs: across.colour.count.length,
        colourRows: blocks.alloc(height * across.colour.count.length * 3 + 4),
        ...this.putTaps(across.grey, 4, ["greyFirst", "greyCounts", "greyWeights", "greyWeightStride"]),
        greyOutputs: hashSide,
        greyRows: blocks.alloc(height * hashSide),
      };
      const words = kernels.memory.u32(this.state, at.words);
      for (const [name, value] of Object.entries(fields)) words[at[name as keyof typeof at]] = value;
    } catch (error) {
      blocks.free();
      throw error;
    }
  }

  /** Takes the next rows, top to bottom: RGBA whose fourth byte does not matter, as wide as the image. */
  addBand({ data, width, height, channels }: Pixels): void {
    if (width !== this.width || channels !== 4 || this.rows + height > this.height) {
      throw new RangeError(`expected RGBA rows of ${this.width} pixels up to row ${this.height}`);
    }
    const { memory, module } = this.kernels;
    const lineBytes = width * 4;
    for (let row = 0; row < height; row += this.rowsPerCall) {
      const count = Math.min(this.rowsPerCall, height - row);
      const pixels = this.field(at.pixels);
      memory
        .u8(pixels, count * lineBytes)
        .set(data.subarray(row * lineBytes, (row + count) * lineBytes) as Uint8Array<ArrayBuffer>);
      module.measureRows(this.state, count);
    }
    this.rows += height;
  }

  /** What the whole image measures. Gives the memory back. */
  finish(): Omit<ImageMeasures, "format"> {
    try {
      if (this.rows !== this.height) throw new RangeError(`expected ${this.height} rows, got ${this.rows}`);
      return this.measures();
    } finally {
      this.free();
    }
  }

  free(): void {
    this.blocks.free();
  }

  private measures(): Omit<ImageMeasures, "format"> {
    const { memory } = this.kernels;
    const { width, height } = this;
    const count = width * height;
    const brightness = memory.u32(this.field(at.brightnessCounts), brightnessPlaces);
    const channels = memory.u32(this.field(at.channelCounts), 768);
    const [grey = 0, greySquares = 0, edges = 0, edgeSquares = 0] = memory.f64(this.field(at.sums), 4);
    const deviation = Math.sqrt(variance(grey, greySquares, count));
    const small = resizeDown(
      memory.u8(this.field(at.colourRows), height * this.field(at.colourOutputs) * 3),
      this.field(at.colourOutputs) * 3,
      this.down.colour,
    );
    const tiny = resizeDown(memory.u8(this.field(at.greyRows), height * hashSide), hashSide, this.down.grey);
    return {
      dark: percentile(brightness, count, 0.99) / (64 * 255),
      light: 1 - percentile(brightness, count, 0.05) / (64 * 255),
      lowInformation: Math.min(1, 0.1 * entropy(channels, count * 3)),
      blurry: blurScore(small, this.field(at.colourOutputs), this.down.colour.count.length),
      channelSpread: Math.max(...memory.u32(this.field(at.hashes) + 16, 4)),
      sharpness: variance(edges, edgeSquares, count),
      signalToNoise: deviation > 0 ? grey / count / deviation : 0,
      contrast: deviation / 255,
      meanRed: mean(channels.subarray(0, 256), count),
      meanGreen: mean(channels.subarray(256, 512), count),
      meanBlue: mean(channels.subarray(512), count),
      perceptualHash: perceptualHash(tiny),
      pixelHash: this.pixelHash(),
    };
  }

  /** The four lanes' hashes and the size as 64 bits. */
  private pixelHash(): string {
    const lanes = this.kernels.memory.u32(this.field(at.hashes), 4);
    let high = this.width;
    let low = this.height;
    for (const lane of lanes) {
      high = mixed(high ^ lane);
      low = mixed(low + high + lane);
    }
    return wordHex(mixed(high ^ low)) + wordHex(low);
  }

  private field(index: number): number {
    return this.kernels.memory.u32(this.state, at.words)[index]!;
  }

  /** Taps in kernel memory, an output's weights padded with zeros to a multiple of `group`. */
  private putTaps(
    { first, count, weights, stride }: Taps,
    group: number,
    [firstName, countName, weightsName, strideName]: [string, string, string, string],
  ): Record<string, number> {
    const outputs = count.length;
    const padded = Math.ceil(stride / group) * group;
    const { memory } = this.kernels;
    const places = {
      [firstName]: this.blocks.alloc(outputs * 4),
      [countName]: this.blocks.alloc(outputs * 4),
      [weightsName]: this.blocks.alloc(outputs * padded * 4 + 16),
      [strideName]: padded,
    };
    memory.i32(places[firstName]!, outputs).set(first);
    memory.i32(places[countName]!, outputs).set(count);
    const to = memory.i32(places[weightsName]!, outputs * padded);
    for (let i = 0; i < outputs; i++) to.set(weights.subarray(i * stride, (i + 1) * stride), i * padded);
    return places;
  }
}

/** Taps of the sizes seen last: most images of a folder share theirs. */
const seenTaps = new Map<string, Taps>();
const mostSeen = 32;

/** Taps that shrink a whole axis. */
function wholeTaps(filter: Filter, length: number, outputs: number): Taps {
  const key = `${filter.support} ${length} ${outputs}`;
  const taps = seenTaps.get(key) ?? tapsFor(filter, length, 0, length, outputs);
  seenTaps.delete(key);
  seenTaps.set(key, taps);
  if (seenTaps.size > mostSeen) seenTaps.delete(seenTaps.keys().next().value!);
  return taps;
}

/** The finaliser of MurmurHash3. */
function mixed(word: number): number {
  let z = word ^ (word >>> 16);
  z = Math.imul(z, 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** Of whole numbers: a difference of rounding must not become a negative variance. */
const variance = (sum: number, squares: number, count: number): number =>
  Math.max(0, squares / count - (sum / count) ** 2);

/** Linear between neighbours in order, as numpy's; in places of the histogram. */
function percentile(counts: Uint32Array, count: number, share: number): number {
  const rank = share * (count - 1);
  const below = Math.floor(rank);
  const lower = placeOf(counts, below);
  const upper = rank > below ? placeOf(counts, below + 1) : lower;
  return lower + (rank - below) * (upper - lower);
}

/** Place of the value with this rank, from 0. */
function placeOf(counts: Uint32Array, rank: number): number {
  let seen = 0;
  for (let place = 0; place < counts.length; place++) {
    seen += counts[place]!;
    if (seen > rank) return place;
  }
  return counts.length - 1;
}

/** In bits. */
function entropy(counts: Uint32Array, total: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / total) * Math.log2(count / total);
  return sum;
}

function mean(counts: Uint32Array, count: number): number {
  let sum = 0;
  for (let value = 0; value < 256; value++) sum += value * counts[value]!;
  return sum / count;
}
