/**
 * What can go wrong, as literal codes. A caller decides by `code`, a person reads `message`.
 *
 * - `unreadable`: one file's bytes are not an image Winnow can decode. Skip it and list it as a problem.
 * - `vanished`: a listed file could not be read any more. Skip it and list it.
 * - `too-large`: an image has more pixels than Winnow will decode. Skip it and list it.
 * - `permission`: the browser wants a click before a folder may be read. Ask the person.
 * - `storage-full`: the browser's quota is used up. What is stored stays; ask the person to free space.
 * - `storage`: IndexedDB failed in another way.
 * - `worker-died`: a worker ended or hung. The caller may repeat the call on a fresh worker.
 * - `cancelled`: the person cancelled. Not shown as an error.
 * - `model`: the model file is damaged or the runtime cannot run it.
 * - `shape`: an array has the wrong length or a value is not finite. A defect of the caller or of a file.
 * - `empty`: there is nothing to work on.
 * - `unsupported`: this browser lacks something that is needed.
 * - `config`: a configuration asks for something that cannot be. The message names the place and the remedy.
 * - `internal`: everything else; a defect of Winnow.
 */
export type ErrorCode =
  | "unreadable"
  | "vanished"
  | "too-large"
  | "permission"
  | "storage-full"
  | "storage"
  | "worker-died"
  | "cancelled"
  | "model"
  | "shape"
  | "empty"
  | "unsupported"
  | "config"
  | "internal";

/** Structured-cloneable facts about an error: which file, what was expected, what was found. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | null>>;

/** The only error class that Winnow throws on purpose. `message` is a sentence for a person. */
export class WinnowError extends Error {
  override readonly name = "WinnowError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly detail: ErrorDetail = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** True for a {@link WinnowError}, with the given code when one is named. */
export function isWinnowError(error: unknown, code?: ErrorCode): error is WinnowError {
  return error instanceof WinnowError && (code === undefined || error.code === code);
}

/** Any thrown value as a {@link WinnowError}; one that is not ours becomes `internal` and keeps its cause. */
export function toWinnowError(error: unknown, code: ErrorCode = "internal"): WinnowError {
  if (error instanceof WinnowError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new WinnowError(code, message, {}, { cause: error });
}
