import { Focus, Images, Lasso, Maximize, RotateCw, SquareMinus, SquarePlus, SquaresExclude, Waves } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { MarkMode } from "../../state/actions.ts";
import type { ColourBy, Projection } from "../../state/state.ts";
import { Legend } from "../colour/Legend.tsx";
import { IconButton } from "../controls/IconButton.tsx";
import { Picker } from "../controls/Picker.tsx";
import { isTyping } from "../shell/usePageKeys.ts";
import { useRemembered } from "../useRemembered.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { MapQualityLine } from "./MapQualityLine.tsx";
import { type MapHandle, MapStage } from "./MapStage.tsx";

const projections = [
  { value: "PCA", text: "PCA" },
  { value: "t-SNE", text: "t-SNE" },
  { value: "UMAP", text: "UMAP" },
] as const satisfies readonly { value: Projection; text: string }[];

/** The map with its choices above and its legend below. */
export function MapPanel() {
  const actions = useActions();
  const projection = useWinnow((state) => state.projection);
  const colourBy = useWinnow((state) => state.colourBy);
  const hasMap = useWinnow((state) => state.xy !== null);
  const marked = useWinnow((state) => state.marked);
  const [lasso, setLasso] = useState(false);
  const [mode, setMode] = useState<MarkMode>("replace");
  const [images, setImages] = useRemembered("map-images", true);
  const [contours, setContours] = useRemembered("map-contours", false);
  const [map, setMap] = useState<MapHandle | null>(null);
  const endLasso = useCallback(() => setLasso(false), []);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      if (event.key === "l") setLasso((on) => !on && hasMap);
      else if (event.key === "Escape" && lasso) setLasso(false);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press, { capture: true });
    return () => removeEventListener("keydown", press, { capture: true });
  }, [lasso, hasMap]);

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
        <Picker<ColourBy>
          boxed
          label="Colour by"
          value={colourBy}
          options={useColourings()}
          onPick={actions.setColourBy}
        />
        <span className="spacer" />
        <button
          type="button"
          className="button"
          aria-pressed={lasso}
          disabled={!hasMap}
          title="Draw around images to mark them (L)"
          onClick={() => setLasso(!lasso)}
        >
          <Lasso size={15} aria-hidden="true" />
          <span className="lasso-word">Lasso</span>
        </button>
      </div>
      <div className="map-frame">
        <MapStage
          lasso={lasso}
          lassoMode={mode}
          onLassoEnd={endLasso}
          showImages={images}
          showContours={contours}
          onHandle={setMap}
        />
        {lasso && <LassoModes mode={mode} onPick={setMode} />}
        {hasMap && (
          <div className="map-tools" role="toolbar" aria-label="View of the map" aria-orientation="vertical">
            <IconButton label="Show the whole map" keys="0" onClick={() => map?.fit()}>
              <Maximize size={15} />
            </IconButton>
            <IconButton
              label="Zoom to the marked"
              keys="Z"
              disabled={marked.size === 0}
              onClick={() => map?.zoomTo(marked.rows)}
            >
              <Focus size={15} />
            </IconButton>
            <IconButton
              label="Images on the map when zoomed in"
              aria-pressed={images}
              onClick={() => setImages(!images)}
            >
              <Images size={15} />
            </IconButton>
            <IconButton label="Lines of equal density" aria-pressed={contours} onClick={() => setContours(!contours)}>
              <Waves size={15} />
            </IconButton>
            <IconButton label={`Compute ${projection} again`} onClick={actions.recomputeMap}>
              <RotateCw size={15} />
            </IconButton>
          </div>
        )}
      </div>
      <MapQualityLine />
      <Legend />
    </section>
  );
}

const lassoModes = [
  { mode: "replace", text: "Mark only these", Icon: SquaresExclude },
  { mode: "add", text: "Add to the marks", Icon: SquarePlus },
  { mode: "subtract", text: "Take from the marks", Icon: SquareMinus },
] as const;

function LassoModes({ mode, onPick }: { mode: MarkMode; onPick: (mode: MarkMode) => void }) {
  return (
    <div className="lasso-modes" role="toolbar" aria-label="What the lasso does">
      {lassoModes.map((one) => (
        <IconButton key={one.mode} label={one.text} aria-pressed={one.mode === mode} onClick={() => onPick(one.mode)}>
          <one.Icon size={15} />
        </IconButton>
      ))}
    </div>
  );
}

/** Everything that a map can be coloured by. */
function useColourings(): { value: ColourBy; text: string }[] {
  const fields = useWinnow((state) => state.fields);
  return useMemo(() => {
    const names: Record<string, string> = { folder: "folder", tag: "tag" };
    const own = fields
      .filter(({ kind, id }) => kind !== "text" && id !== "selection")
      .map(({ id, title }) => ({ value: id, text: names[id] ?? title.toLowerCase() }));
    const first = own.length > 0 ? own : [{ value: "folder", text: "folder" }];
    return [
      ...first,
      { value: "chosen", text: "chosen" },
      { value: "density", text: "density" },
      { value: "none", text: "none" },
    ];
  }, [fields]);
}
