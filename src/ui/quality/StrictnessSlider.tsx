import { useMemo } from "react";
import { duplicateThreshold } from "../../core/cluster/nearDuplicates.ts";
import type { Duplicates } from "../../state/duplicates.ts";
import { useActions } from "../winnow.tsx";
import { sliderRanges } from "./checkTexts.ts";
import { ThresholdSlider } from "./ThresholdSlider.tsx";

/** How alike images must be to count as duplicates; the groups follow while it is dragged. */
export function StrictnessSlider({ duplicates }: { duplicates: Duplicates }) {
  const { setThreshold, setDuplicateThreshold } = useActions();
  const usual = useMemo(() => duplicateThreshold(duplicates.pairs), [duplicates.pairs]);
  return (
    <ThresholdSlider
      range={sliderRanges.near_duplicate}
      label="Distance under which images are duplicates"
      value={duplicates.threshold}
      usual={usual}
      onMove={setDuplicateThreshold}
      onSet={(to) => {
        // Where nothing is stored there is nothing to undo either.
        if (to === null) setDuplicateThreshold(null);
        setThreshold("near_duplicate", to);
      }}
    />
  );
}
