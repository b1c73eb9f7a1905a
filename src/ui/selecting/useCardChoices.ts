import { useMemo } from "react";
import type { NumberField } from "../../core/explore/field.ts";
import type { CardChoices } from "../../core/selection/cards.ts";
import { objectSets } from "../../core/selection/inputFields.ts";
import { isWorthShowing } from "../filters/worth.ts";
import { useWinnow } from "../winnow.tsx";

/** Categories that a choice can be balanced by, the most telling first; all others follow. */
const first = ["label", "folder", "cluster"];

/** What strategies can go by in the open project. */
export function useCardChoices(): CardChoices {
  const fields = useWinnow((state) => state.fields);
  const tags = useWinnow((state) => state.tags);
  const annotations = useWinnow((state) => state.annotations);
  return useMemo(() => {
    const worth = fields.filter(isWorthShowing);
    const rank = (id: string): number => (first.includes(id) ? first.indexOf(id) : first.length);
    return {
      numbers: worth.filter((field): field is NumberField => field.kind === "number"),
      categories: worth
        .filter(({ kind, id }) => kind !== "number" && id !== "selection" && id !== "duplicates")
        .sort((a, b) => rank(a.id) - rank(b.id)),
      tags: [...tags.keys()],
      objects: objectSets(annotations),
    };
  }, [fields, tags, annotations]);
}
