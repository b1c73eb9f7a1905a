import { blobFile } from "./blobFile.ts";
import { fromZip } from "./openSource.ts";
import { Pace } from "./pace.ts";
import type { Source } from "./source.ts";
import { fileItem, nameTogether, rootOf } from "./topItem.ts";
import { type FolderNode, lazyFolder, MemoryFolder } from "./tree.ts";
import { treeSource } from "./treeSource.ts";
import { isZipName } from "./zipFolder.ts";

/**
 * Files from an `<input>`. With `webkitdirectory` their paths begin below the chosen folder; otherwise they are the
 * files' names, and a zip counts as a folder. One zip alone is a zip source. The list is copied at once, so that the
 * input may be cleared.
 */
export function fromFiles(files: ArrayLike<File>): Source {
  const all = Array.from(files);
  const [first] = all;
  const folder = first === undefined ? "" : topFolder(first);
  if (folder !== "") {
    const root = lazyFolder(folder, () => folderOf(all, folder));
    return treeSource(root, folder, { kind: "files", name: folder }, async () => true);
  }
  if (all.length === 1 && first !== undefined && isZipName(first.name)) {
    return fromZip(first, { kind: "zip", handle: null, name: first.name });
  }
  const name = nameTogether(all);
  return treeSource(rootOf(all.map(fileItem)), name, { kind: "files", name }, async () => true);
}

/** `clothing` for a file chosen with its folder, "" for one chosen alone. */
function topFolder(file: File): string {
  return file.webkitRelativePath.slice(0, Math.max(0, file.webkitRelativePath.indexOf("/")));
}

async function folderOf(files: readonly File[], top: string): Promise<FolderNode> {
  const root = new MemoryFolder(top);
  const pace = new Pace();
  for (const file of files) {
    const path = file.webkitRelativePath;
    root.addFile(path.startsWith(`${top}/`) ? path.slice(top.length + 1) : path || file.name, (name) =>
      blobFile(file, name),
    );
    await pace.rest();
  }
  return root;
}
