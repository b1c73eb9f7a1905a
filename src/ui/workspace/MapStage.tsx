import { lazy, useCallback, useMemo, useState } from "react";
import { contours, densityGrid } from "../../core/explore/density.ts";
import { excludedTag } from "../../core/tags.ts";
import type { MarkMode } from "../../state/actions.ts";
import { type Colouring, useColouring } from "../colour/ColouringProvider.tsx";
import { groupColourNames } from "../colour/grouping.ts";
import { scaleColours } from "../colour/scale.ts";
import { Part } from "../parts/Part.tsx";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { formatDistance } from "../text/quantities.ts";
import { useColours } from "../theme.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow, useWinnowStore } from "../winnow.tsx";
import { framed } from "./framing.ts";
import { usePanelAspect } from "./usePanelAspect.ts";

const ScatterMap = lazy(async () => ({ default: (await import("../map/ScatterMap.tsx")).ScatterMap }));

const noRows = new Uint32Array(0);
const colourNames = ["--accent", "--text", "--text-2", "--surface", "--map-hidden", ...groupColourNames] as const;
/** Shares of the highest density at which a line is drawn. */
const contourShares = [0.04, 0.1, 0.22, 0.45, 0.75];

/** What buttons beside the map can do with it. */
export interface MapHandle {
  zoomTo(rows: Iterable<number>): void;
  fit(): void;
}

interface MapStageProps {
  lasso: boolean;
  lassoMode: MarkMode;
  onLassoEnd: () => void;
  showImages: boolean;
  showContours: boolean;
  onHandle: (handle: MapHandle | null) => void;
}

/** The map itself, or why there is none. */
export function MapStage(props: MapStageProps) {
  const xy = useWinnow((state) => state.xy);
  const empty = useWinnow((state) => state.mapEmpty);
  const [stage, setStage] = useState<HTMLDivElement | null>(null);
  const aspect = usePanelAspect(stage);
  const layout = useMemo(() => (xy && aspect !== null ? framed(xy, aspect) : null), [xy, aspect]);
  return (
    <div ref={setStage} className="map-stage">
      {xy === null && <p className="empty">{empty ?? "The map is being made."}</p>}
      {layout && (
        <Part what="The map">
          <StateMap layout={layout} {...props} />
        </Part>
      )}
    </div>
  );
}

/** The scatter map fed from the state. `layout`: x, y pairs that fill the panel. */
function StateMap({ layout, ...options }: MapStageProps & { layout: Float32Array }) {
  const { lasso, lassoMode, onLassoEnd, showImages, showContours, onHandle } = options;
  const actions = useActions();
  const caption = useCaption();
  const colouring = useColouring();
  const marked = useWinnow((state) => state.marked);
  const focused = useWinnow((state) => state.focused);
  const ringed = useWinnow((state) => state.shown?.rows ?? noRows);
  const visible = useWinnow((state) => state.facets.visible);
  const colours = useColours(colourNames);
  const lines = useMemo(() => (showContours ? contoursOf(layout) : []), [layout, showContours]);
  const { categories, palette } = usePointColours(colouring, colours);

  const scene = useMemo(() => {
    if (colours === null) return null;
    return {
      points: layout,
      categories,
      palette,
      visible,
      background: colours["--surface"] ?? "",
      marked,
      markedColour: colours["--text"] ?? "",
      ringed,
      ringColour: colours["--pick"] ?? "",
      focused,
      focusColour: colours["--accent"] ?? "",
      contours: lines,
      contourColour: colours["--text-2"] ?? "",
      showImages,
    };
  }, [layout, categories, palette, visible, colours, marked, ringed, focused, lines, showImages]);

  if (scene === null) return null;
  return (
    <ScatterMap
      scene={scene}
      lassoActive={lasso}
      lassoMode={lassoMode}
      lassoEnded={onLassoEnd}
      thumbnail={actions.thumbnail}
      caption={caption}
      image={(row) => <Thumbnail row={row} />}
      handle={onHandle}
      mark={actions.mark}
      focus={actions.focus}
      open={(row) => {
        actions.focus(row);
        actions.enlarge(true);
      }}
    />
  );
}

/**
 * The colour of every point: of its group or its place on the scale, and a faint one where the filter hides it or where
 * it is excluded, unless the map is about tags.
 */
function usePointColours(colouring: Colouring, colours: Readonly<Record<string, string>> | null) {
  const visible = useWinnow((state) => state.facets.visible);
  const excluded = useWinnow((state) => state.tags.get(excludedTag));
  const palette = useMemo(() => {
    const own =
      colouring.kind === "groups" ? colouring.groups.map((group) => colours?.[group.colour] ?? "") : scaleColours;
    // Points past the end of the colouring have the last colour: rows that have come since.
    return [...own, colours?.["--map-hidden"] ?? "", colours?.["--group-none"] ?? ""];
  }, [colouring, colours]);
  const categories = useMemo(() => {
    const [hidden, none] = [palette.length - 2, palette.length - 1];
    const faint = colouring.field === "tag" ? undefined : excluded;
    return colouring.ofRow.map((place, row) =>
      (visible && !visible.has(row)) || faint?.has(row) ? hidden : place < hidden ? place : none,
    );
  }, [colouring, palette, visible, excluded]);
  return { categories, palette };
}

function contoursOf(layout: Float32Array): Float32Array[] {
  const grid = densityGrid(layout);
  const highest = grid.cells.reduce((a, b) => Math.max(a, b), 0);
  return contours(
    grid,
    contourShares.map((share) => share * highest),
  );
}

/** What is said under the image at the pointer: its name, what it is coloured by, and how it was picked. */
function useCaption(): (row: number) => { title: string; lines: string[] } {
  const store = useWinnowStore();
  const colouring = useColouring();
  return useCallback(
    (row) => {
      const { images, ranks, shown, fields } = store.getState();
      const path = images.path(row);
      const rank = ranks.get(row) ?? 0;
      const lines: string[] = [];
      const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      if (folder !== "") lines.push(folder);
      if (colouring.kind === "scale") {
        const field = fields.find(({ id }) => id === colouring.field);
        if (field?.kind === "number")
          lines.push(`${field.title}: ${formatFieldNumber(field.values[row]!, field.unit)}`);
      } else if (colouring.groups.length > 1 && colouring.field !== "folder") {
        lines.push(colouring.groups[colouring.ofRow[row] ?? 0]?.name ?? "");
      }
      if (rank > 0) lines.push(`pick ${rank}`);
      const nearest = shown && rank > 0 ? ranks.get(shown.nearestChosen[rank - 1] ?? -1) : undefined;
      if (shown && nearest !== undefined) {
        lines.push(`${formatDistance(shown.pickDistances[rank - 1] ?? 0)} from pick ${nearest}`);
      }
      return { title: path.slice(path.lastIndexOf("/") + 1), lines: lines.filter((line) => line !== "") };
    },
    [store, colouring],
  );
}
