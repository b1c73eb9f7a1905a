import type { ProjectReader } from "../core/projectFolder/projectReader.ts";
import { thumbnailsPerPack } from "../core/projectFolder/thumbnailPack.ts";

/** Stored thumbnails by row; the pack that was read last is kept. */
export function storedThumbnails(reader: ProjectReader): (row: number) => Promise<Blob | null> {
  let last = -1;
  let pack: (Uint8Array<ArrayBuffer> | null)[] = [];
  return async (row) => {
    const number = Math.floor(row / thumbnailsPerPack);
    if (number !== last) {
      pack = await reader.thumbnailPack(number);
      last = number;
    }
    const bytes = pack[row % thumbnailsPerPack];
    return bytes ? new Blob([bytes]) : null;
  };
}
