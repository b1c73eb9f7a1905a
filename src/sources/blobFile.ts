import type { FileNode } from "./tree.ts";

/** A `File` that the page already has. Opening it reads one byte, because a `File` does not know that it is gone. */
export function blobFile(file: File, name = file.name): FileNode {
  return {
    kind: "file",
    name,
    facts: async () => ({ bytes: file.size, modifiedAt: file.lastModified }),
    open: async () => {
      await file.slice(0, 1).arrayBuffer();
      return file;
    },
  };
}
