import type { AnnotationSet } from "../../annotations/annotationSet.ts";
import { AnnotationSetBuilder, type NewInstance } from "../../annotations/setBuilder.ts";
import type { FileBytes } from "../../projectFolder/folderFiles.ts";
import { boxProblem, clipBoxes } from "./boxes.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { numbersOf, own, streamJson, textOf } from "./jsonStream.ts";
import { ImportLedger } from "./ledger.ts";
import { aboutSet } from "./setNames.ts";

/**
 * FiftyOne's image classification and detection data sets: a `labels.json` whose `labels` name images without ending;
 * each has a class (its name, its number in `classes`, or an object with `label` and `confidence`), or a list of objects
 * with `label` and `bounding_box` in shares of the image's size.
 */
export async function readFiftyOneLabels(file: FileBytes, path: string, context: ImportContext): Promise<Imported> {
  const ledger = new ImportLedger(context, "fiftyone", path);
  const classes: string[] = [];
  await streamJson(file, path, ["$.classes.*"], ({ value }) => classes.push(textOf(value)));
  const labels = new ImageLabels(classes, ledger);
  await streamJson(file, path, ["$.labels.*"], ({ value, key }) => labels.take(String(key), value), context.progress);
  return ledger.close([clipBoxes(labels.finish(context), ledger)]);
}

class ImageLabels {
  private readonly builder: AnnotationSetBuilder;
  private boxed = false;
  private scored = false;

  constructor(
    private readonly classes: readonly string[],
    private readonly ledger: ImportLedger,
  ) {
    this.builder = new AnnotationSetBuilder(classes);
  }

  take(image: string, value: unknown): void {
    const row = this.ledger.rowOfFirst([image], [image]);
    if (row < 0) return;
    if (this.builder.has(row)) this.ledger.duplicate();
    this.builder.startOver(row);
    for (const one of Array.isArray(value) ? value : value === null ? [] : [value]) {
      const instance = this.instanceOf(row, one);
      if (typeof instance === "string") this.ledger.bad(null, `${image}: ${instance}`);
      else this.builder.add(row, instance);
    }
  }

  private instanceOf(row: number, value: unknown): NewInstance | string {
    const label = typeof value === "object" ? own(value, "label") : value;
    const name = typeof label === "number" ? this.classes[label] : textOf(label);
    if (!name) return typeof label === "number" ? `there is no class ${label}` : "it has no label";
    const confidence = own(value, "confidence");
    if (typeof confidence === "number") this.scored = true;
    const instance = {
      class: this.builder.classOf(name),
      ...(typeof confidence === "number" && { score: confidence }),
    };
    const bounds = own(value, "bounding_box");
    if (bounds === undefined) return instance;
    const [width, height] = [this.ledger.images.width(row), this.ledger.images.height(row)];
    const box = numbersOf(bounds)?.map((share, i) => share * (i % 2 === 0 ? width : height)) ?? null;
    const problem = width === 0 ? "the image's size is not known" : boxProblem(box);
    if (problem !== "" || box === null) return problem;
    this.boxed = true;
    return { ...instance, box };
  }

  finish(context: ImportContext): AnnotationSet {
    const type = this.boxed ? "object-detection" : "classification";
    return this.builder.finish(aboutSet(context, this.ledger, type, this.scored ? "predictions" : "labels"));
  }
}
