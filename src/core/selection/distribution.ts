import type { Field, NumberField } from "../explore/field.ts";
import { histogramEdges } from "../explore/histogram.ts";

/** One bar: what share of all images and of the chosen ones it holds. */
export interface DistributionBar {
  /** A class, or “” for a bin. */
  name: string;
  /** The ends of a bin. */
  from?: number;
  to?: number;
  all: number;
  chosen: number;
}

/** A field's values before and after a choice, as shares, 0…1. */
export interface Distribution {
  bars: DistributionBar[];
  /** Classes that have no bar: there are too many. */
  more: number;
  /** Classes of all images, and of the chosen ones. */
  classes: { all: number; chosen: number } | null;
}

/**
 * How often each name occurs; an image of a sets field may have several.
 * @param rows the images; null: the first `total`
 */
export function countsByName(field: Field, rows: ArrayLike<number> | null, total: number): Map<string, number> {
  const counts = new Map<string, number>();
  if (field.kind === "number" || field.kind === "text") return counts;
  const add = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const length = rows?.length ?? total;
  for (let i = 0; i < length; i++) {
    const row = rows ? rows[i]! : i;
    if (field.kind === "sets") {
      for (const [s, set] of field.sets.entries()) if (set.has(row)) add(field.names[s]!);
    } else {
      const name = field.names[field.ofRow[row] ?? -1];
      if (name !== undefined) add(name);
    }
  }
  return counts;
}

/**
 * The values of a field among all images and among the chosen ones.
 * @param all the images that were chosen among; null: the first `total`
 * @param bars at most so many; of more classes the most frequent are shown
 * @returns null where there is nothing to tell apart
 */
export function distributionOf(
  field: Field,
  chosen: ArrayLike<number>,
  all: ArrayLike<number> | null,
  total: number,
  bars: number,
): Distribution | null {
  if (field.kind === "text") return null;
  if (field.kind === "number") return ofNumbers(field, chosen, all, total, bars);
  const before = countsByName(field, all, total);
  const after = countsByName(field, chosen, 0);
  if (before.size === 0) return null;
  const [sumBefore, sumAfter] = [sumOf(before), sumOf(after)];
  const most = (name: string): number => before.get(name) ?? 0;
  const names = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => most(b) - most(a) || (a < b ? -1 : 1));
  return {
    bars: names.slice(0, bars).map((name) => ({
      name,
      all: most(name) / sumBefore,
      chosen: sumAfter > 0 ? (after.get(name) ?? 0) / sumAfter : 0,
    })),
    more: Math.max(0, names.length - bars),
    classes: { all: before.size, chosen: after.size },
  };
}

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

function ofNumbers(
  field: NumberField,
  chosen: ArrayLike<number>,
  all: ArrayLike<number> | null,
  total: number,
  bins: number,
): Distribution | null {
  const edges = histogramEdges(field, bins);
  if (edges === null) return null;
  const before = new Float64Array(bins);
  const after = new Float64Array(bins);
  const fill = (counts: Float64Array, rows: ArrayLike<number> | null, length: number): void => {
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const value = field.values[rows ? rows[i]! : i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const bin = binOf(edges, value);
      counts[bin] = counts[bin]! + 1;
      sum++;
    }
    if (sum > 0) for (let bin = 0; bin < bins; bin++) counts[bin] = counts[bin]! / sum;
  };
  fill(before, all, all?.length ?? total);
  fill(after, chosen, chosen.length);
  return {
    bars: Array.from(before, (share, bin) => ({
      name: "",
      from: edges[bin]!,
      to: edges[bin + 1]!,
      all: share,
      chosen: after[bin]!,
    })),
    more: 0,
    classes: null,
  };
}

/** The last bin whose lower edge is not above the value. */
function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
