import { HashColumn, type PackedHashes } from "./hashColumn.ts";
import { MeasureColumns, type PackedMeasures } from "./quality/measureColumns.ts";
import type { ImageMeasures } from "./quality/measures.ts";
import type { ImageRecord } from "./records.ts";

/** Consecutive images in columns, to be stored: read in a twentieth of the time that as many records take. */
export interface PackedImages {
  rows: number;
  /** All paths, one after the other, and by row where each ends, in code units. */
  paths: string;
  pathEnds: Uint32Array;
  hashes: PackedHashes;
  widths: Uint32Array;
  heights: Uint32Array;
  byteSizes: Float64Array;
  modified: Float64Array;
  /** NaN: unknown. */
  taken: Float64Array;
  /** Null where no row was measured. */
  measures: PackedMeasures | null;
}

const firstCapacity = 1_024;

/**
 * All images of the open project in columns, so that a million of them stay small. Rows are only ever appended;
 * `length` grows. Readers hold the table and a version number from the state, not copies of rows.
 */
export class ImageTable {
  readonly paths: string[] = [];
  /** Rows by path, by code units, as far as that was worked out before: of the first rows. */
  pathOrder = new Uint32Array(0);
  private readonly hashes: HashColumn;
  private widths: Uint32Array;
  private heights: Uint32Array;
  private byteSizes: Float64Array;
  private modified: Float64Array;
  private taken: Float64Array;
  private readonly quality = new MeasureColumns();

  /** @param rows how many are expected; more may come */
  constructor(rows = 0) {
    const capacity = Math.max(rows, firstCapacity);
    this.hashes = new HashColumn(capacity);
    this.widths = new Uint32Array(capacity);
    this.heights = new Uint32Array(capacity);
    this.byteSizes = new Float64Array(capacity);
    this.modified = new Float64Array(capacity);
    this.taken = new Float64Array(capacity);
    this.quality.grow(capacity);
  }

  get length(): number {
    return this.paths.length;
  }

  /** Appends a record; its `row` must be the next one. */
  append(record: ImageRecord): void {
    const row = this.length;
    if (record.row !== row) throw new RangeError(`expected row ${row}, got ${record.row}`);
    if (row === this.widths.length) this.grow(2 * row);
    this.paths.push(record.path);
    this.hashes.set(row, record.sha256);
    this.widths[row] = record.width;
    this.heights[row] = record.height;
    this.byteSizes[row] = record.bytes;
    this.modified[row] = record.modifiedAt;
    this.taken[row] = record.takenAt ?? Number.NaN;
    if (record.measures) this.quality.set(row, record.measures);
  }

  /** Rows first … end − 1 for {@link appendPacked}. */
  packed(first: number, end: number): PackedImages {
    const paths = this.paths.slice(first, end);
    let at = 0;
    return {
      rows: end - first,
      paths: paths.join(""),
      pathEnds: Uint32Array.from(paths, (path) => {
        at += path.length;
        return at;
      }),
      hashes: this.hashes.packed(first, end),
      widths: this.widths.slice(first, end),
      heights: this.heights.slice(first, end),
      byteSizes: this.byteSizes.slice(first, end),
      modified: this.modified.slice(first, end),
      taken: this.taken.slice(first, end),
      measures: this.quality.packed(first, end),
    };
  }

  /** Appends images that {@link packed} gave. */
  appendPacked(images: PackedImages): void {
    const first = this.length;
    const end = first + images.rows;
    if (end > this.widths.length) this.grow(Math.max(end, 2 * this.widths.length));
    let from = 0;
    for (const to of images.pathEnds) {
      this.paths.push(images.paths.slice(from, to));
      from = to;
    }
    this.hashes.putPacked(first, images.hashes);
    this.widths.set(images.widths, first);
    this.heights.set(images.heights, first);
    this.byteSizes.set(images.byteSizes, first);
    this.modified.set(images.modified, first);
    this.taken.set(images.taken, first);
    if (images.measures) this.quality.putPacked(first, images.measures);
  }

  /** Replaces what is known of a row's pixels. */
  measure(row: number, measures: ImageMeasures): void {
    if (!(row >= 0 && row < this.length)) throw new RangeError(`row ${row} of a table with ${this.length}`);
    this.quality.set(row, measures);
  }

  /** The whole record of a row. */
  at(row: number): ImageRecord {
    const path = this.paths[row];
    if (path === undefined) throw new RangeError(`row ${row} of a table with ${this.length}`);
    const sha256 = this.hashes.at(row);
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

  /** The file's own time, milliseconds since 1970; 0: unknown. */
  modifiedAt(row: number): number {
    return this.modified[row] ?? 0;
  }

  bytes(row: number): number {
    return this.byteSizes[row] ?? 0;
  }

  /** Lower-case hex. */
  sha256(row: number): string {
    return row < this.length ? this.hashes.at(row) : "";
  }

  /** By row, for comparing many. */
  get sha256s(): Pick<HashColumn, "isKnown" | "firstWord" | "equal" | "packed"> {
    return this.hashes;
  }

  /** What was measured of the images' pixels. */
  get measures(): Omit<MeasureColumns, "set" | "grow" | "putPacked"> {
    return this.quality;
  }

  private grow(capacity: number): void {
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
    this.hashes.grow(capacity);
  }
}
