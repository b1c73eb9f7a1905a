import type { Border } from "../../core/quality/border.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** Images on either side that are shown. */
export const borderImages = 8;

/** The images that a threshold just catches and those it just spares, so that a person sees where to put it. */
export function BorderStrip({ border, scores }: { border: Border; scores: Float32Array }) {
  return (
    <div className="border-strip">
      <BorderSide title="Just caught" rows={border.under} scores={scores} empty="none is under it" />
      <BorderSide title="Just spared" rows={border.over} scores={scores} empty="all are under it" />
    </div>
  );
}

interface BorderSideProps {
  title: string;
  rows: readonly number[];
  scores: Float32Array;
  empty: string;
}

function BorderSide({ title, rows, scores, empty }: BorderSideProps) {
  const actions = useActions();
  const images = useWinnow((state) => state.images);
  return (
    <section aria-label={title} className="border-side">
      <h4 className="border-title">{title}</h4>
      {rows.length === 0 && <p className="muted">{empty}</p>}
      <ul className="border-images">
        {rows.map((row) => (
          <li key={row}>
            <button
              type="button"
              className="border-image"
              aria-label={`${images.path(row)}, score ${scores[row]!.toFixed(3)}`}
              title={images.path(row)}
              onClick={() => {
                actions.mark([row], "replace");
                actions.focus(row);
                actions.enlarge(true);
              }}
            >
              <Thumbnail row={row} className="border-picture" />
              <span className="cell-value">{scores[row]!.toFixed(3)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
