/** An immutable set of row numbers: sorted rows for iteration, one bit a row for membership. */
export class RowSet {
  static readonly empty = new RowSet(new Uint32Array(0), new Uint8Array(0));

  private constructor(
    /** Sorted ascending, no repeats. */
    readonly rows: Uint32Array,
    private readonly bits: Uint8Array,
  ) {}

  /** From rows in any order, repeats allowed. */
  static of(rows: Iterable<number>): RowSet {
    const sorted = rows instanceof Uint32Array ? rows.slice() : Uint32Array.from(rows);
    if (!isAscending(sorted)) sorted.sort();
    if (sorted.length === 0) return RowSet.empty;
    let count = 1;
    for (let i = 1; i < sorted.length; i++) {
      if (sorted[i] !== sorted[i - 1]) sorted[count++] = sorted[i]!;
    }
    return RowSet.ofAscending(sorted.slice(0, count));
  }

  /** @param unique ascending, no repeats; kept */
  static ofAscending(unique: Uint32Array): RowSet {
    const count = unique.length;
    if (count === 0) return RowSet.empty;
    const bits = new Uint8Array((unique[count - 1]! >> 3) + 1);
    for (const row of unique) bits[row >> 3]! |= 1 << (row & 7);
    return new RowSet(unique, bits);
  }

  get size(): number {
    return this.rows.length;
  }

  has(row: number): boolean {
    return ((this.bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
  }

  union(other: RowSet): RowSet {
    if (this.size === 0) return other;
    if (other.size === 0) return this;
    const merged = new Uint32Array(this.size + other.size);
    merged.set(this.rows);
    merged.set(other.rows, this.size);
    return RowSet.of(merged);
  }

  without(other: RowSet): RowSet {
    return other.size === 0 ? this : RowSet.of(this.rows.filter((row) => !other.has(row)));
  }

  /** Rows that are in exactly one of the two. */
  toggle(other: RowSet): RowSet {
    return this.without(other).union(other.without(this));
  }
}

function isAscending(rows: Uint32Array): boolean {
  for (let i = 1; i < rows.length; i++) if (rows[i]! < rows[i - 1]!) return false;
  return true;
}
