import * as v from "valibot";
import type { AnnotationSet, Shape } from "../annotations/annotationSet.ts";
import type { Correction, HeldSet } from "../annotations/heldSet.ts";
import { AnnotationSetBuilder, type NewInstance } from "../annotations/setBuilder.ts";
import { runsProblem } from "../format/annotations/runs.ts";
import type { FileBytes } from "./folderFiles.ts";
import { type ColumnToWrite, damagedTable, openParquetRows, parquetRows } from "./parquetRows.ts";

const words = v.pipe(v.string(), v.maxLength(1_000));

const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const place = v.pipe(v.number(), v.integer(), v.minValue(0));
const classPlace = v.pipe(v.number(), v.integer(), v.minValue(-1));

const headerSchema = v.object({
  format: v.literal("winnow-annotations"),
  version: v.literal(1),
  id: v.pipe(words, v.nonEmpty()),
  name: words,
  role: v.picklist(["labels", "predictions"]),
  type: v.picklist([
    "classification",
    "object-detection",
    "instance-segmentation",
    "semantic-segmentation",
    "keypoint-detection",
  ]),
  classes: v.pipe(v.array(words), v.maxLength(100_000)),
  source: v.object({
    format: words,
    file: words,
    at: time,
    class_ids: v.optional(v.array(v.number())),
    model: v.exactOptional(words),
    threshold: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  }),
  /** What a person changed, oldest first: rows, and by row the class before and after, −1 for none. */
  corrections: v.optional(
    v.array(
      v.object({ rows: v.array(place), before: v.array(classPlace), after: v.array(classPlace), by: words, at: time }),
    ),
  ),
  /** Boxes that a person found right, oldest first. */
  kept_boxes: v.optional(
    v.array(
      v.object({
        row: place,
        name: words,
        box: v.tuple([v.number(), v.number(), v.number(), v.number()]),
        missing: v.boolean(),
      }),
    ),
  ),
});

/** A set as a folder holds it. */
export type StoredSet = AnnotationSet & Partial<Pick<HeldSet, "corrections" | "keptBoxes">>;

const columns = [
  "row",
  "class",
  "score",
  "x",
  "y",
  "width",
  "height",
  "probabilities",
  "shape",
  "shape_values",
] as const;

/**
 * A set of annotations as a table: a row an instance in the order of the images, or one without a class for an image
 * in which nothing is. What the set is stands in the header.
 */
export function annotationsParquet(set: StoredSet, createdBy: string): Generator<Uint8Array> {
  const { rows, instances } = entriesOf(set);
  const has = (at: number): number | null => (instances[at]! < 0 ? null : instances[at]!);
  const number = (name: string, value: (at: number) => number | undefined): ColumnToWrite => ({
    name,
    type: "float",
    value: (row) => {
      const at = has(row);
      const found = at === null ? Number.NaN : (value(at) ?? Number.NaN);
      return Number.isNaN(found) ? null : found;
    },
  });
  const of = (name: string, type: ColumnToWrite["type"], value: (at: number) => unknown): ColumnToWrite => ({
    name,
    type,
    value: (row) => {
      const at = has(row);
      return at === null ? null : value(at);
    },
  });
  const width = set.classes.length;
  const table: ColumnToWrite[] = [
    { name: "row", type: "integer", value: (row) => rows[row] },
    of("class", "text", (at) => set.classes[set.classOf[at]!]),
    number("score", (at) => set.scores?.[at]),
    number("x", (at) => set.boxes?.[4 * at]),
    number("y", (at) => set.boxes?.[4 * at + 1]),
    number("width", (at) => set.boxes?.[4 * at + 2]),
    number("height", (at) => set.boxes?.[4 * at + 3]),
    of("probabilities", "floats", (at) =>
      set.probabilities && !Number.isNaN(set.probabilities[at * width])
        ? Array.from(set.probabilities.subarray(at * width, (at + 1) * width))
        : null,
    ),
    of("shape", "text", (at) => set.shapes?.[at]?.kind ?? null),
    of("shape_values", "doubles", (at) => {
      const shape = set.shapes?.[at];
      return shape ? valuesOf(shape) : null;
    }),
  ];
  return parquetRows(table, rows.length, headerOf(set), createdBy);
}

type Header = v.InferOutput<typeof headerSchema>;

const headerOf = (set: StoredSet): Header => ({
  format: "winnow-annotations",
  version: 1,
  id: set.id,
  name: set.name,
  role: set.role,
  type: set.type,
  classes: [...set.classes],
  source: sourceOf(set.source),
  ...(set.corrections &&
    set.corrections.length > 0 && {
      corrections: set.corrections.map(({ rows, before, after, by, at }) => ({
        rows: [...rows],
        before: [...before],
        after: [...after],
        by,
        at,
      })),
    }),
  ...(set.keptBoxes &&
    set.keptBoxes.length > 0 && {
      kept_boxes: set.keptBoxes.map(({ row, box: { name, box }, missing }) => ({
        row,
        name,
        box: [box[0], box[1], box[2], box[3]] as [number, number, number, number],
        missing,
      })),
    }),
});

