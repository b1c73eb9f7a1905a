import { type ImageFormat, imageFormats } from "../image/sniff.ts";
import { type ImageMeasures, type NumberMeasure, numberMeasures } from "./measures.ts";

/** Place in `formats` of a row that was not measured. */
const unmeasured = 255;

/** Measures of consecutive rows, to be stored. */
export interface PackedMeasures {
  numbers: Float32Array[];
  perceptual: readonly [Uint32Array, Uint32Array];
  pixels: readonly [Uint32Array, Uint32Array];
  formats: Uint8Array;
}

/** The measures of all images in columns: 61 bytes a row. */
export class MeasureColumns {
  private numbers = numberMeasures.map(() => new Float32Array(0));
  /** High and low half of each 64-bit hash. */
  private perceptual = [new Uint32Array(0), new Uint32Array(0)] as const;
  private pixels = [new Uint32Array(0), new Uint32Array(0)] as const;
  private formats = new Uint8Array(0);
  private count = 0;

  /** Rows that are measured. */
  get measured(): number {
    return this.count;
  }

  /** Makes room for this many rows; new ones are not measured. */
  grow(rows: number): void {
    const enlarge = <T extends Uint32Array | Float32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const before = this.formats.length;
    this.numbers = this.numbers.map((column) => enlarge(column, new Float32Array(rows).fill(Number.NaN, before)));
    const words = ([high, low]: readonly [Uint32Array, Uint32Array]) =>
      [enlarge(high, new Uint32Array(rows)), enlarge(low, new Uint32Array(rows))] as const;
    this.perceptual = words(this.perceptual) as typeof this.perceptual;
    this.pixels = words(this.pixels) as typeof this.pixels;
    this.formats = enlarge(this.formats, new Uint8Array(rows).fill(unmeasured, before));
  }

  set(row: number, measures: ImageMeasures): void {
    for (let i = 0; i < numberMeasures.length; i++) this.numbers[i]![row] = measures[numberMeasures[i]!];
    putHash(this.perceptual, row, measures.perceptualHash);
    putHash(this.pixels, row, measures.pixelHash);
    if (!this.has(row)) this.count++;
    this.formats[row] = imageFormats.indexOf(measures.format);
  }

  /** Rows first … end − 1 for {@link putPacked}; null where none of them is measured. */
  packed(first: number, end: number): PackedMeasures | null {
    const formats = this.formats.slice(first, end);
    if (formats.every((format) => format === unmeasured)) return null;
    const [perceptual, pixels] = [this.perceptual, this.pixels].map(
      ([high, low]) => [high.slice(first, end), low.slice(first, end)] as const,
    ) as [PackedMeasures["perceptual"], PackedMeasures["pixels"]];
    return { numbers: this.numbers.map((column) => column.slice(first, end)), perceptual, pixels, formats };
  }

  /** Puts what {@link packed} gave into rows that are not measured. */
  putPacked(first: number, { numbers, perceptual, pixels, formats }: PackedMeasures): void {
    for (const [i, column] of this.numbers.entries()) column.set(numbers[i]!, first);
    for (const half of [0, 1] as const) {
      this.perceptual[half].set(perceptual[half], first);
      this.pixels[half].set(pixels[half], first);
    }
    this.formats.set(formats, first);
    for (const format of formats) if (format !== unmeasured) this.count++;
  }

  has(row: number): boolean {
    return (this.formats[row] ?? unmeasured) !== unmeasured;
  }

  /** Undefined for a row that was not measured. */
  at(row: number): ImageMeasures | undefined {
    if (!this.has(row)) return undefined;
    const values = Object.fromEntries(numberMeasures.map((name, i) => [name, this.numbers[i]![row]!]));
    return {
      ...(values as Record<NumberMeasure, number>),
      perceptualHash: hashText(this.perceptual, row),
      pixelHash: hashText(this.pixels, row),
      format: this.formatOf(row)!,
    };
  }

  /** One measure by row, `rows` long; NaN where not measured. A view: not to be changed. */
  column(name: NumberMeasure, rows: number): Float32Array {
    return this.numbers[numberMeasures.indexOf(name)]!.subarray(0, rows);
  }

  /** High and low half of the perceptual hash by row; 0 where not measured. Views. */
  perceptualHashes(rows: number): readonly [high: Uint32Array, low: Uint32Array] {
    return [this.perceptual[0].subarray(0, rows), this.perceptual[1].subarray(0, rows)];
  }

  /** High and low half of the pixels' hash by row; 0 where not measured. Views. */
  pixelHashes(rows: number): readonly [high: Uint32Array, low: Uint32Array] {
    return [this.pixels[0].subarray(0, rows), this.pixels[1].subarray(0, rows)];
  }

  formatOf(row: number): ImageFormat | undefined {
    return imageFormats[this.formats[row] ?? unmeasured];
  }
}

function putHash([high, low]: readonly [Uint32Array, Uint32Array], row: number, hex: string): void {
  high[row] = Number.parseInt(hex.slice(0, 8), 16);
  low[row] = Number.parseInt(hex.slice(8, 16), 16);
}

function hashText([high, low]: readonly [Uint32Array, Uint32Array], row: number): string {
  return wordHex(high[row]!) + wordHex(low[row]!);
}

/** An unsigned 32-bit word as 8 hex digits. */
export const wordHex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
