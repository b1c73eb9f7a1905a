import { describe, expect, it } from "vitest";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import type { Field } from "../../../src/core/explore/field.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import type { SelectionConfig, SelectionInput, SelectionStrategy } from "../../../src/core/selection/config.ts";
import { fieldData, numbersOf } from "../../../src/core/selection/fieldData.ts";
import {
  fieldIdOf,
  inputOf,
  inputsNamed,
  requireInputs,
  scoreFields,
} from "../../../src/core/selection/inputFields.ts";
import { selectImages } from "../../../src/core/selection/selectImages.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { wasmKernels } from "../../fixtures/kernels.ts";
import { unitRows } from "./selectionData.ts";

const rows = 12;
const number = (id: string, value: (row: number) => number): Field => ({
  id,
  title: id,
  kind: "number",
  unit: "score",
  values: Float64Array.from({ length: rows }, (_, row) => value(row)),
});
const category = (id: string): Field => ({
  id,
  title: id,
  kind: "category",
  names: ["car", "bus"],
  ofRow: Int32Array.from({ length: rows }, (_, row) => (row < 9 ? 0 : 1)),
});
const fields: Field[] = [
  number("bytes", (row) => row + 1),
  category("folder"),
  number("score:probe/uncertainty_entropy", (row) => (row === 3 ? Number.NaN : row / rows)),
  number("score:probe/uncertainty_margin", (row) => 1 - row / rows),
  category("prediction:probe"),
  number("count:detector/car", (row) => row % 3),
  number("count:detector/bus/red", (row) => row % 2),
  {
    id: "prediction:detector",
    title: "",
    kind: "sets",
    names: ["car", "bus/red"],
    sets: [RowSet.of([1]), RowSet.of([2])],
  },
  number("meta:sharpness", (row) => row),
];
const parts = {
  embeddings: unitRows(rows, 3, 1),
  graph: () => {
    throw new Error("no graph is needed");
  },
  paths: Array.from({ length: rows }, (_, row) => `${row}.jpg`),
  fields,
  tags: new Map(),
};
const data = fieldData(parts);
const run = (strategies: SelectionStrategy[], nSamples = 3) =>
  runToEnd(
    selectImages(wasmKernels, data, { nSamples, strategies }, { alreadyChosen: new Uint32Array(0), among: null }),
  );
