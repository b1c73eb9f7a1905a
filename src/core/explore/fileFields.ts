import type { ImageTable } from "../imageTable.ts";
import { qualityFields } from "../quality/qualityFields.ts";
import type { RowSet } from "../rowSet.ts";
import type { CategoryField, Field, NumberField, SetsField, TextField, TreeField } from "./field.ts";

/** What is known of every image from its file: path, folder, sizes, dates, what its pixels measure. */
export function fileFields(images: ImageTable): Field[] {
  const rows = images.length;
  const numbers = (value: (row: number) => number): Float64Array => {
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) values[row] = value(row);
    return values;
  };
  const number = (
    id: string,
    title: string,
    unit: NumberField["unit"],
    value: (row: number) => number,
  ): NumberField => ({
    id,
    title,
    kind: "number",
    unit,
    values: numbers(value),
  });
  return [
    { id: "path", title: "Path", kind: "text", texts: images.paths, order: images.pathOrder } satisfies TextField,
    folderField(images),
    formatField(images),
    number("date", "Date", "date", (row) => images.date(row)),
    number("bytes", "File size", "bytes", (row) => images.bytes(row)),
    number("width", "Width", "pixels", (row) => images.width(row)),
    number("height", "Height", "pixels", (row) => images.height(row)),
    number("megapixels", "Megapixels", "megapixels", (row) => (images.width(row) * images.height(row)) / 1e6),
    number("aspect", "Aspect ratio", "ratio", (row) => images.width(row) / images.height(row)),
    ...qualityFields(images),
  ];
}

/** @param tags rows by name */
export const tagField = (tags: ReadonlyMap<string, RowSet>): SetsField => {
  const names = [...tags.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return { id: "tag", title: "Tags", kind: "sets", names, sets: names.map((name) => tags.get(name)!) };
};

function folderField(images: ImageTable): TreeField {
  let folder = "";
  const folderOf = (path: string): string => {
    const end = Math.max(0, path.lastIndexOf("/"));
    // Images of a folder come together: the same text again is quicker to compare than a new one to make.
    if (end !== folder.length || !path.startsWith(folder)) folder = path.slice(0, end);
    return folder;
  };
  return { id: "folder", title: "Folders", kind: "tree", ...categories(images, folderOf) };
}

/** By content where an image was measured, otherwise by the name's ending; JPEG is “jpg” either way. */
function formatField(images: ImageTable): CategoryField {
  const extension = (path: string, row: number): string => {
    const found = images.measures.formatOf(row);
    if (found) return found === "jpeg" ? "jpg" : found;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const dot = name.lastIndexOf(".");
    const ending = dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
    return ending === "jpeg" ? "jpg" : ending || "no ending";
  };
  return { id: "format", title: "File type", kind: "category", ...categories(images, extension) };
}

function categories(
  images: ImageTable,
  nameOf: (path: string, row: number) => string,
): { names: string[]; ofRow: Int32Array } {
  const ids = new Map<string, number>();
  const ofRow = new Int32Array(images.length);
  let before: string | undefined;
  let id = 0;
  for (let row = 0; row < ofRow.length; row++) {
    const name = nameOf(images.path(row), row);
    if (name !== before) {
      before = name;
      id = ids.get(name) ?? ids.size;
      ids.set(name, id);
    }
    ofRow[row] = id;
  }
  return { names: [...ids.keys()], ofRow };
}
