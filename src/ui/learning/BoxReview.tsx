import { useMemo } from "react";
import { isAsSuggested } from "../../core/annotations/boxCorrections.ts";
import type { SuspiciousBox } from "../../core/annotations/boxErrors.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { keptLookup } from "../../core/annotations/keptBox.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { BoxIssueDetail } from "./BoxIssueDetail.tsx";
import { IssueList } from "./IssueList.tsx";
import type { IssueStatus } from "./issueStatus.ts";
import { useReview } from "./useReview.ts";

interface BoxReviewProps {
  set: HeldSet;
  found: readonly SuspiciousBox[];
  /** What suggests the corrections, for their log. */
  by: string;
}

/** The list of suspicious boxes with one of them in full; keys decide it and go on to the next. */
export function BoxReview({ set, found, by }: BoxReviewProps) {
  const actions = useActions();
  const tags = useWinnow((state) => state.tags);
  const isKept = useMemo(() => keptLookup(set.keptBoxes ?? []), [set.keptBoxes]);
  const statusOf = (place: number): IssueStatus => {
    const box = found[place]!;
    if (tags.get("excluded")?.has(box.row)) return "excluded";
    if (isAsSuggested(set, box)) return "accepted";
    return isKept(box.row, box.given, box.suggested) ? "kept" : "open";
  };
  const review = useReview(
    found.length,
    (place) => statusOf(place) === "open",
    (place) => {
      const box = found[place]!;
      return {
        accept: () => actions.acceptBox(set.id, box, by),
        keep: () => actions.keepBox(set.id, box),
        exclude: () => actions.addTag("excluded", [box.row]),
      };
    },
  );
  return (
    <div className="issue-review">
      <IssueList
        title="Suspicious boxes"
        count={found.length}
        lineOf={(place) => {
          const { row, score, issue: note, given, suggested } = found[place]!;
          const [from, to] = [given?.name ?? "no box", suggested?.name ?? "no box"];
          return { row, given: from, suggested: to, score, note, status: statusOf(place) };
        }}
        review={review}
      />
      <BoxIssueDetail issue={found[review.place]!} status={statusOf(review.place)} review={review} />
    </div>
  );
}
