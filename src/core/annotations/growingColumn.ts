/** A column of numbers that grows as values arrive, its room doubled each time. */
export class GrowingColumn<T extends Float32Array | Uint32Array> {
  private values: T;
  private filled = 0;

  /** @param make an array of this many zeros */
  constructor(private readonly make: (length: number) => T) {
    this.values = make(1_024);
  }

  get length(): number {
    return this.filled;
  }

  push(value: number): void {
    this.reserve(1);
    this.values[this.filled++] = value;
  }

  /** Appends `count` times the same value. */
  fill(value: number, count: number): void {
    this.reserve(count);
    this.values.fill(value, this.filled, this.filled + count);
    this.filled += count;
  }

  append(values: ArrayLike<number>): void {
    this.reserve(values.length);
    this.values.set(values, this.filled);
    this.filled += values.length;
  }

  /** What is there, without a copy; further values may move it. */
  view(): T {
    return this.values.subarray(0, this.filled) as T;
  }

  private reserve(more: number): void {
    const needed = this.filled + more;
    if (needed <= this.values.length) return;
    const larger = this.make(Math.max(needed, this.values.length * 2));
    larger.set(this.values.subarray(0, this.filled));
    this.values = larger;
  }
}

/** Small arrays cut out of large ones: half a million outlines with a buffer each would take gigabytes. */
export class FloatArena {
  private block = new Float32Array(0);
  private used = 0;

  copy(values: ArrayLike<number>): Float32Array {
    if (this.used + values.length > this.block.length) {
      this.block = new Float32Array(Math.max(65_536, values.length));
      this.used = 0;
    }
    const out = this.block.subarray(this.used, this.used + values.length);
    out.set(values);
    this.used += values.length;
    return out;
  }
}
