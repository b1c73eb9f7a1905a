import { describe, expect, it } from "vitest";
import { parseExifDate } from "../../../src/decode/captureTime.ts";
import { crops } from "../../../src/decode/crops.ts";
import { decode } from "../../../src/decode/decode.ts";
import type { DecodeOutcome } from "../../../src/protocol/decoding.ts";

type Image = Extract<DecodeOutcome, { kind: "image" }>;

async function draw(
  width: number,
  height: number,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
  type: string,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  paint(canvas.getContext("2d")!);
  return await canvas.convertToBlob({ type, quality: 0.95 });
}
const leftRed = (width: number, height: number) => (context: OffscreenCanvasRenderingContext2D) => {
  context.fillStyle = "#f00";
  context.fillRect(0, 0, width / 2, height);
  context.fillStyle = "#00f";
  context.fillRect(width / 2, 0, width / 2, height);
};
const decoded = async (file: Blob, path = "a.jpg", size = 32): Promise<Image> => {
  const outcome = await decode({ file, path, size });
  if (outcome.kind !== "image") throw new Error(JSON.stringify(outcome));
  return outcome;
};
const pixel = ({ rgb }: Image, size: number, x: number, y: number): number[] => [
  ...rgb.subarray((y * size + x) * 3, (y * size + x) * 3 + 3),
];

/** Puts an EXIF block with an orientation and a capture time right behind a JPEG's first marker. */
function withExif(jpeg: ArrayBuffer, orientation: number, date: string): Blob {
  const text = [...`${date}\0`].map((c) => c.charCodeAt(0));
  const exifAt = 8 + 2 + 2 * 12 + 4;
  const dateAt = exifAt + 2 + 12 + 4;
  const u16 = (value: number): number[] => [value >> 8, value & 255];
  const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
  const tiff = [
    ...[..."MM\0*"].map((c) => c.charCodeAt(0)),
    ...u32(8),
    ...u16(2),
    ...[...u16(0x0112), ...u16(3), ...u32(1), ...u16(orientation), ...u16(0)],
    ...[...u16(0x8769), ...u16(4), ...u32(1), ...u32(exifAt)],
    ...u32(0),
    ...u16(1),
    ...[...u16(0x9003), ...u16(2), ...u32(text.length), ...u32(dateAt)],
    ...u32(0),
    ...text,
  ];
  const body = [..."Exif\0\0"].map((c) => c.charCodeAt(0)).concat(tiff);
  const segment = Uint8Array.of(0xff, 0xe1, ...u16(body.length + 2), ...body);
  return new Blob([jpeg.slice(0, 2), segment, jpeg.slice(2)]);
}

