import { ArrowDown, ArrowUp } from "lucide-react";
import { type MouseEvent, memo, useMemo, useState } from "react";
import type { Field } from "../../core/explore/field.ts";
import { excludedTag } from "../../core/tags.ts";
import { isWorthShowing } from "../filters/worth.ts";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { Lines } from "./lines.ts";
import { useElementWidth } from "./useElementWidth.ts";
import { useGalleryEvents } from "./useGalleryEvents.ts";
import { useGalleryList } from "./useGalleryList.ts";

const lineHeight = 44;
const headerHeight = 34;
const pictureWidth = 56;
/** Its own column would only say again what the path says. */
const withoutColumn = new Set(["folder"]);
const columnWidths: Readonly<Record<Field["kind"], number>> = {
  text: 280,
  category: 170,
  tree: 170,
  sets: 150,
  number: 112,
};

/** All images as a table that any column sorts; only the lines near the screen are in the page. */
export function GalleryList() {
  const order = useWinnow((state) => state.order);
  const fields = useWinnow((state) => state.fields);
  const marked = useWinnow((state) => state.marked);
  const focused = useWinnow((state) => state.focused);
  const ranks = useWinnow((state) => state.ranks);
  const images = useWinnow((state) => state.images);
  const excluded = useWinnow((state) => state.tags.get(excludedTag));
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const width = useElementWidth(scroller);
  const lines = useMemo(() => new Lines(order.length, 1, lineHeight, []), [order.length]);
  const columns = useMemo(
    () => fields.filter((field) => !withoutColumn.has(field.id) && (field.kind === "text" || isWorthShowing(field))),
    [fields],
  );
  const template = useMemo(
    () => [`${pictureWidth}px`, ...columns.map(({ kind }) => `${columnWidths[kind]}px`)].join(" "),
    [columns],
  );
  const total = columns.reduce((sum, { kind }) => sum + columnWidths[kind], pictureWidth);
  const { virtualizer, reveal, tabPlace } = useGalleryList({
    lines,
    scroller,
    ready: width > 0,
    overscan: 6,
    paddingStart: headerHeight,
  });
  const linesOnScreen = Math.floor(((scroller?.clientHeight ?? 0) - headerHeight) / lineHeight);
  const events = useGalleryEvents({ lines, linesOnScreen, reveal });
  const keepSelection = (event: MouseEvent) => event.shiftKey && event.preventDefault();

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table to be
    <div
      ref={setScroller}
      role="grid"
      aria-label="Images"
      aria-rowcount={order.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      className="gallery-list"
      onMouseDown={keepSelection}
      {...events}
    >
      <ListHeader columns={columns} template={template} />
      <div
        ref={virtualizer.containerRef}
        role="presentation"
        className="gallery-list-lines"
        style={{ width: total, minWidth: "100%" }}
      >
        {width > 0 &&
          virtualizer.getVirtualItems().map(({ key, index }) => {
            const row = order[index]!;
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                role="presentation"
                className="gallery-list-line"
                style={{ height: lineHeight }}
              >
                <ListRow
                  row={row}
                  place={index}
                  path={images.path(row)}
                  columns={columns}
                  template={template}
                  marked={marked.has(row)}
                  focused={row === focused}
                  tabbable={index === tabPlace}
                  excluded={excluded?.has(row) ?? false}
                  rank={ranks.get(row) ?? 0}
                />
              </div>
            );
          })}
      </div>
    </div>
  );
}

function ListHeader({ columns, template }: { columns: readonly Field[]; template: string }) {
  const actions = useActions();
  const by = useWinnow((state) => state.sortBy);
  const descending = useWinnow((state) => state.sortDescending);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see GalleryList
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons are what is reached
    <div role="row" aria-rowindex={1} className="gallery-list-header" style={{ gridTemplateColumns: template }}>
      {/* biome-ignore lint/a11y/useSemanticElements: see GalleryList */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: it only names its column */}
      <span role="columnheader" className="list-head">
        <span className="visually-hidden">Image</span>
      </span>
      {columns.map(({ id, title }) => (
        // biome-ignore lint/a11y/useSemanticElements: see GalleryList
        // biome-ignore lint/a11y/useFocusableInteractive: its button is what is reached
        <span
          key={id}
          role="columnheader"
          aria-sort={by === id ? (descending ? "descending" : "ascending") : "none"}
          className="list-head"
        >
          <button type="button" className="list-sort" onClick={() => actions.setSort(id, by === id && !descending)}>
            <span className="list-title">{title}</span>
            {by === id && (descending ? <ArrowDown size={13} /> : <ArrowUp size={13} />)}
          </button>
        </span>
      ))}
    </div>
  );
}

interface ListRowProps {
  row: number;
  place: number;
  path: string;
  columns: readonly Field[];
  template: string;
  marked: boolean;
  focused: boolean;
  tabbable: boolean;
  excluded: boolean;
  rank: number;
}

const ListRow = memo(function ListRow(props: ListRowProps) {
  const { row, place, path, columns, template, marked, focused, tabbable, excluded, rank } = props;
  const classes = [
    "list-row",
    marked && "is-marked",
    focused && "is-focused",
    rank > 0 && "is-chosen",
    excluded && "is-excluded",
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: see GalleryList
    <div
      role="row"
      aria-rowindex={place + 2}
      aria-label={path}
      aria-selected={marked}
      tabIndex={tabbable ? 0 : -1}
      data-row={row}
      className={classes.filter(Boolean).join(" ")}
      style={{ gridTemplateColumns: template }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see GalleryList */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: its row is what is reached */}
      <span role="gridcell" className="list-cell list-picture">
        <Thumbnail row={row} className="list-thumbnail" />
        {rank > 0 && <span className="pick-badge">{formatCount(rank)}</span>}
      </span>
      {columns.map((field) => (
        // biome-ignore lint/a11y/useSemanticElements: see GalleryList
        // biome-ignore lint/a11y/useFocusableInteractive: its row is what is reached
        <span key={field.id} role="gridcell" className={`list-cell list-${field.kind}`}>
          <FieldValue field={field} row={row} />
        </span>
      ))}
    </div>
  );
});

/** What a field says of a row; nothing where it has no value. */
function FieldValue({ field, row }: { field: Field; row: number }) {
  switch (field.kind) {
    case "text":
      return (
        <span title={field.texts[row]}>
          <HostileText text={field.texts[row] ?? ""} />
        </span>
      );
    case "number": {
      const value = field.values[row];
      return value === undefined || Number.isNaN(value) ? null : formatFieldNumber(value, field.unit);
    }
    case "sets":
      return <HostileText text={field.names.filter((_, i) => field.sets[i]!.has(row)).join(", ")} />;
    default: {
      const name = field.names[field.ofRow[row] ?? -1];
      return name === undefined ? null : <HostileText text={name} />;
    }
  }
}
