import { parse } from "yaml";
import type { TaskType } from "../../annotations/annotationSet.ts";
import { AnnotationSetBuilder, type NewInstance } from "../../annotations/setBuilder.ts";
import { WinnowError } from "../../errors.ts";
import { boxAround, boxProblem, clipBoxes } from "./boxes.ts";
import { filesInTurn } from "./filesInTurn.ts";
import type { ImportContext, Imported, ImportFiles } from "./imported.ts";
import { numberOf, own, textOf } from "./jsonStream.ts";
import { ImportLedger } from "./ledger.ts";
import { endingsOf } from "./pathMatcher.ts";
import { aboutSet, stemOf } from "./setNames.ts";

/** Lists of images, of classes and the like that lie beside the labels. */
const noLabels = /(^|\/)(classes|names|obj|labels|readme[^/]*|train|val|valid|test|trainval|predefined_classes)\.txt$/i;

/** 10,000 classes take less than 1 MB. */
const largestYaml = 5_000_000;

/**
 * A YOLO folder: a text file an image, a line an object: class, then centre and size of its box, or the points of its
 * outline, or a box and keypoints (where data.yaml has a `kpt_shape`), all as shares of the image's size; a last number
 * more is the confidence. Class names come from data.yaml or classes.txt.
 */
export async function readYolo(files: ImportFiles, context: ImportContext): Promise<Imported> {
  const ledger = new ImportLedger(context, "yolo", files.name);
  const about = await datasetOf(files);
  if (about.classes.length === 0)
    ledger.remark("There is no data.yaml or classes.txt: classes are called by their numbers.");
  const lines = new YoloLines(about, ledger);
  const labels = files.paths.filter((path) => /\.txt$/i.test(path) && !noLabels.test(path));
  await filesInTurn(files, labels, ledger, context.progress, (text, path) => lines.take(text, path));
  const set = lines.builder.finish(
    aboutSet(context, ledger, lines.type, lines.scored ? "predictions" : "labels", stemOf(files.name)),
  );
  return ledger.close([clipBoxes(set, ledger)]);
}

interface Dataset {
  /** By number. */
  classes: string[];
  /** Points and numbers a point; null: no poses. */
  keypoints: [number, number] | null;
}

async function datasetOf(files: ImportFiles): Promise<Dataset> {
  const yaml =
    files.paths.find((path) => /(^|\/)data(set)?\.ya?ml$/i.test(path)) ??
    files.paths.find((path) => /\.ya?ml$/i.test(path));
  const file = yaml === undefined ? null : await files.open(yaml);
  if (yaml !== undefined && file) {
    if (file.size > largestYaml) {
      throw new WinnowError("shape", `“${yaml}” has ${file.size} bytes: it is no data.yaml.`, { file: yaml });
    }
    let value: unknown;
    try {
      // No aliases: a few of them can stand for gigabytes.
      value = parse(await file.text(), { maxAliasCount: 0 });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.split("\n")[0]! : "";
      throw new WinnowError("shape", `“${yaml}” is no YAML: ${reason.slice(0, 200)}`, { file: yaml }, { cause });
    }
    const shape = own(value, "kpt_shape");
    const [points, numbers] = Array.isArray(shape) ? shape.map(numberOf) : [];
    const posed = points !== undefined && points > 0 && (numbers === 2 || numbers === 3);
    return { classes: classNames(own(value, "names")), keypoints: posed ? [points, numbers] : null };
  }
  const list = files.paths.find((path) => /(^|\/)(classes|obj)\.(txt|names)$/i.test(path));
  const names = list === undefined ? null : await files.open(list);
  const classes = names ? (await names.text()).split(/\r?\n/).map((name) => name.trim()) : [];
  while (classes.at(-1) === "") classes.pop();
  return { classes, keypoints: null };
}

/** A list, or a map from number to name. */
function classNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(textOf);
  if (typeof value !== "object" || value === null) return [];
  const names: string[] = [];
  for (const [key, name] of Object.entries(value)) {
    const at = Number(key);
    if (Number.isInteger(at) && at >= 0 && at < 100_000) names[at] = textOf(name);
  }
  return Array.from(names, (name, i) => name || String(i));
}

