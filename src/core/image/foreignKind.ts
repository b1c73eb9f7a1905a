import { ascii } from "./bytes.ts";

/** Signatures of pictures that are not read, and what to do. */
const pictures: readonly (readonly [at: number, signature: string, name: string])[] = [
  [0, "8BPS", "a Photoshop document"],
  [0, "\0\0\0\x0cjP  ", "a JPEG 2000 image"],
  [0, "\xff\x4f\xff\x51", "a JPEG 2000 image"],
  [0, "\0\0\0\x0cJXL ", "a JPEG XL image"],
  [0, "II+\0", "a BigTIFF image"],
  [0, "MM\0+", "a BigTIFF image"],
  [0, "II\xbc\x01", "a JPEG XR image"],
  [0, "v/1\x01", "an OpenEXR image"],
  [0, "#?RADIANCE", "a Radiance HDR image"],
  [0, "gimp xcf", "a GIMP document"],
  [0, "FUJIFILMCCD-RAW", "a camera's raw file"],
  [0, "qoif", "a QOI image"],
  [128, "DICM", "a DICOM image"],
];

/** Signatures of other files that have a picture's name by mistake, and those too short to be sure without the name. */
const others: readonly (readonly [at: number, signature: string, name: string])[] = [
  [0, "\xff\x0a", "a JPEG XL image"],
  [0, "DDS ", "a DirectDraw texture"],
  [0, "%PDF", "a PDF document"],
  [0, "PK\x03\x04", "a ZIP archive"],
  [4, "ftyp", "a video"],
  [0, "\x1aE\xdf\xa3", "a video"],
  [0, "Rar!", "a RAR archive"],
  [0, "7z\xbc\xaf", "a 7-Zip archive"],
  [0, "\x1f\x8b", "a gzip archive"],
  [0, "SQLite format 3", "a database"],
  [0, "%!PS", "a PostScript drawing"],
];

const find = (bytes: Uint8Array, list: typeof pictures): string | null =>
  list.find(([at, signature]) => ascii(bytes, at, signature))?.[2] ?? null;

/** What a picture is that Winnow does not read, “a Photoshop document”; null for anything else. */
export const foreignPicture = (bytes: Uint8Array): string | null => find(bytes, pictures);

/** What a file with a picture's name is instead, “a PDF document”; null when that is not known. */
export function otherContent(bytes: Uint8Array): string | null {
  const found = find(bytes, others);
  if (found) return found;
  const head = String.fromCharCode(...bytes.subarray(0, 256)).trimStart();
  if (/^(<!doctype html|<html|<head|<body|<script)/i.test(head)) return "a web page";
  return null;
}
