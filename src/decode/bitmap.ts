import wasmUrl from "libheif-js/libheif-wasm/libheif.wasm?url";
import { isPngAt, largestIcon, type Sniffed } from "../core/image/sniff.ts";
import { webpOrientation } from "../core/image/webpOrientation.ts";
import { ownRaster } from "./ownRaster.ts";

/** Not in every browser yet. */
type Detachable = ArrayBuffer & { transfer?: (length: number) => ArrayBuffer };

/**
 * A file's picture, the first where there are several, its orientation applied, colours as stored.
 * @throws WinnowError `unreadable` with the reason; anything else when the browser refuses the file
 */
export async function bitmapOf(buffer: ArrayBuffer, sniffed: Sniffed): Promise<ImageBitmap> {
  const bytes = new Uint8Array(buffer);
  const raster = await ownRaster(bytes, sniffed, async () => await (await fetch(wasmUrl)).arrayBuffer());
  if (raster) {
    const { width, height } = raster;
    const data = raster.data as Uint8ClampedArray<ArrayBuffer>;
    const bitmap = await createImageBitmap(new ImageData(data, width, height));
    // Given back at once: the collector may leave 400 MB lying while the next image is decoded.
    (data.buffer as Detachable).transfer?.(0);
    return bitmap;
  }
  const bitmap = await createImageBitmap(new Blob([picture(bytes, sniffed)]), { colorSpaceConversion: "none" });
  return sniffed.format === "webp" ? turnedBitmap(bitmap, webpOrientation(bytes)) : bitmap;
}

/** The file, or a PNG inside an icon: browsers refuse it where the icon's directory tells another size. */
function picture(bytes: Uint8Array<ArrayBuffer>, { format }: Sniffed): Uint8Array<ArrayBuffer> {
  const largest = format === "ico" ? largestIcon(bytes) : null;
  return largest && isPngAt(bytes, largest.at) ? bytes.subarray(largest.at) : bytes;
}

/** @param orientation EXIF's, 1…8 */
function turnedBitmap(bitmap: ImageBitmap, orientation: number): ImageBitmap {
  if (orientation === 1) return bitmap;
  const { width, height } = bitmap;
  const turns: Record<number, readonly [number, number, number, number, number, number]> = {
    2: [-1, 0, 0, 1, width, 0],
    3: [-1, 0, 0, -1, width, height],
    4: [1, 0, 0, -1, 0, height],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, height, 0],
    7: [0, -1, -1, 0, height, width],
    8: [0, -1, 1, 0, 0, width],
  };
  const canvas = orientation >= 5 ? new OffscreenCanvas(height, width) : new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error(`no 2-D canvas of ${canvas.width} × ${canvas.height}`);
  context.imageSmoothingEnabled = false;
  context.setTransform(...turns[orientation]!);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.transferToImageBitmap();
}
