import { describe, expect, it } from "vitest";
import { annotationFields, fieldsOfSets } from "../../../src/core/annotations/annotationFields.ts";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import { mistakenness } from "../../../src/core/annotations/mistakenness.ts";
import { imageScores } from "../../../src/core/annotations/scores.ts";
import { AnnotationSetBuilder } from "../../../src/core/annotations/setBuilder.ts";
import { uncertaintiesOf } from "../../../src/core/annotations/uncertainty.ts";

const about = (type: AnnotationSet["type"], role: AnnotationSet["role"] = "predictions") => ({
  id: "net",
  name: "Net",
  role,
  type,
  source: { format: "test", file: "", at: 0 },
});

describe("scores", () => {
  it("uncertainties of a distribution", () => {
    const even = uncertaintiesOf([0.25, 0.25, 0.25, 0.25], 0, 4);
    expect(even).toEqual({ leastConfidence: 1, margin: 1, entropy: 1 });
    expect(uncertaintiesOf([0, 1, 0], 0, 3)).toEqual({ leastConfidence: 0, margin: 0, entropy: 0 });
    const some = uncertaintiesOf([9, 0.5, 0.3, 0.2], 1, 3);
    expect(some.leastConfidence).toBeCloseTo(0.5 / (2 / 3), 12);
    expect(some.margin).toBeCloseTo(0.8, 12);
    expect(some.entropy).toBeCloseTo(
      -(0.5 * Math.log2(0.5) + 0.3 * Math.log2(0.3) + 0.2 * Math.log2(0.2)) / Math.log2(3),
      12,
    );
  });

  it("one class alone stands for itself and the rest", () => {
    expect(uncertaintiesOf([0.9], 0, 1).leastConfidence).toBeCloseTo(0.2, 12);
    expect(uncertaintiesOf([0.1], 0, 1)).toEqual(uncertaintiesOf([0.1, 0.9], 0, 2));
    expect(uncertaintiesOf([0.5], 0, 1).entropy).toBe(1);
  });

  it("classification: NaN counts as 0 and is reported, an image without a prediction has none", () => {
    const builder = new AnnotationSetBuilder(["a", "b"]);
    builder.add(0, { class: 0, probabilities: [0.5, 0.5] });
    builder.add(2, { class: 1, probabilities: [Number.NaN, Number.NaN] });
    const { values, unreadable } = imageScores(builder.finish(about("classification")), "uncertainty_entropy");
    expect(Array.from(values)).toEqual([1, Number.NaN, 0]);
    expect(unreadable).toBe(1);
  });

  it("detection: the largest of the boxes, 0 without any", () => {
    const builder = new AnnotationSetBuilder(["a", "b"]);
    const box = [0, 0, 1, 1];
    builder.add(0, { class: 0, score: 0.9, box });
    builder.add(0, { class: 0, score: 0.6, box });
    builder.know(1);
    builder.add(2, { class: 1, score: 1, box });
    const set = builder.finish(about("object-detection"));
    const of = (name: Parameters<typeof imageScores>[1]) => Array.from(imageScores(set, name).values);
    expect(of("uncertainty_least_confidence")[0]).toBeCloseTo(0.8, 6);
    expect(of("uncertainty_least_confidence").slice(1)).toEqual([0, 0]);
    expect(of("objectness_least_confidence")[0]).toBeCloseTo(0.25, 6);
    expect(of("objectness_least_confidence").slice(1)).toEqual([0, 0]);
    // Two of one class 1.25, one 1: the ends of 0.9 … 1.
    expect(of("object_frequency")).toEqual([1, 0, 0.9]);
  });

  it("keypoints: the mean over instances of the mean confidence of the points that are there", () => {
    const builder = new AnnotationSetBuilder(["person"]);
    const points = (values: number[]) => ({ kind: "keypoints" as const, points: Float32Array.from(values) });
    builder.add(0, { class: 0, shape: points([1, 1, 1, 2, 2, 0.5, Number.NaN, Number.NaN, Number.NaN]) });
    builder.add(0, { class: 0, shape: points([1, 1, 0.25]) });
    const { values } = imageScores(builder.finish(about("keypoint-detection")), "mean_uncertainty");
    expect(values[0]).toBeCloseTo(1 - (0.75 + 0.25) / 2, 6);
  });

  it("segmentation: the mean of the segments", () => {
    const builder = new AnnotationSetBuilder(["a", "b"]);
    builder.add(0, { class: 0, probabilities: [0.5, 0.5] });
    builder.add(0, { class: 0, probabilities: [1, 0] });
    const set = builder.finish(about("semantic-segmentation"));
    expect(imageScores(set, "uncertainty_margin").values[0]).toBe(0.5);
  });

  it("mistakenness by entropy, by confidence, and without a prediction", () => {
    const labels = new AnnotationSetBuilder(["a", "b"]);
    for (let row = 0; row < 4; row++) labels.add(row, { class: 0 });
    const given = labels.finish(about("classification", "labels"));
    const predictions = new AnnotationSetBuilder(["b", "a"]);
    predictions.add(0, { class: 0, probabilities: [1, 0] });
    predictions.add(1, { class: 1, probabilities: [0, 1] });
    predictions.add(2, { class: 0, score: 0.6 });
    const found = mistakenness(given, predictions.finish(about("classification")));
    expect(found[0]).toBeCloseTo(1, 12);
    expect(found[1]).toBeCloseTo(0, 12);
    expect(found[2]).toBeCloseTo(0.8, 6);
    expect(found[3]).toBe(1);
  });
});

describe("fields of sets", () => {
  it("a classification is a category with its scores", () => {
    const builder = new AnnotationSetBuilder(["a", "b"]);
    builder.add(1, { class: 1, probabilities: [0.25, 0.75] });
    const fields = annotationFields(builder.finish(about("classification")));
    expect(fields.map(({ id }) => id)).toEqual([
      "prediction:net",
      "score:net/confidence",
      "score:net/uncertainty_least_confidence",
      "score:net/uncertainty_margin",
      "score:net/uncertainty_entropy",
      "score:net/hardness",
    ]);
    expect(fields[0]).toMatchObject({ kind: "category", names: ["a", "b"], ofRow: Int32Array.from([-1, 1]) });
    expect(fields[1]).toMatchObject({ values: Float64Array.from([Number.NaN, 0.75]) });
  });

  it("a detection has a set of rows a class and counts; labels have no scores", () => {
    const builder = new AnnotationSetBuilder(["car", "cat"]);
    const box = [0, 0, 1, 1];
    builder.add(0, { class: 0, box });
    builder.add(0, { class: 0, box });
    builder.add(2, { class: 1, box });
    builder.know(3);
    const fields = fieldsOfSets([builder.finish(about("object-detection", "labels"))]);
    expect(fields.map(({ id }) => id)).toEqual(["label:net", "count:net", "count:net/car", "count:net/cat"]);
    const [classes, all, cars] = fields;
    expect(classes?.kind === "sets" && classes.sets.map(({ rows }) => Array.from(rows))).toEqual([[0], [2]]);
    expect(all).toMatchObject({ values: Float32Array.from([2, Number.NaN, 1, 0]) });
    expect(cars).toMatchObject({ values: Float32Array.from([2, Number.NaN, 0, 0]) });
  });
});
