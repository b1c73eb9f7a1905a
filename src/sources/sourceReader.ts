import { isWinnowError } from "../core/errors.ts";
import type { FileBytes, FolderReader } from "../core/projectFolder/folderFiles.ts";
import type { Source } from "./source.ts";

/** The files of a source, read as those of a project folder. */
export const sourceReader = (source: Source): FolderReader => ({
  open: async (path) => {
    try {
      return blobBytes(await (await source.find(path)).open());
    } catch (error) {
      if (isWinnowError(error, "vanished")) return null;
      throw error;
    }
  },
});

export const blobBytes = (blob: Blob): FileBytes => ({
  size: blob.size,
  slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  text: () => blob.text(),
});
