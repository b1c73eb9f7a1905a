import { CheckCheck } from "lucide-react";
import { type MouseEvent, useMemo, useState } from "react";
import type { Section } from "../../core/explore/arrangement.ts";
import { excludedTag } from "../../core/tags.ts";
import { useColouring } from "../colour/ColouringProvider.tsx";
import { noValueText } from "../text/fieldValues.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { GalleryCell } from "./GalleryCell.tsx";
import { cellGap, cellGeometry, Lines } from "./lines.ts";
import { useBadges } from "./useBadges.ts";
import { useElementWidth } from "./useElementWidth.ts";
import { useGalleryEvents } from "./useGalleryEvents.ts";
import { useGalleryList } from "./useGalleryList.ts";

/** All images as a grid of thumbnails, of which only those near the screen are in the page. */
export function GalleryGrid() {
  const images = useWinnow((state) => state.images);
  const order = useWinnow((state) => state.order);
  const sections = useWinnow((state) => state.sections);
  const marked = useWinnow((state) => state.marked);
  const focused = useWinnow((state) => state.focused);
  const ranks = useWinnow((state) => state.ranks);
  const cellSize = useWinnow((state) => state.cellSize);
  const colouring = useColouring();
  const badges = useBadges();
  const excluded = useWinnow((state) => state.tags.get(excludedTag));
  const groups = colouring.kind === "groups" ? colouring.groups : [];

  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const width = useElementWidth(scroller);
  const { columns, rowHeight } = cellGeometry(width, cellSize, order.length);
  const lines = useMemo(
    () => new Lines(order.length, columns, rowHeight, sections),
    [order.length, columns, rowHeight, sections],
  );
  const { virtualizer, reveal, tabPlace } = useGalleryList({
    lines,
    scroller,
    ready: width > 0,
    overscan: 3,
    paddingStart: 2,
  });
  const linesOnScreen = Math.floor((scroller?.clientHeight ?? 0) / rowHeight);
  const events = useGalleryEvents({ lines, linesOnScreen, reveal });
  // A focus ring belongs to keys; without this a click beside a cell would scroll the grid to its tab stop.
  const keepSelection = (event: MouseEvent) => event.shiftKey && event.preventDefault();

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table to be
    <div
      ref={setScroller}
      role="grid"
      aria-label="Images"
      aria-rowcount={lines.count}
      aria-colcount={columns}
      aria-multiselectable="true"
      className="gallery"
      onMouseDown={keepSelection}
      {...events}
    >
      <div ref={virtualizer.containerRef} role="presentation" className="gallery-lines">
        {width > 0 &&
          virtualizer.getVirtualItems().map(({ key, index }) => {
            const line = lines.at(index);
            return (
              // biome-ignore lint/a11y/useSemanticElements: see above
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 1}
                className={line.kind === "heading" ? "gallery-heading" : "gallery-line"}
                style={
                  line.kind === "heading"
                    ? { height: lines.height(index) }
                    : {
                        height: rowHeight,
                        gridTemplateColumns: `repeat(${columns}, 1fr)`,
                        columnGap: cellGap,
                        paddingBottom: cellGap,
                      }
                }
              >
                {line.kind === "heading" ? (
                  <SectionHeading section={line.section} />
                ) : (
                  Array.from(order.subarray(line.start, line.end), (row, column) => (
                    <GalleryCell
                      key={row}
                      row={row}
                      path={images.path(row)}
                      column={column}
                      marked={marked.has(row)}
                      focused={row === focused}
                      tabbable={line.start + column === tabPlace}
                      excluded={excluded?.has(row) ?? false}
                      rank={ranks.get(row) ?? 0}
                      colour={groups.length > 1 ? (groups[colouring.ofRow[row] ?? 0]?.colour ?? null) : null}
                      value={badges.value(row)}
                      tags={badges.tags(row)}
                      tagColours={badges.tagColours(row)}
                    />
                  ))
                )}
              </div>
            );
          })}
      </div>
    </div>
  );
}

/** The name of a group with its count; marks the whole group. */
function SectionHeading({ section }: { section: Section }) {
  const actions = useActions();
  const order = useWinnow((state) => state.order);
  const title = useWinnow((state) => state.fields.find(({ id }) => id === state.groupBy)?.title ?? "");
  const name = section.name ?? noValueText(title);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table, see GalleryGrid
    // biome-ignore lint/a11y/useFocusableInteractive: its button is what is reached
    <div role="rowheader" className="section-heading">
      <span className="section-name">
        <HostileText text={name === "" ? "top folder" : name} />
      </span>
      <span className="muted">{countOf(section.count, "image")}</span>
      <button
        type="button"
        className="button button-plain section-mark"
        aria-label={`Mark all of ${name}`}
        onClick={() => actions.mark(order.subarray(section.start, section.start + section.count), "replace")}
      >
        <CheckCheck size={14} aria-hidden="true" />
        Mark all
      </button>
    </div>
  );
}
