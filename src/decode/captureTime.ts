/** EXIF sits near the front; only this much of a file is searched for it. */
const searchedBytes = 262_144;

/**
 * EXIF capture time as milliseconds since 1970, the camera's clock read as UTC (EXIF has no reliable time zone);
 * null when there is none or it cannot be read: a broken EXIF block does not make an image unreadable.
 */
export async function captureTime(bytes: Uint8Array): Promise<number | null> {
  const head = bytes.subarray(0, searchedBytes);
  if (!mentionsExif(head)) return null;
  const { parse } = await import("exifr/dist/lite.esm.mjs");
  try {
    // Not `pick`: the lite build throws on it.
    const tags: unknown = await parse(head.slice().buffer, { reviveValues: false });
    if (typeof tags !== "object" || tags === null) return null;
    const { DateTimeOriginal, CreateDate } = tags as Record<string, unknown>;
    return parseExifDate(DateTimeOriginal) ?? parseExifDate(CreateDate);
  } catch {
    return null;
  }
}

/** “2020:01:31 12:00:00” → milliseconds; null for anything else, such as the all-zero date of some cameras. */
export function parseExifDate(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const match = /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/.exec(value);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second);
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
