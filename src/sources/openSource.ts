import { isDirectory } from "./handleTree.ts";
import { permissionOf } from "./permission.ts";
import type { Source, SourceRef } from "./source.ts";
import { handleItem, nameTogether, rootOf } from "./topItem.ts";
import { treeSource } from "./treeSource.ts";
import { isZipName, withoutZip, zipFolder } from "./zipFolder.ts";

/** A picked, dropped or stored directory. */
export function fromDirectoryHandle(handle: FileSystemDirectoryHandle): Source {
  return fromHandles([handle]);
}

/** Handles together: one directory or one zip is the source itself, several keep their names. */
export function fromHandles(handles: readonly FileSystemHandle[]): Source {
  const items = handles.map(handleItem);
  const ref = refOf(handles);
  return treeSource(rootOf(items), nameTogether(items), ref, async () => (await permissionOf(ref)) === "granted");
}

/** A zip whose bytes the page has. `ref` says how it is found again. */
export function fromZip(blob: Blob, ref: Extract<SourceRef, { kind: "zip" }>): Source {
  return treeSource(
    zipFolder(ref.name, async () => blob),
    withoutZip(ref.name),
    ref,
    async () => true,
  );
}

/** How handles are stored together. */
export function refOf(handles: readonly FileSystemHandle[]): SourceRef {
  const [only] = handles;
  if (handles.length === 1 && only !== undefined) {
    if (isDirectory(only)) return { kind: "directory", handle: only };
    if (isZipName(only.name)) return { kind: "zip", handle: only as FileSystemFileHandle, name: only.name };
  }
  return { kind: "handles", handles: [...handles] };
}
