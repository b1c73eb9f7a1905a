import type { FileBytes } from "../../projectFolder/folderFiles.ts";
import type { ImportContext } from "./imported.ts";

/** Some milliseconds of work for any reader, and few enough calls. */
const chunkBytes = 1 << 20;

/** A file's bytes in order, a megabyte at a time, its progress reported. */
export async function* fileChunks(
  file: FileBytes,
  progress?: ImportContext["progress"],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < file.size; at += chunkBytes) {
    await progress?.(at, file.size);
    yield await file.slice(at, Math.min(file.size, at + chunkBytes));
  }
  await progress?.(file.size, file.size);
}

/** A file's first bytes. */
export const fileStart = async (file: FileBytes, bytes: number): Promise<Uint8Array> =>
  await file.slice(0, Math.min(file.size, bytes));
