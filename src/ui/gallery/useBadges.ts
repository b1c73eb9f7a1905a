import { useMemo } from "react";
import { tagColour } from "../tags/tagColour.ts";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { useWinnow } from "../winnow.tsx";

/** What a cell says of its image besides the image; strings, so that an equal badge does not draw a cell again. */
export interface Badges {
  /** The value that the gallery is sorted by; "" for none. */
  value: (row: number) => string;
  /** Names of its tags, comma separated. */
  tags: (row: number) => string;
  /** Their colours, as custom properties, space separated. */
  tagColours: (row: number) => string;
}

/** More dots than this are not told apart. */
const mostTags = 5;

export function useBadges(): Badges {
  const tags = useWinnow((state) => state.tags);
  const styles = useWinnow((state) => state.tagStyles);
  const field = useWinnow((state) => state.fields.find(({ id }) => id === state.sortBy));
  return useMemo(() => {
    const all = [...tags].map(([name, rows]) => {
      const style = styles.get(name);
      return { name, rows, colour: style ? tagColour(style) : "--text-2" };
    });
    const of = (row: number) => all.filter(({ rows }) => rows.has(row)).slice(0, mostTags);
    return {
      value: (row) => {
        const value = field?.kind === "number" ? field.values[row] : undefined;
        return field?.kind === "number" && value !== undefined && !Number.isNaN(value)
          ? formatFieldNumber(value, field.unit)
          : "";
      },
      tags: (row) =>
        of(row)
          .map(({ name }) => name)
          .join(", "),
      tagColours: (row) =>
        of(row)
          .map(({ colour }) => colour)
          .join(" "),
    };
  }, [tags, styles, field]);
}
