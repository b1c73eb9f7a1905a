import { rejectsFolder } from "../core/format/rejectsFolder.ts";

const EXACT = new Set([".DS_Store", "Thumbs.db", "desktop.ini"].map((name) => name.toLowerCase()));

/**
 * True for what macOS and Windows leave in folders and zips without the person knowing: `__MACOSX/…`, `._*`,
 * `.DS_Store`, `Thumbs.db`, `desktop.ini`. Sources yield them; they are skipped and counted, never a problem
 * (`._photo.jpg` has an image's name and no image in it). So is what a person moved aside (`winnow-rejects/…`).
 */
export function isSystemFile(path: string): boolean {
  const parts = path.split("/");
  const name = parts[parts.length - 1] ?? "";
  return (
    name.startsWith("._") ||
    EXACT.has(name.toLowerCase()) ||
    parts.slice(0, -1).some((part) => part === "__MACOSX" || part === rejectsFolder)
  );
}
