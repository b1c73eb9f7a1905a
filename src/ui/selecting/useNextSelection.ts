import { useMemo } from "react";
import { firstObjects } from "../../core/objects/objectBoxes.ts";
import { RowSet } from "../../core/rowSet.ts";
import { rowsToChooseAmong } from "../../core/selection/chooseAmong.ts";
import type { SelectionConfig } from "../../core/selection/config.ts";
import { besideCards, configOfDraft } from "../../core/selection/draft.ts";
import { type Estimate, estimateOf } from "../../core/selection/estimate.ts";
import { numbersOf } from "../../core/selection/fieldData.ts";
import { requireInputs, setOfObjects } from "../../core/selection/inputFields.ts";
import { readConfig } from "../../core/selection/readConfig.ts";
import { excludedTag } from "../../core/tags.ts";
import { alreadyChosenRows } from "../../state/selectDraft.ts";
import { useWinnow } from "../winnow.tsx";

/** What would be chosen now. */
export interface NextSelection {
  config: SelectionConfig;
  /** Images in all, or shown. */
  total: number;
  /** Of these, already chosen. */
  alreadyChosen: Uint32Array;
  onlyShown: boolean;
  /** Excluded images that are left out, or would be. */
  excluded: number;
  /** Null where something is wrong. */
  estimate: Estimate | null;
  /** What is wrong, in a sentence; “” for nothing. */
  problem: string;
}

/** The draft as a configuration, with what it would choose from. */
export function useNextSelection(): NextSelection {
  const draft = useWinnow((state) => state.draft);
  const images = useWinnow((state) => state.images);
  const version = useWinnow((state) => state.imagesVersion);
  const fields = useWinnow((state) => state.fields);
  const tags = useWinnow((state) => state.tags);
  const sets = useWinnow((state) => state.annotations);
  const selections = useWinnow((state) => state.selections);
  const isFiltered = useWinnow((state) => state.filter.length > 0);
  const order = useWinnow((state) => state.order);
  const onlyShown = isFiltered && draft.onlyShown;
  const alreadyChosen = useMemo(
    () => alreadyChosenRows(draft.already, { selections, tags }).rows,
    [draft.already, selections, tags],
  );
  const excluded = useExcluded(onlyShown ? order : null);
  const leftOut = draft.withExcluded ? RowSet.empty : excluded;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the table of images stays the same object while it grows
  const among = useMemo(
    () => rowsToChooseAmong(onlyShown ? order : null, leftOut, images.length),
    [onlyShown, order, leftOut, images, version],
  );
  const config = useMemo(() => configOfDraft(draft), [draft]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the table of images stays the same object while it grows
  return useMemo(() => {
    const total = among?.length ?? images.length;
    const rest = { config, total, alreadyChosen, onlyShown, excluded: excluded.size };
    const wrong = (problem: string): NextSelection => ({ ...rest, estimate: null, problem });
    if (total === 0)
      return wrong(
        images.length === 0 ? "There are no images to choose from yet." : "No image is left to choose from.",
      );
    if (draft.amount.by === "count" && !(Number.isInteger(draft.amount.count) && draft.amount.count >= 1)) {
      return wrong("Ask for a whole number of images, at least 1.");
    }
    if (draft.amount.by === "share" && !(draft.amount.percent > 0 && draft.amount.percent <= 100)) {
      return wrong("Ask for a share above 0 % and up to 100 %.");
    }
    if (draft.strategies.length === 0) return wrong("Add a strategy: something must say which images are wanted.");
    try {
      readConfig(config);
      requireInputs(config, { fields, sets, tags });
      const data = {
        rows: images.length,
        path: (row: number) => images.path(row),
        objects: (task: string) => ({ first: firstObjects(setOfObjects(sets, task), images.length) }),
        numbers: (input: Parameters<typeof numbersOf>[0]) => numbersOf(input, fields, sets, images.length),
      };
      return { ...rest, estimate: estimateOf(config, data, { alreadyChosen, among }), problem: "" };
    } catch (error) {
      return wrong(besideCards(error instanceof Error ? error.message : String(error)));
    }
  }, [config, draft, fields, sets, tags, images, version, alreadyChosen, among, onlyShown, excluded]);
}

/** Images that are tagged as excluded, among some rows or all. */
function useExcluded(rows: Uint32Array | null): RowSet {
  const excluded = useWinnow((state) => state.tags.get(excludedTag)) ?? RowSet.empty;
  return useMemo(
    () => (rows && excluded.size > 0 ? RowSet.of(rows.filter((row) => excluded.has(row))) : excluded),
    [rows, excluded],
  );
}
