import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type Kernels, loadKernels } from "../kernels/load.ts";

/**
 * The kernels on several threads of this process. The threads sleep between jobs and do not keep the process alive.
 * @param threadFile the built form of ./kernelThread.ts
 * @param threads default: as many as the machine runs at once
 */
export function nodeKernels(threadFile: URL, threads: number = availableParallelism()): Promise<Kernels> {
  return loadKernels({
    threads,
    startThread: async (start) => {
      const worker = new Worker(threadFile, { workerData: start });
      await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
      worker.unref();
    },
  });
}
