import type { SelectionRecord } from "../core/records.ts";
import { RowSet } from "../core/rowSet.ts";
import type { ConfigDraft } from "../core/selection/draft.ts";

/** A list of images chosen elsewhere. */
export interface ChosenList {
  /** The file's name; hostile text. */
  name: string;
  rows: Uint32Array;
  /** What matched no image. */
  unmatched: readonly string[];
}

/** What counts as already chosen. */
export interface AlreadyChosen {
  /** Ids of selections, or all that there are at the time. */
  selections: readonly string[] | "all";
  tags: readonly string[];
  list: ChosenList | null;
}

/** The next selection, as it is being put together; kept while the project is open. */
export interface SelectDraft extends ConfigDraft {
  already: AlreadyChosen;
  /** Only among what the filter leaves, where there is one. */
  onlyShown: boolean;
  /** Among images that are tagged as excluded too. */
  withExcluded: boolean;
}

/** Plain k-center, fifty images, nothing chosen before. */
export const initialDraft: SelectDraft = {
  amount: { by: "count", count: 50, percent: 10 },
  strategies: [{ key: 1, input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } }],
  rest: {},
  already: { selections: [], tags: [], list: null },
  onlyShown: true,
  withExcluded: false,
};

/** The rows that count as already chosen. */
export function alreadyChosenRows(
  { selections, tags, list }: AlreadyChosen,
  there: { selections: readonly SelectionRecord[]; tags: ReadonlyMap<string, RowSet> },
): RowSet {
  const counts = ({ id }: SelectionRecord): boolean => selections === "all" || selections.includes(id);
  const sets = [
    ...there.selections.filter(counts).map(({ rows }) => RowSet.of(rows)),
    ...tags.map((name) => there.tags.get(name) ?? RowSet.empty),
    RowSet.of(list?.rows ?? []),
  ];
  return sets.reduce((all, set) => all.union(set), RowSet.empty);
}