describe("decode", () => {
  it("reads size, hash, thumbnail and the centred square", async () => {
    const file = await draw(640, 300, leftRed(640, 300), "image/png");
    const image = await decoded(file, "no-extension");
    expect([image.width, image.height, image.bytes]).toEqual([640, 300, file.size]);
    expect(image.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(image.rgb.length).toBe(32 * 32 * 3);
    expect(pixel(image, 32, 2, 16)).toEqual([255, 0, 0]);
    expect(pixel(image, 32, 29, 16)).toEqual([0, 0, 255]);
    const thumbnail = await createImageBitmap(new Blob([image.thumbnail.bytes], { type: image.thumbnail.type }));
    expect([thumbnail.width, thumbnail.height]).toEqual([192, 90]);
  });

  it("turns an image as its EXIF says and reads the capture time", async () => {
    const jpeg = await (await draw(160, 80, leftRed(160, 80), "image/jpeg")).arrayBuffer();
    const image = await decoded(withExif(jpeg, 6, "2024:05:06 07:08:09"));
    expect([image.width, image.height]).toEqual([80, 160]);
    // Orientation 6 is a quarter turn clockwise: left becomes top.
    expect(pixel(image, 32, 16, 2)[0]).toBeGreaterThan(200);
    expect(pixel(image, 32, 16, 29)[2]).toBeGreaterThan(200);
    expect(image.takenAt).toBe(Date.UTC(2024, 4, 6, 7, 8, 9));
  });

  it("puts transparent images on white", async () => {
    const image = await decoded(await draw(40, 40, () => undefined, "image/png"));
    expect(pixel(image, 32, 10, 10)).toEqual([255, 255, 255]);
  });

  it("reads a large image in bands with the same result as a small one", async () => {
    const image = await decoded(await draw(4200, 2600, leftRed(4200, 2600), "image/png"), "big.png");
    expect([image.width, image.height]).toEqual([4200, 2600]);
    expect(pixel(image, 32, 2, 30)).toEqual([255, 0, 0]);
    expect(pixel(image, 32, 29, 1)).toEqual([0, 0, 255]);
  });

  it("stands the smallest image", async () => {
    const image = await decoded(await draw(1, 1, leftRed(2, 1), "image/png"));
    expect(image.rgb.every((value, i) => value === (i % 3 === 0 ? 255 : 0))).toBe(true);
  });

  it("tells problems from files that are no images", async () => {
    const jpeg = await (await draw(64, 64, leftRed(64, 64), "image/jpeg")).arrayBuffer();
    const cut = await decode({ file: new Blob([jpeg.slice(0, jpeg.byteLength - 40)]), path: "cut.jpg", size: 32 });
    expect(cut).toMatchObject({ kind: "problem", reason: expect.stringMatching(/cut off/) });
    expect(await decode({ file: new Blob(["text"]), path: "notes.txt", size: 32 })).toEqual({ kind: "ignored" });
    const named = await decode({ file: new Blob(["text"]), path: "text.jpg", size: 32 });
    expect(named).toMatchObject({ kind: "problem", reason: expect.stringMatching(/not an image/) });
    const huge = new Uint8Array(64);
    huge.set([
      0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0x4e, 0x20, 0, 0, 0x4e,
      0x20,
    ]);
    const refused = await decode({ file: new Blob([huge]), path: "huge.png", size: 32 });
    expect(refused).toMatchObject({ kind: "problem", reason: expect.stringMatching(/400 megapixels/) });
  });

  it("says when a file is gone", async () => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle("gone.jpg", { create: true });
    const writable = await handle.createWritable();
    await writable.write("some bytes");
    await writable.close();
    const file = await handle.getFile();
    await root.removeEntry("gone.jpg");
    await expect(decode({ file, path: "gone.jpg", size: 32 })).rejects.toMatchObject({ code: "vanished" });
  });
});

describe("parseExifDate", () => {
  it("reads cameras' dates and refuses nonsense", () => {
    expect(parseExifDate("2020:01:31 12:00:01")).toBe(Date.UTC(2020, 0, 31, 12, 0, 1));
    for (const bad of ["0000:00:00 00:00:00", "", "yesterday", null, 5, "2020:13:01 00:00:00"]) {
      expect(parseExifDate(bad)).toBeNull();
    }
  });
});

describe("crops", () => {
  it("gives a model the squares around boxes of the upright image, clipped at its edges", async () => {
    const jpeg = await (await draw(160, 80, leftRed(160, 80), "image/jpeg")).arrayBuffer();
    // Turned: 80 wide, 160 high, red above blue.
    const file = withExif(jpeg, 6, "2024:05:06 07:08:09");
    const boxes = Float32Array.of(10, 10, 20, 30, 60, 100, 40, 70, 0, 0, 80, 160);
    const outcome = await crops({ file, path: "a.jpg", size: 8, boxes });
    if (outcome.kind !== "crops") throw new Error(JSON.stringify(outcome));
    expect(outcome.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(outcome.rgb.length).toBe(3 * 8 * 8 * 3);
    const at = (object: number, x: number, y: number): number[] => [
      ...outcome.rgb.subarray(((object * 8 + y) * 8 + x) * 3, ((object * 8 + y) * 8 + x) * 3 + 3),
    ];
    const [red, blue] = [0, 2];
    expect(at(0, 4, 4)[red]).toBeGreaterThan(200);
    expect(at(1, 4, 4)[blue]).toBeGreaterThan(200);
    // The whole image, squeezed into a square.
    expect(at(2, 4, 1)[red]).toBeGreaterThan(200);
    expect(at(2, 4, 6)[blue]).toBeGreaterThan(200);
  });

  it("says why a file has no objects", async () => {
    const outcome = await crops({ file: new Blob(["no image"]), path: "a.jpg", size: 8, boxes: new Float32Array(4) });
    expect(outcome.kind).toBe("problem");
  });
});
