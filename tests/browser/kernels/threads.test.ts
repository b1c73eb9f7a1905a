import { expect, it } from "vitest";
import { loadKernels } from "../../../src/kernels/load.ts";
import { type Everything, everything } from "./everything.ts";

it("three threads give the numbers of one", async () => {
  expect(self.crossOriginIsolated).toBe(true);
  const worker = new Worker(new URL("./everything.worker.ts", import.meta.url), { type: "module" });
  const threaded = await new Promise<Everything & { threads: number }>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(3);
  });
  worker.terminate();
  expect(threaded.threads).toBe(3);
  const alone = everything(await loadKernels());
  for (const [name, numbers] of Object.entries(alone)) {
    expect(threaded[name as keyof Everything], name).toEqual(numbers);
  }
});
