import type { Pace } from "./pace.ts";

/** Sorting this many names takes well under a millisecond. */
const RUN = 512;

/**
 * A new array sorted by name in code-unit order; equal names keep their order. Native sorted runs are merged with pauses
 * in between, because one sort of a folder with 100,000 files would hold the page for a quarter of a second.
 */
export async function sortedByName<T extends { readonly name: string }>(items: readonly T[], pace: Pace): Promise<T[]> {
  let from: T[] = [];
  for (let start = 0; start < items.length; start += RUN) {
    const run = items.slice(start, start + RUN).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    for (const item of run) from.push(item);
    await pace.rest();
  }
  for (let width = RUN; width < from.length; width *= 2) {
    const to: T[] = [];
    for (let start = 0; start < from.length; start += 2 * width) {
      await merge(
        from,
        start,
        Math.min(start + width, from.length),
        Math.min(start + 2 * width, from.length),
        to,
        pace,
      );
    }
    from = to;
  }
  return from;
}

/** Appends the sorted ranges `start…middle` and `middle…end` of `from` to `to` as one. */
async function merge<T extends { readonly name: string }>(
  from: readonly T[],
  start: number,
  middle: number,
  end: number,
  to: T[],
  pace: Pace,
): Promise<void> {
  let left = start;
  let right = middle;
  while (left < middle || right < end) {
    const takeLeft = right >= end || (left < middle && from[left]!.name <= from[right]!.name);
    to.push(takeLeft ? from[left++]! : from[right++]!);
    if (to.length % RUN === 0) await pace.rest();
  }
}
