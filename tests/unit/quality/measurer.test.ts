import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { Measurer } from "../../../src/core/quality/measurer.ts";
import type { ImageMeasures } from "../../../src/core/quality/measures.ts";
import { Random } from "../../../src/core/random.ts";
import type { Kernels } from "../../../src/kernels/load.ts";
import { goldenRows } from "../../fixtures/goldenQuality.ts";
import { everyKernels, wasmKernels } from "../../fixtures/kernels.ts";
import { hasShared, sharedFolder } from "../../fixtures/shared.ts";

type Measured = Omit<ImageMeasures, "format">;

/** Measures RGBA pixels given in bands of some rows. */
function measure(kernels: Kernels, data: Uint8Array, width: number, height: number, band = height): Measured {
  const measurer = new Measurer(kernels, width, height);
  for (let row = 0; row < height; row += band) {
    const rows = Math.min(band, height - row);
    const part = data.subarray(row * width * 4, (row + rows) * width * 4);
    measurer.addBand({ data: part, width, height: rows, channels: 4 });
  }
  return measurer.finish();
}

async function measureFile(path: string): Promise<Measured & { width: number; height: number }> {
  const { data, info } = await sharp(path)
    .toColourspace("srgb")
    .removeAlpha()
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return { ...measure(wasmKernels, data, width, height), width, height };
}

const noise = (width: number, height: number, seed = 1): Uint8Array => {
  const random = new Random(seed);
  return Uint8Array.from({ length: width * height * 4 }, () => random.below(256));
};

describe("the measures of an image", () => {
  it("are the same from the plain kernel and from WASM, whole and in bands", () => {
    const sizes = [
      [1, 1],
      [2, 3],
      [5, 1],
      [1, 7],
      [64, 48],
      [67, 131],
      [300, 2],
      [4_099, 5],
      [513, 260],
    ] as const;
    const kernels = everyKernels.map(([, one]) => one);
    for (const [width, height] of sizes) {
      const data = noise(width, height, width + height);
      const [first, ...others] = kernels.flatMap((one) =>
        [height, 3].map((band) => measure(one, data, width, height, band)),
      );
      for (const other of others) expect(other).toEqual(first);
    }
    for (const one of kernels) expect(one.memory.used).toBe(0);
  });

  it("are what their definitions say", () => {
    const [width, height] = [37, 29];
    const data = noise(width, height, 5);
    const count = width * height;
    const { sharpness, signalToNoise, contrast, meanGreen, dark, light, channelSpread } = measure(
      wasmKernels,
      data,
      width,
      height,
    );
    const pixel = (i: number): number[] => Array.from(data.subarray(i * 4, i * 4 + 3));
    const grey = Array.from({ length: count }, (_, i) => {
      const [r, g, b] = pixel(i) as [number, number, number];
      return (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    });
    const stats = (values: number[]): { mean: number; variance: number } => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
    };
    const { mean, variance } = stats(grey);
    const mirrored = (i: number, length: number): number => (i < 0 ? -i : i >= length ? 2 * length - 2 - i : i);
    const at = (x: number, y: number): number => grey[mirrored(y, height) * width + mirrored(x, width)]!;
    const edges = grey.map((value, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * value;
    });
    expect(sharpness).toBeCloseTo(stats(edges).variance, 6);
    expect(signalToNoise).toBeCloseTo(mean / Math.sqrt(variance), 9);
    expect(contrast).toBeCloseTo(Math.sqrt(variance) / 255, 9);
    expect(meanGreen).toBeCloseTo(stats(grey.map((_, i) => data[i * 4 + 1]!)).mean, 9);
    const bright = grey
      .map((_, i) => {
        const [r, g, b] = pixel(i) as [number, number, number];
        return Math.sqrt(0.241 * r * r + 0.691 * g * g + 0.068 * b * b) / 255;
      })
      .sort((a, b) => a - b);
    const percentile = (p: number): number => {
      const rank = p * (count - 1);
      const below = Math.floor(rank);
      return bright[below]! + (rank - below) * (bright[below + 1]! - bright[below]!);
    };
    expect(Math.abs(dark - percentile(0.99))).toBeLessThan(5e-5);
    expect(Math.abs(light - (1 - percentile(0.05)))).toBeLessThan(5e-5);
    const spreads = grey.map((_, i) => Math.max(...pixel(i)) - Math.min(...pixel(i)));
    expect(channelSpread).toBe(Math.max(...spreads));
  });

  it("tell any other pixels or another size by their hash, and do not look at the fourth byte", () => {
    const data = noise(48, 40);
    const hash = (pixels: Uint8Array, width = 48, height = 40): string =>
      measure(wasmKernels, pixels, width, height).pixelHash;
    const seen = new Set([hash(data), hash(data, 40, 48), hash(data, 96, 20)]);
    for (let i = 0; i < data.length; i += 61) {
      if (i % 4 === 3) continue;
      const changed = data.slice();
      changed[i] = changed[i]! ^ 1;
      seen.add(hash(changed));
    }
    expect(seen.size).toBe(
      3 + Array.from({ length: Math.ceil(data.length / 61) }, (_, i) => i * 61).filter((i) => i % 4 !== 3).length,
    );
    expect(hash(data.map((value, i) => (i % 4 === 3 ? 255 : value)))).toBe(hash(data));
  });

  it("give their memory back when something goes wrong", () => {
    const measurer = new Measurer(wasmKernels, 10, 10);
    expect(() => measurer.addBand({ data: new Uint8Array(44), width: 11, height: 1, channels: 4 })).toThrow(RangeError);
    expect(() => measurer.finish()).toThrow(/expected 10 rows/);
    expect(wasmKernels.memory.used).toBe(0);
  });
});

