import type { SelectionRecord } from "../../core/records.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { CoverageFigures } from "./CoverageFigures.tsx";
import { WhyPicked } from "./WhyPicked.tsx";

/** How well a selection covers the rest, pick after pick, and why the focused pick was taken. */
export function SelectionCoverage({ shown }: { shown: SelectionRecord }) {
  const { focus } = useActions();
  const rank = useWinnow((state) => state.ranks.get(state.focused) ?? 0);
  const images = useWinnow((state) => state.images);
  const { measuredOn } = shown;
  const all = shown.among?.length ?? shown.imageCount ?? images.length;
  return (
    <section className="coverage" aria-label="Coverage">
      <CoverageFigures
        curves={shown}
        total={shown.radii.length}
        rank={rank}
        sample={measuredOn !== undefined && measuredOn < all ? measuredOn : null}
        onPick={(index) => {
          const row = shown.rows[index];
          if (row !== undefined) focus(row);
        }}
      />
      {rank > 0 && <WhyPicked shown={shown} rank={rank} />}
    </section>
  );
}
