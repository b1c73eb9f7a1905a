import { lazy, useState } from "react";
import { Term } from "../controls/Term.tsx";
import { Part } from "../parts/Part.tsx";
import { countOf, formatCount, formatDistance } from "../text/quantities.ts";
import type { DrawnCurves } from "./coverage.ts";

const CoverageCurve = lazy(() => import("./CoverageCurve.tsx"));

interface CoverageFiguresProps {
  curves: DrawnCurves;
  total: number;
  rank: number;
  /** Images in which it was measured, where that is a sample; null: in all. */
  sample: number | null;
  onPick: (index: number) => void;
}

/** Covering radius and mean distance, of these picks and of random ones, as numbers over their curve. */
export function CoverageFigures({ curves, total, rank, sample, onPick }: CoverageFiguresProps) {
  const [hovered, setHovered] = useState<number | null>(null);
  const last = curves.radii.length - 1;
  const at = Math.min(hovered ?? last, last);
  if (at < 0) return null;
  return (
    <>
      <div className="coverage-head">
        <span className="muted">{`After ${countOf(at + 1, "pick")}`}</span>
      </div>
      <dl className="coverage-values">
        <div>
          <dt>
            <Term word="Covering radius">
              The distance from the image that is represented worst to its nearest pick, in the embedding: 0 is
              identical, 2 is opposite. Smaller is better. The grey line is what as many random picks reach.
            </Term>
          </dt>
          <dd>
            <Pair ours={curves.radii[at]} random={curves.randomRadii[at]} />
          </dd>
        </div>
        {curves.means && (
          <div>
            <dt>
              <Term word="Mean distance">
                How far images are from their nearest pick on average: the dashed lines. Low where the picks stand for
                most images well, even if a few odd ones are far away.
              </Term>
            </dt>
            <dd>
              <Pair ours={curves.means[at]} random={curves.randomMeans?.[at]} />
            </dd>
          </div>
        )}
      </dl>
      <Part what="The coverage curve" fallback={<div className="coverage-curve" />}>
        <CoverageCurve curves={curves} total={total} rank={rank} onHover={setHovered} onPick={onPick} />
      </Part>
      {sample !== null && (
        <p className="muted coverage-sample">Measured in a random sample of {formatCount(sample)} images.</p>
      )}
    </>
  );
}

function Pair({ ours, random }: { ours: number | undefined; random: number | undefined }) {
  return (
    <>
      <span className="coverage-ours">
        these picks <b>{formatDistance(ours ?? 0)}</b>
      </span>
      <span className="muted">
        random <b>{formatDistance(random ?? 0)}</b>
      </span>
    </>
  );
}
