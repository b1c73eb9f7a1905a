import { expect, it } from "vitest";
import { crossValidate } from "../../../src/core/active/crossValidation.ts";
import { labelErrors } from "../../../src/core/active/labelErrors.ts";
import { hasFlattened, learningCurve } from "../../../src/core/active/learningCurve.ts";
import { loopStrategies } from "../../../src/core/active/loopStrategies.ts";
import { defaultProbe, fitProbe, probeProbabilities } from "../../../src/core/active/probe.ts";
import { probeReport } from "../../../src/core/active/probeReport.ts";
import { uncertaintiesOf } from "../../../src/core/annotations/uncertainty.ts";
import { knnGraph } from "../../../src/core/knn/knnGraph.ts";
import { type Matrix, matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import type { SelectionStrategy } from "../../../src/core/selection/config.ts";
import { selectImages } from "../../../src/core/selection/selectImages.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { clothing } from "../../fixtures/clothing.ts";
import { wasmKernels as kernels } from "../../fixtures/kernels.ts";
import { dataOf } from "../selection/selectionData.ts";

/** Real photographs, their folders as labels. */
const { x, labels, classes } = clothing();
const seeds = [1, 2, 3, 4, 5];
const all = Uint32Array.from({ length: x.rows }, (_, row) => row);
const labelledOf = (rows: Uint32Array, given = labels) => ({
  rows: rows.slice().sort(),
  labels: rows
    .slice()
    .sort()
    .map((row) => given[row]!),
  classes: classes.length,
});

it("5 % swapped labels: 70 % of them are found within twice as many suggestions", () => {
  const byFilter: number[] = [];
  for (const seed of seeds) {
    const random = new Random(seed);
    const given = labels.slice();
    const swapped = random.sample(x.rows, Math.round(0.05 * x.rows));
    for (const row of swapped) given[row] = (given[row]! + 1 + random.below(classes.length - 1)) % classes.length;
    const { probabilities } = runToEnd(crossValidate(kernels, x, labelledOf(all, given), { seed: 1 }))!;
    const { issues, others } = runToEnd(labelErrors({ labels: given, probabilities, classes: classes.length }));
    const foundIn = (rows: Uint32Array): number => {
      const suggested = new Set(rows.subarray(0, 2 * swapped.length));
      return swapped.filter((row) => suggested.has(row)).length / swapped.length;
    };
    byFilter.push(foundIn(issues));
    expect(foundIn(Uint32Array.of(...issues, ...others)), `seed ${seed}`).toBeGreaterThanOrEqual(0.8);
  }
  console.info(`found by the filter alone: ${byFilter.map((share) => share.toFixed(2)).join(", ")}`);
  expect(byFilter.reduce((a, b) => a + b) / byFilter.length).toBeGreaterThanOrEqual(0.7);
});

function rowsOf(rows: Uint32Array): Matrix {
  const out = new Float32Array(rows.length * x.cols);
  for (const [i, row] of rows.entries()) out.set(x.data.subarray(row * x.cols, (row + 1) * x.cols), i * x.cols);
  return matrix(out, rows.length, x.cols);
}

it("the loop from 20 to 200 labels beats random ones on photographs that it did not see", () => {
  const gains = new Map<number, number[]>();
  for (const seed of seeds) {
    const shuffled = new Random(seed).sample(x.rows, x.rows);
    const [pool, unseen] = [shuffled.slice(0, 480), shuffled.slice(480)];
    const px = rowsOf(pool);
    const graph = runToEnd(knnGraph(kernels, px, 20));
    const probeOf = (chosen: Uint32Array) => {
      const rows = chosen.slice().sort();
      const own = { rows, labels: rows.map((row) => labels[pool[row]!]!), classes: classes.length };
      return runToEnd(fitProbe(kernels, px, own));
    };
    const accuracy = (chosen: Uint32Array): number =>
      probeReport(
        runToEnd(probeProbabilities(probeOf(chosen), x, unseen)),
        unseen.map((row) => labels[row]!),
        classes.length,
      ).accuracy;
    const select = (strategies: SelectionStrategy[], chosen: Uint32Array, margin: ArrayLike<number> = []) => {
      const data = {
        ...dataOf(px, { uncertainty_margin: margin }),
        *graph() {
          yield { done: 0, total: 1 };
          return graph;
        },
      };
      const config = { nSamples: 20, strategies };
      return runToEnd(selectImages(kernels, data, config, { alreadyChosen: chosen, among: null })).rows;
    };
    const random = new Random(100 + seed).sample(px.rows, 200);
    const { first, next } = loopStrategies[0]!;
    let chosen = select(first, new Uint32Array(0));
    while (chosen.length < 200) {
      const p = runToEnd(probeProbabilities(probeOf(chosen), px));
      const margin = Array.from(
        { length: px.rows },
        (_, row) => uncertaintiesOf(p, row * classes.length, classes.length).margin,
      );
      const strategies = next({ type: "SCORES", task: "probe", score: "uncertainty_margin" });
      chosen = Uint32Array.of(...chosen, ...select(strategies, chosen, margin));
      if (chosen.length % 40 !== 0) continue;
      const gain = accuracy(chosen) - accuracy(random.slice(0, chosen.length));
      gains.set(chosen.length, [...(gains.get(chosen.length) ?? []), gain]);
    }
  }
  const means = [...gains].map(([n, values]) => [n, values.reduce((a, b) => a + b) / values.length] as const);
  console.info(`gain over random by labels: ${means.map(([n, gain]) => `${n}: ${gain.toFixed(3)}`).join(", ")}`);
  expect(means).toHaveLength(5);
  for (const [n, gain] of means) expect(gain, `${n} labels`).toBeGreaterThan(0);
});

it("the accuracy after each round is judged on all labels and rises", () => {
  const order = new Random(1).sample(x.rows, 300);
  const labelled = labelledOf(order);
  const roundOfRow = new Map(Array.from(order, (row, i) => [row, Math.floor(i / 60)]));
  const options = {
    roundOf: labelled.rows.map((row) => roundOfRow.get(row)!),
    rounds: 6,
    seed: 1,
    settings: defaultProbe,
  };
  const points = runToEnd(learningCurve(kernels, x, labelled, options));
  expect(points.map(({ round, labels: n }) => [round, n])).toEqual([0, 1, 2, 3, 4].map((i) => [i, 60 * (i + 1)]));
  expect(points.at(-1)!.accuracy).toBeGreaterThan(points[0]!.accuracy + 0.05);
  // All labels, the same folds: the last point is the probe's own cross-validation.
  const judged = runToEnd(crossValidate(kernels, x, labelled, { seed: 1 }))!;
  const report = probeReport(judged.probabilities, labelled.labels, classes.length);
  expect(points.at(-1)!.accuracy).toBe(report.accuracy);
});

it("a curve has flattened when two rounds brought less than a point", () => {
  const curve = (...accuracies: number[]) =>
    accuracies.map((accuracy, round) => ({ round, labels: 20 * (round + 1), accuracy, balancedAccuracy: accuracy }));
  expect(hasFlattened([])).toBe(false);
  expect(hasFlattened(curve(0.5, 0.505))).toBe(false);
  expect(hasFlattened(curve(0.5, 0.7, 0.8))).toBe(false);
  expect(hasFlattened(curve(0.5, 0.8, 0.801, 0.805))).toBe(true);
});
