import { describe, expect, it } from "vitest";
import { hasImageName, mayBeImage } from "../../../src/core/image/imageNames.ts";
import { readJpegHeader } from "../../../src/core/image/jpegHeader.ts";
import { explainFailure, refusal, structuralFault, unknownContent } from "../../../src/core/image/readProblem.ts";
import { sniff } from "../../../src/core/image/sniff.ts";

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part)));

const pngHeader = (width: number, height: number): Uint8Array =>
  bytes(
    "\x89PNG\r\n\x1a\n",
    [0, 0, 0, 13],
    "IHDR",
    [width >>> 24, (width >> 16) & 255, (width >> 8) & 255, width & 255],
    [height >>> 24, (height >> 16) & 255, (height >> 8) & 255, height & 255],
  );

describe("sniff", () => {
  it("reads a PNG's size", () => {
    expect(sniff(pngHeader(70_000, 3))).toEqual({ format: "png", size: { width: 70_000, height: 3 } });
  });

  it("reads a JPEG's size past an EXIF segment that holds a thumbnail of another size", () => {
    const thumbnail = bytes([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 2, 1, 0, 0, 0]);
    const exif = bytes([0xff, 0xe1, 0, thumbnail.length + 2], [...thumbnail]);
    const frame = bytes([0xff, 0xc2, 0, 11, 8, 0x01, 0x00, 0x02, 0x00, 3, 1, 0x22, 0]);
    const jpeg = bytes([0xff, 0xd8], [...exif], [...frame], [0, 0, 0, 0]);
    expect(sniff(jpeg)).toEqual({ format: "jpeg", size: { width: 512, height: 256 } });
  });

  it("reads the three kinds of WebP", () => {
    const riff = (chunk: Uint8Array): Uint8Array => bytes("RIFF", [0, 0, 0, 0], "WEBP", [...chunk], Array(16).fill(0));
    const lossy = riff(bytes("VP8 ", [0, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00]));
    const lossless = riff(bytes("VP8L", [0, 0, 0, 0, 0x2f, 0x3f, 0xc1, 0x3b, 0x00]));
    const extended = riff(bytes("VP8X", [10, 0, 0, 0, 0, 0, 0, 0, 0x3f, 0x01, 0x00, 0xef, 0x00, 0x00]));
    for (const file of [lossy, lossless, extended]) {
      expect(sniff(file)).toEqual({ format: "webp", size: { width: 320, height: 240 } });
    }
  });

  it("tells GIF, BMP, AVIF, HEIC, TIFF, SVG apart by content", () => {
    expect(sniff(bytes("GIF89a", [5, 0, 7, 0]))).toEqual({ format: "gif", size: { width: 5, height: 7 } });
    const bmp = bytes("BM", Array(12).fill(0), [40, 0, 0, 0, 9, 0, 0, 0, 0xfa, 0xff, 0xff, 0xff]);
    expect(sniff(bmp)).toEqual({ format: "bmp", size: { width: 9, height: 6 } });
    const avif = bytes([0, 0, 0, 16], "ftypavif", [0, 0, 0, 0], "ispe", [0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 4]);
    expect(sniff(avif)).toEqual({ format: "avif", size: { width: 8, height: 4 } });
    expect(sniff(bytes([0, 0, 0, 16], "ftypheic", [0, 0, 0, 0]))?.format).toBe("heic");
    expect(sniff(bytes("II*\0"))?.format).toBe("tiff");
    expect(sniff(bytes('<?xml version="1.0"?>\n<!-- a drawing --><svg width="1">'))?.format).toBe("svg");
  });

  it("knows what is no image", () => {
    for (const text of [
      "",
      "hello",
      "BM",
      "BMW is a car maker and this is a text",
      "<html><svg></svg></html>",
      "%PDF-1.4",
    ]) {
      expect(sniff(bytes(text))).toBeNull();
    }
    expect(sniff(new Uint8Array(64))).toBeNull();
  });

  it("never throws, whatever the bytes", () => {
    let seed = 1;
    const next = (): number => (seed = (seed * 48271) % 2147483647);
    const starts = [
      "\xff\xd8\xff",
      "\x89PNG\r\n\x1a\n",
      "GIF8",
      "RIFF....WEBPVP8X",
      "BM",
      "\0\0\0\x20ftypavif",
      "II*\0",
      "",
    ];
    for (let i = 0; i < 2000; i++) {
      const noise = Array.from({ length: next() % 80 }, () => next() & 255);
      const found = sniff(bytes(starts[i % starts.length]!, noise));
      if (found?.size) expect(Math.min(found.size.width, found.size.height)).toBeGreaterThan(0);
    }
  });
});

