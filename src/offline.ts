import type { StoreApi } from "zustand/vanilla";
import type { OfflineReport, OfflineRequest } from "./protocol/offline.ts";
import type { Actions } from "./state/actions.ts";
import type { Offline, WinnowState } from "./state/state.ts";

/** A service worker is stopped after a few minutes; asked again, it goes on where it was. */
const askAgainMs = 20_000;
/** How often a page that stays open looks for a new version. */
const lookMs = 3_600_000;
/** Set before the one reload that gives threads, so that there is no second. */
const reloadedKey = "winnow-reloaded-for-threads";

/**
 * Keeps the page for work without a network, by the service worker beside it. On a host that sends no isolation headers
 * the worker adds them, which one reload makes true: done unasked only while nothing has been begun. Where there are no
 * service workers (private windows of some browsers) or they fail, the page works as it did, online.
 * @param opened settles when a published project that belongs to the page has begun to show
 */
export async function workOffline(
  store: StoreApi<WinnowState>,
  actions: Actions,
  opened: Promise<void>,
): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const set = (offline: Offline): void => store.setState({ offline });
  let registration: ServiceWorkerRegistration | undefined;
  try {
    const address = new URL("service-worker.js", document.baseURI);
    registration = await serviceWorker.register(address, { updateViaCache: "none" });
  } catch (error) {
    console.warn("Winnow cannot be kept for work without a network:", error);
    set({ kind: "failed", reason: "this browser did not take the service worker" });
    return;
  }
  // Some browsers and test tools only pretend.
  if (!registration) return;

  serviceWorker.addEventListener("message", ({ data }: MessageEvent<OfflineReport>) => {
    if (data.kind === "failed") console.warn(`Winnow was not kept for work without a network: ${data.reason}`);
    set(data);
  });
  serviceWorker.startMessages();
  offerVersions(registration, serviceWorker, actions);

  await serviceWorker.ready;
  if (!crossOriginIsolated) becomeIsolated(store, actions);
  await idle();
  // A project that comes over the network goes first.
  await opened;
  await allHere(store);
  const ask = (): void => send(registration.active, { kind: "keep" });
  ask();
  setInterval(() => {
    if (store.getState().offline.kind === "keeping") ask();
  }, askAgainMs);
  addEventListener("online", ask);
  setInterval(() => void registration.update().catch(() => undefined), lookMs);
}

/** Without an answer: a worker that has ended hears nothing. */
function send(worker: ServiceWorker | null, request: OfflineRequest): void {
  worker?.postMessage(request);
}

/** Offers a version that is there in full. Nothing is reloaded before somebody says so, in this tab. */
function offerVersions(
  registration: ServiceWorkerRegistration,
  serviceWorker: ServiceWorkerContainer,
  actions: Actions,
): void {
  let accepted = false;
  const offer = (): void => {
    const { active, waiting } = registration;
    // The first worker waits for a moment too, before it takes over from nobody.
    if (!active || !waiting) return;
    actions.offer(
      "A new version of Winnow is ready. Reload when it suits you: reading images then goes on where it is now, other work that is running starts again.",
      {
        label: "Reload",
        run: () => {
          accepted = true;
          send(waiting, { kind: "take-over" });
        },
      },
    );
  };
  const watch = (): void => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") offer();
    });
  };
  registration.addEventListener("updatefound", watch);
  watch();
  offer();
  const { controller } = serviceWorker;
  serviceWorker.addEventListener("controllerchange", () => {
    if (accepted) location.reload();
    // The first worker of a page replaces nothing.
    else if (controller) {
      actions.offer("Winnow was renewed from another tab. Reload this one when it suits you.", {
        label: "Reload",
        run: () => location.reload(),
      });
    }
  });
}

/** The reload that gives threads on a host without headers: at once while nothing has been begun, otherwise offered. */
function becomeIsolated(store: StoreApi<WinnowState>, actions: Actions): void {
  try {
    if (sessionStorage.getItem(reloadedKey) !== null) return;
    sessionStorage.setItem(reloadedKey, "yes");
  } catch {
    // Without a memory of it there would be a reload after each reload.
    return;
  }
  const { project, jobs } = store.getState();
  if (project === null && jobs.length === 0 && !navigator.userActivation?.hasBeenActive) location.reload();
  else {
    actions.offer("Reload this page once, when it suits you, and Winnow uses all cores of this computer.", {
      label: "Reload",
      run: () => location.reload(),
    });
  }
}

/** Resolves when no published project is on its way here. */
function allHere(store: StoreApi<WinnowState>): Promise<void> {
  const arrives = ({ project }: WinnowState): boolean => project?.published !== undefined && project.unfinished;
  return new Promise((resolve) => {
    if (!arrives(store.getState())) return resolve();
    const unsubscribe = store.subscribe((state) => {
      if (arrives(state)) return;
      unsubscribe();
      resolve();
    });
  });
}

/** Resolves when the page has loaded and has had a quiet moment. */
async function idle(): Promise<void> {
  if (document.readyState !== "complete") {
    await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
  }
  await new Promise<void>((resolve) => {
    // Safari has no requestIdleCallback.
    if ("requestIdleCallback" in window) requestIdleCallback(() => resolve(), { timeout: 5_000 });
    else setTimeout(resolve, 2_000);
  });
}