const scores = [
  ["dark", "dark"],
  ["light", "light"],
  ["lowInformation", "low_information"],
  ["blurry", "blurry"],
] as const;
const limits = { dark: 0.32, light: 0.05, lowInformation: 0.3, blurry: 0.29 };

describe.skipIf(!hasShared)("agreement with CleanVision and imagehash", () => {
  it("on the 33 cases", { timeout: 60_000 }, async () => {
    for (const row of goldenRows("cleanvision_cases.csv")) {
      const measured = await measureFile(join(sharedFolder, "golden/quality_cases", row.id!));
      for (const [ours, theirs] of scores) {
        expect(Math.abs(measured[ours] - Number(row[`rgb_${theirs}_score`])), `${theirs} of ${row.id}`).toBeLessThan(
          0.002,
        );
        expect(measured[ours] < limits[ours], `${theirs} of ${row.id}`).toBe(row[`rgb_is_${theirs}_issue`] === "1");
      }
      // imagehash crashes on one of them.
      if (row.phash !== "") expect(measured.perceptualHash, row.id).toBe(row.phash);
    }
  });

  it("on the photographs", { timeout: 120_000 }, async () => {
    const hashes = new Map(goldenRows("imagehash_clothing.csv").map((row) => [row.id, row.phash]));
    const rows = goldenRows("cleanvision_clothing.csv");
    expect(rows.length).toBe(713);
    let worst = 0;
    for (const row of rows) {
      const measured = await measureFile(join(sharedFolder, "data/clothing", row.id!));
      for (const [ours, theirs] of scores) {
        const difference = Math.abs(measured[ours] - Number(row[`${theirs}_score`]));
        worst = Math.max(worst, difference);
        expect(difference, `${theirs} of ${row.id}`).toBeLessThan(0.002);
        expect(measured[ours] < limits[ours], `${theirs} of ${row.id}`).toBe(row[`is_${theirs}_issue`] === "1");
      }
      expect(measured.perceptualHash, row.id).toBe(hashes.get(row.id));
    }
    console.log(`largest difference to CleanVision on ${rows.length} photographs: ${worst.toExponential(2)}`);
  });
});
