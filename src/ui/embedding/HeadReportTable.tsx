import type { HeadState } from "../../state/state.ts";
import { Term } from "../controls/Term.tsx";
import { formatCount } from "../text/quantities.ts";

/** Mean spread of the columns under which an embedding counts as collapsed; even use of all of them is 1. */
const collapsedSpread = 0.3;

/** What was measured of the present embedding, each with what it means. */
export function HeadReportTable({ fitted: { report, dim, rows } }: { fitted: NonNullable<HeadState["fitted"]> }) {
  const collapsed = report.columnSpread < collapsedSpread;
  return (
    <dl className="head-report">
      <dt>Images</dt>
      <dd>
        {formatCount(rows)} in {formatCount(dim)} numbers, fitted on {formatCount(report.fittedRows)}
      </dd>
      <dt>
        <Term word="Effective rank">How many of the numbers are really used: 1 is a collapse, {dim} is even use.</Term>
      </dt>
      <dd>
        {report.effectiveRank.toFixed(1)} of {formatCount(dim)}
      </dd>
      <dt>
        <Term word="Spread">
          The mean standard deviation of the numbers, against what even use would give: 1 is even, near 0 means that all
          images look alike to the embedding.
        </Term>
      </dt>
      <dd>
        {report.columnSpread.toFixed(2)}
        {collapsed ? " · collapsed: try PCA, or fewer numbers" : ""}
      </dd>
      <dt>
        <Term word="Neighbours">
          The mean cosine of an image to its 10th nearest neighbour, beside that of random pairs. The further apart, the
          more the embedding knows.
        </Term>
      </dt>
      <dd>
        {report.neighbourSimilarity.toFixed(2)}, random pairs {report.randomSimilarity.toFixed(2)}
      </dd>
    </dl>
  );
}
