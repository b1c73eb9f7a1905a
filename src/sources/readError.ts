import { WinnowError } from "../core/errors.ts";

/**
 * What a browser threw while a file or folder was read, in words. `granted` is true when the browser itself still
 * allows the read, so that a refusal can only be the operating system's.
 */
export function readError(error: unknown, path: string, granted: boolean): WinnowError {
  if (error instanceof WinnowError) return error;
  const name = error instanceof DOMException ? error.name : "";
  const made = (code: "vanished" | "permission" | "unreadable" | "cancelled", message: string): WinnowError =>
    new WinnowError(code, message, { path }, { cause: error });
  switch (name) {
    case "NotFoundError":
    case "TypeMismatchError":
      return made("vanished", `“${path}” is not there any more.`);
    case "NotReadableError":
      return made("vanished", `“${path}” was changed, moved or locked by another program since it was listed.`);
    case "NotAllowedError":
    case "SecurityError":
      return granted
        ? made("unreadable", `“${path}” may not be read: the operating system refuses it.`)
        : made("permission", `The browser asks for your permission before “${path}” may be read again.`);
    case "AbortError":
      return made("cancelled", `Reading “${path}” was cancelled.`);
    default:
      return made("unreadable", `“${path}” could not be read: ${error instanceof Error ? error.message : error}`);
  }
}
