import { checkTitles } from "../core/quality/issueFinder.ts";
import { type AdjustableCheck, withThreshold } from "../core/quality/qualitySettings.ts";
import type { Session } from "./session.ts";

/** Moves the threshold of a check, or puts it back at its default when it is null; undoable. */
export function setThreshold({ history }: Session, check: AdjustableCheck, threshold: number | null): Promise<void> {
  return history.do(({ quality }) => {
    const after = withThreshold(quality, check, threshold);
    if (after.thresholds[check] === quality.thresholds[check]) return null;
    const to = threshold === null ? "its default" : String(Number(threshold.toPrecision(3)));
    return {
      title: `threshold of “${checkTitles[check]}” to ${to}`,
      edits: [{ kind: "quality", before: quality, after }],
    };
  });
}
