/** A folder in the page's private file system, which stands in for one that a person picked. */
export async function makeFolder(
  name: string,
  files: Readonly<Record<string, string | Uint8Array<ArrayBuffer> | Blob>>,
): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(name, { recursive: true }).catch(() => {});
  const folder = await root.getDirectoryHandle(name, { create: true });
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split("/");
    let place = folder;
    for (const part of parts.slice(0, -1)) place = await place.getDirectoryHandle(part, { create: true });
    const writable = await (await place.getFileHandle(parts.at(-1)!, { create: true })).createWritable();
    await writable.write(content);
    await writable.close();
  }
  return folder;
}

/** Every file below a folder with its text. */
export async function readFolder(folder: FileSystemDirectoryHandle, prefix = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const handle of folder.values()) {
    if (handle.kind === "directory") {
      Object.assign(found, await readFolder(handle as FileSystemDirectoryHandle, `${prefix}${handle.name}/`));
    } else {
      found[prefix + handle.name] = await (await (handle as FileSystemFileHandle).getFile()).text();
    }
  }
  return found;
}
