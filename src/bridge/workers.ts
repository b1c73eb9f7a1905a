/** The worker entries. Each URL must be written out in full here, because the build looks for exactly this form. */
export const spawnDecodeWorker = (name: string): Worker =>
  new Worker(new URL("../../workers/decode.worker.ts", import.meta.url), { type: "module", name });

export const spawnEmbedWorker = (name: string): Worker =>
  new Worker(new URL("../../workers/embed.worker.ts", import.meta.url), { type: "module", name });

export const spawnAnalysisWorker = (name: string): Worker =>
  new Worker(new URL("../../workers/analysis.worker.ts", import.meta.url), { type: "module", name });

export const spawnImportWorker = (name: string): Worker =>
  new Worker(new URL("../../workers/import.worker.ts", import.meta.url), { type: "module", name });
