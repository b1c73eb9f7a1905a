import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowLeft, ArrowRight } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "../controls/IconButton.tsx";
import { Term } from "../controls/Term.tsx";
import { useElementWidth } from "../gallery/useElementWidth.ts";
import { useIsNarrow } from "../mediaQuery.ts";
import { StrictnessSlider } from "../quality/StrictnessSlider.tsx";
import { Screen } from "../screens/Screen.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { DuplicateGroup } from "./DuplicateGroup.tsx";
import "../quality/quality.css";
import "./duplicates.css";
import { type Review, useReview } from "./useReview.ts";
import { useReviewKeys } from "./useReviewKeys.ts";

/** Height of a group in CSS pixels, the gap below it included; the same numbers are in duplicates.css. */
const groupHeight = { wide: 372, narrow: 392 };

/** Groups of duplicates one below the other, to decide which image of each stays. */
export function DuplicatesScreen() {
  const review = useReview();
  const duplicates = useWinnow((state) => state.duplicates);
  const { groups, undecidedCount } = review;
  const total = groups.reduce((sum, { length }) => sum + length, 0);
  return (
    <Screen
      title="Duplicates"
      head={
        <>
          <span role="status" aria-label="Groups of duplicates">
            {countOf(groups.length, "group")}, {countOf(total, "image")}
          </span>
          <span className="muted">{formatCount(undecidedCount)} to decide</span>
          {duplicates && (
            <span className="duplicates-strictness">
              <Term word="Strictness">
                Images nearer to one another than this are duplicates: the distance of their features, 0 for the same
                image. To the right more images count. Equal bytes, equal pixels and nearly equal perceptual hashes
                always do.
              </Term>
              <StrictnessSlider duplicates={duplicates} />
            </span>
          )}
        </>
      }
    >
      {groups.length > 0 ? <Groups review={review} /> : <NoGroups known={duplicates !== null} />}
    </Screen>
  );
}

function NoGroups({ known }: { known: boolean }) {
  return (
    <div className="empty">
      <strong>No duplicates</strong>
      {known
        ? "No two images are as alike as the strictness asks for. Move it to the right to see more."
        : "No two images have the same bytes or pixels. Near duplicates are looked for once all images are embedded."}
    </div>
  );
}

/** A group of three fits into a lane of this width in CSS pixels. */
const laneWidth = 600;

function Groups({ review }: { review: Review }) {
  const { groups, decided, excluded, current, undecidedCount, goTo, keepOne, keepAll, step, toggle } = review;
  const height = useIsNarrow() ? groupHeight.narrow : groupHeight.wide;
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const lanes = Math.max(1, Math.floor(useElementWidth(scroller) / laneWidth));
  useReviewKeys(review, lanes);
  const virtualizer = useVirtualizer({
    count: Math.ceil(groups.length / lanes),
    getScrollElement: () => scroller,
    estimateSize: () => height,
    overscan: 2,
  });
  const line = Math.floor(current / lanes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another current group scrolls
  useEffect(() => {
    if (scroller) virtualizer.scrollToIndex(line, { align: "auto" });
  }, [line, scroller]);
  return (
    <div className="duplicates">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <div ref={setScroller} className="duplicates-scroller" tabIndex={0}>
        <div style={{ height: virtualizer.getTotalSize(), position: "relative" }}>
          {virtualizer.getVirtualItems().map(({ key, index, start }) => (
            <div
              key={key}
              className="duplicates-line"
              style={{ translate: `0 ${start}px`, height, gridTemplateColumns: `repeat(${lanes}, minmax(0, 1fr))` }}
            >
              {groups.slice(index * lanes, (index + 1) * lanes).map((rows, lane) => {
                const place = index * lanes + lane;
                return (
                  <DuplicateGroup
                    key={place}
                    place={place}
                    rows={rows}
                    current={place === current}
                    decided={decided[place] === 1}
                    excluded={excluded}
                    onFocus={() => goTo(place)}
                    onKeep={(row) => keepOne(row, place)}
                    onToggle={(row) => {
                      goTo(place);
                      toggle(row);
                    }}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <footer className="duplicates-foot" role="toolbar" aria-label="What to do with the group">
        <button type="button" className="button button-primary" onClick={() => keepOne()}>
          Keep the best <kbd>B</kbd>
        </button>
        <button type="button" className="button" onClick={keepAll}>
          Keep all <kbd>A</kbd>
        </button>
        <IconButton label="Previous group" keys="←" disabled={current === 0} onClick={() => step(-1)}>
          <ArrowLeft size={16} />
        </IconButton>
        <IconButton label="Next group" keys="→" disabled={current === groups.length - 1} onClick={() => step(1)}>
          <ArrowRight size={16} />
        </IconButton>
        <span className="muted">
          group {formatCount(current + 1)} of {formatCount(groups.length)}
        </span>
        <span className="spacer" />
        <button type="button" className="button" disabled={undecidedCount === 0} onClick={review.keepBestOfAll}>
          Keep the best of every group
        </button>
      </footer>
    </div>
  );
}
