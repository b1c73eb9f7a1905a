import { Facets } from "../explore/facets.ts";
import type { FieldUnit, NumberField } from "../explore/field.ts";
import { histogramEdges } from "../explore/histogram.ts";
import type { HistogramBlock } from "./report.ts";

const bins = 24;

/** How a number with a unit is written. */
export type FormatNumber = (value: number, unit: FieldUnit) => string;

/**
 * The values of a field as a histogram whose bins can be filtered by.
 * @param threshold where to draw a line; null for none
 * @returns null when there are no two different values
 */
export function histogramBlock(
  field: NumberField,
  rows: number,
  format: FormatNumber,
  threshold: number | null = null,
): HistogramBlock | null {
  const edges = histogramEdges(field, bins);
  if (edges === null) return null;
  const counts = Facets.empty.next([field], [], rows).histogram(field.id, edges);
  const text = (value: number): string => format(value, field.unit);
  return {
    kind: "histogram",
    title: field.title,
    note: field.hint ?? "",
    from: text(edges[0]!),
    to: text(edges[bins]!),
    mark: threshold === null ? null : markOf(edges, threshold),
    bins: Array.from(counts, (value, i) => {
      const [min, next] = [edges[i]!, edges[i + 1]!];
      // A bin ends just before the next one, as it is counted.
      const max = i === bins - 1 ? next : next - Math.abs(next) * 2 ** -52;
      return {
        label: `${text(min)} – ${text(next)}`,
        value,
        filter: [{ field: field.id, kind: "range", min, max }],
      };
    }),
  };
}

/** Where a value lies along bins of equal width on the page; null outside of them. */
function markOf(edges: Float64Array, value: number): number | null {
  if (!(value >= edges[0]! && value <= edges[bins]!)) return null;
  const after = Math.max(
    1,
    edges.findIndex((edge) => edge >= value),
  );
  const [left, right] = [edges[after - 1]!, edges[after]!];
  return (after - 1 + (value - left) / (right - left)) / bins;
}
