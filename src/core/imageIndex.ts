import { HashColumn } from "./hashColumn.ts";
import type { ImageTable } from "./imageTable.ts";
import type { ImageRecord } from "./records.ts";
import { RowTable } from "./rowTable.ts";

/** What tells whether a file is known. */
export type KnownFile = Pick<ImageRecord, "path" | "bytes" | "modifiedAt" | "sha256">;

/**
 * The images of a project by path and by hash, while an ingest asks for them: 70 bytes an image beside its path, where
 * maps of texts take 400.
 */
export class ImageIndex {
  private readonly paths: string[];
  private bytes: Float64Array;
  private modified: Float64Array;
  private readonly hashes: HashColumn;
  private readonly byPath: RowTable;
  private readonly byHash: RowTable;

  private constructor(paths: string[], capacity: number) {
    this.paths = paths;
    this.bytes = new Float64Array(capacity);
    this.modified = new Float64Array(capacity);
    this.hashes = new HashColumn(capacity);
    this.byPath = new RowTable(capacity, (row) => hashOfText(this.paths[row]!));
    this.byHash = new RowTable(capacity, (row) => this.hashes.firstWord(row));
  }

  static empty(): ImageIndex {
    return new ImageIndex([], 1_024);
  }

  static of(images: ImageTable): ImageIndex {
    const { length } = images;
    const index = new ImageIndex(images.paths.slice(), Math.max(1_024, length));
    index.hashes.putPacked(0, images.sha256s.packed(0, length));
    for (let row = 0; row < length; row++) {
      index.bytes[row] = images.bytes(row);
      index.modified[row] = images.modifiedAt(row);
      index.enter(row);
    }
    return index;
  }

  get length(): number {
    return this.paths.length;
  }

  /** Adds the next row. */
  add({ path, bytes, modifiedAt, sha256 }: KnownFile): void {
    const row = this.paths.length;
    if (row === this.bytes.length) this.grow(2 * row);
    this.paths.push(path);
    this.bytes[row] = bytes;
    this.modified[row] = modifiedAt;
    this.hashes.set(row, sha256);
    this.enter(row);
  }

  /** What is known under a path. */
  ofPath(path: string): KnownFile | undefined {
    const row = this.byPath.find(hashOfText(path), (other) => this.paths[other] === path);
    if (row === undefined) return undefined;
    return { path, bytes: this.bytes[row]!, modifiedAt: this.modified[row]!, sha256: this.hashes.at(row) };
  }

  /** The first row of a hash. */
  rowOfHash(sha256: string): number | undefined {
    return this.byHash.find(HashColumn.firstWordOf(sha256), (row) => this.hashes.at(row) === sha256);
  }

  private enter(row: number): void {
    this.byPath.add(row, (other) => this.paths[other] === this.paths[row]);
    this.byHash.add(row, (other) => this.hashes.equal(other, row));
  }

  private grow(capacity: number): void {
    const [bytes, modified] = [this.bytes, this.modified];
    this.bytes = new Float64Array(capacity);
    this.bytes.set(bytes);
    this.modified = new Float64Array(capacity);
    this.modified.set(modified);
    this.hashes.grow(capacity);
  }
}

/** FNV-1a over code units. */
function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // Its low bits choose the place: the last characters alone must not decide them.
  return hash ^ (hash >>> 15);
}
