import type { HeldSet } from "../../core/annotations/heldSet.ts";
import type { FoundLabelIssues } from "../../state/learned.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { IssueDetail } from "./IssueDetail.tsx";
import { IssueList } from "./IssueList.tsx";
import { type IssueStatus, issueStatus } from "./issueStatus.ts";
import { useReview } from "./useReview.ts";

/** The list of suspicious labels with one of them in full; keys decide it and go on to the next. */
export function IssueReview({ set, found }: { set: HeldSet; found: FoundLabelIssues }) {
  const actions = useActions();
  const tags = useWinnow((state) => state.tags);
  const { issues } = found;
  const statusOf = (place: number): IssueStatus => issueStatus(issues[place]!, set, tags);
  const by = `label issues, ${found.source ?? "probe"}, ${found.filter}`;
  const review = useReview(
    issues.length,
    (place) => statusOf(place) === "open",
    (place) => {
      const { row, suggested } = issues[place]!;
      return {
        accept: () => actions.setLabel(set.id, [row], suggested, by),
        keep: () => actions.addTag("label checked", [row]),
        exclude: () => actions.addTag("excluded", [row]),
      };
    },
  );
  return (
    <div className="issue-review">
      <IssueList
        title="Suspicious labels"
        count={issues.length}
        lineOf={(place) => {
          const { lessSure, ...issue } = issues[place]!;
          return { ...issue, note: lessSure ? "less sure" : "", status: statusOf(place) };
        }}
        review={review}
      />
      <IssueDetail issue={issues[review.place]!} set={set} status={statusOf(review.place)} review={review} />
    </div>
  );
}
