import { ArrowDown, ArrowUp, CheckCheck, Contrast, Funnel, X } from "lucide-react";
import { useMemo } from "react";
import type { SortBy } from "../../state/state.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { Picker } from "../controls/Picker.tsx";
import { countOf, formatCount, formatDistance } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** How many there are, how many are chosen and marked, and how the gallery is laid out. */
export function GalleryToolbar() {
  return (
    <div className="gallery-bar">
      <Counts />
      <Marks />
      <span className="spacer" />
      <Sort />
      <CellSize />
    </div>
  );
}

function Counts() {
  const images = useWinnow((state) => state.images);
  const version = useWinnow((state) => state.imagesVersion);
  const isFiltered = useWinnow((state) => state.filter.length > 0);
  const visible = useWinnow((state) => state.order.length);
  const shown = useWinnow((state) => state.shown);
  const radius = shown?.radii.at(-1);
  return (
    <>
      {/* Changes many times a second while images arrive: found when asked for, not read out. */}
      <span role="status" aria-label="Image count" aria-live="off" className="image-count" data-version={version}>
        {isFiltered ? `${formatCount(visible)} of ${countOf(images.length, "image")}` : countOf(images.length, "image")}
      </span>
      {shown && (
        <span role="status" aria-label="Selected count" className="selected-count">
          {formatCount(shown.rows.length)} chosen
          {radius !== undefined && <> · radius {formatDistance(radius)}</>}
        </span>
      )}
    </>
  );
}

function Marks() {
  const actions = useActions();
  const marked = useWinnow((state) => state.marked);
  const facets = useWinnow((state) => state.facets);
  const { visible } = facets;
  const hidden = useMemo(() => (visible === null ? 0 : marked.without(visible).size), [marked, visible]);
  if (marked.size === 0) return null;
  const showOnly = () => {
    const title = countOf(marked.size, "marked image");
    actions.setCondition("rows", { field: "rows", kind: "rows", title, rows: marked });
  };
  return (
    <span className="marks">
      <span className="marks-count">
        {formatCount(marked.size)} marked{hidden > 0 && `, ${formatCount(hidden)} not shown`}
      </span>
      <IconButton label="Mark all shown" keys="Ctrl A" onClick={actions.markAll}>
        <CheckCheck size={15} />
      </IconButton>
      <IconButton label="Invert marks" keys="Ctrl I" onClick={actions.invertMarks}>
        <Contrast size={15} />
      </IconButton>
      <IconButton label="Show only the marked" onClick={showOnly}>
        <Funnel size={15} />
      </IconButton>
      <IconButton label="Clear marks" keys="Esc" onClick={() => actions.mark([], "replace")}>
        <X size={15} />
      </IconButton>
    </span>
  );
}

function Sort() {
  const { setSort } = useActions();
  const by = useWinnow((state) => state.sortBy);
  const descending = useWinnow((state) => state.sortDescending);
  const nothingShown = useWinnow((state) => state.shown === null);
  const options: { value: SortBy; text: string; disabled?: boolean }[] = [
    { value: "path", text: "name" },
    { value: "date", text: "date" },
    { value: "bytes", text: "size" },
    { value: "pick", text: "pick order", disabled: nothingShown && by !== "pick" },
  ];
  return (
    <>
      <Picker label="Sort" value={by} options={options} onPick={(value) => setSort(value, descending)} />
      <IconButton
        className="sort-direction"
        label={descending ? "Descending, sort ascending" : "Ascending, sort descending"}
        onClick={() => setSort(by, !descending)}
      >
        {descending ? <ArrowDown size={15} /> : <ArrowUp size={15} />}
      </IconButton>
    </>
  );
}

function CellSize() {
  const { setCellSize } = useActions();
  const size = useWinnow((state) => state.cellSize);
  return (
    <span className="cell-size">
      <span className="cell-size-small" />
      <input
        type="range"
        className="range"
        aria-label="Thumbnail size"
        min={64}
        max={256}
        step={8}
        value={size}
        onChange={(event) => setCellSize(event.target.valueAsNumber)}
      />
      <span className="cell-size-large" />
    </span>
  );
}
