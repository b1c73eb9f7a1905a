import type { ReactNode } from "react";
import { Term } from "../controls/Term.tsx";
import { type IssueStatus, statusWords } from "./issueStatus.ts";

interface ScoreFactsProps {
  score: number;
  status: IssueStatus;
  /** What the score means. */
  children: ReactNode;
}

/** The last facts of something suspicious: its score, and what was decided. */
export function ScoreFacts({ score, status, children }: ScoreFactsProps) {
  return (
    <>
      <dt>
        <Term word="Score">{children}</Term>
      </dt>
      <dd>{score.toFixed(4)}</dd>
      {status !== "open" && (
        <>
          <dt>Decision</dt>
          <dd>{statusWords[status]}</dd>
        </>
      )}
    </>
  );
}
