import type { AnnotationSet, Shape, TaskType } from "../../annotations/annotationSet.ts";
import type { MetadataField } from "../../annotations/metadataField.ts";
import { AnnotationSetBuilder, type NewInstance } from "../../annotations/setBuilder.ts";
import { WinnowError } from "../../errors.ts";
import { decodeText } from "../decodeText.ts";
import { boxAround, boxProblem, clipBoxes } from "./boxes.ts";
import { readFiftyOneLabels } from "./fiftyoneLabels.ts";
import { fileStart } from "./fileChunks.ts";
import type { ImportContext, Imported, ImportFiles } from "./imported.ts";
import { numberOf, numbersOf, own, streamJson, textOf } from "./jsonStream.ts";
import { ImportLedger } from "./ledger.ts";
import { MetadataColumn } from "./metadataColumn.ts";
import { aboutSet, setId } from "./setNames.ts";

/** More fields are damage. */
const mostFields = 500;
/** Of a sample itself, not of anything seen in it. */
const ownFields = /^(?:_.*|id|filepath|metadata|tags|created_at|last_modified_at|group)$/;

/**
 * FiftyOne's JSON export (samples.json, or a data set written as JSON; labels.json is {@link readFiftyOneLabels}'s): every field of labels becomes a set, every
 * other field a column of metadata. Coordinates there are shares of the image's size. Masks inside detections are
 * FiftyOne's own binary and are left out, their boxes stay.
 */
export async function readFiftyOne(files: ImportFiles, context: ImportContext): Promise<Imported> {
  const path =
    files.paths.find((one) => /(^|\/)samples\.json$/.test(one)) ??
    files.paths.find((one) => /\.json$/.test(one) && !/(^|\/)(metadata|frames)\.json$/.test(one));
  const file = path === undefined ? null : await files.open(path);
  if (path === undefined || file === null) {
    throw new WinnowError("empty", `“${files.name}” has no samples.json: it is no FiftyOne export.`);
  }
  const start = decodeText(await fileStart(file, 1 << 16));
  if (!start.includes('"samples"') && /"(?:labels|classes)"/.test(start)) {
    return await readFiftyOneLabels(file, path, context);
  }
  const ledger = new ImportLedger(context, "fiftyone", path);
  const samples = new Samples(ledger, context);
  await streamJson(file, path, ["$.samples.*"], ({ value, key }) => samples.take(value, Number(key)), context.progress);
  return samples.finish();
}

interface LabelField {
  builder: AnnotationSetBuilder;
  type: TaskType;
  predicted: boolean;
}

class Samples {
  private readonly fields = new Map<string, LabelField>();
  private readonly columns = new Map<string, MetadataColumn>();
  private readonly seen = new Set<number>();
  private masks = 0;

  constructor(
    private readonly ledger: ImportLedger,
    private readonly context: ImportContext,
  ) {}

  take(sample: unknown, number: number): void {
    const path = textOf(own(sample, "filepath"));
    const row = path === "" ? -1 : this.ledger.rowOf(path);
    if (path === "") this.ledger.bad(null, `sample ${number + 1}: it has no filepath`);
    if (row < 0 || typeof sample !== "object" || sample === null) return;
    if (this.seen.has(row)) this.ledger.duplicate();
    this.seen.add(row);
    for (const [name, value] of Object.entries(sample)) {
      if (ownFields.test(name) || value === null || value === undefined) continue;
      const kind = textOf(own(value, "_cls"));
      if (kind === "Regression") this.columnOf(name)?.set(row, own(value, "value"));
      else if (kind !== "") this.label(row, name, kind, value);
      else if (typeof value !== "object" || own(value, "$date") !== undefined) {
        const date = own(value, "$date");
        this.columnOf(name)?.set(row, date === undefined ? value : new Date(numberOf(date)));
      }
    }
  }

  private label(row: number, name: string, kind: string, value: unknown): void {
    const type = typeOf(kind);
    if (type === null) return;
    const field = this.fieldOf(name, type);
    if (!field) return;
    field.builder.startOver(row);
    for (const [i, one] of instancesOf(kind, value).entries()) {
      const instance = this.instanceOf(field.builder, row, one);
      if (typeof instance === "string") {
        this.ledger.bad(null, `${textOf(own(value, "_id")) || name}, ${name} ${i + 1}: ${instance}`);
        continue;
      }
      if (instance.score !== undefined) field.predicted = true;
      field.builder.add(row, instance);
    }
  }

