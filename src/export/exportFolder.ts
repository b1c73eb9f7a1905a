import { writeError } from "./outgoing.ts";

/**
 * Asks for a folder to write into; must be called from a click. Null where there is no picker (Firefox, Safari: offer
 * the zip), "cancelled" when the person closed it.
 */
export async function exportFolderPicker(): Promise<FileSystemDirectoryHandle | "cancelled" | null> {
  if (window.showDirectoryPicker === undefined) return null;
  try {
    return await window.showDirectoryPicker({ id: "winnow-export", mode: "readwrite" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "cancelled";
    throw writeError(error, "the folder");
  }
}
