import { describe, expect, it } from "vitest";
import { crossValidate, stratifiedFolds } from "../../../src/core/active/crossValidation.ts";
import { fitProbe, type Labelled, probeProbabilities } from "../../../src/core/active/probe.ts";
import { probeReport } from "../../../src/core/active/probeReport.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels, wasmKernels as kernels } from "../../fixtures/kernels.ts";
import { hasShared, sharedF32, sharedU8 } from "../../fixtures/shared.ts";
import { unitRows } from "../selection/selectionData.ts";

/** Rows of length 1 around one centre a class, with their classes in turn. */
function crowds(rows: number, cols: number, classes: number, spread: number, seed: number): [Matrix, Labelled] {
  const random = new Random(seed);
  const centres = unitRows(classes, cols, seed + 1);
  const x = unitRows(rows, cols, seed + 2);
  const labels = Uint32Array.from({ length: rows }, (_, row) => row % classes);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < cols; c++) {
      x.data[row * cols + c] = centres.data[labels[row]! * cols + c]! + (spread * random.normal()) / Math.sqrt(cols);
    }
  }
  return [x, { rows: Uint32Array.from({ length: rows }, (_, row) => row), labels, classes }];
}

describe("the linear probe", () => {
  it.skipIf(!hasShared)("is scikit-learn's LogisticRegression on digits (needs ../shared)", () => {
    // scikit-learn 1.9.1, LogisticRegression(C=5, tol=1e-9, max_iter=5000) on rows of golden/digits/E.f32 whose number
    // is no multiple of 3, judged on the others; the second with class_weight="balanced".
    const expected = [
      { balanced: false, accuracy: 0.9699499165, logLoss: 0.156929428, first: 0.9953916461 },
      { balanced: true, accuracy: 0.9699499165, logLoss: 0.1568499007, first: 0.9954115542 },
    ];
    const x = matrix(sharedF32("golden/digits/E.f32"), 1797, 64);
    const digits = sharedU8("golden/digits/labels.u8");
    const training = Uint32Array.from(digits.keys()).filter((row) => row % 3 !== 0);
    const held = Uint32Array.from(digits.keys()).filter((row) => row % 3 === 0);
    const labelsOf = (rows: Uint32Array): Uint32Array => rows.map((row) => digits[row]!);
    for (const { balanced, accuracy, logLoss, first } of expected) {
      const labelled = { rows: training, labels: labelsOf(training), classes: 10 };
      const probe = runToEnd(fitProbe(kernels, x, labelled, { c: 5, balanced }));
      const p = runToEnd(probeProbabilities(probe, x, held));
      const report = probeReport(p, labelsOf(held), 10);
      // One of the 599 digits is a tie within what convergence leaves open.
      expect(Math.abs(report.accuracy - accuracy)).toBeLessThan(1.5 / 599);
      expect(Math.abs(report.logLoss - logLoss)).toBeLessThan(3e-4);
      expect(Math.abs(p[0]! - first)).toBeLessThan(3e-4);
    }
  });

  it("has a gradient of zero at the end, by an independent sum", () => {
    const [x, labelled] = crowds(300, 7, 4, 1.5, 1);
    for (const [, some] of everyKernels) {
      const { theta } = runToEnd(fitProbe(some, x, labelled, { c: 2, balanced: false }));
      const p = runToEnd(
        probeProbabilities({ classes: 4, present: Uint32Array.of(0, 1, 2, 3), cols: 7, theta, iterations: 0 }, x),
      );
      for (let k = 0; k < 4; k++) {
        for (let j = 0; j <= 7; j++) {
          let sum = j < 7 ? theta[k * 8 + j]! / 2 : 0;
          for (let row = 0; row < 300; row++) {
            const value = j < 7 ? x.data[row * 7 + j]! : 1;
            sum += (p[row * 4 + k]! - (labelled.labels[row] === k ? 1 : 0)) * value;
          }
          expect(Math.abs(sum / 300)).toBeLessThan(1.1e-4);
        }
      }
    }
  });

  it("gives the same on both kernels, twice, and frees their memory", () => {
    const [x, labelled] = crowds(1_500, 9, 5, 2, 3);
    const [[, a], [, b]] = everyKernels as [(typeof everyKernels)[0], (typeof everyKernels)[0]];
    const used = a.memory.used;
    const one = runToEnd(fitProbe(a, x, labelled));
    expect(runToEnd(fitProbe(a, x, labelled)).theta).toEqual(one.theta);
    expect(a.memory.used).toBe(used);
    const other = runToEnd(fitProbe(b, x, labelled));
    for (const [i, value] of one.theta.entries()) expect(Math.abs(value - other.theta[i]!)).toBeLessThan(1e-6);
  });

  it("frees the kernels' memory when it is cancelled", () => {
    const [x, labelled] = crowds(3_000, 9, 5, 2, 3);
    const used = kernels.memory.used;
    const task = fitProbe(kernels, x, labelled);
    for (let i = 0; i < 6; i++) expect(task.next().done).toBe(false);
    task.return(undefined as never);
    expect(kernels.memory.used).toBe(used);
  });

  it("is certain of a single class, and gives classes without labels nothing", () => {
    const [x] = crowds(20, 4, 2, 1, 5);
    const one = runToEnd(fitProbe(kernels, x, { rows: Uint32Array.of(3), labels: Uint32Array.of(1), classes: 3 }));
    expect([...runToEnd(probeProbabilities(one, x)).subarray(0, 3)]).toEqual([0, 1, 0]);
    const two = { rows: Uint32Array.of(3, 4), labels: Uint32Array.of(2, 0), classes: 3 };
    const p = runToEnd(probeProbabilities(runToEnd(fitProbe(kernels, x, two)), x));
    for (let row = 0; row < 20; row++) {
      expect(p[row * 3 + 1]).toBe(0);
      expect(p[row * 3]! + p[row * 3 + 2]!).toBeCloseTo(1, 6);
    }
    expect(p[3 * 3 + 2]).toBeGreaterThan(0.5);
    expect(p[4 * 3]).toBeGreaterThan(0.5);
  });

  it("takes 1,200 classes of which most have two examples", () => {
    const [x, labelled] = crowds(2_400, 16, 1_200, 0.1, 7);
    const probe = runToEnd(fitProbe(kernels, x, labelled, { c: 1_000, balanced: false }));
    const report = probeReport(runToEnd(probeProbabilities(probe, x)), labelled.labels, 1_200);
    expect(report.accuracy).toBeGreaterThan(0.95);
    expect(report.confusion).toBeNull();
  });

  it("helps the rare class when classes count the same", () => {
    const [x, all] = crowds(1_000, 6, 2, 4, 9);
    const kept = all.rows.filter((row) => row % 2 === 0 || row % 40 === 1);
    const few = { rows: kept, labels: kept.map((row) => row % 2), classes: 2 };
    const of = (balanced: boolean): number => {
      const probe = runToEnd(fitProbe(kernels, x, few, { c: 5, balanced }));
      return probeReport(runToEnd(probeProbabilities(probe, x)), all.labels, 2).balancedAccuracy;
    };
    expect(of(true)).toBeGreaterThan(of(false) + 0.05);
  });

  it("says what is wrong with labels", () => {
    const [x] = crowds(10, 4, 2, 1, 5);
    const fitting = (rows: number[], labels: number[]) => () =>
      runToEnd(fitProbe(kernels, x, { rows: Uint32Array.from(rows), labels: Uint32Array.from(labels), classes: 2 }));
    expect(fitting([], [])).toThrow("No image has a label yet");
    expect(fitting([10], [0])).toThrow("row 10, but there are 10 rows");
    expect(fitting([1], [2])).toThrow("class 2, but there are 2 classes");
    expect(fitting([1, 2], [0])).toThrow("a label for each of 2 rows, got 1");
    x.data[9] = Number.NaN;
    expect(fitting([1, 2], [0, 1])).toThrow("row 2 of 10 of the embedding holds NaN");
  });
});

