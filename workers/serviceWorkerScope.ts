// What the service worker uses of its global scope: the types of a page, which everything else is checked with, lack it.

interface Extendable {
  /** Keeps the worker alive until the promise has settled. */
  waitUntil(promise: Promise<unknown>): void;
}

export interface FetchLike extends Event, Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface PageClient {
  postMessage(message: unknown): void;
}

export interface ServiceWorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly PageClient[]>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Event & Extendable) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchLike) => void): void;
  addEventListener(type: "message", listener: (event: MessageEvent & Extendable) => void): void;
}
