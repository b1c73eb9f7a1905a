import type { StoreApi } from "zustand/vanilla";
import type { WinnowState } from "./state.ts";

/** A change that a person made and can take back. Both ways must work any number of times, in turn. */
export interface Change {
  apply(): Promise<void>;
  revert(): Promise<void>;
}

/** Changes of the open project, applied one after the other; `clear` when another project is opened. */
export class UndoStack {
  private readonly past: Change[] = [];
  private readonly future: Change[] = [];
  private tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: StoreApi<WinnowState>,
    private readonly onError: (error: unknown) => void,
  ) {}

  do(change: Change): Promise<void> {
    return this.queue(async () => {
      await change.apply();
      this.past.push(change);
      this.future.length = 0;
    });
  }

  undo(): Promise<void> {
    return this.queue(() => this.move(this.past, this.future, (change) => change.revert()));
  }

  redo(): Promise<void> {
    return this.queue(() => this.move(this.future, this.past, (change) => change.apply()));
  }

  clear(): void {
    this.past.length = 0;
    this.future.length = 0;
    this.publish();
  }

  private async move(from: Change[], to: Change[], run: (change: Change) => Promise<void>): Promise<void> {
    const change = from.at(-1);
    if (change === undefined) return;
    await run(change);
    from.pop();
    to.push(change);
  }

  private queue(work: () => Promise<void>): Promise<void> {
    this.tail = this.tail
      .then(work)
      .catch(this.onError)
      .then(() => this.publish());
    return this.tail;
  }

  private publish(): void {
    this.store.setState({ canUndo: this.past.length > 0, canRedo: this.future.length > 0 });
  }
}
