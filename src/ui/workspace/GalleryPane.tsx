import { useEffect } from "react";
import { FilterChips } from "../filters/FilterChips.tsx";
import { GalleryGrid } from "../gallery/GalleryGrid.tsx";
import { GalleryList } from "../gallery/GalleryList.tsx";
import { GalleryToolbar } from "../gallery/GalleryToolbar.tsx";
import { useIsNarrow } from "../mediaQuery.ts";
import { LazySearchBox } from "../search/LazySearchBox.tsx";
import { SearchBar } from "../search/SearchBar.tsx";
import { useSources } from "../shell/Sources.tsx";
import { isMeantElsewhere } from "../shell/usePageKeys.ts";
import { useRemembered } from "../useRemembered.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** The gallery with its toolbar, or why there is none yet. */
export function GalleryPane() {
  const count = useWinnow((state) => state.order.length);
  const filtered = useWinnow((state) => state.filter.length > 0 && state.images.length > 0);
  const narrow = useIsNarrow();
  const [remembered, remember] = useRemembered("gallery-view", "grid");
  const view = remembered === "list" ? "list" : "grid";
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "v" || event.ctrlKey || event.metaKey || event.altKey || isMeantElsewhere(event)) return;
      remember(view === "list" ? "grid" : "list");
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [view, remember]);
  return (
    <div className="gallery-pane">
      {narrow && (
        <div className="narrow-search">
          <LazySearchBox />
        </div>
      )}
      <GalleryToolbar view={view} onView={remember} />
      <SearchBar />
      <FilterChips />
      {count > 0 ? view === "list" ? <GalleryList /> : <GalleryGrid /> : filtered ? <NothingLeft /> : <NoImages />}
    </div>
  );
}

function NothingLeft() {
  const actions = useActions();
  return (
    <div className="empty">
      <strong>No image meets all filters</strong>
      Take one of them away, or
      <button type="button" className="button" onClick={actions.clearFilter}>
        Show all images
      </button>
    </div>
  );
}

function NoImages() {
  const sources = useSources();
  const working = useWinnow((state) => state.jobs.some((job) => job.status === "running"));
  const problems = useWinnow((state) => state.problems.length);
  if (working) {
    return (
      <p className="empty" role="status">
        <strong>Reading files…</strong>
        The first images appear here in a moment.
      </p>
    );
  }
  return (
    <div className="empty">
      <strong>No images yet</strong>
      {problems > 0
        ? "None of the files could be read; Problems in the top bar says why."
        : "Drop a folder, images or a zip anywhere on this page."}
      <button type="button" className="button" onClick={sources.openFolder}>
        Open folder
      </button>
    </div>
  );
}