describe("cross-validation", () => {
  it("deals every class evenly over the folds, by its seed", () => {
    const labels = Uint32Array.from({ length: 103 }, (_, i) => (i < 70 ? 0 : i < 100 ? 1 : 2));
    const folds = stratifiedFolds(labels, 3, 5, new Random(1));
    for (const [label, count] of [
      [0, 70],
      [1, 30],
      [2, 3],
    ] as const) {
      const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((of, i) => of === fold && labels[i] === label).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(sizes.reduce((a, b) => a + b)).toBe(count);
    }
    const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((of) => of === fold).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(stratifiedFolds(labels, 3, 5, new Random(1))).toEqual(folds);
    expect(stratifiedFolds(labels, 3, 5, new Random(2))).not.toEqual(folds);
  });

  it("never lets a probe see the row it judges", () => {
    // Labels at random: who has seen them knows them, who has not is at chance.
    const [x, all] = crowds(120, 60, 2, 1, 11);
    const random = new Random(5);
    const labels = all.labels.map(() => random.below(2));
    const noise = { ...all, labels };
    const seen = probeReport(
      runToEnd(probeProbabilities(runToEnd(fitProbe(kernels, x, noise, { c: 1e4, balanced: false })), x)),
      labels,
      2,
    );
    const { probabilities } = runToEnd(crossValidate(kernels, x, noise, { seed: 1 }))!;
    expect(seen.accuracy).toBeGreaterThan(0.9);
    expect(probeReport(probabilities, labels, 2).accuracy).toBeLessThan(0.65);
  });

  it("gives a class whose only example is held out probability 0, and one label nothing", () => {
    const [x] = crowds(12, 4, 2, 1, 5);
    const labelled = {
      rows: Uint32Array.from({ length: 7 }, (_, row) => row),
      labels: Uint32Array.of(0, 1, 0, 1, 0, 1, 2),
      classes: 3,
    };
    const { probabilities } = runToEnd(crossValidate(kernels, x, labelled, { seed: 1 }))!;
    expect(probabilities[6 * 3 + 2]).toBe(0);
    for (let row = 0; row < 7; row++) {
      const own = probabilities.subarray(row * 3, row * 3 + 3);
      expect(own[0]! + own[1]! + own[2]!).toBeCloseTo(1, 6);
    }
    const one = { rows: Uint32Array.of(0), labels: Uint32Array.of(0), classes: 3 };
    expect(runToEnd(crossValidate(kernels, x, one, { seed: 1 }))).toBeNull();
  });
});

describe("the report of a probe", () => {
  it("counts what is right, how confident it was, and what is taken for what", () => {
    const p = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.35, 0.65, 0.65, 0.35);
    const report = probeReport(p, Uint32Array.of(0, 1, 1, 0), 2);
    expect(report.accuracy).toBe(0.75);
    expect(report.balancedAccuracy).toBe(0.75);
    expect([...report.confusion!]).toEqual([2, 0, 1, 1]);
    const expectedLoss = -(Math.log(0.9) + Math.log(0.2) + 2 * Math.log(0.65)) / 4;
    expect(report.logLoss).toBeCloseTo(expectedLoss, 6);
    const { bins } = report;
    expect(bins.map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 0, 2, 0, 2, 0]);
    expect(bins[6]!.confidence).toBeCloseTo(0.65, 6);
    expect(bins[6]!.accuracy).toBe(1);
    // 2 × |.65 − 1| + |.9 + .8 − 1|, over 4; .8 and .9 lie in f32 a little on either side of a bin's end.
    expect(report.calibrationError).toBeCloseTo((0.7 + 0.7) / 4, 5);
  });
});
