import type { StoreApi } from "zustand/vanilla";
import { type View, viewFromParams, viewToParams } from "./core/explore/viewText.ts";
import type { Actions } from "./state/actions.ts";
import { initialColour, initialProjection, type WinnowState } from "./state/state.ts";

const projections: readonly string[] = ["PCA", "t-SNE", "UMAP"] satisfies WinnowState["projection"][];

/**
 * Keeps the open project and what is shown of it in the page's address, so that reload, back and forward, and a
 * bookmark find it again. A change of the project or the filter is a step back; sorting and colours are not.
 */
export function followAddress(store: StoreApi<WinnowState>, actions: Actions): void {
  const inAddress = (): URLSearchParams => new URLSearchParams(location.hash.slice(1));
  /** The view that the address asked for, until its project is open. */
  let asked: { id: string; params: URLSearchParams } | null = null;
  /** True while what the address says is being shown: that is not written back. */
  let following = false;

  const follow = (): void => {
    const params = inAddress();
    const id = params.get("project");
    asked = id === null ? null : { id, params };
    if (id === null) actions.closeProject();
    else if (id === store.getState().project?.id) showAsked();
    else actions.openProject(id);
  };

  const showAsked = (): void => {
    if (asked === null) return;
    const { view, unread } = viewFromParams(asked.params, initialView(store.getState()));
    asked = null;
    following = true;
    if (view.search) actions.search(view.search);
    else actions.clearSearch();
    actions.setFilter(view.filter);
    actions.setSort(view.sortBy, view.sortDescending);
    actions.setGroupBy(view.groupBy);
    actions.setColourBy(view.colourBy);
    const { projection } = store.getState();
    if (view.projection !== projection && projections.includes(view.projection)) {
      actions.setProjection(view.projection as WinnowState["projection"]);
    }
    following = false;
    if (unread.length > 0) actions.tell(`The address had filters that could not be read: ${unread.join(", ")}.`);
  };

  store.subscribe((state, before) => {
    if (following) return;
    const id = state.project?.id ?? null;
    if (id !== (before.project?.id ?? null)) {
      if (id !== null && asked?.id === id) showAsked();
      else if (id !== inAddress().get("project")) history.pushState(null, "", addressOf(state));
      return;
    }
    if (id === null || !viewKeys.some((key) => state[key] !== before[key])) return;
    const address = addressOf(state);
    if (address === location.hash) return;
    if (state.filter === before.filter && state.search === before.search) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
  });
  addEventListener("popstate", follow);
  if (inAddress().has("project")) follow();
}

const viewKeys = ["filter", "search", "sortBy", "sortDescending", "groupBy", "colourBy", "projection"] as const;

/** A project with a selection begins with its picks. */
const initialView = ({ shown }: WinnowState): View => ({
  filter: [],
  search: null,
  sortBy: shown ? "pick" : "path",
  sortDescending: false,
  groupBy: null,
  colourBy: initialColour,
  projection: initialProjection,
});

function addressOf(state: WinnowState): string {
  const { project } = state;
  if (project === null) return location.pathname + location.search;
  const params = new URLSearchParams(viewToParams(viewOf(state), initialView(state))).toString();
  return `#project=${project.id}${params && `&${params}`}`;
}

/** The view of a search with an image from outside is lost with the page: nothing of it goes into the address. */
function viewOf(state: WinnowState): View {
  const { search, filter, sortBy, sortDescending } = state;
  if (search === null) return { ...state, search };
  if (search.outside === null) {
    const { kind, title, object, positives, negatives } = search;
    const asked = kind === "words" ? { word: title } : kind === "text" ? { text: title } : { positives, negatives };
    return { ...state, search: object ? { object } : asked };
  }
  const bySearch = sortBy === "similarity";
  return {
    ...state,
    search: null,
    filter: filter.filter(({ field }) => field !== "similarity"),
    sortBy: bySearch ? initialView(state).sortBy : sortBy,
    sortDescending: !bySearch && sortDescending,
  };
}
