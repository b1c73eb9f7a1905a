import { toWinnowError } from "../core/errors.ts";

/** A zip that is being written. */
export interface ZipTarget {
  /** Adds a file whole, stored without compression. @param modifiedAt milliseconds since 1970; 0 when unknown */
  add(name: string, content: Blob, modifiedAt: number): Promise<void>;
}

/**
 * A zip's bytes, made while they are read; to be read once. Zip64 where more than 4 GB or 65,535 files ask for it.
 * Throws what `pack` throws; after an early end, the next `add` fails.
 */
export async function* zipStream(
  pack: (target: ZipTarget) => Promise<void>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { ZipWriter } = await import("@zip.js/zip.js/lib/zip-core-writer.js");
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  // Buffered, an entry's size and checksum stand before its data, which every unzip program can read.
  const writer = new ZipWriter(writable, { level: 0, bufferedWrite: true, useWebWorkers: false });
  const target: ZipTarget = {
    add: async (name, content, modifiedAt) => {
      try {
        // With its size known, an entry needs no Zip64 for not knowing it.
        const entry = { size: content.size, readable: content.stream() };
        await writer.add(name, entry, { lastModDate: zipDate(modifiedAt) });
      } catch (error) {
        throw toWinnowError(error);
      }
    },
  };
  const packed = pack(target)
    .then(() => writer.close())
    .catch(async (error: unknown) => {
      await writable.abort(error).catch(() => {});
      throw error;
    });
  packed.catch(() => {});
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await packed;
  } finally {
    // After an early end, the writer's next write fails and packing stops.
    await reader.cancel().catch(() => {});
  }
}

/** Zip times begin in 1980 and end in 2107. */
function zipDate(modifiedAt: number): Date {
  const earliest = Date.UTC(1980, 0, 2);
  const latest = Date.UTC(2107, 11, 30);
  return new Date(modifiedAt ? Math.min(Math.max(modifiedAt, earliest), latest) : Date.now());
}
