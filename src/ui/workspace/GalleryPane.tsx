import { FilterChips } from "../filters/FilterChips.tsx";
import { Gallery } from "../gallery/Gallery.tsx";
import { GalleryToolbar } from "../gallery/GalleryToolbar.tsx";
import { useSources } from "../shell/Sources.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** The gallery with its toolbar, or why there is none yet. */
export function GalleryPane() {
  const count = useWinnow((state) => state.order.length);
  const filtered = useWinnow((state) => state.filter.length > 0 && state.images.length > 0);
  return (
    <div className="gallery-pane">
      <GalleryToolbar />
      <FilterChips />
      {count > 0 ? <Gallery /> : filtered ? <NothingLeft /> : <NoImages />}
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
