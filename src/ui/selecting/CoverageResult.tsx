import { lazy, Suspense, useState } from "react";
import type { SelectionRecord } from "../../core/records.ts";
import { Term } from "../controls/Term.tsx";
import { formatCount, formatDistance } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { whyPicked } from "./coverage.ts";

const CoverageCurve = lazy(() => import("./CoverageCurve.tsx"));

/** How far the farthest image is from its nearest pick, pick after pick, next to a random choice of the same size. */
export function CoverageResult({ shown }: { shown: SelectionRecord }) {
  const { focus } = useActions();
  const ranks = useWinnow((state) => state.ranks);
  const rank = useWinnow((state) => state.ranks.get(state.focused) ?? 0);
  const [hovered, setHovered] = useState<number | null>(null);
  const at = hovered ?? shown.radii.length - 1;
  const ours = shown.radii[at];
  const random = shown.randomRadii[at];
  if (ours === undefined || random === undefined) return null;

  return (
    <section className="coverage" aria-label="Coverage">
      <div className="coverage-head">
        <Term word={hovered === null ? "Covering radius" : `After ${formatCount(at + 1)} picks`}>
          The distance from the image that is represented worst to its nearest pick, in the embedding: 0 is identical, 2
          is opposite. Smaller is better. The grey line is what as many random picks reach.
        </Term>
        <span className="coverage-values">
          <span className="coverage-ours">
            these picks <b>{formatDistance(ours)}</b>
          </span>
          <span className="muted">
            random <b>{formatDistance(random)}</b>
          </span>
        </span>
      </div>
      <Suspense fallback={<div className="coverage-curve" />}>
        <CoverageCurve
          shown={shown}
          rank={rank}
          onHover={setHovered}
          onPick={(index) => {
            const row = shown.rows[index];
            if (row !== undefined) focus(row);
          }}
        />
      </Suspense>
      {rank > 0 && (
        <p className="why">
          <span className="pick-badge pick-badge-inline">{formatCount(rank)}</span>
          <span>
            Pick {formatCount(rank)}: {whyPicked(shown, ranks, rank)}.
          </span>
        </p>
      )}
    </section>
  );
}
