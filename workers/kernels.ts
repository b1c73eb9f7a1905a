import { type Kernels, loadKernels } from "../src/kernels/load.ts";

/** More threads than this wait for memory more than they compute. */
const mostThreads = 8;

/** The kernels on as many threads as the machine runs at once, where the page is isolated; on one elsewhere. */
export function startKernels(): Promise<Kernels> {
  const threads = self.crossOriginIsolated ? Math.min(mostThreads, navigator.hardwareConcurrency) : 1;
  return loadKernels({
    threads,
    startThread: (start) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL("./kernel.worker.ts", import.meta.url), { type: "module" });
        worker.onmessage = () => resolve();
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage(start);
      }),
  });
}
