import { WinnowError } from "../core/errors.ts";
import type { SpriteLayout } from "../core/format/spriteLayout.ts";

const quality = 0.85;

/**
 * Small pictures as one JPEG, squares cut from their middles; white where one is missing.
 * @param pictures as many as the layout was made for, in its order
 * @returns null where not one is there
 */
export async function spriteSheet(
  { side, columns, rows }: SpriteLayout,
  pictures: AsyncIterable<Blob | null>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const canvas = new OffscreenCanvas(columns * side, rows * side);
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) {
    throw new WinnowError("unsupported", `This browser cannot draw a picture of ${canvas.width} × ${canvas.height}.`);
  }
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  let place = 0;
  let found = 0;
  for await (const picture of pictures) {
    const [left, top] = [(place % columns) * side, Math.floor(place / columns) * side];
    place++;
    if (picture === null) continue;
    found++;
    const bitmap = await createImageBitmap(picture);
    const { width, height } = bitmap;
    const middle = Math.min(width, height);
    context.drawImage(bitmap, (width - middle) / 2, (height - middle) / 2, middle, middle, left, top, side, side);
    bitmap.close();
  }
  if (found === 0) return null;
  const jpeg = await canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Uint8Array(await jpeg.arrayBuffer());
}
