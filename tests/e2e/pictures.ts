import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp, { type Sharp } from "sharp";

/** A picture that no other has: a coloured gradient with a disc. */
export const picture = (seed: number): Sharp => {
  const hue = (seed * 67) % 360;
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="240" height="180">
      <rect width="240" height="180" fill="hsl(${hue},60%,70%)"/>
      <circle cx="${30 + ((seed * 53) % 180)}" cy="${20 + ((seed * 31) % 140)}" r="${15 + ((seed * 7) % 40)}" fill="hsl(${(hue + 120) % 360},70%,40%)"/>
    </svg>`),
  );
};

/** Writes `count` different JPEGs, half of them in each of two subfolders, and returns their paths in listing order. */
export async function writePictures(folder: string, count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => {
    const name = `${String(i).padStart(4, "0")}.jpg`;
    return i < count / 2 ? `left/${name}` : `right/${name}`;
  });
  for (const path of paths) await mkdir(dirname(join(folder, path)), { recursive: true });
  await Promise.all(
    paths.map(async (path, i) => writeFile(join(folder, path), await picture(i).jpeg({ quality: 90 }).toBuffer())),
  );
  return paths;
}
