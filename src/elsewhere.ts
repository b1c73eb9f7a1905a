import type { StoreApi } from "zustand/vanilla";
import type { WinnowState } from "./state/state.ts";

/** The page's twin whose policy lets it fetch from other hosts (tools/headers.mjs); all else is the same. */
const twin = "elsewhere.html";
/** Set for a host once a person has agreed to it in this tab, so that a reload does not ask again. */
const agreedKey = (origin: string): string => `winnow-agreed ${origin}`;

/** The one other host that may be asked for anything. */
let agreedOrigin: string | null = null;

/** Whether a project of that host can be opened here at all: only over a connection that nobody reads along. */
const isSafe = ({ protocol, hostname }: URL): boolean => protocol === "https:" || hostname === "localhost";

const isTwin = (): boolean => import.meta.env.DEV || location.pathname.endsWith(`/${twin}`);

const isOpen = (origin: string): boolean => origin === location.origin || origin === agreedOrigin;

/**
 * Makes it possible to open a project of another host: by going to the page's twin, and there by asking the person. What
 * the page may fetch is then narrowed to its own host and that one.
 * @returns whether the project may be opened now; false while the page is being left
 * @throws RangeError for an address that is not safe
 */
export async function mayOpenElsewhere(store: StoreApi<WinnowState>, url: URL): Promise<boolean> {
  const { origin } = url;
  if (isOpen(origin)) return true;
  if (!isSafe(url)) throw new RangeError(`${origin} is not reached over https`);
  if (!isTwin() || agreedOrigin !== null) {
    leaveFor(url);
    return false;
  }
  if (!hasAgreed(origin)) {
    const agrees = await new Promise<boolean>((answer) => store.setState({ elsewhere: { origin, answer } }));
    store.setState({ elsewhere: null });
    if (!agrees) return false;
    rememberAgreed(origin);
  }
  agreedOrigin = origin;
  // Policies add up: from here on nothing but this page's host and that one can be asked.
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `connect-src 'self' blob: ${origin}`;
  document.head.append(policy);
  return true;
}

/**
 * Leaves for the page that can open a project of the list that lies on another host.
 * @returns false for projects that this page can open
 */
export async function leftForProject(store: StoreApi<WinnowState>, id: string): Promise<boolean> {
  await untilReady(store);
  const published = store.getState().projects.find((project) => project.id === id)?.published;
  const url = published === undefined ? null : new URL(published);
  if (url === null || isOpen(url.origin)) return false;
  leaveFor(url);
  return true;
}

function leaveFor(url: URL): void {
  const page = new URL(import.meta.env.DEV ? "./" : twin, document.baseURI);
  page.searchParams.set("project", url.href);
  location.assign(page);
}

function hasAgreed(origin: string): boolean {
  try {
    return sessionStorage.getItem(agreedKey(origin)) !== null;
  } catch {
    return false;
  }
}

function rememberAgreed(origin: string): void {
  try {
    sessionStorage.setItem(agreedKey(origin), "yes");
  } catch {
    // It is asked again after a reload.
  }
}

/** Resolves when the projects of this browser are listed. */
function untilReady(store: StoreApi<WinnowState>): Promise<void> {
  return new Promise((resolve) => {
    if (store.getState().ready) return resolve();
    const unsubscribe = store.subscribe(({ ready }) => {
      if (!ready) return;
      unsubscribe();
      resolve();
    });
  });
}
