import type { FolderReader, FolderWriter } from "../../../src/core/projectFolder/folderFiles.ts";
import { blobBytes } from "../../../src/sources/sourceReader.ts";

/** A folder of blobs. */
export function blobFolder(): FolderReader & FolderWriter {
  const files = new Map<string, Blob>();
  return {
    open: async (path) => {
      const blob = files.get(path);
      return blob ? blobBytes(blob) : null;
    },
    write: async (path, chunks) => {
      const parts: Blob[] = [];
      for await (const chunk of chunks) parts.push(new Blob([chunk as string | Uint8Array<ArrayBuffer>]));
      files.set(path, new Blob(parts));
    },
    remove: async (path) => void files.delete(path),
  };
}
