import type { FileChunks, FolderWriter } from "../core/projectFolder/folderFiles.ts";
import { zipStream } from "./zipStream.ts";

/**
 * A folder that is written into a zip. A file that is written again counts once, as it was last: such files are kept
 * back and come at the end.
 * @param rewritten paths that are written more than once
 */
export function zippedFolder(
  folder: string,
  rewritten: readonly string[],
  fill: (writer: FolderWriter) => Promise<void>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  return zipStream(async (zip) => {
    const last = new Map<string, Blob>();
    await fill({
      write: async (path, chunks) => {
        const content = await gathered(chunks);
        if (rewritten.includes(path)) last.set(path, content);
        else await zip.add(`${folder}/${path}`, content, 0);
      },
      remove: async (path) => {
        last.delete(path);
      },
    });
    for (const [path, content] of last) await zip.add(`${folder}/${path}`, content, 0);
  });
}

/** A writer may use its arrays again, so each chunk is copied into the blob at once. */
async function gathered(chunks: FileChunks): Promise<Blob> {
  const parts: Blob[] = [];
  for await (const chunk of chunks) parts.push(new Blob([chunk as Uint8Array<ArrayBuffer> | string]));
  return new Blob(parts);
}
