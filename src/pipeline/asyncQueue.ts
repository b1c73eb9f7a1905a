/** A queue between a producer that must not wait and one consumer that iterates. Holds only small items. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  private readonly items: T[] = [];
  private head = 0;
  private finished = false;
  private failure: { error: unknown } | null = null;
  private wake: () => void = () => undefined;

  push(item: T): void {
    this.items.push(item);
    this.wake();
  }

  /** No more items follow. */
  end(): void {
    this.finished = true;
    this.wake();
  }

  /** The consumer gets the items so far and then this error. */
  fail(error: unknown): void {
    this.failure = { error };
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.head < this.items.length) {
        const item = this.items[this.head]!;
        this.head++;
        if (this.head === 4096) {
          this.items.splice(0, this.head);
          this.head = 0;
        }
        yield item;
      }
      if (this.failure) throw this.failure.error;
      if (this.finished) return;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
