import { WinnowError } from "../../core/errors.ts";
import { readTiffDirectory, type TiffDirectory, tiffTags } from "../../core/image/tiffDirectory.ts";

/** A strip or tile: where its bytes lie, and which pixels it holds. */
export interface TiffBlock {
  at: number;
  bytes: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** Which sample it holds; 0 where a block holds all of them. */
  plane: number;
}

/** How the pixels of a TIFF's first page are stored, checked against the file. */
export interface TiffLayout {
  width: number;
  height: number;
  /** Of a sample: 1, 2, 4, 8 or 16. */
  bits: number;
  /** Samples a pixel, extra ones included. */
  samples: number;
  /** Samples that lie side by side in a block: all of them, or 1. */
  blockSamples: number;
  photometric: number;
  compression: number;
  predictor: number;
  fillOrder: number;
  faxOptions: number;
  /** Place of the alpha sample and whether the colours were multiplied by it; null without one. */
  alpha: { sample: number; multiplied: boolean } | null;
  palette: readonly number[] | null;
  jpegTables: readonly number[] | null;
  orientation: number;
  littleEndian: boolean;
  blocks: TiffBlock[];
}

export const photometrics = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3, cmyk: 5, yCbCr: 6 } as const;

const refuse = (reason: string): never => {
  throw new WinnowError("unreadable", reason);
};
const cut = (): never =>
  refuse("The TIFF is cut off or damaged: its pixels do not lie in the file. Copy the file again from its source.");

/** @throws WinnowError `unreadable` with the reason for a person */
export function tiffLayout(bytes: Uint8Array): TiffLayout {
  const directory =
    readTiffDirectory(bytes) ?? refuse("The TIFF has no readable header. Copy the file again from its source.");
  refuseRaw(bytes, directory);
  const first = (tag: number, otherwise: number): number => directory.get(tag)?.[0] ?? otherwise;
  const width = first(tiffTags.width, 0);
  const height = first(tiffTags.height, 0);
  if (width === 0 || height === 0) refuse("The TIFF has no readable size. Copy the file again from its source.");
  const samples = first(tiffTags.samples, 1);
  const bitsEach = directory.get(tiffTags.bits) ?? [1];
  const bits = bitsEach[0]!;
  const format = first(tiffTags.sampleFormat, 1);
  if (format !== 1 || ![1, 2, 4, 8, 16].includes(bits) || bitsEach.some((one) => one !== bits)) {
    refuse("The TIFF holds measured numbers rather than colours of 1 to 16 bits. Convert it to 8 or 16 bits first.");
  }
  const photometric = first(tiffTags.photometric, bits === 1 ? 0 : samples >= 3 ? 2 : 1);
  const compression = first(tiffTags.compression, 1);
  const colours = coloursOf(photometric, compression);
  if (samples < colours || samples > 64) refuse(`The TIFF has ${samples} samples a pixel where ${colours} are needed.`);
  const extra = directory.get(tiffTags.extraSamples) ?? [];
  const alphaAt = extra.findIndex((kind) => kind === 1 || kind === 2);
  const separate = first(tiffTags.planar, 1) === 2 && samples > 1;
  return {
    width,
    height,
    bits,
    samples,
    blockSamples: separate ? 1 : samples,
    photometric,
    compression,
    predictor: first(tiffTags.predictor, 1),
    fillOrder: first(tiffTags.fillOrder, 1),
    faxOptions: first(tiffTags.faxOptions, 0),
    alpha:
      alphaAt < 0 || colours + alphaAt >= samples
        ? null
        : { sample: colours + alphaAt, multiplied: extra[alphaAt] === 1 },
    palette: directory.get(tiffTags.palette) ?? null,
    jpegTables: directory.get(tiffTags.jpegTables) ?? null,
    orientation: first(tiffTags.orientation, 1),
    littleEndian: bytes[0] === 0x49,
    blocks: blocksOf(directory, bytes.length, { width, height, planes: separate ? samples : 1 }),
  };
}

/** A camera's raw file begins as a TIFF whose first page is a small preview. */
function refuseRaw(bytes: Uint8Array, directory: TiffDirectory): void {
  const preview = ((directory.get(tiffTags.subfile)?.[0] ?? 0) & 1) === 1 && directory.has(tiffTags.subDirectories);
  if (preview || directory.has(tiffTags.dngVersion) || (bytes[8] === 0x43 && bytes[9] === 0x52)) {
    refuse("It is a camera's raw file, which Winnow does not read. Develop it to JPEG, PNG or TIFF first.");
  }
}

/** Samples that make a colour. */
function coloursOf(photometric: number, compression: number): number {
  switch (photometric) {
    case photometrics.whiteIsZero:
    case photometrics.blackIsZero:
    case photometrics.palette:
      return 1;
    case photometrics.rgb:
      return 3;
    case photometrics.cmyk:
      return 4;
    case photometrics.yCbCr:
      // The JPEG decoder gives RGB.
      if (compression === 7) return 3;
  }
  return refuse(
    "The TIFF stores its colours in a rare way (neither grey, RGB, palette nor CMYK). Convert it to RGB first.",
  );
}

function blocksOf(
  directory: TiffDirectory,
  fileBytes: number,
  { width, height, planes }: { width: number; height: number; planes: number },
): TiffBlock[] {
  const tileWidth = directory.get(tiffTags.tileWidth)?.[0];
  const tileHeight = directory.get(tiffTags.tileHeight)?.[0];
  const tiled = tileWidth !== undefined && tileHeight !== undefined;
  const blockWidth = tiled ? tileWidth : width;
  const blockHeight = tiled ? tileHeight : Math.min(height, directory.get(tiffTags.rowsPerStrip)?.[0] ?? height);
  // A tile may stand out over the image, but not by much: its pixels are held in memory.
  if (!(blockWidth > 0 && blockHeight > 0) || blockWidth * blockHeight > 4 * Math.max(width * height, 1 << 22)) cut();
  const across = Math.ceil(width / blockWidth);
  const down = Math.ceil(height / blockHeight);
  const offsets = directory.get(tiled ? tiffTags.tileOffsets : tiffTags.stripOffsets) ?? cut();
  const lengths = directory.get(tiled ? tiffTags.tileBytes : tiffTags.stripBytes);
  const count = across * down * planes;
  if (offsets.length < count || (lengths && lengths.length < count)) cut();
  return Array.from({ length: count }, (_, i) => {
    const place = i % (across * down);
    const top = Math.floor(place / across) * blockHeight;
    const at = offsets[i]!;
    // Old writers left the lengths out where there is but one strip.
    const bytes = lengths?.[i] ?? (count === 1 ? fileBytes - at : cut());
    if (at + bytes > fileBytes || bytes <= 0) cut();
    return {
      at,
      bytes,
      left: (place % across) * blockWidth,
      top,
      width: blockWidth,
      height: tiled ? blockHeight : Math.min(blockHeight, height - top),
      plane: Math.floor(i / (across * down)),
    };
  });
}
