import { useEffect, useState } from "react";
import { formatDistance } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** Two lines of the panel. */
const shown = 12;
/** An image that stays this long is asked about; a held arrow key passes many. */
const settleMs = 120;

interface Near {
  row: number;
  cosine: number;
}

/** The images most like this one; a click goes to one of them. */
export function NeighbourStrip({ row }: { row: number }) {
  const actions = useActions();
  const images = useWinnow((state) => state.images);
  const embedded = useWinnow((state) => state.head.fitted?.rows ?? 0);
  const [found, setFound] = useState<{ row: number; near: Near[] }>({ row: -1, near: [] });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another embedding has other neighbours
  useEffect(() => {
    let left = false;
    const timer = setTimeout(() => {
      actions.neighbours(row, shown).then(
        (near) => !left && setFound({ row, near }),
        () => undefined,
      );
    }, settleMs);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [actions, row, embedded]);
  // Until the new ones are there the earlier ones hold the place, so that nothing jumps.
  if (found.near.length === 0) return null;
  return (
    <section className="neighbours" aria-label="Most similar images" aria-busy={found.row !== row}>
      <h2 className="section-title">Most similar</h2>
      <ul className="neighbour-list">
        {found.near.map(({ row: near, cosine }) => (
          <li key={near}>
            <button
              type="button"
              className="neighbour"
              aria-label={`${images.path(near)}, similarity ${formatDistance(cosine)}`}
              title={images.path(near)}
              onClick={() => {
                actions.mark([near], "replace");
                actions.focus(near);
              }}
            >
              <Thumbnail row={near} className="details-image" />
              <span className="cell-value">{formatDistance(cosine)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
