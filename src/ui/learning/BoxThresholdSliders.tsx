import type { ReactNode } from "react";
import {
  type BoxThresholds,
  boxThresholdNames,
  boxThresholdRanges,
  defaultBoxThresholds,
  overlapOfMisplaced,
} from "../../core/annotations/boxThresholds.ts";
import { boxThresholds } from "../../core/quality/qualitySettings.ts";
import { Term } from "../controls/Term.tsx";
import { ThresholdSlider } from "../quality/ThresholdSlider.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

interface ThresholdText {
  title: string;
  about: ReactNode;
}

const texts: Readonly<Record<keyof BoxThresholds, ThresholdText>> = {
  overlap: {
    title: "Same object from",
    about:
      "Boxes that share at least this part of the area that they cover together (intersection over union) are of one object. Lower for small objects and coarse boxes.",
  },
  sure: {
    title: "Sure over",
    about:
      "Only predictions of a higher score say that a box is missing or of another class. Lower it for a detector that is cautious.",
  },
  misplaced: {
    title: "Badly placed over",
    about:
      "How strongly a prediction of the same class has to speak against where a box lies: its score times how little they overlap, from 0.5 for nothing to 1.",
  },
  least: {
    title: "Left out under",
    about:
      "Predictions of a lower score count as not made. Raise it for a detector that gives many guesses: a label that only guesses agree with is then spurious.",
  },
};

/** By what boxes are compared; kept with the project, undoable. The list follows when a slider is let go. */
export function BoxThresholdSliders() {
  const { setBoxThresholds } = useActions();
  const quality = useWinnow((state) => state.quality);
  const values = boxThresholds(quality);
  return (
    <details className="box-thresholds">
      <summary>
        Thresholds <span className="muted">{quality.boxes ? "changed" : "as usual"}</span>
      </summary>
      <div className="box-threshold-lines">
        {boxThresholdNames.map((name) => (
          <div key={name} className="box-threshold">
            <Term word={texts[name].title}>{texts[name].about}</Term>
            <ThresholdSlider
              range={boxThresholdRanges[name]}
              label={texts[name].title}
              value={values[name]}
              usual={defaultBoxThresholds[name]}
              onMove={() => undefined}
              onSet={(to) => setBoxThresholds({ [name]: to ?? defaultBoxThresholds[name] })}
            />
          </div>
        ))}
      </div>
      <p className="muted">
        As they stand, a wholly sure prediction has to overlap its label by {overlapOfMisplaced(values).toFixed(2)}.{" "}
        <button
          type="button"
          className="button button-plain"
          disabled={quality.boxes === undefined}
          onClick={() => setBoxThresholds(null)}
        >
          All back to their defaults
        </button>
      </p>
    </details>
  );
}
