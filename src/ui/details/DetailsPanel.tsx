import { useMemo } from "react";
import { LabelEditor } from "../labels/LabelEditor.tsx";
import { useWinnow } from "../winnow.tsx";
import { ImageDetails } from "./ImageDetails.tsx";
import { MarkedSummary } from "./MarkedSummary.tsx";
import { TagEditor } from "./TagEditor.tsx";

/** What is known about the focused image, and tags for it or for everything marked. */
export function DetailsPanel() {
  const focused = useWinnow((state) => state.focused);
  const marked = useWinnow((state) => state.marked);
  const many = marked.size > 1;
  const rows = useMemo(() => {
    if (marked.size > 0) return marked.rows;
    return focused >= 0 ? Uint32Array.of(focused) : new Uint32Array(0);
  }, [marked, focused]);
  const shownRow = many ? -1 : (rows[0] ?? -1);

  return (
    <section aria-label="Details" className="panel-body">
      {rows.length === 0 && (
        <p className="empty">
          <strong>Nothing is marked</strong>
          Click an image in the gallery or a point on the map to see what is known about it and to tag it.
        </p>
      )}
      {many && <MarkedSummary rows={rows} />}
      {shownRow >= 0 && <ImageDetails row={shownRow} />}
      {many && <LabelEditor rows={rows} />}
      {rows.length > 0 && <TagEditor rows={rows} />}
    </section>
  );
}
