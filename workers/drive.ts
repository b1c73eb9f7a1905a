import { WinnowError } from "../src/core/errors.ts";
import type { Progress, Task } from "../src/core/task.ts";

/** Work is interrupted this often for the event loop, so that a cancel arrives: one frame. */
const sliceMs = 16;
/** A person reads progress no faster than this. */
const reportMs = 100;

const cancelledTasks = new Set<string>();

/** Makes {@link drive} end the named task at its next pause. */
export function cancelTask(name: string): void {
  cancelledTasks.add(name);
}

/**
 * Runs a task in slices with turns of the event loop between them.
 * @throws WinnowError `cancelled` after {@link cancelTask} with the same name
 */
export async function drive<T>(name: string, task: Task<T>, report: (progress: Progress) => void): Promise<T> {
  try {
    let lastPause = performance.now();
    let lastReport = 0;
    for (;;) {
      const step = task.next();
      if (step.done) return step.value;
      const now = performance.now();
      if (now - lastReport >= reportMs) {
        lastReport = now;
        report(step.value);
      }
      if (now - lastPause >= sliceMs) {
        await nextTurn();
        lastPause = performance.now();
      }
      if (cancelledTasks.has(name)) throw new WinnowError("cancelled", "Cancelled.");
    }
  } finally {
    cancelledTasks.delete(name);
    task.return(undefined as never);
  }
}

const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.onmessage = () => turns.shift()?.();

/** A turn of the event loop without the 4 ms that nested timers wait. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(0);
  });
}
