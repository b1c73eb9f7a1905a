import type { HeldSet } from "../../core/annotations/heldSet.ts";
import type { LabelIssue } from "../../state/learned.ts";
import { HostileText, PathText } from "../text/HostileText.tsx";
import { useWinnow } from "../winnow.tsx";
import { DecisionButtons, type ReviewDecisions } from "./DecisionButtons.tsx";
import type { IssueStatus } from "./issueStatus.ts";
import { LabelledNeighbours } from "./LabelledNeighbours.tsx";
import { ReviewImage } from "./ReviewImage.tsx";
import { ScoreFacts } from "./ScoreFacts.tsx";

interface IssueDetailProps {
  issue: LabelIssue;
  set: HeldSet;
  status: IssueStatus;
  review: ReviewDecisions;
}

/** One suspicious label: the image, what it is called and should perhaps be called, and what is called so nearby. */
export function IssueDetail({ issue, set, status, review }: IssueDetailProps) {
  const path = useWinnow((state) => state.images.path(issue.row));
  return (
    <div className="issue-detail">
      <ReviewImage row={issue.row} />
      <div className="issue-about">
        <PathText path={path} />
        <dl className="issue-facts">
          <dt>Given label</dt>
          <dd>
            <HostileText text={issue.given} />
          </dd>
          <dt>Suggested label</dt>
          <dd className="issue-suggested">
            <HostileText text={issue.suggested} />
          </dd>
          <ScoreFacts score={issue.score} status={status}>
            How much the predictions support the given label, 0 to 1. They come from a model that did not see this
            label. Low is suspicious.
          </ScoreFacts>
        </dl>
        <DecisionButtons
          accept={
            <>
              Accept <HostileText text={issue.suggested} />
            </>
          }
          keep={
            <>
              Keep <HostileText text={issue.given} />
            </>
          }
          review={review}
        />
        <LabelledNeighbours row={issue.row} set={set} given={issue.given} suggested={issue.suggested} />
      </div>
    </div>
  );
}
