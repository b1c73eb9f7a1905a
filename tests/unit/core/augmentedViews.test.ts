import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { augmentedViews, randomCrop, recolour } from "../../../src/core/image/augmentedViews.ts";
import { modelInput } from "../../../src/core/image/modelInput.ts";
import type { Pixels } from "../../../src/core/image/resample.ts";
import { Random } from "../../../src/core/random.ts";

const noise = (width: number, height: number): Pixels => {
  const random = new Random(4);
  const data = Uint8Array.from({ length: width * height * 4 }, () => random.below(256));
  return { data, width, height, channels: 4 };
};

/** Hue, saturation and value by the textbook, each 0…1. */
function hsv(r: number, g: number, b: number): [number, number, number] {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const spread = most - least;
  let h = 0;
  if (spread > 0) {
    if (most === r) h = ((g - b) / spread + 6) % 6;
    else if (most === g) h = (b - r) / spread + 2;
    else h = (r - g) / spread + 4;
  }
  return [h / 6, most === 0 ? 0 : spread / most, most / 255];
}

describe("augmented views", () => {
  it("show 30 to 100 % of the image in proportions of 3:4 to 4:3, all of it inside", () => {
    const shares: number[] = [];
    const ratios: number[] = [];
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 400 }),
        fc.integer({ min: 8, max: 400 }),
        fc.nat(),
        (width, height, seed) => {
          const box = randomCrop(new Random(seed), width, height);
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.top).toBeGreaterThanOrEqual(0);
          expect(box.left + box.width).toBeLessThanOrEqual(width + 1e-9);
          expect(box.top + box.height).toBeLessThanOrEqual(height + 1e-9);
          expect(box.width / box.height).toBeGreaterThan(3 / 4 - 1e-9);
          expect(box.width / box.height).toBeLessThan(4 / 3 + 1e-9);
          if (Math.max(width, height) > 1.4 * Math.min(width, height)) return;
          expect((box.width * box.height) / (width * height)).toBeGreaterThan(0.3 - 1e-9);
        },
      ),
    );
    for (let seed = 0; seed < 2_000; seed++) {
      const { width, height } = randomCrop(new Random(seed), 100, 100);
      shares.push((width * height) / 1e4);
      ratios.push(Math.log(width / height));
    }
    // Every part of the ranges is drawn, and neither lying nor standing crops are preferred.
    expect(Math.min(...shares)).toBeLessThan(0.32);
    expect(Math.max(...shares)).toBeGreaterThan(0.95);
    expect(Math.abs(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length)).toBeLessThan(0.02);
  });

  it("change hue, saturation and brightness as asked", () => {
    const colour = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 200 })));
    fc.assert(
      fc.property(colour, fc.double({ min: -0.1, max: 0.1, noNaN: true }), ([r = 0, g = 0, b = 0], turns) => {
        const [h, s, v] = hsv(r, g, b);
        const same = Uint8Array.of(r, g, b);
        recolour(same, { brightness: 1, saturation: 1, hue: 0 });
        expect([...same]).toEqual([r, g, b]);

        const turned = Uint8Array.of(r, g, b);
        recolour(turned, { brightness: 1, saturation: 1, hue: turns });
        const [h2, s2, v2] = hsv(turned[0]!, turned[1]!, turned[2]!);
        expect(v2).toBeCloseTo(v, 2);
        // Rounding to bytes leaves a weak colour no exact hue.
        if (s * v > 0.3) {
          expect(Math.abs(((h2 - h - turns + 1.5) % 1) - 0.5)).toBeLessThan(0.01);
          expect(s2).toBeCloseTo(s, 1);
        }

        const darker = Uint8Array.of(r, g, b);
        recolour(darker, { brightness: 0.75, saturation: 1, hue: 0 });
        for (const [c, value] of [r, g, b].entries()) expect(Math.abs(darker[c]! - 0.75 * value)).toBeLessThan(0.51);

        const grey = Uint8Array.of(r, g, b);
        recolour(grey, { brightness: 1, saturation: 0, hue: turns });
        for (const value of grey) expect(Math.abs(value - (0.299 * r + 0.587 * g + 0.114 * b))).toBeLessThan(0.51);
      }),
    );
    const loud = Uint8Array.of(200, 100, 100);
    recolour(loud, { brightness: 1.25, saturation: 1.6, hue: 0 });
    // Grey is 0.299 · 250 + 0.701 · 125; what would be over 255 is cut off.
    expect([...loud]).toEqual([255, 103, 103]);
  });

  it("are the same for the same seed, differ from each other, and are what a decoder gives when it is asked", () => {
    const pixels = noise(60, 40);
    const views = augmentedViews(pixels, 60, 40, 16, { count: 4, seed: 7 });
    expect(views).toHaveLength(4 * 16 * 16 * 3);
    expect(augmentedViews(pixels, 60, 40, 16, { count: 4, seed: 7 })).toEqual(views);
    expect(augmentedViews(pixels, 60, 40, 16, { count: 4, seed: 8 })).not.toEqual(views);
    const [first, second] = [views.slice(0, 768), views.slice(768, 1536)];
    expect(first).not.toEqual(second);
    // More views begin with the same ones.
    expect(augmentedViews(pixels, 60, 40, 16, { count: 2, seed: 7 })).toEqual(views.slice(0, 1536));
    const square = { size: 16, views: { count: 4, seed: 7 } };
    expect(modelInput(pixels, 60, 40, 1, square)).toEqual(views);
    // Of an image that was reduced before, as of a smaller one.
    expect(modelInput(pixels, 120, 80, 2, square)).toEqual(views);
  });

  it("mirror half of the views", () => {
    // Dark at the left, bright at the right, grey: no other change can turn that round.
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) % 64) * 3);
    let mirrored = 0;
    for (let seed = 0; seed < 400; seed++) {
      const view = augmentedViews({ data, width: 64, height: 64, channels: 3 }, 64, 64, 8, { count: 1, seed });
      if (view[0]! > view[7 * 3]!) mirrored++;
    }
    expect(mirrored).toBeGreaterThan(160);
    expect(mirrored).toBeLessThan(240);
  });
});
