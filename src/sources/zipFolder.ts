import { safeArchivePath } from "../core/format/safePath.ts";
import { Pace } from "./pace.ts";
import { isSystemFile } from "./systemFiles.ts";
import { type FolderNode, lazyFolder, MemoryFolder } from "./tree.ts";
import { readZipDirectory } from "./zipDirectory.ts";
import { type PackedEntry, zipEntryFile } from "./zipEntryFile.ts";

/** True for a name that a person would call a zip. */
export function isZipName(name: string): boolean {
  return /\.zip$/i.test(name);
}

/** `clothing.zip` → `clothing`. */
export function withoutZip(name: string): string {
  return name.replace(/\.zip$/i, "") || name;
}

/**
 * A zip as a folder. Only its directory is read, when it is first needed; entries are read from their place in the blob
 * one by one. When all its images lie in one top folder, as when that folder was zipped, the folder's content is the
 * zip's content. Its methods reject with `unreadable` when the archive is damaged or not a zip.
 */
export function zipFolder(zipName: string, openBlob: () => Promise<Blob>): FolderNode {
  return lazyFolder(zipName, async () => {
    const archive = await openBlob();
    const pace = new Pace();
    const placed: { entry: PackedEntry; path: string; rejected: boolean }[] = [];
    for (const entry of await readZipDirectory(archive, zipName)) {
      const { path, rejected } = safeArchivePath(entry.name);
      placed.push({
        entry: rejected === null ? entry : { ...entry, refusal: rejected },
        path,
        rejected: rejected !== null,
      });
      await pace.rest();
    }
    const top = commonTopFolder(placed);
    const root = new MemoryFolder(zipName);
    for (const { entry, path } of placed) {
      const inside = path.startsWith(top) ? path.slice(top.length) : path;
      root.addFile(inside, (name) => zipEntryFile(archive, entry, name, zipName));
      await pace.rest();
    }
    return root;
  });
}

/** The folder with its slash that all proper files are in, or "". */
function commonTopFolder(files: readonly { path: string; rejected: boolean }[]): string {
  let top: string | null = null;
  for (const { path, rejected } of files) {
    if (rejected || isSystemFile(path)) continue;
    const folder = path.slice(0, path.indexOf("/") + 1);
    if (folder === "" || (top !== null && folder !== top)) return "";
    top = folder;
  }
  return top ?? "";
}
