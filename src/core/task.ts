/** How far long work has come. `total` may grow while work is still being listed. */
export interface Progress {
  done: number;
  total: number;
}

/**
 * Long work: a generator that yields its progress often (every few milliseconds of work) and returns its result.
 * Who drives it decides when to give the event loop a turn and whether to stop.
 */
export type Task<T> = Generator<Progress, T, void>;

/** Runs a task to its end without pauses: for tests, the command line and short work. */
export function runToEnd<T>(task: Task<T>, onProgress?: (progress: Progress) => void): T {
  for (;;) {
    const step = task.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
  }
}

/**
 * Drives a task to its end with pauses, and lets a person stop it: it then rejects as `cancelled`. Who made it gets the
 * progress; `onReport` is called whenever progress is reported, a few times a second.
 */
export type Drive = <T>(task: Task<T>, onReport?: () => void) => Promise<T>;
