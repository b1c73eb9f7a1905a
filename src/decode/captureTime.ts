import { readExifTags } from "./exifTags.ts";

/**
 * EXIF capture time as milliseconds since 1970, the camera's clock read as UTC (EXIF has no reliable time zone);
 * null when there is none or it cannot be read: a broken EXIF block does not make an image unreadable.
 */
export async function captureTime(bytes: Uint8Array): Promise<number | null> {
  const tags = await readExifTags(bytes);
  return tags && (parseExifDate(tags.DateTimeOriginal) ?? parseExifDate(tags.CreateDate));
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
