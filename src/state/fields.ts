import type { CategoryField, Field, NumberField, SetsField, TextField, TreeField } from "../core/explore/field.ts";
import type { Insights } from "../core/explore/insights.ts";
import type { ImageTable } from "../core/imageTable.ts";
import type { SelectionRecord } from "../core/records.ts";
import type { RowSet } from "../core/rowSet.ts";
import type { Search } from "./state.ts";

/** What is known of every image from its file: path, folder, sizes, dates. */
export function fileFields(images: ImageTable): Field[] {
  const rows = images.length;
  const numbers = (value: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => value(i));
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
    { id: "path", title: "Path", kind: "text", texts: images.paths } satisfies TextField,
    folderField(images),
    formatField(images),
    number("date", "Date", "date", (row) => images.date(row)),
    number("bytes", "File size", "bytes", (row) => images.bytes(row)),
    number("width", "Width", "pixels", (row) => images.width(row)),
    number("height", "Height", "pixels", (row) => images.height(row)),
    number("megapixels", "Megapixels", "megapixels", (row) => (images.width(row) * images.height(row)) / 1e6),
    number("aspect", "Aspect ratio", "ratio", (row) => images.width(row) / images.height(row)),
  ];
}

/** What was found out of the images themselves. */
export function insightFields({ rows, clusters, duplicates, typicality, outlier, predicted }: Insights): Field[] {
  const group = (i: number): string => `group ${i + 1}`;
  const score = (id: string, title: string, values: Float32Array, hint: string): NumberField => ({
    id,
    title,
    kind: "number",
    unit: "score",
    values,
    hint,
  });
  return [
    {
      id: "cluster",
      title: "Clusters",
      kind: "category",
      names: clusters.names,
      ofRow: clusters.ofRow,
      hint: "Groups of images whose neighbours are in the group too. Their names are what the bundled model sees most in them and least elsewhere.",
    },
    ...(predicted ? predictionFields(predicted, rows) : []),
    {
      id: "duplicates",
      title: "Near duplicates",
      kind: "category",
      names: Array.from({ length: duplicates.groups }, (_, i) => group(i)),
      ofRow: duplicates.ofRow,
      hint: "Images so alike that one of each group is probably enough.",
    },
    score(
      "typicality",
      "Typicality",
      typicality,
      "High in the middle of a crowd of similar images, low for a rare one.",
    ),
    score(
      "outlier",
      "Outlier score",
      outlier,
      "Low for an image that is far from all others, e.g. one that is there by mistake.",
    ),
  ];
}

/** Only classes that occur have a name. */
function predictionFields({ names, classOf, confidence }: NonNullable<Insights["predicted"]>, rows: number): Field[] {
  const occurring = [...new Set(classOf)].sort((a, b) => a - b);
  const place = new Map(occurring.map((c, i) => [c, i]));
  return [
    {
      id: "prediction",
      title: "Predicted class",
      kind: "category",
      names: occurring.map((c) => names[c]!),
      ofRow: Int32Array.from({ length: rows }, (_, row) => place.get(classOf[row]!)!),
      hint: "What the bundled model takes the image for among the 1,000 classes of ImageNet. It often guesses: see its confidence.",
    },
    {
      id: "confidence",
      title: "Confidence",
      kind: "number",
      unit: "score",
      values: confidence,
      hint: "The probability that the bundled model gives to its predicted class.",
    },
  ];
}

/** The ranking of a search. */
export const similarityField = ({ kind, title, values }: Search): NumberField => ({
  id: "similarity",
  title: kind === "words" ? `Looks like “${title}”` : "Similarity",
  kind: "number",
  unit: "score",
  values,
  hint:
    kind === "words"
      ? "The probability that the bundled model gives to the classes of this word."
      : "The cosine of the angle between an image's embedding and that of the examples: 1 for the same image.",
});

/** @param tags rows by name */
export const tagField = (tags: ReadonlyMap<string, RowSet>): SetsField => {
  const names = [...tags.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return { id: "tag", title: "Tags", kind: "sets", names, sets: names.map((name) => tags.get(name)!) };
};

/** Membership in each selection, oldest first; of equal names the later ones are numbered. */
export function selectionField(
  selections: readonly SelectionRecord[],
  setOf: (rows: Uint32Array) => RowSet,
): SetsField {
  const seen = new Map<string, number>();
  const names = selections.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
  return { id: "selection", title: "Selections", kind: "sets", names, sets: selections.map(({ rows }) => setOf(rows)) };
}

function folderField(images: ImageTable): TreeField {
  return {
    id: "folder",
    title: "Folders",
    kind: "tree",
    ...categories(images, (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")))),
  };
}

function formatField(images: ImageTable): CategoryField {
  const extension = (path: string): string => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const dot = name.lastIndexOf(".");
    const ending = dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
    return ending === "jpeg" ? "jpg" : ending || "no ending";
  };
  return { id: "format", title: "File type", kind: "category", ...categories(images, extension) };
}

function categories(images: ImageTable, nameOf: (path: string) => string): { names: string[]; ofRow: Int32Array } {
  const ids = new Map<string, number>();
  const ofRow = Int32Array.from(images.paths, (path) => {
    const name = nameOf(path);
    let id = ids.get(name);
    if (id === undefined) {
      id = ids.size;
      ids.set(name, id);
    }
    return id;
  });
  return { names: [...ids.keys()], ofRow };
}
