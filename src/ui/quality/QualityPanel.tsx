import { useState } from "react";
import { defaultThresholds } from "../../core/quality/issues.ts";
import { allChecks, type Check, rowsWithIssues } from "../../core/quality/issueTable.ts";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { CheckLine } from "./CheckLine.tsx";
import { isAdjustable } from "./checkTexts.ts";
import { GroupCheck } from "./GroupCheck.tsx";
import { MoveRejects } from "./MoveRejects.tsx";
import { RankedViews } from "./RankedViews.tsx";
import { ExcludeFound, ScoreCheck } from "./ScoreCheck.tsx";
import "./quality.css";

/** What is wrong with images: every check with its count, its threshold and what can be done about it. */
export function QualityPanel() {
  const { openScreen, measureAgain, export: save } = useActions();
  const issues = useWinnow((state) => state.issues);
  const images = useWinnow((state) => state.images);
  const [open, setOpen] = useState<Check | null>(null);
  const made = allChecks.filter((check) => issues.checks[check] !== undefined);
  const most = made.reduce((top, check) => Math.max(top, issues.checks[check]!.flagged.length), 0);
  const flagged = rowsWithIssues({ paths: images.paths, checks: issues.checks }).length;
  const unmeasured = images.length - images.measures.measured;
  return (
    <section aria-label="Quality" className="quality">
      {images.length === 0 ? (
        <p className="empty">Checks appear here with the first images.</p>
      ) : (
        <>
          <p className="muted">
            {countOf(flagged, "image")} of {images.length.toLocaleString("en")} with an issue. Tick a check to see its
            images; open it to move its threshold.
          </p>
          {unmeasured > 0 && (
            <p className="muted quality-unmeasured">
              {countOf(unmeasured, "image")} came without pixels or from an older Winnow and{" "}
              {unmeasured === 1 ? "has" : "have"} no scores.
              <button type="button" className="button" onClick={measureAgain}>
                Measure now
              </button>
            </p>
          )}
          <ul className="checks">
            {made.map((check) => (
              <CheckLine
                key={check}
                check={check}
                count={issues.checks[check]!.flagged.length}
                most={most}
                open={open === check}
                onOpen={(wanted) => setOpen(wanted ? check : null)}
              >
                <CheckBody check={check} />
              </CheckLine>
            ))}
          </ul>
          <RankedViews />
          <div className="quality-foot">
            <button type="button" className="button" onClick={() => openScreen("report")}>
              Dataset report
            </button>
            <button type="button" className="button" onClick={() => save("issues-csv", "all")}>
              Save issues (.csv)
            </button>
            <MoveRejects />
          </div>
        </>
      )}
    </section>
  );
}

function CheckBody({ check }: { check: Check }) {
  const issues = useWinnow((state) => state.issues);
  const quality = useWinnow((state) => state.quality);
  const found = issues.checks[check];
  if (!found) return null;
  if (check === "near_duplicate" || check === "exact_duplicate") {
    return <GroupCheck strictness={check === "near_duplicate"} />;
  }
  if (!isAdjustable(check)) return <ExcludeFound check={check} found={found} />;
  const usual = check === "outlier" ? issues.usualOutlier : defaultThresholds[check];
  return <ScoreCheck check={check} found={found} value={quality.thresholds[check] ?? usual} usual={usual} />;
}
