import { toWinnowError } from "../core/errors.ts";
import { safeFilePath } from "../core/format/safePath.ts";
import { UniqueNames } from "../core/format/uniqueNames.ts";
import {
  eachFile,
  type OutgoingFile,
  type OutgoingFiles,
  type TransferOptions,
  type TransferOutcome,
} from "./outgoing.ts";

export interface ZipOfImages {
  /** The zip's bytes, made while they are read: give them to `saveStream`. To be read once. */
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>;
  /** Complete when `chunks` has ended. */
  outcome: TransferOutcome;
}

/**
 * Files as a zip, stored without compression because images are compressed already. One image is held at a time; names
 * are safe and unique on every operating system; Zip64 where more than 4 GB or 65,535 files ask for it. A file that
 * cannot be read is left out and listed in the outcome. `chunks` throws `cancelled` after an abort.
 */
export function zipImages(files: OutgoingFiles, options: TransferOptions): ZipOfImages {
  const outcome: TransferOutcome = { written: 0, alreadyThere: 0, failures: [] };
  return { chunks: zipChunks(files, options, outcome), outcome };
}

async function* zipChunks(
  files: OutgoingFiles,
  options: TransferOptions,
  outcome: TransferOutcome,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { ZipWriter } = await import("@zip.js/zip.js/lib/zip-core-writer.js");
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  // Buffered, an entry's size and checksum stand before its data, which every unzip program can read.
  const writer = new ZipWriter(writable, { level: 0, bufferedWrite: true, useWebWorkers: false });
  const names = UniqueNames.forAnyFileSystem();
  const pack = async (): Promise<void> => {
    await eachFile(files, options, outcome, async (file) => {
      // Read before anything is written: a file that fails here leaves no trace in the zip.
      const bytes = await (await file.open()).arrayBuffer();
      const name = names.claim(safeFilePath(file.path));
      try {
        await writer.add(name, asReader(bytes), { lastModDate: dateOf(file) });
      } catch (error) {
        throw toWinnowError(error);
      }
      return "written";
    });
    await writer.close();
  };
  const packed = pack().catch(async (error: unknown) => {
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

/** A reader that knows its size, so that no entry needs Zip64 for not knowing it. */
function asReader(bytes: ArrayBuffer): { size: number; readable: ReadableStream } {
  return { size: bytes.byteLength, readable: new Blob([bytes]).stream() };
}

/** Zip times begin in 1980 and end in 2107. */
function dateOf({ modifiedAt }: OutgoingFile): Date {
  const earliest = Date.UTC(1980, 0, 2);
  const latest = Date.UTC(2107, 11, 30);
  return new Date(modifiedAt ? Math.min(Math.max(modifiedAt, earliest), latest) : Date.now());
}
