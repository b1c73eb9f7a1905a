import { MeasureColumns } from "./quality/measureColumns.ts";
import type { ImageMeasures } from "./quality/measures.ts";
import type { ImageRecord } from "./records.ts";

/**
 * All images of the open project in columns, so that a million of them stay small. Rows are only ever appended;
 * `length` grows. Readers hold the table and a version number from the state, not copies of rows.
 */
export class ImageTable {
  readonly paths: string[] = [];
  private readonly hashes: string[] = [];
  private widths = new Uint32Array(1024);
  private heights = new Uint32Array(1024);
  private byteSizes = new Float64Array(1024);
  private modified = new Float64Array(1024);
  private taken = new Float64Array(1024);
  private readonly quality = new MeasureColumns();

  constructor() {
    this.quality.grow(this.widths.length);
  }

  get length(): number {
    return this.paths.length;
  }

  /** Appends a record; its `row` must be the next one. */
  append(record: ImageRecord): void {
    const row = this.length;
    if (record.row !== row) throw new RangeError(`expected row ${row}, got ${record.row}`);
    if (row === this.widths.length) this.grow();
    this.paths.push(record.path);
    this.hashes.push(record.sha256);
    this.widths[row] = record.width;
    this.heights[row] = record.height;
    this.byteSizes[row] = record.bytes;
    this.modified[row] = record.modifiedAt;
    this.taken[row] = record.takenAt ?? Number.NaN;
    if (record.measures) this.quality.set(row, record.measures);
  }

  /** Replaces what is known of a row's pixels. */
  measure(row: number, measures: ImageMeasures): void {
    if (!(row >= 0 && row < this.length)) throw new RangeError(`row ${row} of a table with ${this.length}`);
    this.quality.set(row, measures);
  }

  /** The whole record of a row. */
  at(row: number): ImageRecord {
    const path = this.paths[row];
    const sha256 = this.hashes[row];
    if (path === undefined || sha256 === undefined) {
      throw new RangeError(`row ${row} of a table with ${this.length}`);
    }
    const taken = this.taken[row]!;
    const measures = this.quality.at(row);
    return {
      row,
      id: sha256.slice(0, 32),
      path,
      sha256,
      width: this.widths[row]!,
      height: this.heights[row]!,
      bytes: this.byteSizes[row]!,
      modifiedAt: this.modified[row]!,
      takenAt: Number.isNaN(taken) ? null : taken,
      ...(measures && { measures }),
    };
  }

  path(row: number): string {
    return this.paths[row] ?? "";
  }

  /** Capture time where there is one, otherwise the file's own time; milliseconds since 1970. */
  date(row: number): number {
    const taken = this.taken[row] ?? Number.NaN;
    return Number.isNaN(taken) ? (this.modified[row] ?? 0) : taken;
  }

  /** Pixels. */
  width(row: number): number {
    return this.widths[row] ?? 0;
  }

  /** Pixels. */
  height(row: number): number {
    return this.heights[row] ?? 0;
  }

  bytes(row: number): number {
    return this.byteSizes[row] ?? 0;
  }

  /** Lower-case hex. */
  sha256(row: number): string {
    return this.hashes[row] ?? "";
  }

  /** What was measured of the images' pixels. */
  get measures(): Omit<MeasureColumns, "set" | "grow"> {
    return this.quality;
  }

  private grow(): void {
    const capacity = this.widths.length * 2;
    const enlarge = <T extends Uint32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.widths = enlarge(this.widths, new Uint32Array(capacity));
    this.heights = enlarge(this.heights, new Uint32Array(capacity));
    this.byteSizes = enlarge(this.byteSizes, new Float64Array(capacity));
    this.modified = enlarge(this.modified, new Float64Array(capacity));
    this.taken = enlarge(this.taken, new Float64Array(capacity));
    this.quality.grow(capacity);
  }
}
