/** What a worker says once it holds its lock. Not one of comlink's messages, which are objects with an id. */
export const aliveMessage = "winnow-alive";

/**
 * A worker that ends by itself (out of memory, `close()`) fires no event at its owner. So each worker holds a Web Lock
 * named after itself for as long as it lives, and says so; who can take that lock then knows that the worker is gone.
 * Its owner sends nothing before it has heard that. Call it after `expose`.
 */
export function holdLifeLock(name: string): void {
  if (!("locks" in navigator)) {
    postMessage(aliveMessage);
    return;
  }
  void navigator.locks.request(name, () => {
    postMessage(aliveMessage);
    return new Promise(() => undefined);
  });
}

/** Resolves when the holder of the lock is gone; never when this browser has no Web Locks or `signal` aborts. */
export function lifeLockReleased(name: string, signal: AbortSignal): Promise<void> {
  if (!("locks" in navigator)) return new Promise(() => undefined);
  return new Promise((resolve) => {
    navigator.locks.request(name, { signal }, () => resolve()).catch(() => undefined);
  });
}
