import { Ban, Check, ThumbsUp, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import type { BoxIssue, NamedBox, SuspiciousBox } from "../../core/annotations/boxErrors.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { Term } from "../controls/Term.tsx";
import { HostileText, PathText } from "../text/HostileText.tsx";
import { useThumbnail } from "../thumbnails/Thumbnail.tsx";
import { Originals } from "../viewer/originals.ts";
import { useOriginal } from "../viewer/useOriginal.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { type IssueStatus, statusWords } from "./issueStatus.ts";

const acceptWords: Readonly<Record<BoxIssue, string>> = {
  missing: "Add the box",
  spurious: "Delete the box",
  "badly placed": "Move the box",
  swapped: "Change the class",
};

interface BoxIssueDetailProps {
  issue: SuspiciousBox;
  status: IssueStatus;
  onAccept: () => void;
  onKeep: () => void;
  onExclude: () => void;
  onUndo: () => void;
}

/** One suspicious box: the whole image and a part of it around the boxes, the label's and the prediction's. */
export function BoxIssueDetail({ issue, status, onAccept, onKeep, onExclude, onUndo }: BoxIssueDetailProps) {
  const path = useWinnow((state) => state.images.path(issue.row));
  const actions = useActions();
  const [originals, setOriginals] = useState<Originals | null>(null);
  useEffect(() => {
    const made = new Originals((wanted) => actions.original(wanted));
    setOriginals(made);
    return () => made.close();
  }, [actions]);
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
          <dt>
            <Term word="Score">
              How little the predictions contradict the label, 0 to 1. Low is suspicious; 0.5 where no prediction says
              anything of it.
            </Term>
          </dt>
          <dd>{issue.score.toFixed(4)}</dd>
          {status !== "open" && (
            <>
              <dt>Decision</dt>
              <dd>{statusWords[status]}</dd>
            </>
          )}
        </dl>
        <div className="issue-actions">
          <button type="button" className="button button-primary" onClick={onAccept}>
            <Check size={15} aria-hidden="true" /> {acceptWords[issue.issue]} <kbd>A</kbd>
          </button>
          <button type="button" className="button" onClick={onKeep} title="All boxes of this image are right">
            <ThumbsUp size={15} aria-hidden="true" /> Keep this image’s boxes <kbd>K</kbd>
          </button>
          <button type="button" className="button" onClick={onExclude}>
            <Ban size={15} aria-hidden="true" /> Exclude <kbd>X</kbd>
          </button>
          <IconButton label="Undo" keys="U" onClick={onUndo}>
            <Undo2 size={16} />
          </IconButton>
        </div>
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
