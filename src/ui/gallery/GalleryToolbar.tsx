import { ArrowDown, ArrowUp, CheckCheck, Contrast, Funnel, LayoutGrid, List, X } from "lucide-react";
import { useMemo } from "react";
import type { Field } from "../../core/explore/field.ts";
import type { SortBy } from "../../state/state.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { Picker } from "../controls/Picker.tsx";
import { isWorthShowing } from "../filters/worth.ts";
import { countOf, formatCount, formatDistance } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

export type GalleryView = "grid" | "list";

interface GalleryToolbarProps {
  view: GalleryView;
  onView: (view: GalleryView) => void;
}

/** How many there are, how many are chosen and marked, and how the gallery is laid out. */
export function GalleryToolbar({ view, onView }: GalleryToolbarProps) {
  return (
    <div className="gallery-bar">
      <Counts />
      <Marks />
      <span className="spacer" />
      {view === "grid" && <Grouping />}
      <Sort />
      {view === "grid" && <CellSize />}
      <ViewSwitch view={view} onView={onView} />
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
          {radius !== undefined && <span className="selected-radius"> · radius {formatDistance(radius)}</span>}
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

/** The words for fields whose title says more than a menu needs. */
const shortTitles: Readonly<Record<string, string>> = { path: "name", bytes: "size" };
const titleOf = ({ id, title }: Field): string => shortTitles[id] ?? title.toLowerCase();

function Sort() {
  const { setSort } = useActions();
  const by = useWinnow((state) => state.sortBy);
  const descending = useWinnow((state) => state.sortDescending);
  const fields = useWinnow((state) => state.fields);
  const nothingShown = useWinnow((state) => state.shown === null);
  const options: { value: SortBy; text: string; disabled?: boolean }[] = [
    ...fields
      .filter((field) => field.id === by || field.kind === "text" || isWorthShowing(field))
      .map((field) => ({ value: field.id, text: titleOf(field) })),
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

function Grouping() {
  const { setGroupBy } = useActions();
  const by = useWinnow((state) => state.groupBy);
  const fields = useWinnow((state) => state.fields);
  const options = [
    { value: "", text: "not grouped" },
    ...fields
      .filter((field) => field.kind !== "number" && field.kind !== "text")
      .filter((field) => field.id === by || isWorthShowing(field))
      .map((field) => ({ value: field.id, text: titleOf(field) })),
  ];
  return (
    <span className="group-picker">
      <Picker label="Group" value={by ?? ""} options={options} onPick={(value) => setGroupBy(value || null)} />
    </span>
  );
}

function ViewSwitch({ view, onView }: GalleryToolbarProps) {
  const list = view === "list";
  return (
    <IconButton
      label={list ? "Show thumbnails" : "Show a list"}
      keys="V"
      onClick={() => onView(list ? "grid" : "list")}
    >
      {list ? <LayoutGrid size={15} /> : <List size={15} />}
    </IconButton>
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
