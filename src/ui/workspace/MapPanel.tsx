import { Lasso, RotateCw } from "lucide-react";
import { useState } from "react";
import type { ColourBy, Projection } from "../../state/state.ts";
import { Legend } from "../colour/Legend.tsx";
import { IconButton } from "../controls/IconButton.tsx";
import { Picker } from "../controls/Picker.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { MapQualityLine } from "./MapQualityLine.tsx";
import { MapStage } from "./MapStage.tsx";

const projections = [
  { value: "PCA", text: "PCA" },
  { value: "t-SNE", text: "t-SNE" },
  { value: "UMAP", text: "UMAP" },
] as const satisfies readonly { value: Projection; text: string }[];

const colourings = [
  { value: "folder", text: "folder" },
  { value: "tag", text: "tag" },
  { value: "chosen", text: "chosen" },
  { value: "none", text: "none" },
] as const satisfies readonly { value: ColourBy; text: string }[];

/** The map with its choices above and its legend below. */
export function MapPanel() {
  const actions = useActions();
  const projection = useWinnow((state) => state.projection);
  const colourBy = useWinnow((state) => state.colourBy);
  const hasMap = useWinnow((state) => state.xy !== null);
  const [lasso, setLasso] = useState(false);

  return (
    <section aria-label="Map" className="map-panel">
      <div className="map-bar">
        <Picker<Projection>
          boxed
          label="Projection"
          value={projection}
          options={projections}
          onPick={actions.setProjection}
        />
        <Picker<ColourBy> boxed label="Colour by" value={colourBy} options={colourings} onPick={actions.setColourBy} />
        <span className="spacer" />
        {hasMap && (
          <IconButton label={`Compute ${projection} again`} onClick={actions.recomputeMap}>
            <RotateCw size={15} />
          </IconButton>
        )}
        <button
          type="button"
          className="button"
          aria-pressed={lasso}
          disabled={!hasMap}
          onClick={() => setLasso(!lasso)}
        >
          <Lasso size={15} aria-hidden="true" />
          <span className="lasso-word">Lasso</span>
        </button>
      </div>
      <MapStage lasso={lasso} onLassoEnd={() => setLasso(false)} />
      <MapQualityLine />
      <Legend />
    </section>
  );
}
