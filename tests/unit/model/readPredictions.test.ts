import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { letterbox, type ResizeMode } from "../../../src/core/image/modelInput.ts";
import { boxesInImage } from "../../../src/core/model/boxesInImage.ts";
import { suppressed } from "../../../src/core/model/boxSuppression.ts";
import type { ModelOutput } from "../../../src/core/model/modelTensors.ts";
import type { ClassifierSpec, DetectorSpec } from "../../../src/core/model/predicts.ts";
import { readPredictions } from "../../../src/core/model/readPredictions.ts";

const floats = (dims: readonly number[], ...values: number[]): ModelOutput => ({
  type: "float32",
  dims,
  data: Float32Array.from(values),
});
const longs = (dims: readonly number[], ...values: number[]): ModelOutput => ({
  type: "int64",
  dims,
  data: BigInt64Array.from(values, BigInt),
});
const outputs = (named: Readonly<Record<string, ModelOutput>>) => new Map(Object.entries(named));

const classifier: ClassifierSpec = { kind: "classifier", classes: [], activation: "softmax", leastScore: 0 };
const classify = (output: ModelOutput, count: number, spec: Partial<ClassifierSpec> = {}) =>
  readPredictions(outputs({ y: output }), count, { output: "y", size: 64, predicts: { ...classifier, ...spec } });

describe("a classifier", () => {
  test("softmax: the likeliest class and probabilities that sum to 1", () => {
    const [first, second] = classify(floats([2, 3], 0, 1, 2, 1000, 0, 0), 2);
    expect([...first!.classOf]).toEqual([2]);
    expect(first!.scores[0]).toBeCloseTo(Math.exp(2) / (1 + Math.exp(1) + Math.exp(2)), 6);
    expect([...second!.probabilities!]).toEqual([1, 0, 0]);
  });

  test("sigmoid: all classes over the least score, the surest first", () => {
    const [image] = classify(floats([1, 3], 1, -1, 3), 1, { activation: "sigmoid", leastScore: 0.5 });
    expect([...image!.classOf]).toEqual([2, 0]);
    expect(image!.probabilities).toBeNull();
  });

  test("under the least score nothing is said", () => {
    const [image] = classify(floats([1, 2], 0, 0), 1, { leastScore: 0.6 });
    expect(image!.classOf).toHaveLength(0);
  });

  test.each([
    ["values that are no probabilities", floats([1, 2], 3, 4), { activation: "none" as const }, "Choose “softmax”"],
    [
      "another number of names",
      floats([1, 2], 3, 4),
      { classes: ["a"] },
      "2 classes apart and there are 1 class names",
    ],
    ["boxes", floats([1, 84, 2], ...new Array(168).fill(0)), {}, "looks like a detector"],
    ["no number", floats([1, 2], Number.NaN, 0), {}, "not a number"],
    ["another count", floats([2, 2], 1, 2, 3, 4), {}, "expected float [N, classes]"],
  ])("%s", (_, output, spec, words) => {
    expect(() => classify(output, 1, spec)).toThrow(words);
  });
});

const detector: DetectorSpec = {
  kind: "detector",
  classes: [],
  layout: "yolo",
  activation: "none",
  corners: "cxcywh",
  unit: "pixels",
  objectness: false,
  background: "none",
  leastScore: 0.25,
  overlap: 0.45,
};
const detect = (named: Readonly<Record<string, ModelOutput>>, spec: Partial<DetectorSpec> = {}, count = 1) =>
  readPredictions(outputs(named), count, { output: "boxes", size: 100, predicts: { ...detector, ...spec } });

