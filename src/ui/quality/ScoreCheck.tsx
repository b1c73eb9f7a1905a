import { useMemo, useState } from "react";
import { borderOf } from "../../core/quality/border.ts";
import { checkTitles } from "../../core/quality/issueFinder.ts";
import type { Check, CheckedRows } from "../../core/quality/issueTable.ts";
import type { AdjustableCheck } from "../../core/quality/qualitySettings.ts";
import { excludedTag } from "../../core/tags.ts";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { BorderStrip, borderImages } from "./BorderStrip.tsx";
import { sliderRanges } from "./checkTexts.ts";
import { ThresholdSlider } from "./ThresholdSlider.tsx";

interface ScoreCheckProps {
  check: AdjustableCheck;
  found: CheckedRows;
  /** The threshold in force. */
  value: number;
  usual: number;
}

/** A check with a score: its threshold, what that catches while it is dragged, and what can be done about it. */
export function ScoreCheck({ check, found, value, usual }: ScoreCheckProps) {
  const { setThreshold } = useActions();
  const [moving, setMoving] = useState<number | null>(null);
  const at = moving ?? value;
  const border = useMemo(() => borderOf(found.scores, at, borderImages), [found.scores, at]);
  return (
    <>
      <ThresholdSlider
        range={sliderRanges[check]}
        label={`Threshold of ${checkTitles[check]}`}
        value={value}
        usual={usual}
        onMove={setMoving}
        onSet={(to) => {
          setMoving(null);
          setThreshold(check, to);
        }}
      />
      <p role="status">
        {countOf(border.count, "image")} {border.count === 1 ? "scores" : "score"} under {at.toFixed(3)}
      </p>
      <BorderStrip border={border} scores={found.scores} />
      <ExcludeFound check={check} found={found} />
    </>
  );
}

/** Leaves out everything that a check flags. */
export function ExcludeFound({ check, found }: { check: Check; found: CheckedRows }) {
  const { addTag } = useActions();
  const excluded = useWinnow((state) => state.tags.get(excludedTag));
  const left = useMemo(() => found.flagged.filter((row) => !excluded?.has(row)), [found.flagged, excluded]);
  if (found.flagged.length === 0) return null;
  return (
    <button
      type="button"
      className="button"
      disabled={left.length === 0}
      title={`Tags what “${checkTitles[check]}” found “${excludedTag}”: selections and exports leave it out. Can be undone.`}
      onClick={() => addTag(excludedTag, left)}
    >
      {left.length === 0 ? "All excluded" : `Exclude ${countOf(left.length, "image")}`}
    </button>
  );
}
