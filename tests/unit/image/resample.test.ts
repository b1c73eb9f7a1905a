import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoxReducer } from "../../../src/core/image/boxReduce.ts";
import { letterbox, modelInput, reduceFactor } from "../../../src/core/image/modelInput.ts";
import { type Pixels, resizeBicubic } from "../../../src/core/image/resample.ts";

const noise = (width: number, height: number, channels: 3 | 4, seed = 1): Pixels => {
  let state = seed;
  const data = Uint8Array.from({ length: width * height * channels }, () => {
    state = (state * 48271) % 2147483647;
    return state & 255;
  });
  return { data, width, height, channels };
};

describe("resizeBicubic", () => {
  it("returns the image itself at scale 1", () => {
    const image = noise(9, 7, 3);
    expect(resizeBicubic(image, { left: 0, top: 0, width: 9, height: 7 }, 9, 7)).toEqual(image.data);
  });

  it("keeps a flat colour flat, in any box and size", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 255 }),
        (width, height, out, level) => {
          const data = new Uint8Array(width * height * 4).fill(level);
          const box = { left: width * 0.1, top: height * 0.2, width: width * 0.6, height: height * 0.7 };
          const resized = resizeBicubic({ data, width, height, channels: 4 }, box, out, out);
          return resized.every((value) => value === level);
        },
      ),
    );
  });

  // Made with Pillow 12: Image.fromarray(a).resize((3, 2), Image.BICUBIC, box=(0.5, 0, 7.5, 6)) for
  // a[y][x] = (x * 37 + y * 91, x * 53 ^ y * 17, x * y * 29) & 255, 8 × 6.
  it("gives Pillow's bytes", () => {
    const data = new Uint8Array(8 * 6 * 3);
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 8; x++) {
        data.set([(x * 37 + y * 91) & 255, ((x * 53) ^ (y * 17)) & 255, (x * y * 29) & 255], (y * 8 + x) * 3);
      }
    }
    const resized = resizeBicubic(
      { data, width: 8, height: 6, channels: 3 },
      { left: 0.5, top: 0, width: 7, height: 6 },
      3,
      2,
    );
    expect([...resized]).toEqual([99, 56, 38, 134, 163, 91, 122, 59, 94, 129, 74, 97, 100, 159, 135, 127, 75, 124]);
  });
});

describe("BoxReducer", () => {
  it("averages squares, whatever the bands", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 23 }),
        fc.integer({ min: 1, max: 23 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (width, height, factor, bandRows) => {
          const image = noise(width, height, 4, width * 31 + height);
          const reducer = new BoxReducer(width, height, factor);
          for (let top = 0; top < height; top += bandRows) {
            const rows = Math.min(bandRows, height - top);
            const data = image.data.subarray(top * width * 4, (top + rows) * width * 4);
            reducer.addBand({ data, width, height: rows, channels: 4 });
          }
          const reduced = reducer.finish();
          for (let y = 0; y < reduced.height; y++) {
            for (let x = 0; x < reduced.width; x++) {
              for (let c = 0; c < 3; c++) {
                let sum = 0;
                let count = 0;
                for (let sy = y * factor; sy < Math.min(height, (y + 1) * factor); sy++) {
                  for (let sx = x * factor; sx < Math.min(width, (x + 1) * factor); sx++) {
                    sum += image.data[(sy * width + sx) * 4 + c]!;
                    count++;
                  }
                }
                if (reduced.data[(y * reduced.width + x) * 3 + c] !== Math.round(sum / count)) return false;
              }
            }
          }
          return true;
        },
      ),
    );
  });
});

describe("modelInput", () => {
  it("takes the centred square", () => {
    const data = new Uint8Array(30 * 10 * 3);
    // Left third red, middle third green, right third blue: only green may remain.
    for (let y = 0; y < 10; y++) for (let x = 0; x < 30; x++) data[(y * 30 + x) * 3 + Math.floor(x / 10)] = 255;
    const out = modelInput({ data, width: 30, height: 10, channels: 3 }, 30, 10, 1, { size: 4 });
    for (let i = 0; i < out.length; i += 3) expect(out[i + 1]).toBeGreaterThan(200);
  });

  it("squeezes the whole image, or puts it on a grey border", () => {
    const data = new Uint8Array(30 * 10 * 3);
    for (let y = 0; y < 10; y++) for (let x = 0; x < 30; x++) data[(y * 30 + x) * 3 + Math.floor(x / 10)] = 255;
    const image = { data, width: 30, height: 10, channels: 3 as const };
    const at = (out: Uint8Array, x: number, y: number) => [...out.subarray((y * 6 + x) * 3, (y * 6 + x) * 3 + 3)];
    const squashed = modelInput(image, 30, 10, 1, { size: 6, resize: "squash" });
    const letterboxed = modelInput(image, 30, 10, 1, { size: 6, resize: "letterbox" });
    expect(letterbox(30, 10, 6)).toEqual({ left: 0, top: 2, width: 6, height: 2 });
    for (const y of [0, 5]) {
      expect(at(letterboxed, 3, y)).toEqual([114, 114, 114]);
      expect(at(squashed, 0, y)[0]).toBeGreaterThan(230);
      expect(at(squashed, 5, y)[2]).toBeGreaterThan(230);
    }
    expect(at(letterboxed, 0, 2)[0]).toBeGreaterThan(230);
    expect(at(letterboxed, 5, 3)[2]).toBeGreaterThan(230);
  });

  it("reduces only while the shorter side stays twice the model's", () => {
    expect(reduceFactor(895, 2000, 224)).toBe(1);
    expect(reduceFactor(896, 2000, 224)).toBe(2);
    expect(reduceFactor(4000, 3000, 224)).toBe(6);
    expect(reduceFactor(10, 3000, 224)).toBe(1);
  });
});
