import { ScanSearch } from "lucide-react";
import { useMemo } from "react";
import { countOf, formatBytes, formatCount } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** Fills two lines of the panel; the gallery has the rest. */
const previews = 12;

/** What several marked images have in common: number, size, how many are chosen. */
export function MarkedSummary({ rows }: { rows: Uint32Array }) {
  const actions = useActions();
  const images = useWinnow((state) => state.images);
  const ranks = useWinnow((state) => state.ranks);
  const bytes = useMemo(() => rows.reduce((sum, row) => sum + images.bytes(row), 0), [rows, images]);
  const chosen = useMemo(() => rows.reduce((sum, row) => sum + (ranks.has(row) ? 1 : 0), 0), [rows, ranks]);

  return (
    <div className="marked-summary">
      <p>
        <b>{countOf(rows.length, "image")} marked</b>
        <span className="muted">
          {" "}
          · {formatBytes(bytes)}
          {chosen > 0 && <> · {formatCount(chosen)} of them chosen</>}
        </span>
      </p>
      <button
        type="button"
        className="button details-similar"
        onClick={() => actions.findSimilar({ positives: [...rows], negatives: [], outside: null })}
      >
        <ScanSearch size={15} aria-hidden="true" />
        Find similar <kbd>S</kbd>
      </button>
      <ul className="marked-previews">
        {Array.from(rows.subarray(0, rows.length > previews ? previews - 1 : previews), (row) => (
          <li key={row}>
            <button
              type="button"
              className="marked-preview"
              aria-label={`Mark only ${images.path(row)}`}
              onClick={() => {
                actions.mark([row], "replace");
                actions.focus(row);
              }}
            >
              <Thumbnail row={row} className="details-image" />
            </button>
          </li>
        ))}
        {rows.length > previews && <li className="marked-rest">+{formatCount(rows.length - previews + 1)}</li>}
      </ul>
    </div>
  );
}
