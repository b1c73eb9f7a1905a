import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { revealedText } from "../../core/format/unseenText.ts";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useWinnow } from "../winnow.tsx";
import { type IssueStatus, statusWords } from "./issueStatus.ts";

const lineHeight = 58;

/** What stands in a line of the list. Given and suggested are hostile text. */
export interface IssueLine {
  row: number;
  given: string;
  suggested: string;
  /** 0…1, low is suspicious. */
  score: number;
  /** Before the file's name; “” for nothing. */
  note: string;
  status: IssueStatus;
}

interface IssueListProps {
  /** The accessible name. */
  title: string;
  count: number;
  lineOf: (place: number) => IssueLine;
  review: { place: number; decided: number; pick: (place: number) => void };
}

/** What is suspicious, worst first, and how much of it is decided; only the lines near the screen are in the page. */
export function IssueList({ title, count, lineOf, review }: IssueListProps) {
  const { place: at, decided, pick } = review;
  const images = useWinnow((state) => state.images);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 6,
  });
  useEffect(() => virtualizer.scrollToIndex(at), [virtualizer, at]);
  return (
    <div className="issue-side">
      <p className="issue-progress" role="status" aria-label="Reviewed count">
        {formatCount(decided)} of {formatCount(count)} reviewed
      </p>
      <div ref={scroller} className="issue-list">
        <ul aria-label={title} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const { row, given, suggested, score, note, status } = lineOf(index);
            const path = images.path(row);
            return (
              <li key={index} style={{ transform: `translateY(${start}px)`, height: lineHeight }}>
                <button
                  type="button"
                  aria-current={index === at}
                  aria-label={`${revealedText(path)}: ${revealedText(given)}, suggested ${revealedText(suggested)}`}
                  className={`issue-line is-${status}`}
                  // The keys stay with the screen: Enter accepts, wherever the pointer was.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => pick(index)}
                >
                  <Thumbnail row={row} className="issue-thumbnail" />
                  <span className="issue-words">
                    <span className="issue-change">
                      <HostileText text={given} /> → <HostileText text={suggested} />
                    </span>
                    <span className="muted issue-path" title={revealedText(path)}>
                      {note !== "" && `${note} · `}
                      <HostileText text={path.slice(path.lastIndexOf("/") + 1)} />
                    </span>
                  </span>
                  <span className="issue-score">{status === "open" ? score.toFixed(3) : statusWords[status]}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
