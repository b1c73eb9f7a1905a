/**
 * A worker that ends by itself (out of memory, `close()`) fires no event at its owner. So each worker holds a Web Lock
 * named after itself for as long as it lives; who can take that lock knows that the worker is gone.
 */
export function holdLifeLock(name: string): void {
  if (name === "" || !("locks" in navigator)) return;
  void navigator.locks.request(name, () => new Promise(() => undefined));
}

/** Resolves when the holder of the lock is gone; never when this browser has no Web Locks or `signal` aborts. */
export function lifeLockReleased(name: string, signal: AbortSignal): Promise<void> {
  if (!("locks" in navigator)) return new Promise(() => undefined);
  return new Promise((resolve) => {
    navigator.locks.request(name, { signal }, () => resolve()).catch(() => undefined);
  });
}
