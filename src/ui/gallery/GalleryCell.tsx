import { Check, Maximize2 } from "lucide-react";
import { memo } from "react";
import { InstanceLayer } from "../labels/InstanceLayer.tsx";
import { formatCount } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";

export interface GalleryCellProps {
  row: number;
  path: string;
  column: number;
  marked: boolean;
  /** It is the one shown in details. */
  focused: boolean;
  /** It is the one that Tab reaches. */
  tabbable: boolean;
  /** It is to be left out. */
  excluded: boolean;
  /** From 1; 0 when not chosen. */
  rank: number;
  /** A CSS custom property, or null for no dot. */
  colour: `--${string}` | null;
  /** What the gallery is sorted by; "" for nothing to show. */
  value: string;
  /** Names, comma separated. */
  tags: string;
  /** Custom properties, space separated. */
  tagColours: string;
}

/** One thumbnail with its marks. Events are handled by the gallery, which reads `data-row`. */
export const GalleryCell = memo(function GalleryCell(props: GalleryCellProps) {
  const { row, path, column, marked, focused, tabbable, excluded, rank, colour, value, tags, tagColours } = props;
  const classes = [
    "gallery-cell",
    rank > 0 && "is-chosen",
    marked && "is-marked",
    focused && "is-focused",
    excluded && "is-excluded",
  ];
  const name = [path, rank > 0 && `pick ${formatCount(rank)}`, tags && `tags ${tags}`, value]
    .filter(Boolean)
    .join(", ");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid has no table, see Gallery
    <div
      role="gridcell"
      aria-label={name}
      aria-colindex={column + 1}
      aria-selected={marked}
      tabIndex={tabbable ? 0 : -1}
      data-row={row}
      className={classes.filter(Boolean).join(" ")}
    >
      <Thumbnail row={row} className="gallery-image" />
      <InstanceLayer row={row} fit="cover" />
      {rank > 0 && <span className="pick-badge">{formatCount(rank)}</span>}
      {marked && (
        <span className="mark-badge">
          <Check size={12} strokeWidth={3} />
        </span>
      )}
      {(value !== "" || tagColours !== "") && (
        <span className="cell-foot">
          {tagColours !== "" && (
            <span className="cell-tags" title={tags}>
              {tagColours.split(" ").map((name, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two tags may have one colour, and their order is fixed
                <span key={i} className="cell-tag" style={{ background: `var(${name})` }} />
              ))}
            </span>
          )}
          {value !== "" && <span className="cell-value">{value}</span>}
        </span>
      )}
      {colour && <span className="group-dot" style={{ backgroundColor: `var(${colour})` }} />}
      <span className="enlarge-badge" data-enlarge="">
        <Maximize2 size={13} />
      </span>
    </div>
  );
});
