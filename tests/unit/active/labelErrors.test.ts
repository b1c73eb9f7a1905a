import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confidentJoint, roundedRows } from "../../../src/core/active/confidentJoint.ts";
import {
  type LabelFilter,
  type LabelRanking,
  labelErrors,
  labelFilters,
  labelScores,
} from "../../../src/core/active/labelErrors.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { hasShared, sharedF32, sharedF64, sharedI32, sharedJson } from "../../fixtures/shared.ts";

interface Expected {
  thresholds: number[];
  confident_joint_uncalibrated: number[][];
  confident_joint: number[][];
  issues: Record<LabelFilter, number[]>;
}
interface Digits extends Expected {
  planted: number[];
  ranked_prune_by_noise_rate: Record<LabelRanking, number[]>;
}
interface EdgeCase extends Expected {
  n: number;
  classes: number;
  pred_probs: number[][];
  labels: number[];
  self_confidence: number[];
  normalized_margin: number[];
}

const rowsOf = (flat: Float64Array, cols: number): number[][] =>
  Array.from({ length: flat.length / cols }, (_, row) => [...flat.subarray(row * cols, (row + 1) * cols)]);

function expectEqual(judged: Parameters<typeof confidentJoint>[0], expected: Expected): void {
  const joint = confidentJoint(judged);
  for (const [c, threshold] of expected.thresholds.entries()) expect(joint.thresholds[c]).toBeCloseTo(threshold, 6);
  expect(rowsOf(joint.counts, judged.classes)).toEqual(expected.confident_joint_uncalibrated);
  expect(rowsOf(joint.calibrated, judged.classes)).toEqual(expected.confident_joint);
  for (const [filter, rows] of Object.entries(expected.issues)) {
    const { issues } = runToEnd(labelErrors(judged, { filter: filter as LabelFilter }));
    expect(
      [...issues].sort((a, b) => a - b),
      filter,
    ).toEqual(rows);
  }
}

describe.skipIf(!hasShared)("label errors are cleanlab's (needs ../shared)", () => {
  const digits = () => ({
    labels: Uint32Array.from(sharedI32("golden/cleanlab_digits/labels_given.i32")),
    probabilities: sharedF32("golden/cleanlab_digits/pred_probs.f32"),
    classes: 10,
  });

  it("has the same thresholds, joints and rows of every filter on digits", () => {
    expectEqual(digits(), sharedJson("golden/cleanlab_digits/expected.json") as Digits);
  });

  it("has the same scores, and the same order by each of them", () => {
    const { ranked_prune_by_noise_rate } = sharedJson("golden/cleanlab_digits/expected.json") as Digits;
    for (const [ranking, order] of Object.entries(ranked_prune_by_noise_rate)) {
      const expected = sharedF64(`golden/cleanlab_digits/${ranking}.f64`);
      const { issues, scores } = runToEnd(labelErrors(digits(), { ranking: ranking as LabelRanking }));
      for (const [row, score] of expected.entries()) expect(Math.abs(scores[row]! - score)).toBeLessThan(1e-5);
      expect([...issues]).toEqual(order);
    }
  });

  it("has the same on absent classes, tiny classes and several confident classes", () => {
    const cases = sharedJson("golden/cleanlab_edge_cases.json") as EdgeCase[];
    expect(cases).toHaveLength(8);
    for (const one of cases) {
      const judged = {
        labels: Uint32Array.from(one.labels),
        probabilities: Float32Array.from(one.pred_probs.flat()),
        classes: one.classes,
      };
      expectEqual(judged, one);
      for (const ranking of ["self_confidence", "normalized_margin"] as const) {
        const scores = labelScores(judged, ranking);
        for (const [row, score] of one[ranking].entries()) expect(Math.abs(scores[row]! - score)).toBeLessThan(1e-5);
      }
    }
  });
});

/** Labels with probabilities that mostly agree: `wrong` of the labels are another class. */
function judgedBy(rows: number, classes: number, seed: number, wrong = 0.1) {
  const random = new Random(seed);
  const labels = new Uint32Array(rows);
  const probabilities = new Float32Array(rows * classes);
  const planted: number[] = [];
  for (let row = 0; row < rows; row++) {
    const truth = random.below(classes);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += probabilities[row * classes + c] = random.float() + (c === truth ? 3 : 0);
    for (let c = 0; c < classes; c++) probabilities[row * classes + c]! /= sum;
    labels[row] = random.float() < wrong ? random.below(classes) : truth;
    if (labels[row] !== truth) planted.push(row);
  }
  return { judged: { labels, probabilities, classes }, planted };
}

describe("label errors", () => {
  it("are ordered by their score and never of the likeliest class", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 9 }), fc.nat(), (rows, classes, seed) => {
        const { judged } = judgedBy(rows, classes, seed, 0.4);
        for (const filter of labelFilters) {
          const { issues, scores, suggested } = runToEnd(labelErrors(judged, { filter }));
          expect(new Set(issues).size).toBe(issues.length);
          for (const [i, row] of issues.entries()) {
            expect(suggested[row]).not.toBe(judged.labels[row]);
            if (i > 0) expect(scores[row]).toBeGreaterThanOrEqual(scores[issues[i - 1]!]!);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keep the sums of rows when rounding", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 40 }), (row) => {
        const out = roundedRows(Float64Array.from(row), row.length);
        const sum = row.reduce((a, b) => a + b, 0);
        expect(Math.abs(out.reduce((a, b) => a + b, 0) - sum)).toBeLessThanOrEqual(0.5 + 1e-9);
        for (const [i, value] of row.entries()) expect(Math.abs(out[i]! - value)).toBeLessThan(1.5);
      }),
    );
  });

  it("of 60,000 labels in ten classes are found in seconds, and are the wrong ones", () => {
    const { judged, planted } = judgedBy(60_000, 10, 1);
    const before = performance.now();
    const { issues } = runToEnd(labelErrors(judged));
    expect(performance.now() - before).toBeLessThan(5_000);
    const wrong = new Set(planted);
    expect(issues.filter((row) => wrong.has(row)).length / planted.length).toBeGreaterThan(0.9);
    expect(issues.filter((row) => wrong.has(row)).length / issues.length).toBeGreaterThan(0.9);
  });

  it("refuse probabilities that are none, and labels without a class", () => {
    const judged = (labels: number[], probabilities: number[]) => () =>
      runToEnd(
        labelErrors({ labels: Uint32Array.from(labels), probabilities: Float32Array.from(probabilities), classes: 2 }),
      );
    expect(judged([0], [0.5, 0.4])).toThrow("sum to 0.9");
    expect(judged([0], [Number.NaN, 1])).toThrow("sum to NaN");
    expect(judged([2], [0.5, 0.5])).toThrow("class 2 of 2");
    expect(judged([0, 1], [0.5, 0.5])).toThrow("2 × 2 probabilities, got 2");
    expect(
      runToEnd(labelErrors({ labels: new Uint32Array(0), probabilities: new Float32Array(0), classes: 2 })).issues,
    ).toHaveLength(0);
  });
});
