import type { Entry, Reader } from "@zip.js/zip.js";
import { WinnowError } from "../core/errors.ts";
import { Pace } from "./pace.ts";
import { type PackedEntry, refusalOf } from "./zipEntryFile.ts";

/**
 * The files in a zip's central directory, in its order. Entries that begin inside another one, as in a zip bomb whose
 * entries share their bytes, get a refusal. Rejects with `unreadable`, naming `zipName`, when there is no directory to
 * read.
 */
export async function readZipDirectory(archive: Blob, zipName: string): Promise<PackedEntry[]> {
  const { ZipReader } = await import("@zip.js/zip.js/lib/zip-core-reader.js");
  const entries: PackedEntry[] = [];
  const pace = new Pace();
  try {
    // One bad name may not hide the other entries: each is judged when its path is made.
    const reader = new ZipReader(asReader(archive) as Reader<Blob>, { filenameValidation: "tolerant" });
    for await (const entry of reader.getEntriesGenerator()) {
      if (isFile(entry)) entries.push(packedEntry(entry));
      await pace.rest();
    }
  } catch (error) {
    // The browser's own errors say that the file is gone or may not be read, not that it is damaged.
    if (error instanceof DOMException) throw error;
    const words = error instanceof Error ? error.message : String(error);
    const message = `“${zipName}” is not a zip archive, or it is damaged: ${words}.`;
    throw new WinnowError("unreadable", message, { path: zipName }, { cause: error });
  }
  return withoutOverlaps(entries);
}

/** zip.js reads ranges through this; its own BlobReader would bring HTTP and text readers along. */
function asReader(blob: Blob): { size: number; readUint8Array(start: number, length: number): Promise<Uint8Array> } {
  return {
    size: blob.size,
    readUint8Array: async (start, length) => new Uint8Array(await blob.slice(start, start + length).arrayBuffer()),
  };
}

/** Windows' own zips may end a folder's name with a backslash, which zip.js takes for a file. */
function isFile(entry: Entry): boolean {
  return !entry.directory && !(entry.filename.endsWith("\\") && entry.uncompressedSize === 0);
}

function packedEntry(entry: Entry): PackedEntry {
  const { filename: name, offset, compressedSize, uncompressedSize: bytes, compressionMethod: method } = entry;
  const modifiedAt = entry.lastModDate?.getTime();
  return {
    name,
    offset,
    packedBytes: compressedSize,
    bytes,
    method,
    // Only encrypted entries have none, and those are refused.
    crc32: entry.crc32 ?? 0,
    modifiedAt: Number.isFinite(modifiedAt) ? modifiedAt : 0,
    refusal: refusalOf({ encrypted: entry.encrypted, bytes, method }),
  };
}

/** Of entries that overlap, the one that begins first stays. */
function withoutOverlaps(entries: PackedEntry[]): PackedEntry[] {
  const byOffset = entries.map((_, index) => index).sort((a, b) => entries[a]!.offset - entries[b]!.offset);
  let end = 0;
  for (const index of byOffset) {
    const entry = entries[index]!;
    if (entry.offset < end) {
      entries[index] = { ...entry, refusal: "it shares its bytes with another entry, as in a zip bomb" };
    } else {
      // The local header has at least 30 bytes.
      end = entry.offset + 30 + entry.packedBytes;
    }
  }
  return entries;
}
