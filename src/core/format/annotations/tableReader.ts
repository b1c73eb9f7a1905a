import type { AnnotationSet } from "../../annotations/annotationSet.ts";
import type { MetadataField } from "../../annotations/metadataField.ts";
import { AnnotationSetBuilder } from "../../annotations/setBuilder.ts";
import { WinnowError } from "../../errors.ts";
import { boxProblem, clipBoxes } from "./boxes.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { numberOf, textOf } from "./jsonStream.ts";
import type { ImportLedger } from "./ledger.ts";
import { MetadataColumn } from "./metadataColumn.ts";
import { largest, normalisedProbabilities } from "./probabilities.ts";
import { aboutSet, setId } from "./setNames.ts";
import { type BoxSide, boxSides, mappingProblem, type TableMapping } from "./tableMapping.ts";

/** One row of any table. */
export interface TableRow {
  /** From 1; null where there are no lines. */
  line: number | null;
  values: readonly unknown[];
  /** Why it cannot be read; "" when it can. */
  problem: string;
}

/**
 * Labels, predictions and metadata from the rows of a table. Labels without a score or probabilities are labels; with
 * them they are the predicted classes where a person says so, otherwise labels beside predictions. An image that is
 * named again replaces what was said of it; in a table of boxes each row is an instance, or an image without any.
 * @throws WinnowError `config` when the mapping cannot be used
 */
export async function readTable(
  rows: AsyncIterable<TableRow[]>,
  mapping: TableMapping,
  context: ImportContext,
  ledger: ImportLedger,
): Promise<Imported> {
  const problem = mappingProblem(mapping);
  if (problem !== "") throw new WinnowError("config", `“${ledger.file}”: ${problem}`, { file: ledger.file });
  const reader = new TableReader(mapping, context, ledger);
  for await (const part of rows) for (const row of part) reader.take(row);
  return reader.finish();
}

class TableReader {
  private readonly path: number;
  private readonly label: number;
  private readonly score: number;
  /** Columns of a box; null in a table without. */
  private readonly sides: Readonly<Record<BoxSide, number>> | null;
  /** Columns of probabilities, in the order of the classes. */
  private readonly probabilities: number[];
  private readonly labels = new AnnotationSetBuilder();
  private readonly predictions: AnnotationSetBuilder;
  private readonly metadata: { at: number; column: MetadataColumn }[];
  private readonly seen: Uint8Array;
  private seenCount = 0;

  constructor(
    private readonly mapping: TableMapping,
    private readonly context: ImportContext,
    private readonly ledger: ImportLedger,
  ) {
    const of = (use: TableMapping[number]["use"]): number => mapping.findIndex((one) => one.use === use);
    this.path = of("path");
    this.label = of("label");
    this.score = of("score");
    this.sides = of("box-left") < 0 ? null : (Object.fromEntries(boxSides.map((side) => [side, of(side)])) as never);
    this.probabilities = mapping.flatMap((one, i) => (one.use === "probability" ? [i] : []));
    this.predictions = new AnnotationSetBuilder(
      mapping.flatMap((one) => (one.use === "probability" ? [one.class] : [])),
    );
    const images = context.images.paths.length;
    this.metadata = mapping.flatMap((one, at) =>
      one.use === "metadata" ? [{ at, column: new MetadataColumn(one.key, images) }] : [],
    );
    this.seen = new Uint8Array(images);
  }

  /** The label column says what a model guessed. */
  private get labelIsPredicted(): boolean {
    if (this.score >= 0) return true;
    return this.context.choices.role === "predictions";
  }

