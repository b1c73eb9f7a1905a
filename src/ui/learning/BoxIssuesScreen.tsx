import { useEffect, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { type BoxIssue, boxIssues, canCompareBoxes, type SuspiciousBox } from "../../core/annotations/boxErrors.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { boxThresholds } from "../../core/quality/qualitySettings.ts";
import { Picker } from "../controls/Picker.tsx";
import { Term } from "../controls/Term.tsx";
import { Screen } from "../screens/Screen.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { BoxReview } from "./BoxReview.tsx";
import { BoxThresholdSliders } from "./BoxThresholdSliders.tsx";
import "./labelIssues.css";
import "./learning.css";
import "../quality/quality.css";

/** Boxes that confident predictions contradict, to accept, keep or exclude one by one. */
export default function BoxIssuesScreen() {
  const sets = useWinnow(useShallow((state) => state.annotations));
  const thresholds = useWinnow(useShallow(({ quality }) => boxThresholds(quality)));
  const [labelsId, setLabels] = useState("");
  const [judgeId, setJudge] = useState("");
  const [issue, setIssue] = useState<BoxIssue | "all">("all");
  const withBoxes = sets.filter(({ role, boxes }) => role === "labels" && boxes !== null);
  const labels = withBoxes.find(({ id }) => id === labelsId) ?? withBoxes[0];
  const judges = labels ? sets.filter((set) => canCompareBoxes(labels, set)) : [];
  const judge = judges.find(({ id }) => id === judgeId) ?? judges[0];
  const { looking, found, times, look } = useFound(labels, judge, Object.values(thresholds).join(" "));
  const shown = found?.filter((one) => issue === "all" || one.issue === issue) ?? [];
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
          { value: "all", text: `all ${found?.length ?? ""}` },
          ...boxIssues.map((value) => ({
            value,
            text: `${value} ${found?.filter((one) => one.issue === value).length ?? ""}`,
          })),
        ]}
        onPick={setIssue}
      />
      <button type="button" className="button" disabled={looking} onClick={look}>
        {looking ? "Looking …" : "Look again"}
      </button>
      <Term word="What is suspicious?">
        Missing: a sure prediction (of more than {thresholds.sure}) has no label that it overlaps by{" "}
        {thresholds.overlap}. Spurious: a label has no prediction. Badly placed: a sure prediction of its class overlaps
        the label, but by too little. Swapped: a sure prediction names another class.
      </Term>
    </>
  );
  return (
    <Screen title="Box issues" head={head}>
      <div className="issues">
        {judge && <BoxThresholdSliders />}
        {!labels || !judge ? (
          <p className="empty">
            <strong>{labels ? "No predictions with boxes yet" : "No labels with boxes yet"}</strong>
            {labels
              ? "Import predictions of the same images, or run a detector of your own over them (Review, Models). Labels are then compared with them."
              : "Import boxes, and predictions of the same images: what the two disagree about is listed here."}
          </p>
        ) : found === null ? (
          <p className="empty">
            {looking ? "Labels are being compared with the predictions." : "Boxes were not compared: look again."}
          </p>
        ) : found.length === 0 ? (
          <p className="empty">
            <strong>No suspicious box</strong>
            Confident predictions agree with all boxes, or those that they contradict were kept.
          </p>
        ) : shown.length === 0 ? (
          <p className="empty">No box is {issue}.</p>
        ) : (
          <BoxReview key={`${times} ${issue}`} set={labels} found={shown} by={`box issues, ${judge.name}`} />
        )}
      </div>
      <p className="visually-hidden" role="status" aria-label="Box issue count">
        {found && countOf(found.length, "suspicious box", "suspicious boxes")}
      </p>
    </Screen>
  );
}

interface Look {
  looking: boolean;
  /** Null before the first look, and where that was cancelled. */
  found: readonly SuspiciousBox[] | null;
  /** Which look it is of. */
  times: number;
  look: () => void;
}

/**
 * What was found when the sets were chosen or a threshold was moved: a list that is being worked on stays as it is until
 * a person looks again.
 */
function useFound(labels: HeldSet | undefined, judge: HeldSet | undefined, thresholds: string): Look {
  const { findBoxIssues } = useActions();
  const [state, setState] = useState<Omit<Look, "look">>({ looking: true, found: null, times: 0 });
  const [asked, setAsked] = useState(0);
  const [labelsId, judgeId] = [labels?.id, judge?.id];
  // biome-ignore lint/correctness/useExhaustiveDependencies: `thresholds` and `asked` only say when to look again
  useEffect(() => {
    if (labelsId === undefined || judgeId === undefined) return;
    let wanted = true;
    setState((before) => ({ ...before, looking: true }));
    void findBoxIssues(labelsId, judgeId).then((found) => {
      if (wanted) setState(({ times }) => ({ looking: false, found, times: times + 1 }));
    });
    return () => {
      wanted = false;
    };
  }, [findBoxIssues, labelsId, judgeId, thresholds, asked]);
  return { ...state, look: () => setAsked((times) => times + 1) };
}
