import { writeError } from "./outgoing.ts";
import { saveBlob } from "./saveBlob.ts";

export type Chunk = string | Uint8Array<ArrayBuffer>;
export type Chunks = Iterable<Chunk> | AsyncIterable<Chunk>;

/** Chunks are joined to blobs of about this size, which the browser may keep on disk. */
const PART_BYTES = 8 << 20;
/** Half a frame of making chunks, then the page has its turn. */
const BUSY_MS = 8;

/**
 * All chunks as one blob. The page holds only the last few megabytes of them as strings and arrays. Text becomes UTF-8.
 * The event loop gets a turn between chunks.
 */
export async function gatherBlob(type: string, chunks: Chunks): Promise<Blob> {
  const parts: Blob[] = [];
  let recent: Chunk[] = [];
  let recentBytes = 0;
  let since = performance.now();
  for await (const chunk of chunks) {
    recent.push(chunk);
    recentBytes += chunk.length;
    if (recentBytes >= PART_BYTES) {
      parts.push(new Blob(recent));
      recent = [];
      recentBytes = 0;
    }
    if (performance.now() - since > BUSY_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
  }
  return new Blob([...parts, ...recent], { type });
}

/**
 * Saves something large. From a click, where there is a save picker (Chromium), the person says where and the chunks go
 * straight to disk; the file appears only when it is complete. Elsewhere the chunks are gathered into a blob and
 * downloaded. `chunks` is not touched before the person has chosen.
 *
 * Rejects with what `chunks` throws, or with `storage-full`, `permission`.
 */
export async function saveStream(name: string, type: string, chunks: Chunks): Promise<"saved" | "cancelled"> {
  const target = await pickFile(name, type);
  if (target === "cancelled") return "cancelled";
  if (target === null) {
    saveBlob(await gatherBlob(type, chunks), name);
    return "saved";
  }
  const writable = await target.createWritable().catch((error: unknown) => {
    throw writeError(error, name);
  });
  const write = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      throw writeError(error, name);
    }
  };
  try {
    for await (const chunk of chunks) await write(writable.write(chunk));
    await write(writable.close());
  } catch (error) {
    // A stream that failed by itself is aborted already and says so here; the first error is the one that matters.
    await writable.abort().catch(() => {});
    throw error;
  }
  return "saved";
}

/** Null where there is no picker, or no click to open one. */
async function pickFile(name: string, type: string): Promise<FileSystemFileHandle | "cancelled" | null> {
  if (window.showSaveFilePicker === undefined || !navigator.userActivation.isActive) return null;
  const extension = name.slice(name.lastIndexOf("."));
  try {
    return await window.showSaveFilePicker({
      id: "winnow-export",
      suggestedName: name,
      types: [{ accept: { [type]: [extension] } }],
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "cancelled";
    throw writeError(error, name);
  }
}
