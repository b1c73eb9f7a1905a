import { joinThreads } from "../src/kernels/load.ts";

// The analysis worker sends one message: what the thread joins.
self.onmessage = ({ data }) => void joinThreads(data, () => self.postMessage("ready"));