const weights = (input: SelectionInput): SelectionStrategy => ({ input, strategy: { type: "WEIGHTS" } });
const said = (strategies: SelectionStrategy[]): string => {
  try {
    run(strategies);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it ran");
};

describe("what inputs go by", () => {
  it("a score is the field of its task; an image without one is counted and not chosen", () => {
    const { rows: picks, notes } = run([weights({ type: "SCORES", task: "probe", score: "uncertainty_entropy" })], 20);
    expect([...picks]).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 2, 1, 0]);
    expect(notes[0]).toContain("strategies[0] (WEIGHTS of SCORES “probe/uncertainty_entropy”): 1 image has no value");
    expect([...run([weights({ type: "SCORES", task: "probe", score: "uncertainty_margin" })]).rows]).toEqual([0, 1, 2]);
  });

  it("counts of several classes are added, classes are balanced", () => {
    const count = (...categories: string[]): SelectionInput => ({
      type: "PREDICTIONS",
      task: "detector",
      name: "CATEGORY_COUNT",
      categories,
    });
    expect([...run([weights(count("car"))]).rows]).toEqual([2, 5, 8]);
    expect([...run([weights(count("car", "bus/red"))], 2).rows]).toEqual([5, 11]);
    const input: SelectionInput = { type: "PREDICTIONS", task: "probe", name: "CLASS_DISTRIBUTION" };
    const balance: SelectionStrategy = { input, strategy: { type: "BALANCE", distribution: "UNIFORM" } };
    expect(run([balance], 6).rows.filter((row) => row >= 9)).toHaveLength(3);
  });

  it("a task that is a set of annotations counts its objects, by id or by name", () => {
    // Rows 0…: no object, one car, two cars, …, and one tram in row 2, which no field counts.
    const classOf = [0, 0, 0, 1];
    const set: AnnotationSet = {
      id: "boxes",
      name: "My detector",
      role: "predictions",
      type: "object-detection",
      classes: ["car", "tram"],
      known: new Uint8Array(rows).fill(1),
      first: Uint32Array.from({ length: rows + 1 }, (_, row) => (row < 2 ? 0 : row === 2 ? 1 : 4)),
      classOf: Uint32Array.from(classOf),
      scores: null,
      boxes: null,
      probabilities: null,
      shapes: null,
      source: { format: "", file: "", at: 0 },
    };
    const config = (task: string, categories: string[]): SelectionConfig => ({
      nSamples: 2,
      strategies: [weights({ type: "PREDICTIONS", task, name: "CATEGORY_COUNT", categories })],
    });
    expect(inputsNamed(config("My detector", ["tram"]), fields, [set])).toEqual({
      fields: [],
      sets: [set],
      objects: [],
    });
    const numbers = (task: string, ...categories: string[]) =>
      [...numbersOf({ type: "PREDICTIONS", task, name: "CATEGORY_COUNT", categories }, fields, [set], rows)].slice(
        0,
        4,
      );
    expect(numbers("boxes", "car")).toEqual([0, 1, 2, 0]);
    expect(numbers("My detector", "car", "tram")).toEqual([0, 1, 3, 0]);
    expect(() => inputsNamed(config("boxes", ["bus"]), fields, [set])).toThrow(
      "strategies[0] (WEIGHTS of PREDICTIONS “boxes”): task “My detector” has no class “bus”. Its classes are: car, tram.",
    );
    // Both objects of an image count in a balance.
    const sided = fieldData({ ...parts, sets: [set] });
    const { names, counts } = sided.classes({ type: "PREDICTIONS", task: "boxes", name: "CLASS_DISTRIBUTION" });
    expect([names, [...counts]]).toEqual([
      ["car", "tram"],
      [1, 2, 1],
    ]);
  });

  it("metadata is found by the file's own name for it", () => {
    expect([...run([weights({ type: "METADATA", key: "sharpness" })], 2).rows]).toEqual([11, 10]);
  });

  it("what is not there names the strategy, the field, and what there is", () => {
    expect(said([weights({ type: "SCORES", task: "probe", score: "margin" })])).toBe(
      "strategies[0] (WEIGHTS of SCORES “probe/margin”): there is no score “margin” of a task “probe”. There are: probe/uncertainty_entropy, probe/uncertainty_margin.",
    );
    expect(
      said([
        weights({ type: "RANDOM" }),
        weights({ type: "PREDICTIONS", task: "detector", name: "CATEGORY_COUNT", categories: ["tram"] }),
      ]),
    ).toBe(
      "strategies[1] (WEIGHTS of PREDICTIONS “detector”): “tram” is not counted by a task “detector”. Counted are: detector/car, detector/bus/red.",
    );
    const input: SelectionInput = { type: "PREDICTIONS", task: "no", name: "CLASS_DISTRIBUTION" };
    expect(said([{ input, strategy: { type: "BALANCE", distribution: "UNIFORM" } }])).toBe(
      "strategies[0] (BALANCE of PREDICTIONS “no”): there is no task “no”. Tasks with classes are: probe, detector.",
    );
    expect(said([weights({ type: "METADATA", key: "folder" })])).toMatch(
      /^strategies\[0\] \(WEIGHTS of METADATA “folder”\): METADATA key “folder” is no number\. Numbers are: bytes, score:/,
    );
    expect(() => inputsNamed({ nSamples: 1, strategies: [weights({ type: "METADATA", key: "x" })] }, [], [])).toThrow(
      "strategies[0] (WEIGHTS of METADATA “x”): METADATA key “x” is not known. Numbers are: none.",
    );
  });

  it("a configuration names each of its fields once, demands included", () => {
    const config: SelectionConfig = {
      nSamples: 1,
      strategies: [
        {
          input: { type: "EMBEDDINGS" },
          strategy: { type: "COVERAGE", demand: { type: "SCORES", task: "probe", score: "uncertainty_margin" } },
        },
        weights({ type: "METADATA", key: "bytes" }),
        weights({ type: "METADATA", key: "bytes" }),
        { input: { type: "METADATA", key: "folder" }, strategy: { type: "BALANCE", distribution: "INPUT" } },
      ],
    };
    expect(inputsNamed(config, fields, []).fields.map(({ id }) => id)).toEqual([
      "score:probe/uncertainty_margin",
      "bytes",
      "folder",
    ]);
  });

  it("a query without images is refused before anything runs", () => {
    const strategies: SelectionStrategy[] = [
      { input: { type: "EMBEDDINGS", tagName: "cat" }, strategy: { type: "SIMILARITY" } },
    ];
    const config: SelectionConfig = { nSamples: 1, strategies };
    expect(() => requireInputs(config, { fields, sets: [], tags: new Map([["dog", { size: 2 }]]) })).toThrow(
      "strategies[0] (SIMILARITY): no image has the tag “cat”. Tags are: dog.",
    );
    expect(() => requireInputs(config, { fields, sets: [], tags: new Map([["cat", { size: 2 }]]) })).not.toThrow();
  });

  it("every field but texts has an input that goes by it and leads back to it", () => {
    for (const field of fields) {
      expect(fieldIdOf(inputOf(field, fields), fields)).toBe(field.id);
    }
    expect(inputOf(fields.find(({ id }) => id === "count:detector/bus/red")!, fields)).toEqual({
      type: "PREDICTIONS",
      task: "detector",
      name: "CATEGORY_COUNT",
      categories: ["bus/red"],
    });
    expect(inputOf(fields.at(-1)!, fields)).toEqual({ type: "METADATA", key: "sharpness" });
    expect(scoreFields(fields).map(({ id }) => id)).toEqual([
      "score:probe/uncertainty_margin",
      "score:probe/uncertainty_entropy",
    ]);
  });
});
