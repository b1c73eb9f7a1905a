import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useState } from "react";
import { Facets } from "../../core/explore/facets.ts";
import type { CategoryField, SetsField } from "../../core/explore/field.ts";
import { useColourOfValue } from "../colour/ColouringProvider.tsx";
import { noValueText } from "../text/fieldValues.ts";
import { formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { useValueToggles } from "./useValueToggles.ts";
import { ValueLine } from "./ValueLine.tsx";

/** As many values are shown at first; more are folded away, and a long list is scrolled in its own box. */
const firstShown = 12;
const lineHeight = 27;

/** The values of a field, most frequent first where there are many. */
export function ValueList({ field }: { field: CategoryField | SetsField }) {
  const facets = useWinnow((state) => state.facets);
  const rows = useWinnow((state) => state.images.length);
  const [all, setAll] = useState(false);
  const [typed, setTyped] = useState("");
  const toggles = useValueToggles(field.id);
  const { counts, none } = facets.counts(field.id);
  const order = useMemo(() => orderedNames(field, rows), [field, rows]);
  const many = order.length > firstShown;
  const found = typed === "" ? order : order.filter((i) => field.names[i]!.toLowerCase().includes(typed.toLowerCase()));
  const shown = all ? found : order.slice(0, firstShown);
  const most = counts.reduce((a, b) => Math.max(a, b), none);
  const colourOf = useColourOfValue(field.id);
  const withNone = (none > 0 || toggles.isAsked(null)) && typed === "";

  const line = (i: number) => {
    const name = field.names[i]!;
    return <ValueLine name={name} count={counts[i] ?? 0} most={most} colour={colourOf(name)} {...toggles.of(name)} />;
  };

  return (
    <>
      {all && (
        <input
          type="search"
          className="field value-search"
          aria-label={`Find in ${field.title}`}
          placeholder={`Find among ${formatCount(order.length)}`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {all ? <LongList indices={shown} line={line} /> : shown.map((i) => <div key={field.names[i]}>{line(i)}</div>)}
      {withNone && <ValueLine name={noValueText(field.title)} count={none} most={most} {...toggles.of(null)} />}
      {many && (
        <button type="button" className="button button-plain value-more" onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${formatCount(order.length)}`}
        </button>
      )}
      {all && shown.length === 0 && <p className="muted">Nothing is called that.</p>}
    </>
  );
}

/** Only the lines in view are there: a field may have thousands of values. */
function LongList({ indices, line }: { indices: readonly number[]; line: (i: number) => React.ReactNode }) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const virtualizer = useVirtualizer({
    count: indices.length,
    getScrollElement: () => scroller,
    estimateSize: () => lineHeight,
    overscan: 8,
  });
  return (
    <div ref={setScroller} className="value-scroller">
      <div style={{ height: virtualizer.getTotalSize(), position: "relative" }}>
        {virtualizer.getVirtualItems().map((item) => (
          <div key={item.key} className="value-virtual" style={{ translate: `0 ${item.start}px`, height: lineHeight }}>
            {line(indices[item.index]!)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Few values by name; many by how many images of the whole project have them. */
function orderedNames(field: CategoryField | SetsField, rows: number): number[] {
  const byName = new Intl.Collator("en", { numeric: true });
  const indices = field.names.map((_, i) => i);
  const { counts } = Facets.empty.next([field], [], rows).counts(field.id);
  return indices.sort(
    (a, b) =>
      (field.names.length > firstShown ? counts[b]! - counts[a]! : 0) ||
      byName.compare(field.names[a]!, field.names[b]!),
  );
}
