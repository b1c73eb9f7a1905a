import { safeFilePath } from "../core/format/safePath.ts";
import { numberedPath, UniqueNames } from "../core/format/uniqueNames.ts";
import { eachFile, type OutgoingFiles, type TransferOptions, type TransferOutcome } from "./outgoing.ts";
import { sameBytes } from "./sameBytes.ts";

/**
 * Copies files into a folder on disk, with their subfolders. A file already there with the same bytes is left alone,
 * one with other bytes is never overwritten: the copy is named `photo (2).jpg`. Names are made safe for every operating
 * system. A file appears under its name only when it is complete (Chromium writes to a hidden file and renames it).
 *
 * A file that fails is listed in the outcome and the rest goes on. Throws `cancelled` after an abort, `storage-full`
 * when the disk is full, `permission` when the folder may not be written; what was copied stays.
 */
export async function copyIntoFolder(
  files: OutgoingFiles,
  directory: FileSystemDirectoryHandle,
  options: TransferOptions,
): Promise<TransferOutcome> {
  const outcome: TransferOutcome = { written: 0, alreadyThere: 0, failures: [] };
  const names = UniqueNames.forAnyFileSystem();
  const folders = new Map<string, FileSystemDirectoryHandle>([["", directory]]);
  await eachFile(files, options, outcome, async (file) => {
    const blob = await file.open();
    const path = names.claim(safeFilePath(file.path));
    const slash = path.lastIndexOf("/");
    const folder = await subfolder(folders, path.slice(0, Math.max(0, slash)));
    return copyFile(blob, folder, path.slice(slash + 1));
  });
  return outcome;
}

/** The folder at a path below the chosen one, made where it is missing. */
async function subfolder(
  folders: Map<string, FileSystemDirectoryHandle>,
  path: string,
): Promise<FileSystemDirectoryHandle> {
  const known = folders.get(path);
  if (known !== undefined) return known;
  const slash = path.lastIndexOf("/");
  const parent = await subfolder(folders, path.slice(0, Math.max(0, slash)));
  const made = await parent.getDirectoryHandle(path.slice(slash + 1), { create: true });
  folders.set(path, made);
  return made;
}

async function copyFile(
  blob: Blob,
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<"written" | "alreadyThere"> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : numberedPath(name, number);
    const existing = await lookUp(folder, candidate);
    if (existing === "free") {
      await writeNew(blob, folder, candidate);
      return "written";
    }
    if (existing !== "folder" && (await sameBytes(await existing.getFile(), blob))) return "alreadyThere";
  }
}

async function lookUp(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemFileHandle | "free" | "folder"> {
  try {
    return await folder.getFileHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return "free";
    if (error instanceof DOMException && error.name === "TypeMismatchError") return "folder";
    throw error;
  }
}

/** The handle's creation makes an empty file; a failed write must not leave it behind. */
async function writeNew(blob: Blob, folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  try {
    const writable = await handle.createWritable();
    try {
      await writable.write(blob);
      await writable.close();
    } catch (error) {
      await writable.abort().catch(() => {});
      throw error;
    }
  } catch (error) {
    await folder.removeEntry(name).catch(() => {});
    throw error;
  }
}
