import { describe, expect, it } from "vitest";
import { decode } from "../../../src/decode/decode.ts";
import { show } from "../../../src/decode/show.ts";
import { needsOwnDecoder } from "../../../src/decode/showable.ts";
import { isSystemFile } from "../../../src/sources/systemFiles.ts";
import { hostileFiles, wrongCorners } from "../../fixtures/hostile.ts";
import { expectOutcome, nastyFiles, webpWithOrientation } from "../../fixtures/nastyFiles.ts";
import { fetchShared, hasShared } from "../sharedFiles.ts";

/** A thumbnail's RGBA pixels. */
async function pixelsOf(bytes: ArrayBuffer): Promise<ImageData> {
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

describe.skipIf(!hasShared)("the page's decoder and hostile files", () => {
  it("decodes what is a picture, names what is not, leaves out the rest", { timeout: 120_000 }, async () => {
    const files = await hostileFiles((await fetchShared("data/hostile.tar.gz"))!);
    expect(files.length).toBe(173);
    for (const { path, bytes, expect: wanted, huge, width, height, corners } of files) {
      if (isSystemFile(path)) {
        expect(wanted, path).toBe("ignored");
        continue;
      }
      const outcome = await decode({ file: new Blob([bytes]), path, size: 32 });
      const refused = huge && outcome.kind === "problem";
      expect(outcome.kind, `${path}: ${JSON.stringify(outcome).slice(0, 200)}`).toBe(
        refused ? "problem" : wanted === "ok" ? "image" : wanted,
      );
      if (outcome.kind === "problem") expect(outcome.reason, path).toMatch(/^[A-Z].{15,}\.$/s);
      if (outcome.kind !== "image") continue;
      expect([outcome.width, outcome.height], path).toEqual([width, height]);
      if (!corners) continue;
      const image = await pixelsOf(outcome.thumbnail.bytes);
      expect(wrongCorners(corners, image.data, { width: image.width, height: image.height, channels: 4 }), path).toBe(
        "",
      );
    }
  });
});

describe.skipIf(!hasShared)("what a person looks at", () => {
  it("is the file itself, or its picture where browsers show none or a wrong one", async () => {
    const files = new Map(
      (await hostileFiles((await fetchShared("data/hostile.tar.gz"))!)).map((file) => [file.path, file]),
    );
    const file = (path: string): Blob => new Blob([files.get(path)!.bytes]);
    for (const path of [
      "jpeg/progressive.jpg",
      "jpeg/cmyk-adobe.jpg",
      "other/animated.webp",
      "other/photo.avif",
      "png/oriented.png",
    ]) {
      expect(await needsOwnDecoder(file(path)), path).toBe(false);
    }
    for (const path of ["other/upper.HEIC", "other/tiff-lzw.tif", "jpeg/cmyk-plain.jpg"]) {
      expect(await needsOwnDecoder(file(path)), path).toBe(true);
      const { width, height, corners } = files.get(path)!;
      const image = await pixelsOf((await show(file(path))).bytes);
      expect([image.width, image.height]).toEqual([width, height]);
      if (corners)
        expect(wrongCorners(corners, image.data, { width: image.width, height: image.height, channels: 4 })).toBe("");
    }
    await expect(show(file("other/heic-cut.heic"))).rejects.toMatchObject({ code: "unreadable" });
  });
});

describe("the page's decoder and files that try something", () => {
  it("gives each its size or its reason", async () => {
    for (const { name, bytes, becomes } of await nastyFiles()) {
      const outcome = await decode({ file: new Blob([bytes]), path: name, size: 32 });
      expectOutcome(name, outcome, becomes);
    }
  });

  it("turns a WebP as its EXIF says", async () => {
    const canvas = new OffscreenCanvas(60, 40);
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#f00";
    context.fillRect(0, 0, 60, 20);
    context.fillStyle = "#00f";
    context.fillRect(0, 20, 60, 20);
    const plain = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 1 })).arrayBuffer());
    // Orientation 6 turns a quarter clockwise: what was above comes to the right.
    const file = new Blob([webpWithOrientation(plain, 60, 40, 6)]);
    const outcome = await decode({ file, path: "turned.webp", size: 32 });
    if (outcome.kind !== "image") throw new Error(JSON.stringify(outcome));
    expect([outcome.width, outcome.height]).toEqual([40, 60]);
    const pixel = (x: number): number[] => Array.from(outcome.rgb.subarray((16 * 32 + x) * 3, (16 * 32 + x) * 3 + 3));
    expect(pixel(28)[0]).toBeGreaterThan(200);
    expect(pixel(3)[2]).toBeGreaterThan(200);
  });
});
