import { Check, Maximize2, X } from "lucide-react";
import { useMemo } from "react";
import { bestFirst } from "../../core/quality/bestFirst.ts";
import { RowSet } from "../../core/rowSet.ts";
import { PathText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { groupFacts } from "./groupFacts.ts";

/** As many images of a group stand side by side; the gallery shows the others. */
const mostCards = 24;

interface DuplicateGroupProps {
  place: number;
  rows: Uint32Array;
  current: boolean;
  decided: boolean;
  excluded: RowSet;
  onFocus: () => void;
  onKeep: (row: number) => void;
  onToggle: (row: number) => void;
}

/** The images of one group side by side, the one worth keeping first, and what is better about which. */
export function DuplicateGroup(props: DuplicateGroupProps) {
  const { place, rows, current, decided, excluded, onFocus, onKeep, onToggle } = props;
  const actions = useActions();
  const images = useWinnow((state) => state.images);
  const shown = useMemo(() => Array.from(bestFirst(images, rows).subarray(0, mostCards)), [images, rows]);
  const facts = useMemo(() => groupFacts(images, shown), [images, shown]);
  const showAll = () => {
    actions.setFilter([
      { field: "rows", kind: "rows", title: `Duplicates, group ${place + 1}`, rows: RowSet.of(rows) },
    ]);
    actions.openScreen(null);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys do the same
    <section
      className={current ? "duplicate-group is-current" : "duplicate-group"}
      aria-label={`Group ${place + 1}`}
      aria-current={current}
      onClick={(event) => event.target instanceof Element && !event.target.closest("button") && onFocus()}
    >
      <header className="duplicate-head">
        <strong>Group {place + 1}</strong>
        <span className="muted">{countOf(rows.length, "image")}</span>
        {decided && (
          <span className="duplicate-decided">
            <Check size={13} aria-hidden="true" /> decided
          </span>
        )}
        <span className="spacer" />
        <button type="button" className="button button-plain" onClick={showAll}>
          Show in the gallery
        </button>
      </header>
      <ul className="duplicate-cards">
        {shown.map((row, i) => {
          const out = excluded.has(row);
          return (
            <li key={row} className={out ? "duplicate-card is-out" : "duplicate-card"}>
              <button
                type="button"
                className="duplicate-picture"
                aria-label={`Look closer at ${images.path(row)}`}
                onClick={() => {
                  actions.focus(row);
                  actions.enlarge(true);
                }}
              >
                <Thumbnail row={row} className="duplicate-image" />
                {i === 0 && <span className="duplicate-badge">Suggested</span>}
                {out && <span className="duplicate-badge is-out">Excluded</span>}
                <span className="duplicate-zoom">
                  <Maximize2 size={13} aria-hidden="true" />
                </span>
              </button>
              <PathText path={images.path(row)} />
              <dl className="duplicate-facts">
                {facts.map(({ title, texts, best }) => (
                  <div key={title} className={best.has(i) ? "is-best" : ""}>
                    <dt>{title}</dt>
                    <dd>{texts[i]}</dd>
                  </div>
                ))}
              </dl>
              <div className="duplicate-buttons">
                <button type="button" className="button" onClick={() => onKeep(row)}>
                  Keep this one
                  {current && i < 9 && <kbd>{i + 1}</kbd>}
                </button>
                <button
                  type="button"
                  className="button icon-button"
                  aria-label={out ? `Bring back ${images.path(row)}` : `Exclude ${images.path(row)}`}
                  title={out ? "Bring back" : "Exclude only this one"}
                  onClick={() => onToggle(row)}
                >
                  {out ? <Check size={15} aria-hidden="true" /> : <X size={15} aria-hidden="true" />}
                </button>
              </div>
            </li>
          );
        })}
        {rows.length > mostCards && (
          <li className="duplicate-more">
            <button type="button" className="button" onClick={showAll}>
              {countOf(rows.length - mostCards, "more image")}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}
