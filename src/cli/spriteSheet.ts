import sharp from "sharp";
import type { Sprite } from "../core/format/embeddingFiles.ts";
import { spriteLayout } from "../core/format/spriteLayout.ts";
import type { ProjectReader } from "../core/projectFolder/projectReader.ts";
import { thumbnailsPerPack } from "../core/projectFolder/thumbnailPack.ts";

const channels = 3;

/**
 * The thumbnails of some rows as one picture, squares cut from their middles; white where one is missing.
 * @returns null where there are none, or too many for one picture
 */
export async function spriteSheet(reader: ProjectReader, rows: readonly number[]): Promise<Sprite | null> {
  const layout = spriteLayout(rows.length);
  if (layout === null) return null;
  const { side, columns } = layout;
  const [width, height] = [columns * side, layout.rows * side];
  const sheet = Buffer.alloc(width * height * channels, 255);
  let pack: (Uint8Array | null)[] = [];
  let packOf = -1;
  let found = 0;
  for (const [place, row] of rows.entries()) {
    const wanted = Math.floor(row / thumbnailsPerPack);
    if (wanted !== packOf) [pack, packOf] = [await reader.thumbnailPack(wanted), wanted];
    const thumbnail = pack[row - wanted * thumbnailsPerPack];
    if (!thumbnail) continue;
    found++;
    const small = await sharp(thumbnail)
      .resize(side, side, { fit: "cover" })
      .flatten({ background: "#fff" })
      .toColourspace("srgb")
      .raw()
      .toBuffer();
    const [left, top] = [(place % columns) * side, Math.floor(place / columns) * side];
    for (let y = 0; y < side; y++) {
      small.copy(sheet, ((top + y) * width + left) * channels, y * side * channels, (y + 1) * side * channels);
    }
  }
  if (found === 0) return null;
  const jpeg = await sharp(sheet, { raw: { width, height, channels } }).jpeg({ quality: 85 }).toBuffer();
  return { layout, chunks: [jpeg] };
}
