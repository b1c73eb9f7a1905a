import { useMemo, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { type BoxIssue, boxIssues, canCompareBoxes, suspiciousBoxes } from "../../core/annotations/boxErrors.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { Picker } from "../controls/Picker.tsx";
import { Term } from "../controls/Term.tsx";
import { Screen } from "../screens/Screen.tsx";
import { countOf } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { BoxReview } from "./BoxReview.tsx";
import "./labelIssues.css";
import "./learning.css";

/** Boxes that confident predictions contradict, to accept, keep or exclude one by one. */
export default function BoxIssuesScreen() {
  const sets = useWinnow(useShallow((state) => state.annotations));
  const [labelsId, setLabels] = useState("");
  const [judgeId, setJudge] = useState("");
  const [issue, setIssue] = useState<BoxIssue | "all">("all");
  const withBoxes = sets.filter(({ role, boxes }) => role === "labels" && boxes !== null);
  const labels = withBoxes.find(({ id }) => id === labelsId) ?? withBoxes[0];
  const judges = labels ? sets.filter((set) => canCompareBoxes(labels, set)) : [];
  const judge = judges.find(({ id }) => id === judgeId) ?? judges[0];
  const found = useFound(labels, judge);
  const shown = useMemo(() => found.filter((one) => issue === "all" || one.issue === issue), [found, issue]);
  const optionOf = ({ id, name }: HeldSet) => ({ value: id, text: revealedText(name) });

  const head = labels && judge && (
    <>
      <Picker boxed label="Labels" value={labels.id} options={withBoxes.map(optionOf)} onPick={setLabels} />
      <Picker boxed label="Judged by" value={judge.id} options={judges.map(optionOf)} onPick={setJudge} />
      <Picker
        boxed
        label="Issue"
        value={issue}
        options={[
          { value: "all", text: `all ${found.length}` },
          ...boxIssues.map((value) => ({
            value,
            text: `${value} ${found.filter((one) => one.issue === value).length}`,
          })),
        ]}
        onPick={setIssue}
      />
      <Term word="What is suspicious?">
        Missing: a prediction of more than 0.95 has no label that it overlaps by half. Spurious: a label has no
        prediction. Badly placed: a sure prediction of its class overlaps the label by less than 0.6. Swapped: a sure
        prediction names another class.
      </Term>
    </>
  );
  return (
    <Screen title="Box issues" head={head}>
      <div className="issues">
        {!labels || !judge ? (
          <p className="empty">
            <strong>{labels ? "No predictions with boxes yet" : "No labels with boxes yet"}</strong>
            {labels
              ? "Import predictions of the same images, or run a detector of your own over them (Review, Models). Labels are then compared with them."
              : "Import boxes, and predictions of the same images: what the two disagree about is listed here."}
          </p>
        ) : found.length === 0 ? (
          <p className="empty">
            <strong>No suspicious box</strong>
            Confident predictions agree with all boxes.
          </p>
        ) : shown.length === 0 ? (
          <p className="empty">No box is {issue}.</p>
        ) : (
          <BoxReview
            key={`${labels.id} ${judge.id} ${issue}`}
            set={labels}
            found={shown}
            by={`box issues, ${judge.name}`}
          />
        )}
      </div>
      <p className="visually-hidden" role="status" aria-label="Box issue count">
        {countOf(found.length, "suspicious box", "suspicious boxes")}
      </p>
    </Screen>
  );
}

/** What was found when the sets were chosen: a list that is being worked on stays as it is. */
function useFound(labels: HeldSet | undefined, judge: HeldSet | undefined) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: corrections must not shuffle the list
  return useMemo(() => (labels && judge ? suspiciousBoxes(labels, judge) : []), [labels?.id, judge?.id]);
}
