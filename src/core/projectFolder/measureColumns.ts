import { imageFormats } from "../image/sniff.ts";
import { type ImageMeasures, numberMeasures } from "../quality/measures.ts";

/** A column of images.parquet that holds a measure; null in a row that was not measured. */
export interface MeasureColumn {
  name: string;
  kind: "text" | "number";
  of(measures: ImageMeasures): string | number;
}

/** `lowInformation` → `low_information`. */
const columnName = (measure: string): string => measure.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const measureColumns: readonly MeasureColumn[] = [
  { name: "perceptual_hash", kind: "text", of: ({ perceptualHash }) => perceptualHash },
  { name: "pixel_hash", kind: "text", of: ({ pixelHash }) => pixelHash },
  { name: "format", kind: "text", of: ({ format }) => format },
  ...numberMeasures.map(
    (name): MeasureColumn => ({ name: columnName(name), kind: "number", of: (measures) => measures[name] }),
  ),
];

/**
 * The measures in a row of the table. A row that lacks one of them, or holds what cannot be, counts as not measured:
 * they can be taken again from the image.
 */
export function measuresOf(row: Record<string, unknown>): ImageMeasures | undefined {
  const { perceptual_hash: perceptualHash, pixel_hash: pixelHash } = row;
  const format = imageFormats.find((name) => name === row.format);
  if (!isHash(perceptualHash) || !isHash(pixelHash) || format === undefined) return undefined;
  const numbers: Partial<ImageMeasures> = {};
  for (const name of numberMeasures) {
    const value = row[columnName(name)];
    if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
    numbers[name] = value;
  }
  return { ...(numbers as ImageMeasures), perceptualHash, pixelHash, format };
}

const isHash = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{16}$/.test(value);
