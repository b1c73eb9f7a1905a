import { ScanSearch } from "lucide-react";
import type { ModelSpec } from "../../core/model/modelSpec.ts";
import { spaceId } from "../../core/model/ownModel.ts";
import type { TriableModel } from "../../state/actions.ts";
import { predictionsOf } from "../../state/predictionTasks.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

interface PredictButtonProps {
  model: TriableModel;
  spec: ModelSpec;
  disabled: boolean;
}

/** Runs a classifier or detector over the images of which it has said nothing yet. */
export function PredictButton({ model, spec, disabled }: PredictButtonProps) {
  const actions = useActions();
  const images = useWinnow((state) => (state.imagesVersion >= 0 ? state.images.length : 0));
  const set = useWinnow((state) => predictionsOf(state, model.name));
  const said = set?.source.model === spaceId(model.sha256, spec) ? set : null;
  const missing = images - (said?.known.reduce((sum, known) => sum + known, 0) ?? 0);
  const predict = () => {
    actions.changeModelSpec(model.sha256, spec);
    actions.predictWith(model, spec);
  };
  if (said !== null && missing === 0) {
    return (
      <span className="muted">
        The project has these predictions: <HostileText text={said.name} />.
      </span>
    );
  }
  return (
    <button type="button" className="button button-primary" disabled={disabled || missing === 0} onClick={predict}>
      <ScanSearch size={14} aria-hidden="true" /> Predict {countOf(missing, "image")} with it
    </button>
  );
}
