import { readFileSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { WinnowError } from "../core/errors.ts";
import type { Source } from "../sources/source.ts";
import { nameTogether, rootOf, type TopItem } from "../sources/topItem.ts";
import type { FileNode, FolderNode, TreeNode } from "../sources/tree.ts";
import { treeSource } from "../sources/treeSource.ts";
import { isZipName, zipFolder } from "../sources/zipFolder.ts";
import { codeOf, fileError } from "./nodeFolder.ts";

/**
 * Folders, images and zips on disk as one source, listed in the page's order: paths begin below a single folder, and
 * with its name when there are several.
 * @throws WinnowError `vanished` when one of them is not there
 */
export async function diskSource(paths: readonly string[]): Promise<Source> {
  const items: TopItem[] = [];
  for (const given of paths) {
    const path = resolve(given);
    const name = basename(path);
    let folder: boolean;
    try {
      folder = (await stat(path)).isDirectory();
    } catch (error) {
      throw fileError(error, given);
    }
    items.push({
      name,
      node: (as) => {
        if (folder) return diskFolder(path, as, []);
        return isZipName(name) ? zipFolder(as, async () => new Blob([readFileSync(path)])) : diskFile(path, as);
      },
    });
  }
  const name = nameTogether(items);
  return treeSource(rootOf(items), name, { kind: "files", name }, async () => true);
}

/** @param above real paths of the folders around it, so that a link to one of them is not followed for ever */
function diskFolder(path: string, name: string, above: readonly string[]): FolderNode {
  return {
    kind: "folder",
    name,
    children: async (pace) => {
      try {
        const around = [...above, await realpath(path)];
        const nodes: TreeNode[] = [];
        for (const entry of await readdir(path, { withFileTypes: true })) {
          const child = join(path, entry.name);
          const node = entry.isSymbolicLink()
            ? await linkedNode(child, entry.name, around)
            : entry.isDirectory()
              ? diskFolder(child, entry.name, around)
              : entry.isFile()
                ? diskFile(child, entry.name)
                : null;
          if (node) nodes.push(node);
          await pace.rest();
        }
        return nodes;
      } catch (error) {
        throw fileError(error, path);
      }
    },
    child: async (childName, kind) => {
      const child = join(path, childName);
      try {
        const found = await stat(child);
        if (found.isDirectory() !== (kind === "folder")) return null;
        return kind === "folder" ? diskFolder(child, childName, []) : diskFile(child, childName);
      } catch (error) {
        if (codeOf(error) === "ENOENT") return null;
        throw fileError(error, child);
      }
    },
  };
}

async function linkedNode(path: string, name: string, above: readonly string[]): Promise<TreeNode | null> {
  try {
    const target = await stat(path);
    if (!target.isDirectory()) return diskFile(path, name);
    return above.includes(await realpath(path)) ? null : diskFolder(path, name, above);
  } catch {
    // A link to nothing is listed as the file that cannot be read.
    return diskFile(path, name);
  }
}

function diskFile(path: string, name: string): FileNode {
  return {
    kind: "file",
    name,
    facts: async () => {
      try {
        const { size, mtimeMs } = await stat(path);
        return { bytes: size, modifiedAt: Math.floor(mtimeMs) };
      } catch (error) {
        throw fileError(error, path);
      }
    },
    open: async () => {
      try {
        return new Blob([await readFile(path)]);
      } catch (error) {
        const reason = fileError(error, path);
        throw reason.code === "storage" ? new WinnowError("unreadable", reason.message) : reason;
      }
    },
  };
}
