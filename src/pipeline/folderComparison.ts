import { WinnowError } from "../core/errors.ts";
import type { ImageTable } from "../core/imageTable.ts";
import type { Source, SourceFile } from "../sources/source.ts";
import { isSystemFile } from "../sources/systemFiles.ts";
import type { Supervision } from "./analyst.ts";

/** What a folder holds of a project's images, by row. */
export interface FolderComparison {
  /** Where they were. `modifiedAt` of the file, which a copy may have changed. */
  found: { row: number; modifiedAt: number }[];
  /** The same bytes under another path. */
  moved: { row: number; file: SourceFile }[];
  /** Other bytes under the same path. */
  changed: { row: number; file: SourceFile }[];
  /** In the folder neither by path nor by bytes. */
  missing: number[];
  /** Files of the folder that are no image of the project; not all of them need be images. */
  others: number;
}

/**
 * Compares a project's images with the files of a folder, which may be another folder than they came from, or that one
 * under another name. A file is read only where path, size and time together do not settle it.
 * @throws WinnowError `cancelled`, `permission`
 */
export async function compareFolder(
  images: ImageTable,
  source: Source,
  { signal, progress }: Supervision,
): Promise<FolderComparison> {
  const files = new Map<string, SourceFile>();
  for await (const file of source.list(signal)) if (!isSystemFile(file.path)) files.set(file.path, file);
  const found: FolderComparison = { found: [], moved: [], changed: [], missing: [], others: 0 };
  const astray: number[] = [];
  for (let row = 0; row < images.length; row++) {
    if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
    progress({ done: row, total: images.length });
    const file = files.get(images.path(row));
    if (file === undefined) {
      astray.push(row);
      continue;
    }
    files.delete(file.path);
    const record = images.at(row);
    const isSame =
      file.bytes === record.bytes &&
      (file.modifiedAt === record.modifiedAt || (await digestOf(file)) === record.sha256);
    if (isSame) found.found.push({ row, modifiedAt: file.modifiedAt });
    else found.changed.push({ row, file });
  }
  await findMoved(images, astray, files, found, signal);
  found.others = files.size;
  progress({ done: images.length, total: images.length });
  return found;
}

/** Looks for images by their bytes among the files that are no image's by path. */
async function findMoved(
  images: ImageTable,
  astray: readonly number[],
  files: Map<string, SourceFile>,
  found: FolderComparison,
  signal: AbortSignal,
): Promise<void> {
  const wantedSizes = new Set(astray.map((row) => images.bytes(row)));
  const byDigest = new Map<string, SourceFile[]>();
  if (astray.length > 0) {
    for (const file of files.values()) {
      if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
      if (!wantedSizes.has(file.bytes)) continue;
      const digest = await digestOf(file);
      if (digest !== null) byDigest.set(digest, [...(byDigest.get(digest) ?? []), file]);
    }
  }
  for (const row of astray) {
    const file = byDigest.get(images.sha256(row))?.shift();
    if (file) {
      files.delete(file.path);
      found.moved.push({ row, file });
    } else found.missing.push(row);
  }
}

/** Lower-case hex; null for a file that cannot be read: it is then not the image that was looked for. */
async function digestOf(file: SourceFile): Promise<string | null> {
  let bytes: ArrayBuffer;
  try {
    bytes = await (await file.open()).arrayBuffer();
  } catch {
    return null;
  }
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
