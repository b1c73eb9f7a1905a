import sharp, { type Sharp, type TiffOptions } from "sharp";
import { describe, expect, it } from "vitest";
import { isWinnowError } from "../../../src/core/errors.ts";
import { Random } from "../../../src/core/random.ts";
import { decodeTiff } from "../../../src/decode/tiff/tiff.ts";

const width = 150;
const height = 117;

/** Smooth colours with some noise, so that every way to compress has something to do. */
function picture(channels: 1 | 3 | 4 = 3): Sharp {
  const random = new Random(7);
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const at = Math.floor(i / channels);
    const [x, y] = [at % width, Math.floor(at / width)];
    return ((x >> 3) * 12 + (y >> 4) * (i % channels) * 20 + random.below(8)) & 255;
  });
  return sharp(pixels, { raw: { width, height, channels } });
}

/** Largest difference of a channel to what libtiff reads. */
async function difference(file: Buffer): Promise<number> {
  const ours = await decodeTiff(new Uint8Array(file));
  const { data, info } = await sharp(file)
    .autoOrient()
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  expect([ours.width, ours.height]).toEqual([info.width, info.height]);
  let largest = 0;
  for (const [i, value] of data.entries()) largest = Math.max(largest, Math.abs(value - ours.data[i]!));
  return largest;
}

/** A TIFF written by hand: tags are SHORT or LONG, pixels lie behind the directory. */
function handMade(tags: [tag: number, values: number[]][], pixels: Uint8Array, bigEndian = false): Uint8Array {
  const sorted = [...tags].sort(([a], [b]) => a - b);
  const directory = 8;
  const values = directory + 2 + sorted.length * 12 + 4;
  const extra = sorted.reduce((sum, [, all]) => sum + (all.length > 1 ? all.length * 4 : 0), 0);
  const bytes = new Uint8Array(values + extra + pixels.length);
  const view = new DataView(bytes.buffer);
  const little = !bigEndian;
  bytes.set([...(little ? "II*\0" : "MM\0*")].map((c) => c.charCodeAt(0)));
  view.setUint32(4, directory, little);
  view.setUint16(directory, sorted.length, little);
  let at = values;
  for (const [i, [tag, all]] of sorted.entries()) {
    const entry = directory + 2 + i * 12;
    view.setUint16(entry, tag, little);
    view.setUint16(entry + 2, 4, little);
    view.setUint32(entry + 4, all.length, little);
    // Offsets of strips are given from the beginning of the pixels.
    const shown = all.map((value) => (tag === 273 || tag === 324 ? value + values + extra : value));
    if (shown.length === 1) view.setUint32(entry + 8, shown[0]!, little);
    else {
      view.setUint32(entry + 8, at, little);
      for (const value of shown) {
        view.setUint32(at, value, little);
        at += 4;
      }
    }
  }
  bytes.set(pixels, values + extra);
  return bytes;
}

