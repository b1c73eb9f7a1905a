import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useGrouping } from "../colour/GroupingProvider.tsx";
import { groupColourNames } from "../colour/grouping.ts";
import { formatDistance } from "../text/quantities.ts";
import { useColours } from "../theme.ts";
import { useActions, useWinnow, useWinnowStore } from "../winnow.tsx";
import { framed } from "./framing.ts";
import { usePanelAspect } from "./usePanelAspect.ts";

const ScatterMap = lazy(async () => ({ default: (await import("../map/ScatterMap.tsx")).ScatterMap }));

const noRows = new Uint32Array(0);
const colourNames = ["--accent", "--text", "--surface", ...groupColourNames] as const;

/** The map itself, or why there is none. */
export function MapStage({ lasso, onLassoEnd }: { lasso: boolean; onLassoEnd: () => void }) {
  const xy = useWinnow((state) => state.xy);
  const empty = useWinnow((state) => state.mapEmpty);
  const [stage, setStage] = useState<HTMLDivElement | null>(null);
  const aspect = usePanelAspect(stage);
  const layout = useMemo(() => (xy && aspect !== null ? framed(xy, aspect) : null), [xy, aspect]);
  return (
    <div ref={setStage} className="map-stage">
      {xy === null && <p className="empty">{empty ?? "The map is being made."}</p>}
      {layout && (
        <Suspense>
          <StateMap layout={layout} lasso={lasso} onLassoEnd={onLassoEnd} />
        </Suspense>
      )}
    </div>
  );
}

interface StateMapProps {
  /** x, y pairs that fill the panel. */
  layout: Float32Array;
  lasso: boolean;
  onLassoEnd: () => void;
}

/** The scatter map fed from the state. */
function StateMap({ layout, lasso, onLassoEnd }: StateMapProps) {
  const actions = useActions();
  const caption = useCaption();
  const { groups, ofRow } = useGrouping();
  const marked = useWinnow((state) => state.marked);
  const focused = useWinnow((state) => state.focused);
  const ringed = useWinnow((state) => state.shown?.rows ?? noRows);
  const colours = useColours(colourNames);

  const scene = useMemo(() => {
    if (colours === null) return null;
    return {
      points: layout,
      categories: ofRow,
      palette: groups.map((group) => colours[group.colour] ?? ""),
      background: colours["--surface"] ?? "",
      marked,
      markedColour: colours["--text"] ?? "",
      ringed,
      ringColour: colours["--pick"] ?? "",
      focused,
      focusColour: colours["--accent"] ?? "",
    };
  }, [layout, ofRow, groups, colours, marked, ringed, focused]);

  if (scene === null) return null;
  return (
    <ScatterMap
      scene={scene}
      lassoActive={lasso}
      lassoEnded={onLassoEnd}
      thumbnail={actions.thumbnail}
      caption={caption}
      mark={actions.mark}
      focus={actions.focus}
      open={(row) => {
        actions.focus(row);
        actions.enlarge(true);
      }}
    />
  );
}

/** What is said under the image at the pointer: its name, its group, and how it was picked. */
function useCaption(): (row: number) => { title: string; lines: string[] } {
  const store = useWinnowStore();
  const { groups, ofRow } = useGrouping();
  return useCallback(
    (row) => {
      const { images, ranks, shown } = store.getState();
      const path = images.path(row);
      const rank = ranks.get(row) ?? 0;
      const group = groups.length > 1 ? groups[ofRow[row] ?? 0]?.name : undefined;
      const lines = [[group, rank > 0 ? `pick ${rank}` : undefined].filter(Boolean).join(" · ")];
      const nearest = shown && rank > 0 ? ranks.get(shown.nearestChosen[rank - 1] ?? -1) : undefined;
      if (shown && nearest !== undefined) {
        lines.push(`${formatDistance(shown.pickDistances[rank - 1] ?? 0)} from pick ${nearest}`);
      }
      return { title: path.slice(path.lastIndexOf("/") + 1), lines: lines.filter((line) => line !== "") };
    },
    [store, groups, ofRow],
  );
}
