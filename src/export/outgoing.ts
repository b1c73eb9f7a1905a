import { isWinnowError, WinnowError } from "../core/errors.ts";
import type { Problem } from "../core/records.ts";
import type { Progress } from "../core/task.ts";

/** A file on its way out. A listed source file is one. `open` is called once, when its turn comes. */
export interface OutgoingFile {
  /** Relative, with forward slashes; hostile text, made safe before it becomes a name. */
  readonly path: string;
  /** Milliseconds since 1970; 0 or absent when unknown. */
  readonly modifiedAt?: number;
  open(): Promise<Blob>;
}

export type OutgoingFiles = Iterable<OutgoingFile> | AsyncIterable<OutgoingFile>;

export interface TransferOptions {
  /** How many files will come. */
  total: number;
  /** Called after every file, failed ones included. */
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** What became of the files. */
export interface TransferOutcome {
  /** Files written. */
  written: number;
  /** Files that were there already, byte for byte. */
  alreadyThere: number;
  /** Files that could not be read or written, with the reason. */
  failures: Problem[];
}

/**
 * Takes files one by one. A file that fails is noted in `outcome` and the next one follows; what concerns all files
 * (cancelled, disk full, permission lost) is thrown.
 */
export async function eachFile(
  files: OutgoingFiles,
  { total, onProgress, signal }: TransferOptions,
  outcome: TransferOutcome,
  take: (file: OutgoingFile) => Promise<"written" | "alreadyThere">,
): Promise<void> {
  let done = 0;
  const throwIfAborted = (): void => {
    if (signal?.aborted)
      throw new WinnowError("cancelled", `The export was cancelled after ${done} of ${total} files.`);
  };
  throwIfAborted();
  for await (const file of files) {
    throwIfAborted();
    try {
      outcome[await take(file)]++;
    } catch (error) {
      const reason = writeError(error, file.path);
      if (concernsAll(reason)) throw reason;
      outcome.failures.push({ path: file.path, reason: reason.message });
    }
    done++;
    onProgress?.({ done, total });
  }
}

/** What a browser threw while something was written, in words. */
export function writeError(error: unknown, path: string): WinnowError {
  if (error instanceof WinnowError) return error;
  const name = error instanceof DOMException ? error.name : "";
  const options = { cause: error };
  switch (name) {
    case "QuotaExceededError":
      return new WinnowError(
        "storage-full",
        `There is no room left for “${path}”. Free disk space and export again.`,
        { path },
        options,
      );
    case "NotAllowedError":
    case "SecurityError":
      return new WinnowError(
        "permission",
        `The browser may not write “${path}”. Choose the folder again.`,
        { path },
        options,
      );
    case "NotFoundError":
      return new WinnowError(
        "vanished",
        `“${path}” or the folder it goes to is not there any more.`,
        { path },
        options,
      );
    case "TypeMismatchError":
      return new WinnowError(
        "unreadable",
        `“${path}” was not written: a file and a folder would have the same name.`,
        { path },
        options,
      );
    default: {
      const words = error instanceof Error ? error.message : String(error);
      return new WinnowError("unreadable", `“${path}” was not written: ${words}`, { path }, options);
    }
  }
}

function concernsAll(reason: WinnowError): boolean {
  return (["storage-full", "permission", "cancelled", "internal"] as const).some((code) => isWinnowError(reason, code));
}
