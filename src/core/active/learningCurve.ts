import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import { Random } from "../random.ts";
import type { Task } from "../task.ts";
import { stratifiedFolds, usualFolds } from "./crossValidation.ts";
import { fitProbe, type Labelled, type ProbeSettings, probeProbabilities } from "./probe.ts";
import { probeReport } from "./probeReport.ts";

/** How good a probe is with the labels of the first rounds. */
export interface CurvePoint {
  /** 0 is what was labelled before the first batch, or outside of any. */
  round: number;
  /** Labels that it was trained on. */
  labels: number;
  accuracy: number;
  balancedAccuracy: number;
}

export interface LearningCurveOptions {
  /** By labelled row: the round that brought it, from 0; rounds may be empty. */
  roundOf: Uint32Array;
  rounds: number;
  seed: number;
  settings: ProbeSettings;
}

/**
 * Cross-validated accuracy after each round. All points are judged on the same images, everything that is labelled by
 * now: whoever were judged on its own labels alone would seem to learn nothing, because every round brings harder ones.
 * Of each fold, a point's probe sees the labels of its rounds that are not in the fold.
 * @returns a point for each round that has labels; empty with fewer than two labels in all
 */
export function* learningCurve(
  kernels: Kernels,
  x: Matrix,
  { rows, labels, classes }: Labelled,
  { roundOf, rounds, seed, settings }: LearningCurveOptions,
): Task<CurvePoint[]> {
  if (rows.length < 2) return [];
  const foldOf = stratifiedFolds(labels, classes, usualFolds, new Random(seed));
  const folds = foldOf.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const points: CurvePoint[] = [];
  for (let round = 0; round < rounds; round++) {
    if (!roundOf.includes(round)) continue;
    const known = Uint32Array.from(rows.keys()).filter((i) => roundOf[i]! <= round);
    const judged = new Float32Array(rows.length * classes);
    for (let fold = 0; fold < folds; fold++) {
      const training = known.filter((i) => foldOf[i] !== fold);
      const held = Uint32Array.from(rows.keys()).filter((i) => foldOf[i] === fold);
      if (training.length > 0) {
        const own = { rows: training.map((i) => rows[i]!), labels: training.map((i) => labels[i]!), classes };
        const probe = yield* fitProbe(kernels, x, own, settings);
        const guessed = yield* probeProbabilities(
          probe,
          x,
          held.map((i) => rows[i]!),
        );
        for (const [at, i] of held.entries())
          judged.set(guessed.subarray(at * classes, (at + 1) * classes), i * classes);
      }
      yield { done: round * folds + fold + 1, total: rounds * folds };
    }
    const { accuracy, balancedAccuracy } = probeReport(judged, labels, classes);
    points.push({ round, labels: known.length, accuracy, balancedAccuracy });
  }
  return points;
}

/** Rounds whose gain decides whether more labels help. */
const watchedRounds = 2;
const leastGain = 0.01;
/** A curve of fewer labels jumps up and down by chance. */
const leastLabels = 40;

/** True when the last two rounds together brought less than one point of accuracy. */
export function hasFlattened(points: readonly CurvePoint[]): boolean {
  const last = points.at(-1);
  const before = points.at(-1 - watchedRounds);
  return (
    last !== undefined &&
    before !== undefined &&
    last.labels >= leastLabels &&
    last.accuracy - before.accuracy < leastGain
  );
}
