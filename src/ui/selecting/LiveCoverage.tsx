import { formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { CoverageFigures } from "./CoverageFigures.tsx";

/** How far a selection that runs has come: its curve grows. */
export function LiveCoverage() {
  const choosing = useWinnow((state) => state.choosing);
  if (choosing === null) return null;
  const { picked, total, curves } = choosing;
  return (
    <section className="coverage" aria-label="Coverage so far">
      <p className="muted">
        {formatCount(picked)} of {formatCount(total)} picked. Cancel it in the bar below; what is picked can be kept.
      </p>
      <CoverageFigures curves={curves} total={total} rank={0} sample={null} onPick={() => undefined} />
    </section>
  );
}