describe("reasons for a person", () => {
  it("refuses images over 100 megapixels by their header alone", () => {
    expect(refusal(sniff(pngHeader(20_000, 20_000))!)).toMatch(/20000 × 20000 \(400 megapixels\)/);
    expect(refusal(sniff(pngHeader(10_000, 10_000))!)).toBeNull();
  });

  it("tells empty, zeroed, mislabelled, cut-off and damaged files apart", () => {
    expect(unknownContent(new Uint8Array(0), "a.jpg")).toMatch(/empty/);
    expect(unknownContent(new Uint8Array(100), "a.jpg")).toMatch(/zeros/);
    expect(unknownContent(bytes("hello"), "a.jpg")).toMatch(/not an image/);
    expect(unknownContent(bytes("%PDF-1.4"), "a.jpg")).toMatch(/PDF/);
    expect(unknownContent(bytes("%PDF-1.4"), "a.pdf")).toBeNull();
    expect(unknownContent(bytes("8BPS\0\x01"), "a.psd")).toMatch(/Photoshop/);
    expect(unknownContent(bytes("\0\0\0\x0cjP  \r\n"), "whatever")).toMatch(/JPEG 2000/);
    const cut = bytes([...pngHeader(4, 4)], [8, 2, 0, 0, 0, 1, 2, 3, 4]);
    expect(structuralFault(cut, sniff(cut)!)).toMatch(/PNG is cut off/);
    const damaged = bytes(
      [...cut],
      [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82],
      Array(70_000).fill(1),
    );
    expect(structuralFault(damaged, sniff(damaged)!)).toBeNull();
    expect(explainFailure(damaged, sniff(damaged)!)).toMatch(/PNG is damaged/);
  });

  it("reads a JPEG's structure to its end", () => {
    const frame = (marker: number, bits = 8): number[] => [0xff, marker, 0, 11, bits, 0, 8, 0, 8, 1, 1, 0x11, 0];
    const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56];
    const jpeg = (...parts: number[][]): Uint8Array => bytes([0xff, 0xd8], ...parts);
    const fault = (file: Uint8Array): string | null => readJpegHeader(file).fault;
    const end = [0xff, 0xd9];
    expect(fault(jpeg(frame(0xc0), scan, end))).toBeNull();
    expect(fault(jpeg(frame(0xc0), scan, end, Array(70_000).fill(1)))).toBeNull();
    expect(fault(jpeg(frame(0xc0), scan))).toBe("cut");
    expect(fault(jpeg(frame(0xc0), end))).toBe("empty");
    expect(fault(jpeg(end))).toBe("cut");
    expect(fault(jpeg(frame(0xc0), scan, frame(0xc0), scan, end))).toBe("frames");
    expect(fault(jpeg(frame(0xc3), scan, end))).toBe("kind");
    expect(fault(jpeg(frame(0xc0, 12), scan, end))).toBe("bits");
    expect(fault(jpeg(frame(0xc0), [0xff, 0xe1, 0xff, 0xff, 1, 2]))).toBe("cut");
  });

  it("knows an image's name", () => {
    expect(["a.JPG", "b/c.jpeg", "d.webp", "e.Tiff"].every(hasImageName)).toBe(true);
    expect(["a.txt", "jpg", "a.jpg.zip", "notes.png.md"].some(hasImageName)).toBe(false);
    expect(["a.JPG", "jpg", "v1.2/0a9f", "2024.12.31 at noon"].every(mayBeImage)).toBe(true);
    expect(["a.txt", "sounds/b.ogg", "a.jpg.zip"].some(mayBeImage)).toBe(false);
  });
});
