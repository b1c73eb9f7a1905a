import { loadKernels } from "../../../src/kernels/load.ts";
import { everything } from "./everything.ts";

self.onmessage = async ({ data: threads }: MessageEvent<number>) => {
  const kernels = await loadKernels({
    threads,
    startThread: (start) =>
      new Promise((resolve) => {
        const worker = new Worker(new URL("../../../workers/kernel.worker.ts", import.meta.url), { type: "module" });
        worker.onmessage = () => resolve();
        worker.postMessage(start);
      }),
  });
  self.postMessage({ ...everything(kernels), threads: kernels.threads });
};