  take({ line, values, problem }: TableRow): void {
    const { ledger } = this;
    if (problem !== "") return void ledger.bad(line, problem);
    if (values.length > this.mapping.length) {
      return void ledger.bad(line, `it has ${values.length} cells, the table ${this.mapping.length} columns`);
    }
    const path = textOf(values[this.path]);
    if (path.trim() === "") return void ledger.bad(line, "it names no image");
    const predicted = this.predictedOf(values);
    if (typeof predicted === "string") return void ledger.bad(line, `${path.slice(0, 100)}: ${predicted}`);
    const box = this.boxOf(values);
    if (typeof box === "string") return void ledger.bad(line, `${path.slice(0, 100)}: ${box}`);
    const label = this.label < 0 ? "" : textOf(values[this.label]);
    if (box && label === "" && !predicted) return void ledger.bad(line, `${path.slice(0, 100)}: its box has no label`);
    const row = ledger.rowOf(path);
    if (row < 0) return;
    if (this.seen[row] !== 1) this.seenCount++;
    else if (!this.sides) ledger.duplicate();
    this.seen[row] = 1;
    for (const { at, column } of this.metadata) column.set(row, values[at]);
    const boxed = box && { box };
    if (this.label >= 0 && !this.labelIsPredicted) this.say(this.labels, row, label, boxed);
    if (predicted) {
      const own = this.labelIsPredicted && label !== "" ? this.predictions.classOf(label) : largest(predicted);
      if (!this.sides) this.predictions.startOver(row);
      this.predictions.add(row, { class: own, score: predicted[own] ?? 0, probabilities: predicted, ...boxed });
    } else if (this.labelIsPredicted && this.label >= 0) {
      this.say(this.predictions, row, label, boxed, this.score < 0 ? Number.NaN : numberOf(values[this.score]));
    }
  }

  private say(
    builder: AnnotationSetBuilder,
    row: number,
    label: string,
    boxed: { box: readonly number[] } | null,
    score = Number.NaN,
  ): void {
    if (this.sides) {
      if (label === "") builder.know(row);
      else builder.add(row, { class: builder.classOf(label), score, ...boxed });
      return;
    }
    // Without a label nothing is said of an image; a label that was there before does not stay.
    if (label === "" && !builder.has(row)) return;
    builder.startOver(row);
    if (label !== "") builder.add(row, { class: builder.classOf(label), score });
  }

  /** Null where there is none in this table or row; a text says what is wrong. */
  private boxOf(values: readonly unknown[]): readonly number[] | string | null {
    const { sides } = this;
    if (!sides) return null;
    const of = (side: BoxSide): number => (sides[side] < 0 ? Number.NaN : numberOf(values[sides[side]]));
    const blank = boxSides.every((side) => sides[side] < 0 || textOf(values[sides[side]]).trim() === "");
    if (blank) return null;
    const [x, y] = [of("box-left"), of("box-top")];
    const width = sides["box-width"] < 0 ? of("box-right") - x : of("box-width");
    const height = sides["box-height"] < 0 ? of("box-bottom") - y : of("box-height");
    const box = [x, y, width, height];
    return boxProblem(box.every(Number.isFinite) ? box : null) || box;
  }

  /** Null where there are none in this table or row; a text says what is wrong. */
  private predictedOf(values: readonly unknown[]): Float32Array | string | null {
    if (this.probabilities.length === 0) return null;
    const numbers = this.probabilities.map((at) => numberOf(values[at]));
    if (numbers.every(Number.isNaN)) return null;
    return normalisedProbabilities(numbers);
  }

  finish(): Imported {
    const sets: AnnotationSet[] = [];
    const type = this.sides ? "object-detection" : "classification";
    const both = this.labels.images > 0 && this.predictions.images > 0;
    if (this.labels.images > 0) {
      sets.push(this.labels.finish({ ...aboutSet(this.context, this.ledger, type, "labels"), role: "labels" }));
    }
    if (this.predictions.images > 0) {
      const about = aboutSet(this.context, this.ledger, type, "predictions");
      const name = both ? `${about.name} predictions` : about.name;
      sets.push(this.predictions.finish({ ...about, name, id: setId(name), role: "predictions" }));
    }
    for (const set of sets) clipBoxes(set, this.ledger);
    return this.ledger.close(sets, this.finishMetadata(), this.metadata.length > 0 ? this.seenCount : 0);
  }

  private finishMetadata(): MetadataField[] {
    return this.metadata.flatMap(({ column }) => {
      const field = column.finish();
      if (typeof field === "string") this.ledger.remark(field);
      return field === null || typeof field === "string" ? [] : [field];
    });
  }
}
