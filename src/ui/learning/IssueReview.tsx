import { useEffect, useState } from "react";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import type { FoundLabelIssues, LabelIssue } from "../../state/learned.ts";
import { isTyping } from "../shell/usePageKeys.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { IssueDetail } from "./IssueDetail.tsx";
import { IssueList } from "./IssueList.tsx";
import { type IssueStatus, issueStatus } from "./issueStatus.ts";

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

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const onButton = event.target instanceof HTMLElement && event.target.closest("button, summary") !== null;
      const key = event.key.toLowerCase();
      if (key === "a" || (key === "enter" && !onButton)) accept();
      else if (key === "k") keep();
      else if (key === "x") exclude();
      else if (key === "u") actions.undo();
      else if (key === "arrowdown" || key === "j") step(1);
      else if (key === "arrowup") step(-1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });

  return (
    <div className="issue-review">
      <div className="issue-side">
        <p className="issue-progress" role="status" aria-label="Reviewed count">
          {decided} of {issues.length} reviewed
        </p>
        <IssueList issues={issues} at={place} statusOf={statusOf} onPick={setAt} />
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
