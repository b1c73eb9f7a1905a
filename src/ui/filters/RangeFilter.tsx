import { useMemo } from "react";
import { Facets } from "../../core/explore/facets.ts";
import type { NumberField } from "../../core/explore/field.ts";
import { histogramEdges } from "../../core/explore/histogram.ts";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { BoundField } from "./BoundField.tsx";
import { Brush } from "./Brush.tsx";

const bins = 24;

/** A number or date: its histogram, a brush over it, and the bounds as fields to type in. */
export function RangeFilter({ field }: { field: NumberField }) {
  const actions = useActions();
  const facets = useWinnow((state) => state.facets);
  const rows = useWinnow((state) => state.images.length);
  const condition = useWinnow((state) => state.filter.find((one) => one.field === field.id));
  const edges = useMemo(() => histogramEdges(field, bins), [field]);
  const all = useMemo(
    () => edges && Facets.empty.next([field], [], rows).histogram(field.id, edges),
    [field, rows, edges],
  );
  const now = useMemo(() => edges && facets.histogram(field.id, edges), [facets, field, edges]);
  if (!edges || !all || !now) return <p className="muted">All images have the same value.</p>;

  const range = condition?.kind === "range" ? condition : { min: null, max: null };
  const set = (min: number | null, max: number | null) => {
    const none = min === null && max === null;
    actions.setCondition(field.id, none ? null : { field: field.id, kind: "range", min, max });
  };
  const text = (value: number) => formatFieldNumber(value, field.unit);
  return (
    <div className="range-filter">
      <Brush
        title={field.title}
        edges={edges}
        all={all}
        now={now}
        min={range.min}
        max={range.max}
        text={text}
        onChange={set}
      />
      {canBeTyped(field.unit, edges) && (
        <div className="range-fields">
          <BoundField
            label={`${field.title} from`}
            unit={field.unit}
            value={range.min}
            placeholder={text(edges[0]!)}
            onChange={(min) => set(min, range.max)}
          />
          <span className="muted">–</span>
          <BoundField
            label={`${field.title} to`}
            unit={field.unit}
            value={range.max}
            placeholder={text(edges[bins]!)}
            onChange={(max) => set(range.min, max)}
          />
        </div>
      )}
    </div>
  );
}

/** Days are typed: within one there is nothing to type. */
const canBeTyped = (unit: NumberField["unit"], edges: Float64Array): boolean =>
  unit !== "date" || edges[bins]! - edges[0]! > 2 * 86_400_000;
