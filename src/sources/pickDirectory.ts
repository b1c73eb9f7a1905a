import { fromDirectoryHandle } from "./openSource.ts";
import { readError } from "./readError.ts";
import type { Source } from "./source.ts";

/**
 * Opens the browser's directory picker; must be called from a click. Null where there is no picker (Firefox, Safari:
 * use an `<input webkitdirectory>`), "cancelled" when the person closed it without choosing. Rejects with `permission`
 * when the browser refuses to open it.
 */
export async function pickDirectory(): Promise<Source | "cancelled" | null> {
  if (window.showDirectoryPicker === undefined) return null;
  try {
    return fromDirectoryHandle(await window.showDirectoryPicker({ id: "winnow-source", mode: "read" }));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "cancelled";
    throw readError(error, "the folder", false);
  }
}
