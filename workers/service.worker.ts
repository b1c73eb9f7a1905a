import type { OfflineBuild, OfflineReport, OfflineRequest } from "../src/protocol/offline.ts";
import { OfflineFiles } from "./offlineFiles.ts";
import type { ServiceWorkerScope } from "./serviceWorkerScope.ts";

/** Stands at the head of the built file (tools/serviceWorker.mjs). */
declare const winnowBuild: OfflineBuild;

const worker = globalThis as unknown as ServiceWorkerScope;
const files = new OfflineFiles(winnowBuild, worker.registration.scope);
let keeping: Promise<void> | null = null;

async function pages(): Promise<readonly { postMessage(message: unknown): void }[]> {
  return await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
}

async function tell(report: OfflineReport): Promise<void> {
  for (const page of await pages()) page.postMessage(report);
}

/** Keeps all files and tells the pages how far it is; never rejects. */
async function keepAndTell(): Promise<void> {
  const total = files.totalBytes;
  try {
    await files.keep((done) => void tell({ kind: "keeping", done, total }));
    await tell({ kind: "ready" });
    const { installing, waiting } = worker.registration;
    if (!installing && !waiting && (await pages()).length === 1) await files.prune();
  } catch (error) {
    await tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}

worker.addEventListener("install", (event) => {
  // The first version works at once and keeps its files when a page says that it is idle. A later one keeps all of its
  // files first and then waits until somebody wants it, or until no page of the older version is open.
  if (worker.registration.active) event.waitUntil(files.keep(() => undefined));
  else event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("message", (event) => {
  const request = event.data as OfflineRequest;
  if (request.kind === "take-over") event.waitUntil(worker.skipWaiting());
  else {
    keeping ??= keepAndTell().finally(() => {
      keeping = null;
    });
    event.waitUntil(keeping);
  }
});

worker.addEventListener("fetch", (event) => {
  if (!files.concerns(event.request)) return;
  event.respondWith(files.answer(event.request, (work) => event.waitUntil(work)));
});