describe("a detector", () => {
  // Two places, two classes: [cx, cy, w, h, first, second].
  const places = [
    [10, 20, 4, 6, 0.1, 0.9],
    [50, 60, 10, 10, 0.2, 0.1],
  ];
  const across = [0, 1, 2, 3, 4, 5].flatMap((which) => places.map((place) => place[which]!));

  test("of the YOLO layout, either way round", () => {
    const names = { classes: ["a", "b"] };
    const [wide] = detect({ boxes: floats([1, 6, 2], ...across) }, names);
    const [long] = detect({ boxes: floats([1, 2, 6], ...places.flat()) }, names);
    expect([...wide!.boxes!]).toEqual([8, 17, 4, 6]);
    expect([...wide!.classOf]).toEqual([1]);
    expect(wide!.scores[0]).toBeCloseTo(0.9, 6);
    expect(long).toEqual(wide);
  });

  test("with objectness multiplies it in", () => {
    const [image] = detect(
      { boxes: floats([1, 2, 6], 10, 20, 4, 6, 0.5, 0.8, 50, 60, 10, 10, 0.1, 1) },
      { objectness: true, classes: ["a"] },
    );
    expect([...image!.scores]).toEqual([Math.fround(0.5) * Math.fround(0.8)].map(Math.fround));
  });

  test("as boxes, scores and labels, with an axis of the images or without", () => {
    const spec = { layout: "boxes", corners: "xyxy", scores: "scores", labels: "labels" } as const;
    const values = { boxes: [0, 0, 10, 20, 5, 5, 5, 9], scores: [0.9, 0.8], labels: [3, 1] };
    const [single] = detect(
      {
        boxes: floats([2, 4], ...values.boxes),
        scores: floats([2], ...values.scores),
        labels: longs([2], ...values.labels),
      },
      spec,
    );
    const [batched] = detect(
      {
        boxes: floats([1, 2, 4], ...values.boxes),
        scores: floats([1, 2], ...values.scores),
        labels: longs([1, 2], ...values.labels),
      },
      spec,
    );
    // The second box has no width.
    expect([...single!.boxes!]).toEqual([0, 0, 10, 20]);
    expect([...single!.classOf]).toEqual([3]);
    expect(batched).toEqual(single);
  });

  test("as DETR gives them: logits with a last class that means nothing, shares of the image", () => {
    const [image] = detect(
      { boxes: floats([1, 2, 4], 0.5, 0.5, 0.2, 0.4, 0.1, 0.1, 0.1, 0.1), scores: floats([1, 2, 3], 0, 9, 0, 0, 0, 9) },
      { layout: "boxes", scores: "scores", activation: "softmax", background: "last", unit: "fractions" },
    );
    expect([...image!.classOf]).toEqual([1]);
    expect(Array.from(image!.boxes!, Math.round)).toEqual([40, 30, 20, 40]);
  });

  test("as rows that are ready", () => {
    const rows = floats([1, 2, 6], 1, 2, 11, 22, 0.7, 5, 0, 0, 0, 0, 0, 0);
    const [image] = detect({ boxes: rows }, { layout: "rows", corners: "xyxy" });
    expect([[...image!.boxes!], [...image!.classOf]]).toEqual([[1, 2, 10, 20], [5]]);
  });

  test("a label that means nothing moves the others up", () => {
    const named = {
      boxes: floats([2, 4], 0, 0, 9, 9, 0, 0, 9, 9),
      scores: floats([2], 0.9, 0.8),
      labels: longs([2], 0, 2),
    };
    const spec = { layout: "boxes", corners: "xyxy", scores: "scores", labels: "labels", background: "first" } as const;
    expect([...detect(named, spec)[0]!.classOf]).toEqual([1]);
  });

  test.each([
    ["a row of numbers", { boxes: floats([1, 5], 1, 2, 3, 4, 5) }, {}, "what classifiers and embedding models give"],
    ["another number of classes", { boxes: floats([1, 6, 2], ...across) }, { classes: ["a"] }, "with 1 classes"],
    [
      "six columns missing",
      { boxes: floats([1, 1, 5], 1, 2, 3, 4, 5) },
      { layout: "rows" as const },
      "four corners, score, class",
    ],
    ["no number", { boxes: floats([1, 1, 6], 1, 2, 3, 4, Number.NaN, 5) }, { layout: "rows" as const }, "not a number"],
    [
      "scores of others",
      { boxes: floats([1, 2, 4], 0, 0, 9, 9, 0, 0, 9, 9), s: floats([1, 3], 1, 1, 1), l: longs([1, 3], 1, 1, 1) },
      { layout: "boxes" as const, scores: "s", labels: "l" },
      "do not belong together",
    ],
  ])("%s", (_, named, spec, words) => {
    expect(() => detect(named as Record<string, ModelOutput>, spec)).toThrow(words);
  });
});

const boxes = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 50 }),
    y: fc.integer({ min: 0, max: 50 }),
    w: fc.integer({ min: 1, max: 40 }),
    h: fc.integer({ min: 1, max: 40 }),
    score: fc.integer({ min: 1, max: 20 }),
    id: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 30 },
);

test("suppression is the textbook's: the best first, what overlaps it goes", () => {
  fc.assert(
    fc.property(boxes, fc.constantFrom(0, 0.3, 0.5, 1), (list, overlap) => {
      const found = suppressed(
        {
          boxes: Float32Array.from(list.flatMap(({ x, y, w, h }) => [x, y, w, h])),
          scores: Float32Array.from(list, ({ score }) => score / 20),
          classOf: Uint32Array.from(list, ({ id }) => id),
        },
        overlap,
        300,
      );
      const left = list.map((box, at) => ({ ...box, at })).sort((a, b) => b.score - a.score || a.at - b.at);
      const expected: number[] = [];
      while (left.length > 0) {
        const best = left.shift()!;
        expected.push(best.at);
        for (let i = left.length - 1; i >= 0; i--) {
          const other = left[i]!;
          const width = Math.min(best.x + best.w, other.x + other.w) - Math.max(best.x, other.x);
          const height = Math.min(best.y + best.h, other.y + other.h) - Math.max(best.y, other.y);
          const both = Math.max(0, width) * Math.max(0, height);
          const iou = both / (best.w * best.h + other.w * other.h - both);
          if (other.id === best.id && iou > overlap) left.splice(i, 1);
        }
      }
      expect([...found]).toEqual(expected);
    }),
  );
});

test("boxes of the square lie in the image where they were seen, whatever its shape", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 400 }),
      fc.integer({ min: 20, max: 400 }),
      fc.constantFrom<ResizeMode>("crop", "squash", "letterbox"),
      (width, height, resize) => {
        // What the whole visible part becomes in the square must come back as that part.
        const size = 64;
        const { left, top, width: w, height: h } = letterbox(width, height, size);
        const whole = resize === "letterbox" ? [left, top, w, h] : [0, 0, size, size];
        const { boxes: found, at } = boxesInImage(Float32Array.from(whole), width, height, { size, resize });
        const side = Math.min(width, height);
        const seen =
          resize === "crop"
            ? [Math.floor((width - side) / 2), Math.floor((height - side) / 2), side, side]
            : [0, 0, width, height];
        expect([...at]).toEqual([0]);
        for (const [i, value] of seen.entries()) expect(found[i]).toBeCloseTo(value, 3);
      },
    ),
  );
  const outside = boxesInImage(Float32Array.from([0, 0, 5, 5, -10, 30, 20, 10]), 64, 32, {
    size: 64,
    resize: "letterbox",
  });
  expect([...outside.at]).toEqual([1]);
  expect([...outside.boxes]).toEqual([0, 14, 10, 10]);
});
