/** A folder of its own in the browser's private file system; gone with {@link removePictures}. */
export async function picturesFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return await root.getDirectoryHandle(`pictures-${crypto.randomUUID()}`, { create: true });
}

/** Writes a small picture that no other seed gives, at a path below a folder. */
export async function writePicture(folder: FileSystemDirectoryHandle, path: string, seed: number): Promise<void> {
  const canvas = new OffscreenCanvas(48, 36);
  const context = canvas.getContext("2d")!;
  context.fillStyle = `hsl(${(seed * 67) % 360} 60% 60%)`;
  context.fillRect(0, 0, 48, 36);
  context.fillStyle = `hsl(${(seed * 67 + 120) % 360} 70% 40%)`;
  context.fillRect((seed * 5) % 30, (seed * 3) % 20, 6 + (seed % 12), 6 + (seed % 9));
  await writeFile(folder, path, await canvas.convertToBlob({ type: "image/png" }));
}

export async function writeFile(folder: FileSystemDirectoryHandle, path: string, blob: Blob): Promise<void> {
  const names = path.split("/");
  let place = folder;
  for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name, { create: true });
  const file = await place.getFileHandle(names.at(-1)!, { create: true });
  const writable = await file.createWritable();
  await writable.write(blob);
  await writable.close();
}

export async function readFile(folder: FileSystemDirectoryHandle, path: string): Promise<File> {
  const names = path.split("/");
  let place = folder;
  for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name);
  return await (await place.getFileHandle(names.at(-1)!)).getFile();
}

export async function removePictures(folder: FileSystemDirectoryHandle): Promise<void> {
  await (await navigator.storage.getDirectory()).removeEntry(folder.name, { recursive: true });
}
