import type { Pace } from "./pace.ts";
import type { FileNode, FolderNode, TreeNode } from "./tree.ts";

/**
 * A dropped entry (`webkitGetAsEntry`) as a node: the way in where file handles do not exist (Firefox, Safari).
 */
export function entryNode(entry: FileSystemEntry, name = entry.name): TreeNode {
  return entry.isDirectory
    ? entryFolder(entry as FileSystemDirectoryEntry, name)
    : entryFile(entry as FileSystemFileEntry, name);
}

function entryFolder(entry: FileSystemDirectoryEntry, name: string): FolderNode {
  return {
    kind: "folder",
    name,
    children: async (pace: Pace) => {
      const reader = entry.createReader();
      const nodes: TreeNode[] = [];
      for (;;) {
        // At most 100 entries a call; an empty answer is the end.
        const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
        if (batch.length === 0) return nodes;
        for (const child of batch) nodes.push(entryNode(child));
        await pace.rest();
      }
    },
    child: async (childName, kind) => {
      try {
        const found = await new Promise<FileSystemEntry>((resolve, reject) =>
          kind === "folder"
            ? entry.getDirectory(childName, {}, resolve, reject)
            : entry.getFile(childName, {}, resolve, reject),
        );
        return entryNode(found);
      } catch (error) {
        if (error instanceof DOMException && error.name === "NotFoundError") return null;
        throw error;
      }
    },
  };
}

export function entryAsFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function entryFile(entry: FileSystemFileEntry, name: string): FileNode {
  return {
    kind: "file",
    name,
    facts: async () => {
      const file = await entryAsFile(entry);
      return { bytes: file.size, modifiedAt: file.lastModified };
    },
    open: () => entryAsFile(entry),
  };
}
