import { wordHex } from "./quality/measureColumns.ts";

/** 32-bit words of a SHA-256. */
const words = 8;
const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** SHA-256 hashes by row, 32 bytes each: as text a million of them would take 80 MB. */
export class HashColumn {
  private data: Uint32Array;
  /** What is no hash: “” where none is known. */
  private readonly others = new Map<number, string>();

  constructor(capacity: number) {
    this.data = new Uint32Array(capacity * words);
  }

  grow(rows: number): void {
    const before = this.data;
    this.data = new Uint32Array(rows * words);
    this.data.set(before);
  }

  set(row: number, hash: string): void {
    if (!isHash(hash)) {
      this.others.set(row, hash);
      return;
    }
    for (let i = 0; i < words; i++) this.data[row * words + i] = Number.parseInt(hash.slice(8 * i, 8 * i + 8), 16);
  }

  /** What {@link firstWord} gives for a hash. */
  static firstWordOf(hash: string): number {
    return isHash(hash) ? Number.parseInt(hash.slice(0, 8), 16) : 0;
  }

  /** Lower-case hex. */
  at(row: number): string {
    return this.others.get(row) ?? Array.from(this.data.subarray(row * words, (row + 1) * words), wordHex).join("");
  }

  isKnown(row: number): boolean {
    return this.others.size === 0 || this.others.get(row) !== "";
  }

  /** The first 32 bits; equal for equal hashes. */
  firstWord(row: number): number {
    return this.data[row * words]!;
  }

  equal(a: number, b: number): boolean {
    if (this.others.size > 0 && (this.others.has(a) || this.others.has(b))) return this.at(a) === this.at(b);
    for (let i = 0; i < words; i++) if (this.data[a * words + i] !== this.data[b * words + i]) return false;
    return true;
  }

  /** Rows first … end − 1 for {@link putPacked}. */
  packed(first: number, end: number): PackedHashes {
    const others = [...this.others].filter(([row]) => row >= first && row < end);
    return {
      words: this.data.slice(first * words, end * words),
      others: new Map(others.map(([row, text]) => [row - first, text])),
    };
  }

  putPacked(first: number, packed: PackedHashes): void {
    this.data.set(packed.words, first * words);
    for (const [row, text] of packed.others) this.others.set(first + row, text);
  }
}

/** Hashes of consecutive rows, to be stored. */
export interface PackedHashes {
  words: Uint32Array;
  others: ReadonlyMap<number, string>;
}
