import type { AnnotationSet, Shape, TaskType } from "../../annotations/annotationSet.ts";
import { AnnotationSetBuilder } from "../../annotations/setBuilder.ts";
import { WinnowError } from "../../errors.ts";
import { boxProblem, clipBoxes } from "./boxes.ts";
import { filesInTurn } from "./filesInTurn.ts";
import type { ImportContext, Imported, ImportFiles } from "./imported.ts";
import { numberOf, numbersOf, own, textOf } from "./jsonStream.ts";
import { ImportLedger } from "./ledger.ts";
import { normalisedProbabilities } from "./probabilities.ts";
import { boxOfRuns, runsProblem } from "./runs.ts";
import { aboutSet } from "./setNames.ts";

const taskTypes: readonly TaskType[] = [
  "classification",
  "object-detection",
  "instance-segmentation",
  "semantic-segmentation",
  "keypoint-detection",
];

/** LightlyOne's prediction folder: a folder a task with its schema.json, in it a JSON file an image. Every task is a set. */
export async function readLightlyPredictions(files: ImportFiles, context: ImportContext): Promise<Imported> {
  const ledger = new ImportLedger(context, "lightly-predictions", files.name);
  const sets: AnnotationSet[] = [];
  const folders = files.paths.flatMap((path) => /^(.*?)(?:^|\/)schema\.json$/.exec(path)?.[1] ?? []);
  for (const folder of folders) {
    const schema = await jsonOf(files, `${folder === "" ? "" : `${folder}/`}schema.json`);
    if (own(schema, "task_type") === undefined) continue;
    sets.push(await readTask(files, folder, schema, context, ledger));
  }
  if (sets.length === 0) {
    throw new WinnowError(
      "shape",
      `“${files.name}” has no schema.json with a task_type: it is no folder of predictions.`,
    );
  }
  return ledger.close(sets);
}

async function readTask(
  files: ImportFiles,
  folder: string,
  schema: unknown,
  context: ImportContext,
  ledger: ImportLedger,
): Promise<AnnotationSet> {
  const type = taskTypes.find((one) => one === own(schema, "task_type"));
  const name = folder.slice(folder.lastIndexOf("/") + 1) || files.name;
  if (type === undefined) {
    throw new WinnowError(
      "shape",
      `Task “${name}” has the type “${textOf(own(schema, "task_type"))}”. Types are: ${taskTypes.join(", ")}.`,
    );
  }
  const categories = new Map<string, number>();
  const builder = new AnnotationSetBuilder();
  const list = own(schema, "categories");
  for (const category of Array.isArray(list) ? list : []) {
    const id = textOf(own(category, "id"));
    if (id !== "") categories.set(id, builder.classOf(textOf(own(category, "name")) || id));
  }
  const task = new LightlyTask(type, categories, builder, ledger);
  const prefix = folder === "" ? "" : `${folder}/`;
  const documents = files.paths.filter(
    (path) => path.startsWith(prefix) && /\.json$/i.test(path) && !/(^|\/)(schema|tasks)\.json$/.test(path),
  );
  await filesInTurn(files, documents, ledger, context.progress, (text, path) => task.take(text, path));
  // With several tasks a chosen name would be that of all.
  const about = aboutSet(context, ledger, type, "predictions", name);
  return clipBoxes(builder.finish(about), ledger);
}

class LightlyTask {
  constructor(
    private readonly type: TaskType,
    private readonly categories: ReadonlyMap<string, number>,
    private readonly builder: AnnotationSetBuilder,
    private readonly ledger: ImportLedger,
  ) {}

  take(text: string, path: string): void {
    const { ledger, builder } = this;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      ledger.bad(null, "it is no JSON", path);
      return;
    }
    const name = textOf(own(value, "file_name"));
    const predictions = own(value, "predictions");
    if (name === "" || !Array.isArray(predictions)) {
      ledger.bad(null, "it has no file_name or no predictions", path);
      return;
    }
    const row = ledger.rowOf(name);
    if (row < 0) return;
    if (builder.has(row)) ledger.duplicate();
    builder.startOver(row);
    for (const [i, one] of predictions.entries()) {
      const problem = this.add(row, one);
      if (problem !== "") ledger.bad(null, `prediction ${i + 1}: ${problem}`, path);
    }
  }

  /** @returns why it is left out, or "" */
  private add(row: number, value: unknown): string {
    const category = this.categories.get(textOf(own(value, "category_id")));
    if (category === undefined)
      return `there is no category ${textOf(own(value, "category_id")) || "at all"} in schema.json`;
    const box = own(value, "bbox") === undefined ? undefined : numbersOf(own(value, "bbox"));
    const boxed = this.type !== "classification" && this.type !== "semantic-segmentation";
    const problem = box === undefined ? "" : boxProblem(box);
    if (boxed && problem !== "") return problem;
    const shape = this.shapeOf(row, value);
    if (typeof shape === "string") return shape;
    const list = own(value, "probabilities");
    const probabilities =
      list === undefined || list === null
        ? null
        : normalisedProbabilities((Array.isArray(list) ? list : []).map(numberOf));
    if (typeof probabilities === "string") return probabilities;
    if (probabilities && probabilities.length !== this.categories.size) {
      return `it has ${probabilities.length} probabilities for ${this.categories.size} categories`;
    }
    const around = boxed ? (box ?? (shape?.kind === "runs" ? boxOfRuns(shape) : null)) : null;
    this.builder.add(row, {
      class: category,
      score: numberOf(own(value, "score")),
      ...(around && { box: around }),
      ...(probabilities && { probabilities }),
      ...(shape && { shape }),
    });
    return "";
  }

  private shapeOf(row: number, value: unknown): Shape | string | null {
    const keypoints = own(value, "keypoints");
    if (keypoints !== undefined) {
      const numbers = numbersOf(keypoints);
      if (numbers === null || numbers.length % 3 !== 0) return "its keypoints are not x, y, score in turn";
      return { kind: "keypoints", points: Float32Array.from(numbers) };
    }
    const segmentation = own(value, "segmentation");
    if (segmentation === undefined) return null;
    const counts = numbersOf(segmentation);
    if (counts === null) return "its segmentation is not a list of lengths";
    const width = this.ledger.images.width(row);
    const height = this.ledger.images.height(row);
    const problem = runsProblem(counts, width, height);
    return problem === "" ? { kind: "runs", width, height, counts: Uint32Array.from(counts) } : problem;
  }
}

/** A small JSON file; undefined where it is missing or none. */
export async function jsonOf(files: ImportFiles, path: string): Promise<unknown> {
  const file = await files.open(path);
  if (file === null || file.size > 64 << 20) return undefined;
  try {
    return JSON.parse(await file.text());
  } catch {
    return undefined;
  }
}
