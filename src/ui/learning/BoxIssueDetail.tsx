import type { BoxIssue, SuspiciousBox } from "../../core/annotations/boxErrors.ts";
import type { NamedBox } from "../../core/annotations/keptBox.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { HostileText, PathText } from "../text/HostileText.tsx";
import { useThumbnail } from "../thumbnails/Thumbnail.tsx";
import type { Originals } from "../viewer/originals.ts";
import { useOriginal, useOriginals } from "../viewer/useOriginal.ts";
import { useWinnow } from "../winnow.tsx";
import { DecisionButtons, type ReviewDecisions } from "./DecisionButtons.tsx";
import type { IssueStatus } from "./issueStatus.ts";
import { ScoreFacts } from "./ScoreFacts.tsx";

const acceptWords: Readonly<Record<BoxIssue, string>> = {
  missing: "Add the box",
  spurious: "Delete the box",
  "badly placed": "Move the box",
  swapped: "Change the class",
};

interface BoxIssueDetailProps {
  issue: SuspiciousBox;
  status: IssueStatus;
  review: ReviewDecisions;
}

/** One suspicious box: the whole image and a part of it around the boxes, the label's and the prediction's. */
export function BoxIssueDetail({ issue, status, review }: BoxIssueDetailProps) {
  const path = useWinnow((state) => state.images.path(issue.row));
  const originals = useOriginals();
  return (
    <div className="issue-detail">
      <div className="box-pictures">{originals && <Pictures originals={originals} issue={issue} />}</div>
      <div className="issue-about">
        <PathText path={path} />
        <dl className="issue-facts">
          <dt>Issue</dt>
          <dd>{issue.issue}</dd>
          <dt>
            <span className="box-key is-given" aria-hidden="true" /> Label
          </dt>
          <dd>{issue.given ? <HostileText text={issue.given.name} /> : "no box"}</dd>
          <dt>
            <span className="box-key is-suggested" aria-hidden="true" /> Prediction
          </dt>
          <dd className="issue-suggested">
            {issue.suggested ? <HostileText text={issue.suggested.name} /> : "no box"}
          </dd>
          <ScoreFacts score={issue.score} status={status}>
            How little the predictions contradict the label, 0 to 1. Low is suspicious; 0.5 where no prediction says
            anything of it.
          </ScoreFacts>
        </dl>
        <DecisionButtons
          accept={acceptWords[issue.issue]}
          keep={issue.given ? "Keep the box" : "No box is missing"}
          keepTitle="It is not suspected again; other boxes of the image still are"
          review={review}
        />
      </div>
    </div>
  );
}

/** Of the boxes' size around them, so that what is at their edges can be judged. */
const margin = 0.25;

function Pictures({ originals, issue }: { originals: Originals; issue: SuspiciousBox }) {
  const { row } = issue;
  const images = useWinnow((state) => state.images);
  const thumbnail = useThumbnail(row);
  const { original } = useOriginal(originals, row);
  const url = original.status === "ready" ? original.url : thumbnail;
  const [width, height] = [images.width(row), images.height(row)];
  const boxes = [issue.given, issue.suggested].filter((one) => one !== null);
  if (!url || width === 0 || height === 0) return null;
  const left = Math.min(...boxes.map(({ box: [x] }) => x));
  const top = Math.min(...boxes.map(({ box: [, y] }) => y));
  const right = Math.max(...boxes.map(({ box: [x, , w] }) => x + w));
  const bottom = Math.max(...boxes.map(({ box: [, y, , h] }) => y + h));
  const around = margin * Math.max(right - left, bottom - top, 8);
  const part = [left - around, top - around, right - left + 2 * around, bottom - top + 2 * around].join(" ");
  const alt = revealedText(images.path(row));
  const drawn = { url, width, height, issue };
  return (
    <>
      <BoxPicture {...drawn} view={`0 0 ${width} ${height}`} label={alt} />
      <BoxPicture {...drawn} view={part} label={`${alt}, around the boxes`} />
    </>
  );
}

interface BoxPictureProps {
  url: string;
  width: number;
  height: number;
  issue: SuspiciousBox;
  /** Left, top, width and height of the part that is shown, in pixels of the image. */
  view: string;
  label: string;
}

function BoxPicture({ url, width, height, issue: { given, suggested }, view, label }: BoxPictureProps) {
  return (
    <svg viewBox={view} className="box-picture" role="img" aria-label={label}>
      <image href={url} width={width} height={height} preserveAspectRatio="none" />
      {given && <Outline box={given.box} kind="is-given" />}
      {suggested && <Outline box={suggested.box} kind="is-suggested" />}
    </svg>
  );
}

const Outline = ({ box: [x, y, width, height], kind }: { box: NamedBox["box"]; kind: string }) => (
  <rect x={x} y={y} width={width} height={height} className={`box-outline ${kind}`} />
);