const sourceOf = ({ format, file, at, classIds, model, threshold }: StoredSet["source"]): Header["source"] => ({
  format,
  file,
  at,
  ...(classIds && { class_ids: [...classIds] }),
  ...(model !== undefined && { model }),
  ...(threshold !== undefined && { threshold }),
});

/** By row of the table: the image, and the instance or −1. */
function entriesOf({ known, first }: AnnotationSet): { rows: number[]; instances: number[] } {
  const rows: number[] = [];
  const instances: number[] = [];
  for (let row = 0; row < known.length; row++) {
    if (!known[row]) continue;
    if (first[row] === first[row + 1]) {
      rows.push(row);
      instances.push(-1);
    }
    for (let at = first[row]!; at < first[row + 1]!; at++) {
      rows.push(row);
      instances.push(at);
    }
  }
  return { rows, instances };
}

/** Rings with a NaN between them; width, height and lengths; x, y, confidence in turn. */
function valuesOf(shape: Shape): number[] {
  if (shape.kind === "keypoints") return Array.from(shape.points);
  if (shape.kind === "runs") return [shape.width, shape.height, ...shape.counts];
  return shape.rings.flatMap((ring, i) => (i === 0 ? [...ring] : [Number.NaN, ...ring]));
}

/**
 * Reads what {@link annotationsParquet} wrote.
 * @param images of the project
 * @throws WinnowError `shape` that names the file
 */
export async function readAnnotationsParquet(file: FileBytes, name: string, images: number): Promise<StoredSet> {
  const table = await openParquetRows(file, name);
  const parsed = v.safeParse(headerSchema, table.header);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw damagedTable(name, `${v.getDotPath(issue) ?? "its header"} to be ${issue.expected}`);
  }
  const { id, name: title, role, type, classes, source } = parsed.output;
  const builder = new AnnotationSetBuilder(classes);
  if (builder.classNames.length !== classes.length) throw damagedTable(name, "classes of different names");
  const places = new Map(classes.map((one, i) => [one, i]));
  let line = 0;
  for await (const part of table.read(columns)) {
    for (const cells of part) {
      line++;
      const row = Number(cells[0] ?? -1);
      if (!Number.isInteger(row) || row < 0 || row >= images) {
        throw damagedTable(name, `an image of ${images} in line ${line}, found ${row}`);
      }
      if (cells[1] === null || cells[1] === undefined) builder.know(row);
      else builder.add(row, instanceOf(cells, places, name, line));
    }
  }
  const { class_ids: classIds, ...from } = source;
  const set = builder.finish({ id, name: title, role, type, source: { ...from, ...(classIds && { classIds }) } });
  const corrections = parsed.output.corrections?.map((one) => correctionOf(one, images, classes.length, name));
  const keptBoxes = parsed.output.kept_boxes?.map(({ row, name: of, box, missing }) => {
    if (row >= images) throw damagedTable(name, `kept boxes of its ${images} images`);
    return { row, box: { name: of, box }, missing };
  });
  return { ...set, ...(corrections && { corrections }), ...(keptBoxes && { keptBoxes }) };
}

function correctionOf(
  { rows, before, after, by, at }: NonNullable<Header["corrections"]>[number],
  images: number,
  classes: number,
  name: string,
): Correction {
  const whole = rows.length === before.length && rows.length === after.length;
  if (!whole || rows.some((row) => row >= images) || [...before, ...after].some((id) => id >= classes)) {
    throw damagedTable(name, "corrections of its images and classes");
  }
  return { rows: Uint32Array.from(rows), before: Int32Array.from(before), after: Int32Array.from(after), by, at };
}

function instanceOf(cells: unknown[], places: ReadonlyMap<string, number>, name: string, line: number): NewInstance {
  const [, className, score, x, y, width, height, probabilities, kind, values] = cells;
  const id = places.get(String(className));
  if (id === undefined) throw damagedTable(name, `a class of its header in line ${line}`);
  const box = [x, y, width, height].map((value) => (typeof value === "number" ? value : Number.NaN));
  const list = numbers(probabilities);
  if (list !== null && list.length !== places.size)
    throw damagedTable(name, `${places.size} probabilities in line ${line}`);
  const shape = typeof kind === "string" ? shapeOf(kind, numbers(values)) : null;
  if (typeof kind === "string" && shape === null) throw damagedTable(name, `a shape in line ${line}`);
  return {
    class: id,
    score: typeof score === "number" ? score : Number.NaN,
    ...(!box.some(Number.isNaN) && { box }),
    ...(list && { probabilities: list }),
    ...(shape && { shape }),
  };
}

const numbers = (value: unknown): number[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === "number") ? value : null;

function shapeOf(kind: string, values: number[] | null): Shape | null {
  if (values === null) return null;
  if (kind === "keypoints") return values.length % 3 === 0 ? { kind, points: Float32Array.from(values) } : null;
  if (kind === "runs") {
    const [width = 0, height = 0, ...counts] = values;
    return runsProblem(counts, width, height) === "" ? { kind, width, height, counts: Uint32Array.from(counts) } : null;
  }
  if (kind !== "polygons") return null;
  const rings: number[][] = [[]];
  for (const value of values) {
    if (Number.isNaN(value)) rings.push([]);
    else rings.at(-1)!.push(value);
  }
  return { kind, rings: rings.map((ring) => Float32Array.from(ring)) };
}
