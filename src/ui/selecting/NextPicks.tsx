import { Plus } from "lucide-react";
import type { SelectionRecord } from "../../core/records.ts";
import { formatCount } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** What would have been chosen next, in that order; it can be taken in. */
export function NextPicks({ shown }: { shown: SelectionRecord }) {
  const actions = useActions();
  const images = useWinnow((state) => state.images);
  const busy = useWinnow((state) => state.choosing !== null);
  const next = shown.next ?? new Uint32Array(0);
  if (next.length === 0) return null;
  return (
    <section className="next-picks" aria-label="What would come next">
      <div className="next-head">
        <h2 className="section-title">The next {formatCount(next.length)} would have been</h2>
        <span className="spacer" />
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => actions.growSelection(shown.id, next.length)}
        >
          <Plus size={14} aria-hidden="true" />
          Add these {formatCount(next.length)}
        </button>
      </div>
      <ol className="next-strip">
        {Array.from(next, (row, i) => (
          <li key={row}>
            <button
              type="button"
              className="neighbour"
              aria-label={`${images.path(row)}, would be pick ${formatCount(shown.rows.length + i + 1)}`}
              title={images.path(row)}
              onClick={() => {
                actions.mark([row], "replace");
                actions.focus(row);
              }}
            >
              <Thumbnail row={row} className="details-image" />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
