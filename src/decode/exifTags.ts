/** EXIF sits near the front; only this much of a file is searched for it. */
const searchedBytes = 262_144;

/** The EXIF tags of a file by name; null when there are none or they cannot be read. Values are hostile. */
export async function readExifTags(file: Blob | Uint8Array): Promise<Record<string, unknown> | null> {
  const head =
    file instanceof Blob
      ? new Uint8Array(await file.slice(0, searchedBytes).arrayBuffer())
      : file.subarray(0, searchedBytes);
  if (!mentionsExif(head)) return null;
  const { parse } = await import("exifr/dist/lite.esm.mjs");
  try {
    // Not `pick`: the lite build throws on it.
    const tags: unknown = await parse(head.slice().buffer, { reviveValues: false });
    return typeof tags === "object" && tags !== null ? (tags as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function mentionsExif(bytes: Uint8Array): boolean {
  for (let i = 0; i + 4 <= bytes.length; i++) {
    // “Exif” (JPEG, WebP “EXIF”) or “eXIf” (PNG)
    const first = bytes[i]! | 0x20;
    if (
      first === 0x65 &&
      (bytes[i + 1]! | 0x20) === 0x78 &&
      (bytes[i + 2]! | 0x20) === 0x69 &&
      (bytes[i + 3]! | 0x20) === 0x66
    ) {
      return true;
    }
  }
  return false;
}
