/** Milliseconds of one choice; null where it was not measured. */
export interface SelectionTimes {
  threads: number;
  kCenterMs: number;
  diversityMs: number;
  /** How often progress was reported meanwhile. */
  reports: number;
  /** DIVERSITY with its curves, as the page runs it. */
  measuredMs: number;
  measuredOn: number;
  radius: number;
  checksum: number;
  weightsMs: number | null;
  balanceMs: number | null;
  coverageMs: number | null;
}

/** Runs in the page: a worker of its own, as the page's analysis has one. `all`: every strategy. */
export function selectionTimes(rows: number, n: number, all: boolean): Promise<SelectionTimes> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./selectionRate.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<{ times?: SelectionTimes; error?: string }>) => {
      worker.terminate();
      if (data.times) resolve(data.times);
      else reject(new Error(data.error));
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ rows, n, all });
  });
}
