import type { StoreApi } from "zustand/vanilla";
import { isWinnowError, toWinnowError } from "../core/errors.ts";
import type { Notice, WinnowState } from "./state.ts";

/** Long enough to read two lines. */
const infoMs = 7_000;

/** Short messages to the person: the only writer of `notices` in the state. */
export class Notices {
  private next = 1;

  constructor(private readonly store: StoreApi<WinnowState>) {}

  info(text: string, action?: Notice["action"]): void {
    const id = this.add({ kind: "info", text, ...(action && { action }) });
    setTimeout(() => this.dismiss(id), infoMs);
  }

  /** Offers something that can be done with what happened; stays until it is taken or dismissed. */
  offer(text: string, action: NonNullable<Notice["action"]>): void {
    this.add({ kind: "info", text, action });
  }

  /** Shows an error until it is dismissed; a cancellation is not one. */
  error(thrown: unknown): void {
    if (isWinnowError(thrown, "cancelled")) return;
    const { message, code } = toWinnowError(thrown);
    // An error that is not of our making deserves its trace in the console; the person gets the sentence.
    if (code === "internal") console.error(thrown);
    this.add({ kind: "error", text: message });
  }

  dismiss(id: string): void {
    this.store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
  }

  private add(notice: Omit<Notice, "id">): string {
    const id = `notice-${this.next++}`;
    this.store.setState(({ notices }) => ({
      notices: [...notices.filter(({ text }) => text !== notice.text), { id, ...notice }],
    }));
    return id;
  }
}
