import { useState } from "react";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import type { FoundLabelIssues, LabelIssue } from "../../state/learned.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { IssueDetail } from "./IssueDetail.tsx";
import { IssueList } from "./IssueList.tsx";
import { type IssueStatus, issueStatus } from "./issueStatus.ts";
import { useReviewKeys } from "./useReviewKeys.ts";

/** The list of suspicious labels with one of them in full; keys decide it and go on to the next. */
export function IssueReview({ set, found }: { set: HeldSet; found: FoundLabelIssues }) {
  const actions = useActions();
  const tags = useWinnow((state) => state.tags);
  const { issues } = found;
  const statusOf = (issue: LabelIssue): IssueStatus => issueStatus(issue, set, tags);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      issues.findIndex((issue) => statusOf(issue) === "open"),
    ),
  );
  const place = Math.min(at, issues.length - 1);
  const issue = issues[place]!;
  const decided = issues.reduce((sum, each) => sum + Number(statusOf(each) !== "open"), 0);
  const by = `label issues, ${found.source ?? "probe"}, ${found.filter}`;

  const goOn = (): void => {
    const order = [...issues.keys()].map((i) => (place + 1 + i) % issues.length);
    const next = order.find((i) => i !== place && statusOf(issues[i]!) === "open");
    if (next !== undefined) setAt(next);
  };
  const accept = (): void => {
    actions.setLabel(set.id, [issue.row], issue.suggested, by);
    goOn();
  };
  const keep = (): void => {
    actions.addTag("label checked", [issue.row]);
    goOn();
  };
  const exclude = (): void => {
    actions.addTag("excluded", [issue.row]);
    goOn();
  };
  const step = (by: number): void => setAt(Math.max(0, Math.min(issues.length - 1, place + by)));

  useReviewKeys({ accept, keep, exclude, undo: () => actions.undo(), step });

  return (
    <div className="issue-review">
      <div className="issue-side">
        <p className="issue-progress" role="status" aria-label="Reviewed count">
          {decided} of {issues.length} reviewed
        </p>
        <IssueList
          title="Suspicious labels"
          count={issues.length}
          lineOf={(i) => {
            const { row, given, suggested, score, lessSure } = issues[i]!;
            return { row, given, suggested, score, note: lessSure ? "less sure" : "", status: statusOf(issues[i]!) };
          }}
          at={place}
          onPick={setAt}
        />
      </div>
      <IssueDetail
        issue={issue}
        set={set}
        status={statusOf(issue)}
        onAccept={accept}
        onKeep={keep}
        onExclude={exclude}
        onUndo={() => actions.undo()}
      />
    </div>
  );
}
