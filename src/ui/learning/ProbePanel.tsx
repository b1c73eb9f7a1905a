import { hasFlattened } from "../../core/active/learningCurve.ts";
import { Term } from "../controls/Term.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { AccuracyCurve } from "./AccuracyCurve.tsx";
import { CalibrationPlot } from "./CalibrationPlot.tsx";
import { ConfusionTable } from "./ConfusionTable.tsx";
import { formatShare } from "./labelSets.ts";

interface ProbePanelProps {
  labels: string;
  balanced: boolean;
}

/** How good the probe is that these labels make. */
export function ProbePanel({ labels, balanced }: ProbePanelProps) {
  const actions = useActions();
  const probe = useWinnow((state) => (state.probe?.labels === labels ? state.probe : null));
  const running = useWinnow((state) =>
    state.jobs.some(({ name, status }) => name === "Training the probe" && status === "running"),
  );
  const report = probe?.report ?? null;
  return (
    <section className="probe-panel" aria-label="Probe" aria-busy={running}>
      <h3 className="section-title">
        <Term word="Probe">
          A small classifier (multinomial logistic regression) that learns your labels from the embedding, here in the
          page. It predicts every image: its classes and scores are fields that filters, colours and selections can use.
        </Term>
      </h3>
      {report === null || probe === null ? (
        <p className="empty">
          {running
            ? "Learning …"
            : "With labels of two classes the probe learns to predict all other images; its accuracy appears here."}
        </p>
      ) : (
        <>
          <dl className="probe-facts">
            <dt>
              <Term word="Accuracy">
                Share of labelled images whose label a probe guesses that did not see it (5-fold cross-validation).
              </Term>
            </dt>
            <dd>{formatShare(report.accuracy)}</dd>
            <dt>
              <Term word="Balanced">
                The mean of the classes' own accuracies: rare classes count as much as common ones.
              </Term>
            </dt>
            <dd>{formatShare(report.balancedAccuracy)}</dd>
            <dt>
              <Term word="Calibration error">How far confidence and accuracy differ on average; 0 is best.</Term>
            </dt>
            <dd>{formatShare(report.calibrationError)}</dd>
            <dt>Labels</dt>
            <dd>{countOf(report.labelled, "image")}</dd>
          </dl>
          {probe.curve.length > 1 && <AccuracyCurve points={probe.curve} />}
          {hasFlattened(probe.curve) && (
            <p className="stopping-hint" role="status">
              The last two rounds brought less than one point of accuracy: more labels of this kind may not help much.
            </p>
          )}
          <CalibrationPlot bins={report.bins} error={report.calibrationError} />
          {report.confusion && <ConfusionTable classes={probe.set.classes} confusion={report.confusion} />}
          <button type="button" className="button" onClick={() => actions.setColourBy(`prediction:${probe.set.id}`)}>
            Colour the map by <HostileText text={probe.set.name} />
          </button>
        </>
      )}
      <button type="button" className="button" disabled={running} onClick={() => actions.trainProbe(labels, balanced)}>
        Train now
      </button>
    </section>
  );
}
