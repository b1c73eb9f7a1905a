import { join } from "node:path";
import sharp from "sharp";

/** A picture that no other has: a coloured gradient with a disc. */
export const picture = (seed: number): ReturnType<typeof sharp> => {
  const hue = (seed * 67) % 360;
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="240" height="180">
      <rect width="240" height="180" fill="hsl(${hue},60%,70%)"/>
      <circle cx="${30 + ((seed * 53) % 180)}" cy="${20 + ((seed * 31) % 140)}" r="${15 + ((seed * 7) % 40)}" fill="hsl(${(hue + 120) % 360},70%,40%)"/>
    </svg>`),
  );
};

/** Writes pictures first … end − 1 as JPEGs into a folder. */
export async function writePictures(folder: string, first: number, end: number): Promise<void> {
  for (let i = first; i < end; i++) {
    await picture(i)
      .jpeg()
      .toFile(join(folder, `picture ${String(i).padStart(4, "0")}.jpg`));
  }
}
