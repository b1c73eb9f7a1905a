import { useEffect, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { type LabelFilter, type LabelRanking, labelFilters, labelRankings } from "../../core/active/labelErrors.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import type { FoundLabelIssues } from "../../state/learned.ts";
import { Picker } from "../controls/Picker.tsx";
import { Screen } from "../screens/Screen.tsx";

import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { IssueReview } from "./IssueReview.tsx";
import { LabelChoice } from "./LabelChoice.tsx";
import { trainable } from "./labelSets.ts";
import "./labelIssues.css";
import "./learning.css";

const filterTitles: Readonly<Record<LabelFilter, string>> = {
  prune_by_noise_rate: "Prune by noise rate",
  prune_by_class: "Prune by class",
  both: "Both prunings agree",
  confident_learning: "Confident learning",
  predicted_neq_given: "Predicted otherwise",
  low_self_confidence: "Low self-confidence",
  low_normalized_margin: "Low margin",
};
const rankingTitles: Readonly<Record<LabelRanking, string>> = {
  self_confidence: "Self-confidence",
  normalized_margin: "Normalised margin",
  confidence_weighted_entropy: "Confidence-weighted entropy",
};
/** Stands for the probe among the ids of predictions. */
const byProbe = "";

function summaryOf({ issues, judged }: FoundLabelIssues): string {
  const sure = issues.filter(({ lessSure }) => !lessSure).length;
  const rest = issues.length > sure ? `, ${formatCount(issues.length - sure)} less sure` : "";
  return `${countOf(sure, "suspicious label")}${rest}, of ${countOf(judged, "label")}`;
}

/** Labels that are probably wrong, to accept, keep or exclude one by one. */
export default function LabelIssuesScreen() {
  const actions = useActions();
  const sets = useWinnow(useShallow(trainable));
  const judges = useWinnow(
    useShallow(({ annotations }) =>
      annotations.filter(({ role, probabilities }) => role === "predictions" && probabilities !== null),
    ),
  );
  const found = useWinnow((state) => state.labelIssues);
  const embedded = useWinnow((state) => state.head.fitted !== null);
  const [picked, setPicked] = useState(found?.labels ?? "");
  const [source, setSource] = useState(found?.source ?? byProbe);
  const [filter, setFilter] = useState<LabelFilter>(found?.filter ?? labelFilters[0]);
  const [ranking, setRanking] = useState<LabelRanking>(found?.ranking ?? labelRankings[0]);
  const [looking, setLooking] = useState(false);
  const set = sets.find(({ id }) => id === picked) ?? sets[0];
  const shown = set && found?.labels === set.id ? found : null;
  const labels = set?.id;

  const look = async (): Promise<void> => {
    if (labels === undefined) return;
    setLooking(true);
    await actions.findLabelIssues({ labels, source: source === byProbe ? null : source, filter, ranking });
    setLooking(false);
  };
  // What is asked for otherwise is looked for at once; a list that is being worked on stays as it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of what is asked for looks again
  useEffect(() => {
    const same =
      found?.labels === labels &&
      (found?.source ?? byProbe) === source &&
      found?.filter === filter &&
      found.ranking === ranking;
    if (labels !== undefined && !same && (embedded || source !== byProbe)) void look();
  }, [labels, source, filter, ranking, embedded]);

  const head = set && (
    <>
      <Picker
        boxed
        label="Judged by"
        value={source}
        options={[
          { value: byProbe, text: "Probe" },
          ...judges.map(({ id, name }) => ({ value: id, text: revealedText(name) })),
        ]}
        onPick={setSource}
      />
      <Picker
        boxed
        label="Filter"
        value={filter}
        options={labelFilters.map((value) => ({ value, text: filterTitles[value] }))}
        onPick={setFilter}
      />
      <Picker
        boxed
        label="Order by"
        value={ranking}
        options={labelRankings.map((value) => ({ value, text: rankingTitles[value] }))}
        onPick={setRanking}
      />
      <button type="button" className="button" disabled={looking || !embedded} onClick={() => void look()}>
        {looking ? "Looking …" : "Look again"}
      </button>
      <span role="status" aria-label="Label issue count" className="muted">
        {shown && summaryOf(shown)}
      </span>
    </>
  );

  return (
    <Screen title="Label issues" head={head}>
      <div className="issues">
        <div className="issues-labels">
          <LabelChoice value={set?.id ?? ""} onChange={setPicked} />
        </div>
        {!set ? (
          <p className="empty">
            <strong>No labels yet</strong>
            Import labels, or make them from folder names or tags. A probe then learns them and shows which contradict
            it.
          </p>
        ) : shown === null ? (
          <p className="empty">
            {embedded
              ? "Labels are compared with what a probe that did not see them expects."
              : "The images are not embedded yet."}
          </p>
        ) : shown.issues.length === 0 ? (
          <p className="empty">
            <strong>No suspicious label</strong>
            All labels are what the predictions expect, or were checked before.
          </p>
        ) : (
          <IssueReview key={`${shown.labels} ${shown.filter} ${shown.ranking}`} set={set} found={shown} />
        )}
      </div>
    </Screen>
  );
}
