import { UniqueNames } from "../core/format/uniqueNames.ts";
import { blobFile } from "./blobFile.ts";
import { entryAsFile, entryNode } from "./entryTree.ts";
import { handleFile, handleFolder, isDirectory } from "./handleTree.ts";
import { Pace } from "./pace.ts";
import { type FolderNode, lazyFolder, MemoryFolder, type TreeNode } from "./tree.ts";
import { isZipName, withoutZip, zipFolder } from "./zipFolder.ts";

/** One thing a person dropped or chose. A zip among them is a folder; a zip inside a folder is a file like any other. */
export interface TopItem {
  readonly name: string;
  /** The item as a node; `name` differs from its own when two items have the same. */
  node(name: string): TreeNode;
}

export function handleItem(handle: FileSystemHandle): TopItem {
  if (isDirectory(handle)) return { name: handle.name, node: (name) => handleFolder(handle, name) };
  const file = handle as FileSystemFileHandle;
  return {
    name: file.name,
    node: (name) => (isZipName(file.name) ? zipFolder(name, () => file.getFile()) : handleFile(file, name)),
  };
}

export function entryItem(entry: FileSystemEntry): TopItem {
  return {
    name: entry.name,
    node: (name) =>
      entry.isFile && isZipName(entry.name)
        ? zipFolder(name, () => entryAsFile(entry as FileSystemFileEntry))
        : entryNode(entry, name),
  };
}

export function fileItem(file: File): TopItem {
  return {
    name: file.name,
    node: (name) => (isZipName(file.name) ? zipFolder(name, async () => file) : blobFile(file, name)),
  };
}

/** The folder that a source over these items lists: the only folder or zip itself, otherwise all side by side. */
export function rootOf(items: readonly TopItem[]): FolderNode {
  const [only] = items;
  const single = items.length === 1 ? only?.node(only.name) : undefined;
  return single?.kind === "folder" ? single : lazyFolder("", () => sideBySide(items));
}

/** `clothing`, `photos` for `photos.zip`, `a.jpg and 2 more`; what looks like a folder before what looks like a file. */
export function nameTogether(items: readonly { readonly name: string }[]): string {
  const [first] = items;
  if (first === undefined) return "Files";
  if (items.length === 1) return withoutZip(first.name);
  const names = items.map(({ name }) => name).sort();
  const folder = names.find((name) => isZipName(name) || !/\.\w{1,5}$/.test(name));
  return `${withoutZip(folder ?? names[0]!)} and ${items.length - 1} more`;
}

async function sideBySide(items: readonly TopItem[]): Promise<FolderNode> {
  const root = new MemoryFolder("");
  const names = new UniqueNames();
  const pace = new Pace();
  for (const item of items) {
    root.addNode(item.node(names.claim(item.name)));
    await pace.rest();
  }
  return root;
}
