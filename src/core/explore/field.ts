import type { RowSet } from "../rowSet.ts";

/** What a number counts: decides how it is written. Dates are milliseconds since 1970. */
export type FieldUnit = "pixels" | "megapixels" | "bytes" | "date" | "ratio" | "score" | "count";

interface FieldBase {
  /** Short and stable: it stands in the page's address. */
  id: string;
  /** For people. */
  title: string;
  /** A sentence for people who do not know the term. */
  hint?: string;
}

/** One of a few names a row. */
export interface CategoryField extends FieldBase {
  kind: "category";
  names: readonly string[];
  /** Index into `names` by row; −1, or past the end: no value. */
  ofRow: Int32Array;
}

/** Folders: as a category, but a name stands for itself and for everything below it (“a” for “a/b”). */
export interface TreeField extends FieldBase {
  kind: "tree";
  names: readonly string[];
  ofRow: Int32Array;
}

/** Any number of names a row: tags, selections. */
export interface SetsField extends FieldBase {
  kind: "sets";
  names: readonly string[];
  sets: readonly RowSet[];
}

export interface NumberField extends FieldBase {
  kind: "number";
  /** By row; NaN, or past the end: no value. */
  values: Float64Array | Float32Array;
  unit: FieldUnit;
}

export interface TextField extends FieldBase {
  kind: "text";
  texts: readonly string[];
  /** Of the first texts the order that `plainOrder` gives, where it is known: a million are not sorted again. */
  order?: Uint32Array;
}

/** One thing that is known of every image: what filters, sorting, grouping, colours and columns are made of. */
export type Field = CategoryField | TreeField | SetsField | NumberField | TextField;

/** What stands for images that lie directly in a folder, not in folders below it: no path ends like this. */
export const directlyIn = (folder: string): string => `${folder}/`;

/** Whether a folder is another one or lies below it; or, with {@link directlyIn}, is that one itself. "" is above all. */
export const isWithin = (folder: string, above: string): boolean =>
  above.endsWith("/")
    ? directlyIn(folder) === above
    : above === "" || folder === above || folder.startsWith(directlyIn(above));
