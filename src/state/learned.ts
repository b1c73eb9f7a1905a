import type { LabelFilter, LabelRanking } from "../core/active/labelErrors.ts";
import type { CurvePoint } from "../core/active/learningCurve.ts";
import type { Labelled, ProbeSettings } from "../core/active/probe.ts";
import type { ProbeReport } from "../core/active/probeReport.ts";
import type { AnnotationSet } from "../core/annotations/annotationSet.ts";

/** A probe with what it was trained on and how good it is. */
export interface LearnedProbe {
  /** The id of the labels. */
  labels: string;
  settings: ProbeSettings;
  /** The labels as they were: another name means that it is out of date. */
  content: string;
  /** Its predictions as a task. */
  set: AnnotationSet;
  labelled: Labelled;
  /** Labelled rows × classes, from probes that did not see the row; null with fewer than two labels. */
  outOfSample: Float32Array | null;
  report: ProbeReport | null;
  /** After each round of the loop over these labels. */
  curve: readonly CurvePoint[];
}

/** Suspicious labels: those of the filter, then the less sure ones, each most suspicious first. */
export interface FoundLabelIssues {
  /** The id of the labels. */
  labels: string;
  /** The id of the predictions that judged them; null: the probe's, cross-validated. */
  source: string | null;
  filter: LabelFilter;
  ranking: LabelRanking;
  /** How many labels were judged. */
  judged: number;
  issues: readonly LabelIssue[];
  /** By row, 0…1, low is suspicious; NaN for an image whose label was not judged. */
  scores: Float32Array;
}

export interface LabelIssue {
  row: number;
  /** Names of classes. */
  given: string;
  suggested: string;
  /** 0 … 1, low is suspicious. */
  score: number;
  /** The filter leaves it out, but the label is not the likeliest class. */
  lessSure: boolean;
}
