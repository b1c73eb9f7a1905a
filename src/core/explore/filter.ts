import type { RowSet } from "../rowSet.ts";
import { type Field, isWithin } from "./field.ts";

/** Rows with any of these values; null is “no value”. `not`: rows with none of them. */
export interface ValuesCondition {
  field: string;
  kind: "values";
  values: readonly (string | null)[];
  not?: boolean;
}

/** Rows whose number lies between both bounds, bounds included; null is no bound. Rows without a number fail. */
export interface RangeCondition {
  field: string;
  kind: "range";
  min: number | null;
  max: number | null;
}

/** Rows whose text has every word of this one, in any letter case. */
export interface TextCondition {
  field: string;
  kind: "text";
  text: string;
}

/** Exactly these rows, under a title: what a report or a review is about. */
export interface RowsCondition {
  field: "rows";
  kind: "rows";
  title: string;
  rows: RowSet;
}

export type Condition = ValuesCondition | RangeCondition | TextCondition | RowsCondition;

/** What is shown: rows that meet every condition. At most one condition a field. */
export type Filter = readonly Condition[];

/** The filter with a field's condition replaced, or removed when it is null. */
export const withCondition = (filter: Filter, field: string, condition: Condition | null): Filter => {
  const place = filter.findIndex((one) => one.field === field);
  if (condition === null) return filter.filter((_, i) => i !== place);
  return place < 0 ? [...filter, condition] : filter.with(place, condition);
};

/** The filter with one value of a field added to, or taken from, those that are asked for. */
export function withValueToggled(filter: Filter, field: string, value: string | null): Filter {
  const before = filter.find((one) => one.field === field);
  const values = before?.kind === "values" ? before.values : [];
  const changed = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  const not = before?.kind === "values" && before.not === true;
  return withCondition(
    filter,
    field,
    changed.length === 0 ? null : { field, kind: "values", values: changed, ...(not && { not }) },
  );
}

/**
 * Sets `bit` in `fails` for every row that does not meet a condition.
 * @param field the condition's field; undefined when the project has none of that name: then no row meets it
 */
export function markFailing(fails: Uint32Array, bit: number, field: Field | undefined, condition: Condition): void {
  const meets = test(field, condition);
  for (let row = 0; row < fails.length; row++) if (!meets(row)) fails[row]! |= bit;
}

function test(field: Field | undefined, condition: Condition): (row: number) => boolean {
  if (condition.kind === "rows") return (row) => condition.rows.has(row);
  if (condition.kind === "range" && field?.kind === "number") {
    const { values } = field;
    const min = condition.min ?? Number.NEGATIVE_INFINITY;
    const max = condition.max ?? Number.POSITIVE_INFINITY;
    return (row) => values[row]! >= min && values[row]! <= max;
  }
  if (condition.kind === "text" && field?.kind === "text") {
    const words = wordsOf(condition.text);
    return (row) => {
      const text = (field.texts[row] ?? "").toLowerCase();
      return words.every((word) => text.includes(word));
    };
  }
  if (condition.kind === "values" && field) {
    const meets = hasValue(field, condition.values);
    return condition.not ? (row) => !meets(row) : meets;
  }
  return () => false;
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

function hasValue(field: Field, values: readonly (string | null)[]): (row: number) => boolean {
  switch (field.kind) {
    case "category":
    case "tree": {
      const asked = Uint8Array.from(field.names, (name) =>
        values.some((value) => value !== null && (field.kind === "tree" ? isWithin(name, value) : name === value))
          ? 1
          : 0,
      );
      const none = values.includes(null);
      return (row) => {
        const name = field.ofRow[row] ?? -1;
        return name < 0 ? none : asked[name] === 1;
      };
    }
    case "sets": {
      const sets = field.sets.filter((_, i) => values.includes(field.names[i]!));
      const none = values.includes(null);
      return (row) => sets.some((set) => set.has(row)) || (none && !field.sets.some((set) => set.has(row)));
    }
    default:
      return () => false;
  }
}
