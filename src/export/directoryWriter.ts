import type { FileChunks, FolderWriter } from "../core/projectFolder/folderFiles.ts";
import { writeError } from "./outgoing.ts";

/** Writes into a folder on disk. A file appears under its name only when it is complete (the browser writes aside). */
export function directoryWriter(directory: FileSystemDirectoryHandle): FolderWriter {
  const folderOf = async (path: string, create: boolean): Promise<FileSystemDirectoryHandle> => {
    let folder = directory;
    for (const part of path.split("/").slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create });
    return folder;
  };
  const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
  return {
    write: async (path, chunks) => {
      try {
        const file = await (await folderOf(path, true)).getFileHandle(nameOf(path), { create: true });
        await writeAll(await file.createWritable(), chunks);
      } catch (error) {
        throw writeError(error, path);
      }
    },
    remove: async (path) => {
      try {
        await (await folderOf(path, false)).removeEntry(nameOf(path), { recursive: true });
      } catch (error) {
        if (error instanceof DOMException && error.name === "NotFoundError") return;
        throw writeError(error, path);
      }
    },
  };
}

async function writeAll(writable: FileSystemWritableFileStream, chunks: FileChunks): Promise<void> {
  try {
    for await (const chunk of chunks) await writable.write(chunk as Uint8Array<ArrayBuffer> | string);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
}

/** The folder of that name in a directory; null when there is none. */
export async function childFolder(
  directory: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await directory.getDirectoryHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return null;
    throw writeError(error, name);
  }
}

/** A folder that is made now. */
export async function newChildFolder(
  directory: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle> {
  try {
    return await directory.getDirectoryHandle(name, { create: true });
  } catch (error) {
    throw writeError(error, name);
  }
}
