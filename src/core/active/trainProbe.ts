import type { Kernels } from "../../kernels/load.ts";
import type { Matrix } from "../matrix.ts";
import type { Task } from "../task.ts";
import { crossValidate } from "./crossValidation.ts";
import { type CurvePoint, learningCurve } from "./learningCurve.ts";
import { fitProbe, type Labelled, type ProbeSettings, probeProbabilities } from "./probe.ts";
import { type ProbeReport, probeReport } from "./probeReport.ts";

export interface TrainRequest {
  labelled: Labelled;
  settings: ProbeSettings;
  /** By labelled row: the round of an active-learning loop that brought it, from 0; null: there is no loop. */
  roundOf: Uint32Array | null;
  rounds: number;
}

export interface TrainedProbe {
  /** Rows × classes of every image that has an embedding. */
  probabilities: Float32Array;
  /** Labelled rows × classes, from probes that did not see the row; null with fewer than two labels. */
  outOfSample: Float32Array | null;
  report: ProbeReport | null;
  curve: CurvePoint[];
}

/** Folds are the same every time. */
const seed = 1;

/** Everything that the page shows of a probe: trained on all labels, judged by cross-validation, after each round. */
export function* trainProbe(
  kernels: Kernels,
  x: Matrix,
  { labelled, settings, roundOf, rounds }: TrainRequest,
): Task<TrainedProbe> {
  const probe = yield* fitProbe(kernels, x, labelled, settings);
  const probabilities = yield* probeProbabilities(probe, x);
  const judged = yield* crossValidate(kernels, x, labelled, { seed, settings });
  return {
    probabilities,
    outOfSample: judged?.probabilities ?? null,
    report: judged && probeReport(judged.probabilities, labelled.labels, labelled.classes),
    curve: roundOf ? yield* learningCurve(kernels, x, labelled, { roundOf, rounds, seed, settings }) : [],
  };
}