class YoloLines {
  readonly builder: AnnotationSetBuilder;
  type: TaskType = "object-detection";
  scored = false;
  private readonly seen = new Set<number>();

  constructor(
    private readonly about: Dataset,
    private readonly ledger: ImportLedger,
  ) {
    this.builder = new AnnotationSetBuilder();
    for (const [i, name] of about.classes.entries()) this.builder.classOf(name || String(i));
  }

  take(text: string, path: string): void {
    // The images of labels/train/a.txt are images/train/a.jpg.
    const row = this.ledger.rowOfFirst([], [path.replace(/(^|\/)labels\//i, "$1images/"), ...endingsOf(path)]);
    if (row < 0) return;
    if (this.seen.has(row)) this.ledger.duplicate();
    this.seen.add(row);
    this.builder.startOver(row);
    const width = this.ledger.images.width(row);
    const height = this.ledger.images.height(row);
    if (width === 0 || height === 0) {
      this.ledger.bad(null, "the image's size is not known", path);
      return;
    }
    for (const [i, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() === "") continue;
      const instance = this.instanceOf(line.trim().split(/\s+/).map(Number), width, height);
      if (typeof instance === "string") this.ledger.bad(i + 1, instance, path);
      else this.builder.add(row, instance);
    }
  }

  private instanceOf(numbers: number[], width: number, height: number): NewInstance | string {
    const [id = Number.NaN, ...values] = numbers;
    if (values.some((value) => !Number.isFinite(value)) || !Number.isInteger(id) || id < 0)
      return "it is not a class and numbers";
    const { classes } = this.about;
    if (classes.length > 0 && id >= classes.length) return `there is no class ${id} among ${classes.length}`;
    const instance = { class: this.builder.classOf(classes[id] || String(id)) };
    const expected = this.about.keypoints ? 4 + this.about.keypoints[0] * this.about.keypoints[1] : 4;
    if (values.length === expected || values.length === expected + 1) {
      const score = values[expected];
      if (score !== undefined) this.scored = true;
      const box = pixelBox(values, width, height);
      const problem = boxProblem(box);
      if (problem !== "") return problem;
      return {
        ...instance,
        box,
        ...(score !== undefined && { score }),
        ...this.pose(values.slice(4, expected), width, height),
      };
    }
    if (values.length < 6) return `it has ${values.length} numbers after the class`;
    const score = values.length % 2 === 1 ? values.pop() : undefined;
    if (score !== undefined) this.scored = true;
    this.type = "instance-segmentation";
    const ring = Float32Array.from(values, (value, i) => value * (i % 2 === 0 ? width : height));
    const shape = { kind: "polygons" as const, rings: [ring] };
    return { ...instance, box: boxAround([ring]), shape, ...(score !== undefined && { score }) };
  }

  /** Points x, y and, with three numbers a point, v: 0 (not labelled), 1 (hidden), 2 (visible), or a confidence. */
  private pose(values: number[], width: number, height: number): Pick<NewInstance, "shape"> {
    if (this.about.keypoints === null) return {};
    this.type = "keypoint-detection";
    const [count, each] = this.about.keypoints;
    const points = new Float32Array(3 * count);
    const graded =
      each === 3 && values.every((v, i) => i % 3 !== 2 || v <= 1) && values.some((v, i) => i % 3 === 2 && v % 1 !== 0);
    for (let i = 0; i < count; i++) {
      const v = each === 3 ? values[i * each + 2]! : 2;
      if (v <= 0) points.fill(Number.NaN, 3 * i, 3 * i + 3);
      else
        points.set([values[i * each]! * width, values[i * each + 1]! * height, graded ? v : Math.min(1, v / 2)], 3 * i);
    }
    return { shape: { kind: "keypoints", points } };
  }
}

const pixelBox = ([x = 0, y = 0, w = 0, h = 0]: number[], width: number, height: number): number[] => [
  (x - w / 2) * width,
  (y - h / 2) * height,
  w * width,
  h * height,
];
