import { useRef, useState } from "react";
import { isAsSuggested } from "../../core/annotations/boxCorrections.ts";
import type { SuspiciousBox } from "../../core/annotations/boxErrors.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { BoxIssueDetail } from "./BoxIssueDetail.tsx";
import { IssueList } from "./IssueList.tsx";
import type { IssueStatus } from "./issueStatus.ts";
import { useReviewKeys } from "./useReviewKeys.ts";

/** The tag of images whose boxes were looked at and kept. */
const checkedTag = "boxes checked";

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
  const statusOf = (one: SuspiciousBox): IssueStatus => {
    if (tags.get("excluded")?.has(one.row)) return "excluded";
    if (isAsSuggested(set, one)) return "accepted";
    return tags.get(checkedTag)?.has(one.row) ? "kept" : "open";
  };
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      found.findIndex((one) => statusOf(one) === "open"),
    ),
  );
  const place = Math.min(at, found.length - 1);
  const issue = found[place]!;
  const decided = found.reduce((sum, one) => sum + Number(statusOf(one) !== "open"), 0);
  // A decision is stored a moment after the key: who is quick must not come back to what was just decided.
  const justDecided = useRef(new Set<number>());
  const goOn = (): void => {
    justDecided.current.add(place);
    const order = [...found.keys()].map((i) => (place + 1 + i) % found.length);
    const next = order.find((i) => !justDecided.current.has(i) && statusOf(found[i]!) === "open");
    if (next !== undefined) setAt(next);
  };
  const accept = (): void => {
    actions.acceptBox(set.id, issue, by);
    goOn();
  };
  const keep = (): void => {
    actions.addTag(checkedTag, [issue.row]);
    goOn();
  };
  const exclude = (): void => {
    actions.addTag("excluded", [issue.row]);
    goOn();
  };
  const undo = (): void => {
    justDecided.current.clear();
    actions.undo();
  };
  const step = (by: number): void => setAt(Math.max(0, Math.min(found.length - 1, place + by)));
  useReviewKeys({ accept, keep, exclude, undo, step });
  return (
    <div className="issue-review">
      <div className="issue-side">
        <p className="issue-progress" role="status" aria-label="Reviewed count">
          {decided} of {found.length} reviewed
        </p>
        <IssueList
          title="Suspicious boxes"
          count={found.length}
          lineOf={(i) => {
            const one = found[i]!;
            const { row, score, issue: note, given, suggested } = one;
            const status = statusOf(one);
            return { row, given: given?.name ?? "no box", suggested: suggested?.name ?? "no box", score, note, status };
          }}
          at={place}
          onPick={setAt}
        />
      </div>
      <BoxIssueDetail
        issue={issue}
        status={statusOf(issue)}
        onAccept={accept}
        onKeep={keep}
        onExclude={exclude}
        onUndo={undo}
      />
    </div>
  );
}