  private instanceOf(builder: AnnotationSetBuilder, row: number, value: unknown): NewInstance | string {
    const label = textOf(own(value, "label"));
    if (label === "") return "it has no label";
    const width = this.ledger.images.width(row);
    const height = this.ledger.images.height(row);
    const confidence = own(value, "confidence");
    const score = typeof confidence === "number" ? { score: confidence } : {};
    const bounds = own(value, "bounding_box");
    const points = own(value, "points");
    if (bounds === undefined && points === undefined) return { class: builder.classOf(label), ...score };
    if (width === 0 || height === 0) return "the image's size is not known";
    if (bounds !== undefined) {
      const box = numbersOf(bounds)?.map((share, i) => share * (i % 2 === 0 ? width : height)) ?? null;
      const problem = boxProblem(box);
      if (problem !== "" || box === null) return problem;
      if (own(value, "mask") !== undefined || own(value, "mask_path") !== undefined) this.masks++;
      return { class: builder.classOf(label), box, ...score };
    }
    const shape = shapeOf(points, confidence, width, height);
    if (shape === null) return "its points are not lists of x, y";
    const box = shape.kind === "polygons" ? { box: boxAround(shape.rings) } : {};
    return { class: builder.classOf(label), shape, ...box, ...score };
  }

  private fieldOf(name: string, type: TaskType): LabelField | null {
    const known = this.fields.get(name);
    if (known) return known.type === type ? known : null;
    if (this.fields.size >= mostFields) return null;
    const made = { builder: new AnnotationSetBuilder(), type, predicted: false };
    this.fields.set(name, made);
    return made;
  }

  private columnOf(name: string): MetadataColumn | null {
    const known = this.columns.get(name);
    if (known) return known;
    if (this.columns.size >= mostFields) return null;
    const made = new MetadataColumn(name, this.context.images.paths.length);
    this.columns.set(name, made);
    return made;
  }

  finish(): Imported {
    if (this.masks > 0) this.ledger.remark(`${this.masks} masks inside detections were left out; their boxes stay.`);
    const sets = Array.from(this.fields, ([name, { builder, type, predicted }]): AnnotationSet => {
      const about = aboutSet(this.context, this.ledger, type, predicted ? "predictions" : "labels");
      return clipBoxes(builder.finish({ ...about, id: setId(name), name }), this.ledger);
    });
    const metadata = [...this.columns.values()].flatMap((column): MetadataField[] => {
      const field = column.finish();
      if (typeof field === "string") this.ledger.remark(field);
      return field === null || typeof field === "string" ? [] : [field];
    });
    return this.ledger.close(sets, metadata, metadata.length > 0 ? this.seen.size : 0);
  }
}

function typeOf(kind: string): TaskType | null {
  switch (kind) {
    case "Classification":
    case "Classifications":
      return "classification";
    case "Detection":
    case "Detections":
      return "object-detection";
    case "Polyline":
    case "Polylines":
      return "instance-segmentation";
    case "Keypoint":
    case "Keypoints":
      return "keypoint-detection";
    default:
      return null;
  }
}

/** `Detections` holds a list `detections`, and so on; a single one is a list of itself. */
function instancesOf(kind: string, value: unknown): unknown[] {
  if (!kind.endsWith("s")) return [value];
  const list = own(value, kind.toLowerCase());
  return Array.isArray(list) ? list : [];
}

/** Lists of x, y pairs (an outline), or x, y pairs (keypoints), as shares of the image's size. */
function shapeOf(points: unknown, confidence: unknown, width: number, height: number): Shape | null {
  if (!Array.isArray(points) || points.length === 0) return null;
  if (!Array.isArray(points[0]?.[0])) {
    const sure = Array.isArray(confidence) ? confidence.map(numberOf) : [];
    const each = points.map((pair: unknown) => (Array.isArray(pair) ? pair.map(numberOf) : []));
    const values = each.flatMap(([x = Number.NaN, y = Number.NaN], i) => {
      const missing = Number.isNaN(x) || Number.isNaN(y);
      return missing ? [x, x, x].map(() => Number.NaN) : [x * width, y * height, sure[i] ?? 1];
    });
    return { kind: "keypoints", points: Float32Array.from(values) };
  }
  const rings = points.map((ring: unknown) => (Array.isArray(ring) ? ring.map(numbersOf) : []));
  if (!rings.every((ring) => ring.length >= 3 && ring.every((pair) => pair?.length === 2))) return null;
  return {
    kind: "polygons",
    rings: rings.map((ring) => Float32Array.from(ring.flatMap((pair) => [pair![0]! * width, pair![1]! * height]))),
  };
}
