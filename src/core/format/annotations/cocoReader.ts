import type { AnnotationSet, Shape, TaskType } from "../../annotations/annotationSet.ts";
import { AnnotationSetBuilder, type NewInstance } from "../../annotations/setBuilder.ts";
import { WinnowError } from "../../errors.ts";
import type { FileBytes } from "../../projectFolder/folderFiles.ts";
import { boxProblem, clipBoxes } from "./boxes.ts";
import { cocoKeypoints, cocoSegment } from "./cocoSegment.ts";
import { type CocoIndex, CocoTables } from "./cocoTables.ts";
import { fileStart } from "./fileChunks.ts";
import type { ImportContext, Imported, ImportFiles } from "./imported.ts";
import { numberOf, numbersOf, own, type StreamedValue, streamJson } from "./jsonStream.ts";
import { ImportLedger } from "./ledger.ts";
import { aboutSet } from "./setNames.ts";

/**
 * COCO: `images`, `annotations` and `categories` in any order, in one file or several; or a list of results with
 * scores, whose images and categories are those of another file among these, or, without one, whose image ids are the
 * images' names. One pass a file, one entry in memory at a time.
 */
export async function readCoco(files: ImportFiles, context: ImportContext): Promise<Imported> {
  const [first] = files.paths;
  const ledger = new ImportLedger(context, "coco", files.paths.length === 1 ? first! : files.name);
  const tables = new CocoTables(ledger);
  const instances = new CocoInstances(ledger, tables);
  const lists: [string, FileBytes][] = [];
  for (const path of files.paths.filter((one) => /\.json$/i.test(one))) {
    const file = await files.open(path);
    if (file === null) continue;
    if (await isList(file)) lists.push([path, file]);
    else await streamJson(file, path, places, (value) => instances.take(value, path), context.progress);
  }
  // With results, what the other files say is right is not among the predictions.
  if (lists.length > 0) instances.startOver();
  for (const [path, file] of lists) {
    await streamJson(
      file,
      path,
      ["$.*"],
      ({ value, key }) => instances.add(value, Number(key), path),
      context.progress,
    );
  }
  const index = tables.finish();
  const role = lists.length > 0 || instances.scored ? "predictions" : "labels";
  return ledger.close([clipBoxes(instances.finish(index, context, role), ledger)]);
}

const places = ["$.images.*", "$.annotations.*", "$.categories.*"];

async function isList(file: FileBytes): Promise<boolean> {
  const bytes = await fileStart(file, 1_024);
  return bytes.find((byte) => byte > 0x20 && byte < 0x80) === 0x5b;
}

/** Annotations as they come, by the numbers that the file gives to images and categories. */
class CocoInstances {
  scored = false;
  private builder = new AnnotationSetBuilder();
  private readonly types = new Set<TaskType>();

  constructor(
    private readonly ledger: ImportLedger,
    private readonly tables: CocoTables,
  ) {}

  startOver(): void {
    this.builder = new AnnotationSetBuilder();
    this.types.clear();
  }

  take({ value, key, section }: StreamedValue, file: string): void {
    if (section === "images") this.tables.image(value, Number(key), file);
    else if (section === "categories") this.tables.category(value, Number(key), file);
    else this.add(value, Number(key), file);
  }

  add(value: unknown, number: number, file: string): void {
    const problem = this.addOrProblem(value);
    if (problem !== "") this.ledger.bad(null, `annotation ${number + 1}: ${problem}`, file);
  }

  private addOrProblem(value: unknown): string {
    const image = this.tables.imageOf(own(value, "image_id"));
    const category = this.tables.categoryOf(own(value, "category_id"));
    const score = own(value, "score");
    if (image < 0) return "it has no image_id";
    if (category < 0) return "it has no category_id";
    const found = this.placeOf(value);
    if (typeof found === "string") return found;
    if (score !== undefined) this.scored = true;
    this.types.add(found.type);
    this.builder.add(image, {
      class: category,
      score: score === undefined ? Number.NaN : numberOf(score),
      ...(found.box && { box: found.box }),
      ...(found.shape && { shape: found.shape }),
    });
    return "";
  }

  /** Box and outline of an annotation, or why it has none that can be used. */
  private placeOf(value: unknown): string | (Pick<NewInstance, "box" | "shape"> & { type: TaskType }) {
    const bbox = own(value, "bbox");
    const given = bbox === undefined ? null : numbersOf(bbox);
    if (bbox !== undefined && !(Array.isArray(bbox) && bbox.length === 0)) {
      const problem = boxProblem(given);
      if (problem !== "") return problem;
    }
    const segment = cocoSegment(own(value, "segmentation"));
    if (typeof segment === "string") return segment;
    const points = cocoKeypoints(own(value, "keypoints"), own(value, "score") !== undefined);
    const shape: Shape | undefined = points ?? segment?.shape;
    const box = given?.length === 4 ? given : segment?.box;
    const type = points
      ? "keypoint-detection"
      : segment
        ? "instance-segmentation"
        : box
          ? "object-detection"
          : "classification";
    return { type, ...(box && { box }), ...(shape && { shape }) };
  }

  finish({ rowOf, known, classes, classOf, classIds }: CocoIndex, context: ImportContext, role: AnnotationSet["role"]) {
    for (const image of known) this.builder.know(image);
    const about = aboutSet(context, this.ledger, this.type(), role);
    const set = this.builder.finish(about, { rowOf, classOf, classes });
    return { ...set, source: { ...set.source, classIds } };
  }

  /** The richest there is: one mask among boxes makes a segmentation. */
  private type(): TaskType {
    const ranked: TaskType[] = ["keypoint-detection", "instance-segmentation", "object-detection", "classification"];
    const found = ranked.find((type) => this.types.has(type));
    if (found === undefined && this.builder.instances > 0) throw new WinnowError("internal", "instances of no type");
    return found ?? "object-detection";
  }
}
