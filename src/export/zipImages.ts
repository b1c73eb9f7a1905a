import { safeFilePath } from "../core/format/safePath.ts";
import { UniqueNames } from "../core/format/uniqueNames.ts";
import { eachFile, type OutgoingFiles, type TransferOptions, type TransferOutcome } from "./outgoing.ts";
import { zipStream } from "./zipStream.ts";

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
  const names = UniqueNames.forAnyFileSystem();
  const chunks = zipStream((zip) =>
    eachFile(files, options, outcome, async (file) => {
      // Read before anything is written: a file that fails here leaves no trace in the zip.
      const bytes = await (await file.open()).arrayBuffer();
      await zip.add(names.claim(safeFilePath(file.path)), new Blob([bytes]), file.modifiedAt ?? 0);
      return "written";
    }),
  );
  return { chunks, outcome };
}
