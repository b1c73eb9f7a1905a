import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import { Random } from "../random.ts";
import type { Task } from "../task.ts";
import { defaultProbe, fitProbe, type Labelled, type ProbeSettings, probeProbabilities } from "./probe.ts";

export interface CrossValidation {
  /** By labelled row: which fold held it out. */
  folds: Uint8Array;
  /** Labelled rows × classes, from the probe that did not see the row; each sums to 1. */
  probabilities: Float32Array;
}

export const usualFolds = 5;

/**
 * Folds that each have about the same share of every class: each class is shuffled and dealt in turn, and the next class
 * goes on where it ended.
 * @param folds 2 … 255; at most as many as there are labels are used
 */
export function stratifiedFolds(labels: Uint32Array, classes: number, folds: number, random: Random): Uint8Array {
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (const [i, label] of labels.entries()) members[label]!.push(i);
  const most = Math.min(folds, Math.max(1, labels.length));
  const out = new Uint8Array(labels.length);
  let turn = 0;
  for (const own of members) {
    for (const at of random.sample(own.length, own.length)) out[own[at]!] = turn++ % most;
  }
  return out;
}

/**
 * Out-of-sample class probabilities of every labelled row by k-fold cross-validation. A class whose only examples were
 * held out gets probability 0 from that fold's probe.
 * @returns null with fewer than two labels: nothing can be held out
 */
export function* crossValidate(
  kernels: Kernels,
  x: Matrix,
  labelled: Labelled,
  { folds = usualFolds, seed, settings = defaultProbe }: { folds?: number; seed: number; settings?: ProbeSettings },
): Task<CrossValidation | null> {
  const { rows, labels, classes } = labelled;
  if (rows.length < 2) return null;
  const of = stratifiedFolds(labels, classes, folds, new Random(seed));
  const count = of.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const probabilities = new Float32Array(rows.length * classes);
  for (let fold = 0; fold < count; fold++) {
    const kept = Uint32Array.from(of.keys()).filter((i) => of[i] !== fold);
    const held = Uint32Array.from(of.keys()).filter((i) => of[i] === fold);
    const training = { rows: kept.map((i) => rows[i]!), labels: kept.map((i) => labels[i]!), classes };
    const probe = yield* inPart(fitProbe(kernels, x, training, settings), fold, count);
    const guessed = yield* inPart(
      probeProbabilities(
        probe,
        x,
        held.map((i) => rows[i]!),
      ),
      fold,
      count,
    );
    for (const [at, i] of held.entries()) {
      probabilities.set(guessed.subarray(at * classes, (at + 1) * classes), i * classes);
    }
  }
  return { folds: of, probabilities };
}

/** A task as one of several equal parts. */
function* inPart<T>(task: Task<T>, part: number, parts: number): Task<T> {
  const each = 1_000;
  for (;;) {
    const step = task.next();
    if (step.done) return step.value;
    const { done, total } = step.value;
    yield { done: Math.round(each * (part + done / Math.max(1, total))), total: each * parts };
  }
}
