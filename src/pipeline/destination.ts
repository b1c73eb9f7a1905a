import { exportFolderPicker } from "../export/exportFolder.ts";

/** Where many files go. */
export type Destination = { kind: "zip" } | { kind: "folder"; handle: FileSystemDirectoryHandle };

/**
 * Asks for a folder to write into; must be called from a click. Null when the person closed the picker, the zip where
 * the browser has none.
 */
export async function chooseDestination(): Promise<Destination | null> {
  const handle = await exportFolderPicker();
  if (handle === "cancelled") return null;
  return handle === null ? { kind: "zip" } : { kind: "folder", handle };
}

/** A project's name as the beginning of a file name. */
export const safeName = (name: string): string =>
  name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+|-+$/g, "") || "winnow";
