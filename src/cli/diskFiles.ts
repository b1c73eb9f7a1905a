import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { WinnowError } from "../core/errors.ts";
import type { ImportFiles } from "../core/format/annotations/imported.ts";
import { fileError, NodeFolder } from "./nodeFolder.ts";

/** Of a folder with a data set's images beside its annotations only these can hold any. */
const annotations = /\.(csv|tsv|txt|json|jsonl|ndjson|parquet|npy|xml|ya?ml|names)$/i;

/**
 * Files on disk, or one folder with all that lies in it, to import from. Links are not followed.
 * @throws WinnowError `vanished` when one of them is not there
 */
export async function diskFiles(given: readonly string[]): Promise<ImportFiles> {
  const [first] = given;
  if (first === undefined) throw new WinnowError("config", "Name a file or a folder to import.");
  try {
    if (given.length === 1 && (await stat(first)).isDirectory()) return await folderFiles(resolve(first));
    for (const path of given) {
      if ((await stat(path)).isDirectory()) {
        throw new WinnowError("config", `“${path}” is a folder: import one folder, or files.`);
      }
    }
  } catch (error) {
    throw fileError(error, first);
  }
  // By their names alone; two of the same name from different folders keep as much of their paths as differs.
  const root = commonFolder(given.map((path) => resolve(path)));
  const folder = new NodeFolder(root);
  const paths = given.map((path) => slashed(relative(root, resolve(path))));
  return { name: basename(first), paths, open: (path) => folder.open(path) };
}

async function folderFiles(root: string): Promise<ImportFiles> {
  const folder = new NodeFolder(root);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && annotations.test(entry.name))
    .map((entry) => slashed(relative(root, join(entry.parentPath, entry.name))))
    .sort();
  return { name: basename(root), paths, open: (path) => folder.open(path) };
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]!);
  while (folder !== dirname(folder) && !paths.every((path) => path.startsWith(join(folder, "/"))))
    folder = dirname(folder);
  return folder;
}

const slashed = (path: string): string => path.replaceAll("\\", "/");
