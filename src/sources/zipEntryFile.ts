import { WinnowError } from "../core/errors.ts";
import { crc32 } from "../core/format/crc32.ts";
import type { FileNode } from "./tree.ts";

/** What is kept of an entry: zip.js's own objects take fifty times the memory (150 MB for 20,000 entries). */
export interface PackedEntry {
  /** As the archive spells it; hostile text. */
  readonly name: string;
  /** Where its local header begins. */
  readonly offset: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly crc32: number;
  /** Milliseconds since 1970; 0 when unknown. */
  readonly modifiedAt: number;
  /** Why it must not be unpacked, or null. */
  readonly refusal: string | null;
}

/** No photograph is this large, and what is larger would not fit into the memory of a page. */
export const LARGEST_ENTRY_BYTES = 2 ** 30;

const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** Why an entry cannot be unpacked whatever its bytes are, or null. */
export function refusalOf(entry: { encrypted: boolean; bytes: number; method: number }): string | null {
  if (entry.encrypted) return "it is encrypted; unpack the archive with its password first";
  if (entry.bytes > LARGEST_ENTRY_BYTES) {
    return `it unpacks to ${(entry.bytes / 2 ** 30).toFixed(1)} GB, and at most 1 GB is unpacked`;
  }
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    return `it is packed with method ${entry.method}, which browsers cannot unpack`;
  }
  return null;
}

/** An entry of `archive` as a file. */
export function zipEntryFile(archive: Blob, entry: PackedEntry, name: string, zipName: string): FileNode {
  return {
    kind: "file",
    name,
    facts: async () => ({ bytes: entry.bytes, modifiedAt: entry.modifiedAt }),
    open: async () => {
      const unpacked = entry.refusal === null ? await unpack(archive, entry) : { wrong: entry.refusal };
      if (unpacked instanceof Blob) return unpacked;
      throw new WinnowError(
        "unreadable",
        `“${entry.name}” in “${zipName}” was not unpacked: ${unpacked.wrong}.`,
        { path: entry.name, archive: zipName, reason: unpacked.wrong },
        { cause: unpacked.cause },
      );
    },
  };
}

interface Refused {
  wrong: string;
  cause?: unknown;
}

/** A bomb stops at its declared size. A stored entry is a part of the archive, not a copy. */
async function unpack(archive: Blob, entry: PackedEntry): Promise<Blob | Refused> {
  const header = new DataView(await archive.slice(entry.offset, entry.offset + LOCAL_HEADER_BYTES).arrayBuffer());
  if (header.byteLength < LOCAL_HEADER_BYTES || header.getUint32(0, true) !== LOCAL_HEADER_SIGNATURE) {
    return { wrong: "the archive is damaged at this place" };
  }
  const start = entry.offset + LOCAL_HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = archive.slice(start, start + entry.packedBytes);
  if (packed.size < entry.packedBytes) return { wrong: "the archive is cut off" };
  if (entry.method === STORED) return (await check(packed.stream(), entry, () => {})) ?? packed;

  const parts: Uint8Array<ArrayBuffer>[] = [];
  try {
    const unpacked = packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return (await check(unpacked, entry, (chunk) => parts.push(chunk))) ?? new Blob(parts);
  } catch (cause) {
    // When it is the archive's own file that has gone, this throws what the browser says about it.
    await archive.slice(0, 1).arrayBuffer();
    return { wrong: "its compressed data is damaged", cause };
  }
}

/** Reads content to its end, or until it is not what the archive declares; null when all is well. */
async function check(
  content: ReadableStream<Uint8Array<ArrayBuffer>>,
  { bytes, crc32: declared }: PackedEntry,
  keep: (chunk: Uint8Array<ArrayBuffer>) => void,
): Promise<Refused | null> {
  let size = 0;
  let checksum = 0;
  // Safari cannot iterate over a stream.
  const reader = content.getReader();
  for (;;) {
    const { done, value: chunk } = await reader.read();
    if (done) break;
    size += chunk.length;
    if (size > bytes) {
      await reader.cancel();
      return { wrong: `it unpacks to more than the ${bytes} bytes that the archive declares` };
    }
    checksum = crc32(chunk, checksum);
    keep(chunk);
  }
  if (size < bytes) return { wrong: `it unpacks to ${size} bytes, and the archive declares ${bytes}` };
  return checksum === declared ? null : { wrong: "its checksum is wrong, so the archive is damaged" };
}
