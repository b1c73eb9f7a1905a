import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { revealedText } from "../../core/format/unseenText.ts";
import type { LabelIssue } from "../../state/learned.ts";
import { HostileText } from "../text/HostileText.tsx";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useWinnow } from "../winnow.tsx";
import { type IssueStatus, statusWords } from "./issueStatus.ts";

const lineHeight = 58;

interface IssueListProps {
  issues: readonly LabelIssue[];
  at: number;
  statusOf: (issue: LabelIssue) => IssueStatus;
  onPick: (place: number) => void;
}

/** Suspicious labels, worst first; only the lines near the screen are in the page. */
export function IssueList({ issues, at, statusOf, onPick }: IssueListProps) {
  const images = useWinnow((state) => state.images);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: issues.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 6,
  });
  useEffect(() => virtualizer.scrollToIndex(at), [virtualizer, at]);
  return (
    <div ref={scroller} className="issue-list">
      <ul aria-label="Suspicious labels" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const issue = issues[index]!;
          const status = statusOf(issue);
          const path = images.path(issue.row);
          return (
            <li key={issue.row} style={{ transform: `translateY(${start}px)`, height: lineHeight }}>
              <button
                type="button"
                aria-current={index === at}
                aria-label={`${revealedText(path)}: ${issue.given}, suggested ${issue.suggested}`}
                className={`issue-line is-${status}`}
                // The keys stay with the screen: Enter accepts, wherever the pointer was.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onPick(index)}
              >
                <Thumbnail row={issue.row} className="issue-thumbnail" />
                <span className="issue-words">
                  <span className="issue-change">
                    <HostileText text={issue.given} /> → <HostileText text={issue.suggested} />
                  </span>
                  <span className="muted issue-path" title={revealedText(path)}>
                    {issue.lessSure && "less sure · "}
                    <HostileText text={path.slice(path.lastIndexOf("/") + 1)} />
                  </span>
                </span>
                <span className="issue-score">{status === "open" ? issue.score.toFixed(3) : statusWords[status]}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
