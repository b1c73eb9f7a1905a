import type { Pixels } from "./resample.ts";

/**
 * An image turned and mirrored as an EXIF orientation says.
 * @param image RGBA
 * @param orientation 1…8; anything else counts as 1, which changes nothing
 */
export function turned(image: Pixels, orientation: number): Pixels {
  if (!(orientation >= 2 && orientation <= 8)) return image;
  const { width, height, data } = image;
  const from = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const out = new Uint32Array(width * height);
  const swapped = orientation >= 5;
  const [outWidth, outHeight] = swapped ? [height, width] : [width, height];
  // Where the image's first pixel is, and the steps to the next one across and down, in the stored pixels.
  const mirrorX = [2, 3, 7, 8].includes(orientation);
  const mirrorY = [3, 4, 6, 7].includes(orientation);
  const start = (mirrorX ? width - 1 : 0) + (mirrorY ? height - 1 : 0) * width;
  const alongX = mirrorX ? -1 : 1;
  const alongY = mirrorY ? -width : width;
  const [across, down] = swapped ? [alongY, alongX] : [alongX, alongY];
  for (let y = 0, to = 0; y < outHeight; y++) {
    let at = start + y * down;
    for (let x = 0; x < outWidth; x++, at += across) out[to++] = from[at]!;
  }
  return { data: new Uint8ClampedArray(out.buffer), width: outWidth, height: outHeight, channels: 4 };
}
