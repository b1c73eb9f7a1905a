import type { Pace } from "./pace.ts";
import type { FileNode, FolderNode, TreeNode } from "./tree.ts";

export function isDirectory(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === "directory";
}

/** A directory handle (File System Access) as a folder. */
export function handleFolder(handle: FileSystemDirectoryHandle, name = handle.name): FolderNode {
  return {
    kind: "folder",
    name,
    children: async (pace: Pace) => {
      const nodes: TreeNode[] = [];
      for await (const child of handle.values()) {
        nodes.push(isDirectory(child) ? handleFolder(child) : handleFile(child as FileSystemFileHandle));
        await pace.rest();
      }
      return nodes;
    },
    child: async (childName, kind) => {
      try {
        return kind === "folder"
          ? handleFolder(await handle.getDirectoryHandle(childName))
          : handleFile(await handle.getFileHandle(childName));
      } catch (error) {
        if (error instanceof DOMException && error.name === "NotFoundError") return null;
        throw error;
      }
    },
  };
}

/** A file handle as a file. Every use asks the disk again, so a file that is gone is noticed. */
export function handleFile(handle: FileSystemFileHandle, name = handle.name): FileNode {
  return {
    kind: "file",
    name,
    facts: async () => {
      const file = await handle.getFile();
      return { bytes: file.size, modifiedAt: file.lastModified };
    },
    open: () => handle.getFile(),
  };
}
