import type { Field } from "../../core/explore/field.ts";

/** Whether a field tells any two images apart: a section in which there is nothing to choose only takes room. */
export function isWorthShowing(field: Field): boolean {
  const known = answers.get(field) ?? findOut(field);
  answers.set(field, known);
  return known;
}

/** Fields are asked about at every click and do not change. */
const answers = new WeakMap<Field, boolean>();

function findOut(field: Field): boolean {
  switch (field.kind) {
    case "text":
      return false;
    case "sets":
      return field.names.length > 0;
    case "number":
      return differs(field.values, (value) => Number.isNaN(value));
    default:
      return field.names.length > 1 || differs(field.ofRow, () => false);
  }
}

function differs(values: ArrayLike<number>, isNone: (value: number) => boolean): boolean {
  let first: number | null = null;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (isNone(value)) continue;
    if (first === null) first = value;
    else if (value !== first) return true;
  }
  return false;
}
