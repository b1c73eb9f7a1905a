/**
 * Several lists that each keep the k nearest rows of those they are offered. Equal distances go to the lower row, so
 * the order of offers changes nothing.
 */
export class BoundedHeaps {
  /** For each list its k-th smallest squared distance so far; Infinity while it holds fewer than k. */
  readonly worst: Float64Array;
  private readonly sizes: Uint32Array;
  /** lists × k; each list a heap with its farthest row on top. */
  private readonly squared: Float64Array;
  private readonly rows: Uint32Array;

  /** @param k rows that a list keeps, 1 and up */
  constructor(
    lists: number,
    private readonly k: number,
  ) {
    this.worst = new Float64Array(lists).fill(Number.POSITIVE_INFINITY);
    this.sizes = new Uint32Array(lists);
    this.squared = new Float64Array(lists * k);
    this.rows = new Uint32Array(lists * k);
  }

  /** Keeps the row in the list if it is among the k nearest so far. */
  offer(list: number, squared: number, row: number): void {
    const base = list * this.k;
    const size = this.sizes[list]!;
    if (size < this.k) {
      this.sizes[list] = size + 1;
      this.rise(base, size, squared, row);
    } else if (this.isFarther(base, squared, row)) {
      this.sink(base, squared, row);
    }
    if (this.sizes[list] === this.k) this.worst[list] = this.squared[base]!;
  }

  /** A list's rows and squared distances, nearest first. */
  sorted(list: number): { rows: Uint32Array; squared: Float64Array } {
    const base = list * this.k;
    const order = Uint32Array.from({ length: this.sizes[list]! }, (_, i) => base + i).sort(
      (a, b) => this.squared[a]! - this.squared[b]! || this.rows[a]! - this.rows[b]!,
    );
    return { rows: order.map((at) => this.rows[at]!), squared: Float64Array.from(order, (at) => this.squared[at]!) };
  }

  /** Whether what lies at a place is farther than the given row, which is then the better one to keep. */
  private isFarther(at: number, squared: number, row: number): boolean {
    const there = this.squared[at]!;
    return there > squared || (there === squared && this.rows[at]! > row);
  }

  private rise(base: number, from: number, squared: number, row: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.isFarther(base + parent, squared, row)) break;
      this.move(base + parent, base + place);
      place = parent;
    }
    this.put(base + place, squared, row);
  }

  private sink(base: number, squared: number, row: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.k) break;
      const right = base + child + 1;
      if (child + 1 < this.k && this.isFarther(right, this.squared[right - 1]!, this.rows[right - 1]!)) child++;
      if (!this.isFarther(base + child, squared, row)) break;
      this.move(base + child, base + place);
      place = child;
    }
    this.put(base + place, squared, row);
  }

  private move(from: number, to: number): void {
    this.put(to, this.squared[from]!, this.rows[from]!);
  }

  private put(at: number, squared: number, row: number): void {
    this.squared[at] = squared;
    this.rows[at] = row;
  }
}
