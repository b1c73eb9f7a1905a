import { parentPort, workerData } from "node:worker_threads";
import { joinThreads } from "../kernels/load.ts";

await joinThreads(workerData, () => parentPort?.postMessage("ready"));