describe("TIFF", () => {
  it("is read as libtiff reads it, however it is stored", async () => {
    const ways: [string, Sharp, TiffOptions, number][] = [
      ["none", picture(), { compression: "none" }, 0],
      ["LZW", picture(), { compression: "lzw" }, 0],
      ["LZW with predictor", picture(), { compression: "lzw", predictor: "horizontal" }, 0],
      ["Deflate", picture(), { compression: "deflate" }, 0],
      [
        "Deflate with predictor, tiled",
        picture(),
        { compression: "deflate", predictor: "horizontal", tile: true, tileWidth: 64, tileHeight: 32 },
        0,
      ],
      ["PackBits", picture(), { compression: "packbits" }, 0],
      ["JPEG", picture(), { compression: "jpeg", quality: 95 }, 24],
      ["JPEG, tiled", picture(), { compression: "jpeg", quality: 95, tile: true, tileWidth: 64, tileHeight: 64 }, 24],
      ["grey", picture(1).toColourspace("b-w"), { compression: "lzw" }, 0],
      ["grey of 16 bits", picture(1).toColourspace("grey16"), { compression: "lzw", predictor: "horizontal" }, 1],
      ["RGB of 16 bits", picture().toColourspace("rgb16"), { compression: "deflate", predictor: "horizontal" }, 1],
      ["alpha", picture(4), { compression: "lzw" }, 1],
      ["4 bits", picture(1).toColourspace("b-w"), { compression: "none", bitdepth: 4 }, 0],
      ["1 bit", picture(1).toColourspace("b-w"), { compression: "none", bitdepth: 1 }, 0],
      ["fax", picture(1).toColourspace("b-w"), { compression: "ccittfax4", bitdepth: 1 }, 0],
      ["1 bit, white is 0", picture(1).toColourspace("b-w"), { compression: "none", bitdepth: 1, miniswhite: true }, 0],
      ["turned", picture().withMetadata({ orientation: 6 }), { compression: "lzw" }, 0],
    ];
    for (const [name, image, options, allowed] of ways) {
      const file = await image.tiff(options).toBuffer();
      expect(await difference(file), name).toBeLessThanOrEqual(allowed);
    }
  });

  it("is read with planes, a palette, inks, and the other end of a byte first", async () => {
    const size: [number, number[]][] = [
      [256, [2]],
      [257, [2]],
    ];
    const planes = handMade(
      [...size, [258, [8, 8, 8]], [262, [2]], [277, [3]], [284, [2]], [273, [0, 4, 8]], [279, [4, 4, 4]]],
      Uint8Array.of(1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24),
      true,
    );
    expect([...(await decodeTiff(planes)).data]).toEqual([
      1, 11, 21, 255, 2, 12, 22, 255, 3, 13, 23, 255, 4, 14, 24, 255,
    ]);
    const palette = Array.from({ length: 12 }, (_, i) => i * 256);
    const indexed = handMade(
      [...size, [258, [2]], [262, [3]], [320, palette], [273, [0]], [279, [2]]],
      Uint8Array.of(0b00_01_0000, 0b10_11_0000),
    );
    expect([...(await decodeTiff(indexed)).data]).toEqual([0, 4, 8, 255, 1, 5, 9, 255, 2, 6, 10, 255, 3, 7, 11, 255]);
    const inks = handMade(
      [
        [256, [1]],
        [257, [1]],
        [258, [8, 8, 8, 8]],
        [262, [5]],
        [277, [4]],
        [273, [0]],
        [279, [4]],
      ],
      Uint8Array.of(0, 255, 51, 0),
    );
    expect([...(await decodeTiff(inks)).data]).toEqual([255, 0, 204, 255]);
  });

  it("says what is wrong, in time and memory that the file does not choose", async () => {
    const size: [number, number[]][] = [
      [256, [10_000]],
      [257, [9_000]],
      [258, [8]],
      [262, [1]],
      [277, [1]],
    ];
    const problems: [Uint8Array, RegExp][] = [
      [Uint8Array.of(0x49, 0x49, 42, 0), /no readable header/],
      [handMade(size, new Uint8Array(4)), /cut off/],
      [handMade([...size, [273, [0]], [279, [90_000_000]]], new Uint8Array(400)), /cut off/],
      [handMade([...size, [278, [1]], [273, [0]], [279, [4]]], new Uint8Array(4)), /cut off/],
      [
        handMade([...size, [322, [4_000_000_000]], [323, [4_000_000_000]], [324, [0]], [325, [4]]], new Uint8Array(4)),
        /cut off/,
      ],
      [
        handMade([...size.slice(0, 2), [258, [32]], [339, [3]], [273, [0]], [279, [4]]], new Uint8Array(4)),
        /measured numbers/,
      ],
      [handMade([...size, [259, [50_000]], [273, [0]], [279, [4]]], new Uint8Array(4)), /Zstandard/],
      [handMade([...size, [259, [5]], [273, [0]], [279, [900]]], new Uint8Array(900).fill(0xff)), /too early/],
      [handMade([...size, [259, [8]], [273, [0]], [279, [900]]], new Uint8Array(900).fill(0x78)), /too early/],
      [handMade([...size, [50_706, [1]], [273, [0]], [279, [4]]], new Uint8Array(4)), /raw file/],
    ];
    for (const [file, reason] of problems) {
      const error = await decodeTiff(file).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(isWinnowError(error, "unreadable") && error.message, String(reason)).toMatch(reason);
    }
  });

  it("never fails otherwise, whatever is changed in a file", { timeout: 120_000 }, async () => {
    const random = new Random(3);
    const kinds = ["lzw", "deflate", "packbits", "jpeg", "ccittfax4"] as const;
    const whole = await Promise.all(
      kinds.map((compression) =>
        compression === "ccittfax4"
          ? picture(1).toColourspace("b-w").tiff({ compression, bitdepth: 1 }).toBuffer()
          : picture().tiff({ compression }).toBuffer(),
      ),
    );
    for (let i = 0; i < 500; i++) {
      const file = new Uint8Array(whole[i % whole.length]!);
      const directory = new DataView(file.buffer).getUint32(4, true);
      for (let n = 0; n < 3; n++) {
        // Mostly in the directory, where it hurts.
        const at =
          random.below(3) > 0
            ? directory + random.below(Math.min(160, file.length - directory))
            : random.below(file.length);
        file[at] = random.below(256);
      }
      const cut = random.below(4) === 0 ? file.slice(0, random.below(file.length)) : file;
      try {
        const { data, width: w, height: h } = await decodeTiff(cut);
        expect(data.length).toBe(w * h * 4);
      } catch (error) {
        if (!isWinnowError(error, "unreadable")) throw error;
      }
    }
  });
});
