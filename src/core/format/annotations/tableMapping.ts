import { qualityFieldIds } from "../../quality/qualityFields.ts";

/** What a column of a table is. */
export type ColumnUse =
  | { use: "path" }
  | { use: "label" }
  /** The score of the label. */
  | { use: "score" }
  | { use: "probability"; class: string }
  | { use: BoxSide }
  | { use: "metadata"; key: string }
  | { use: "ignore" };

/** Numbers of a box, in pixels of the upright image. A row is then one instance. */
export const boxSides = ["box-left", "box-top", "box-width", "box-height", "box-right", "box-bottom"] as const;
export type BoxSide = (typeof boxSides)[number];

/** By column; exactly one is the path. A person can change it, and it is remembered by {@link mappingKey}. */
export type TableMapping = readonly ColumnUse[];

/** A table before it is imported: what is in it, and what we take it for. */
export interface TablePreview {
  columns: readonly string[];
  /** The first rows, as text. */
  rows: readonly (readonly string[])[];
  mapping: TableMapping;
}

const names = (...all: string[]): ReadonlySet<string> => new Set(all);
const pathNames = names(
  "path",
  "file",
  "file_name",
  "filename",
  "filenames",
  "filepath",
  "file_path",
  "image",
  "image_path",
  "image_name",
  "img",
  "img_path",
  "name",
);
const labelNames = names("label", "labels", "class", "class_name", "category", "target", "ground_truth", "y");
const scoreNames = names("score", "confidence", "probability", "prob");
const sideNames: Readonly<Record<BoxSide, ReadonlySet<string>>> = {
  "box-left": names("xmin", "x_min", "left", "bbox_x", "x"),
  "box-top": names("ymin", "y_min", "top", "bbox_y", "y"),
  "box-right": names("xmax", "x_max", "right"),
  "box-bottom": names("ymax", "y_max", "bottom"),
  "box-width": names("bbox_width", "bbox_w", "width", "w"),
  "box-height": names("bbox_height", "bbox_h", "height", "h"),
};
/** Columns of our own exports that are no metadata of anybody's. */
const ownColumns = names(
  "width",
  "height",
  "bytes",
  "sha256",
  "tags",
  "selected_rank",
  "id",
  "taken_at",
  "modified_at",
);

/**
 * The use of each column by its name: `path` (or `file`, `image` …), `label` (or `class` …), `score`, `p:CLASS` for
 * probabilities, beside a label `x`, `y`, `width`, `height` or `xmin` … `ymax` of a box, all else metadata. What no column is called, nothing is used for: the path must then be chosen.
 */
export function guessMapping(columns: readonly string[]): ColumnUse[] {
  const plain = columns.map((name) => name.trim().toLowerCase());
  const first = (known: ReadonlySet<string>): number => {
    for (const name of known) {
      const at = plain.indexOf(name);
      if (at >= 0) return at;
    }
    return -1;
  };
  const path = first(pathNames);
  const label = first(labelNames);
  const score = first(scoreNames);
  // What we measured is written for others; read back it would stand beside the measures themselves.
  const isOurs = plain.includes("selected_rank") && plain.includes("sha256");
  const sides = label < 0 ? new Map<number, BoxSide>() : boxColumns(first, [path, label, score]);
  return columns.map((name, i): ColumnUse => {
    if (i === path) return { use: "path" };
    if (i === label) return { use: "label" };
    if (i === score) return { use: "score" };
    const side = sides.get(i);
    if (side) return { use: side };
    const probability = /^(?:p|prob|probability):(.+)$/is.exec(name.trim())?.[1];
    if (probability !== undefined) return { use: "probability", class: probability };
    const key = name.trim();
    const measured = isOurs && qualityFieldIds.has(key);
    return key === "" || measured || ownColumns.has(plain[i]!) ? { use: "ignore" } : { use: "metadata", key };
  });
}

/** The columns of a box by their place; none where one is missing. Edges on both sides go before sizes. */
function boxColumns(
  first: (known: ReadonlySet<string>) => number,
  taken: readonly number[],
): ReadonlyMap<number, BoxSide> {
  for (const far of [["box-right", "box-bottom"] as const, ["box-width", "box-height"] as const]) {
    const sides = ["box-left", "box-top", ...far] as const;
    const places = sides.map((side) => first(sideNames[side]));
    if (places.every((at) => at >= 0 && !taken.includes(at))) {
      return new Map(sides.map((side, i) => [places[i]!, side]));
    }
  }
  return new Map();
}

/** Why a mapping cannot be used; "" when it can. */
export function mappingProblem(mapping: TableMapping): string {
  const count = (use: ColumnUse["use"]): number => mapping.filter((one) => one.use === use).length;
  if (count("path") === 0) return "No column is the path of the image. Choose the one that names the files.";
  if (count("path") > 1) return "Only one column can be the path of the image.";
  if (count("label") > 1) return "Only one column can be the label.";
  if (count("score") > 1) return "Only one column can be the score.";
  if (count("score") === 1 && count("label") === 0) return "A score needs a label that it is the score of.";
  const boxes = boxSides.map(count);
  if (boxes.some((found) => found > 1)) return "Only one column can be each side of the box.";
  const [left, top, width, height, right, bottom] = boxes as [number, number, number, number, number, number];
  if (left + top + width + height + right + bottom > 0) {
    if (left + top < 2 || width + right !== 1 || height + bottom !== 1) {
      return "A box needs its left and top side, and its width or right side and its height or bottom side.";
    }
    if (count("label") === 0) return "A box needs a label that it is the box of.";
  }
  const classes = mapping.flatMap((one) => (one.use === "probability" ? [one.class] : []));
  const twice = classes.find((name, i) => classes.indexOf(name) !== i);
  if (twice !== undefined) return `Two columns are the probability of “${twice}”.`;
  return mapping.every(({ use }) => use === "path" || use === "ignore")
    ? "No column says anything of the images. Choose one that is a label, a probability or metadata."
    : "";
}

/** Tables with the same columns are mapped alike. */
export const mappingKey = (columns: readonly string[]): string => JSON.stringify(columns);
