/**
 * The best of many candidates whose values only fall: a max-heap by the values as they were last computed, of equals the
 * lowest first; only what comes to the top is computed again.
 */
export class LazyTop {
  private readonly heap: Uint32Array;
  private size = 0;
  private readonly values: Float64Array;

  constructor(
    allowed: Uint8Array,
    private readonly worthOf: (candidate: number) => number,
  ) {
    this.heap = new Uint32Array(allowed.length);
    this.values = new Float64Array(allowed.length);
    for (let i = 0; i < allowed.length; i++) {
      if (allowed[i] === 0) continue;
      this.values[i] = worthOf(i);
      this.heap[this.size++] = i;
    }
    for (let at = (this.size >> 1) - 1; at >= 0; at--) this.sink(at);
  }

  /** Takes the best candidate away; −1 when none is left. */
  take(): number {
    for (;;) {
      if (this.size === 0) return -1;
      const top = this.heap[0]!;
      const value = this.worthOf(top);
      if (value === this.values[top]) {
        this.heap[0] = this.heap[--this.size]!;
        if (this.size > 0) this.sink(0);
        return top;
      }
      this.values[top] = value;
      this.sink(0);
    }
  }

  private before(a: number, b: number): boolean {
    const [x, y] = [this.values[a]!, this.values[b]!];
    return x > y || (x === y && a < b);
  }

  private sink(from: number): void {
    const { heap, size } = this;
    const row = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.before(heap[child + 1]!, heap[child]!)) child++;
      if (!this.before(heap[child]!, row)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = row;
  }
}
