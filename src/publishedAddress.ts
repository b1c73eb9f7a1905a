import type { StoreApi } from "zustand/vanilla";
import { mayOpenElsewhere } from "./elsewhere.ts";
import type { Actions } from "./state/actions.ts";
import type { WinnowState } from "./state/state.ts";

/** Beside the page; a publication names its project in it (docs/sharing.md). */
const publication = "publication.json";
/** Of that file: it holds one short address. */
const longestPublication = 10_000;

/**
 * Opens the published project that belongs to this page: the one of `?project=ADDRESS`, otherwise the one that was
 * published with it. Another host than this page's is asked only after the person agreed (src/elsewhere.ts).
 * @returns when opening it has been asked for, and when its first images are shown or it could not be opened
 */
export function openPublishedProject(
  store: StoreApi<WinnowState>,
  actions: Actions,
): { begun: Promise<unknown>; opened: Promise<void> } {
  const begun = begin(store, actions);
  return { begun, opened: begun.then(({ opened }) => opened) };
}

/** The opening is wrapped, so that who waits for its beginning does not wait for its end. */
async function begin(store: StoreApi<WinnowState>, actions: Actions): Promise<{ opened: Promise<void> }> {
  const address = new URLSearchParams(location.search).get("project") ?? (await ownPublication());
  const nothing = { opened: Promise.resolve() };
  if (address === null) return nothing;
  const url = URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI) : null;
  try {
    if (url === null) throw new RangeError("it is no address");
    if (await mayOpenElsewhere(store, url)) return { opened: actions.openPublished(url.href) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    actions.tell(`The project of this link cannot be opened: ${error.message}. Nothing was asked of it.`);
  }
  return nothing;
}

/** Null where nothing was published with this page, and without a network. */
async function ownPublication(): Promise<string | null> {
  try {
    const response = await fetch(new URL(publication, document.baseURI), { cache: "no-cache" });
    const text = response.ok ? await response.text() : "";
    if (text === "" || text.length > longestPublication) return null;
    const { project } = JSON.parse(text) as { project?: unknown };
    return typeof project === "string" ? project : null;
  } catch {
    return null;
  }
}
