import { isWinnowError, WinnowError } from "../core/errors.ts";

/**
 * What a failed write means. A full disk is its own code, because a person can do something about it.
 * @returns `storage-full`, or `storage` with the browser's own words
 */
export function storageError(error: unknown): WinnowError {
  if (isWinnowError(error)) return error;
  const name = error instanceof DOMException ? error.name : "";
  const message = error instanceof Error ? error.message : String(error);
  if (name === "QuotaExceededError" || /quota|disk is full|no space/i.test(message)) {
    return new WinnowError(
      "storage-full",
      "The browser's storage is full. What is stored stays. Delete a project you no longer need or free disk space, then continue.",
      {},
      { cause: error },
    );
  }
  return new WinnowError("storage", `The browser's storage failed: ${message}`, { name }, { cause: error });
}

/** Runs a piece of storage work and gives its failures a code. */
export async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error);
  }
}
