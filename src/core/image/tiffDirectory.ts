import { ascii, u16be, u16le, u32be, u32le } from "./bytes.ts";

/** Whole numbers by tag. A tag whose values lie outside the file, or are no whole numbers, is missing. */
export type TiffDirectory = ReadonlyMap<number, readonly number[]>;

export const tiffTags = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  faxOptions: 292,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  dngVersion: 50706,
} as const;

/** Bytes of a value of the types that hold whole numbers from 0: BYTE, SHORT, LONG, UNDEFINED, IFD. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 7: 1, 13: 4 };
/** More than any image within the limits has strips. */
const mostValues = 1_000_000;

/**
 * The first directory of a TIFF, which also EXIF is.
 * @returns null when the bytes are no TIFF or the directory does not lie in them
 */
export function readTiffDirectory(bytes: Uint8Array): TiffDirectory | null {
  const little = ascii(bytes, 0, "II*\0");
  if (!little && !ascii(bytes, 0, "MM\0*")) return null;
  const [u16, u32] = little ? [u16le, u32le] : [u16be, u32be];
  const start = u32(bytes, 4);
  if (start < 8 || start + 2 > bytes.length) return null;
  const entries = u16(bytes, start);
  const directory = new Map<number, readonly number[]>();
  for (let i = 0; i < entries; i++) {
    const entry = start + 2 + i * 12;
    if (entry + 12 > bytes.length) break;
    const size = sizes[u16(bytes, entry + 2)];
    const count = u32(bytes, entry + 4);
    if (size === undefined || count === 0 || count > mostValues) continue;
    const at = count * size <= 4 ? entry + 8 : u32(bytes, entry + 8);
    if (at + count * size > bytes.length) continue;
    const values = Array.from({ length: count }, (_, n) =>
      size === 1 ? bytes[at + n]! : size === 2 ? u16(bytes, at + n * 2) : u32(bytes, at + n * 4),
    );
    directory.set(u16(bytes, entry), values);
  }
  return directory;
}
