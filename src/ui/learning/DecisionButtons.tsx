import { Ban, Check, ThumbsUp, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../controls/IconButton.tsx";

/** What a review does with what it shows. */
export interface ReviewDecisions {
  accept: () => void;
  keep: () => void;
  exclude: () => void;
  undo: () => void;
}

interface DecisionButtonsProps {
  accept: ReactNode;
  keep: ReactNode;
  /** What keeping means, where that is not obvious. */
  keepTitle?: string;
  review: ReviewDecisions;
}

/** What can be decided about something suspicious, each with its key. */
export function DecisionButtons({ accept, keep, keepTitle, review }: DecisionButtonsProps) {
  return (
    <div className="issue-actions">
      <button type="button" className="button button-primary" onClick={review.accept}>
        <Check size={15} aria-hidden="true" /> {accept} <kbd>A</kbd>
      </button>
      <button type="button" className="button" title={keepTitle} onClick={review.keep}>
        <ThumbsUp size={15} aria-hidden="true" /> {keep} <kbd>K</kbd>
      </button>
      <button type="button" className="button" onClick={review.exclude}>
        <Ban size={15} aria-hidden="true" /> Exclude <kbd>X</kbd>
      </button>
      <IconButton label="Undo" keys="U" onClick={review.undo}>
        <Undo2 size={16} />
      </IconButton>
    </div>
  );
}
