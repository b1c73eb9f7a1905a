import type { JudgedLabels } from "../core/active/confidentJoint.ts";
import type { LabelErrorOptions, LabelErrors } from "../core/active/labelErrors.ts";
import type { TrainedProbe, TrainRequest } from "../core/active/trainProbe.ts";
import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import type { BoxComparison, BoxErrors } from "../core/annotations/boxErrors.ts";
import type { Classifier } from "../core/classifier/classifier.ts";
import type { CategoryField, NumberField, TreeField } from "../core/explore/field.ts";
import type { Insights } from "../core/explore/insights.ts";
import type { KnnGraph } from "../core/knn/knnGraph.ts";
import type { HeadSettings } from "../core/linalg/head.ts";
import type { HeadReport } from "../core/linalg/headReport.ts";
import type { EmbeddingComparison } from "../core/model/compareEmbeddings.ts";
import type { ObjectBoxes } from "../core/objects/objectBoxes.ts";
import type { EmbeddingMap, MapMethod } from "../core/reduce/embeddingMap.ts";
import type { SelectionConfig } from "../core/selection/config.ts";
import type { MeasuredSelection, Nearest, PicksSoFar } from "../core/selection/measured.ts";
import type { Progress } from "../core/task.ts";

/** What was measured of the head, shown to the person. */
export interface AdaptResult {
  /** Rows that now have an embedding. */
  rows: number;
  dim: number;
  /** Images of the project when the head was fitted; 0 when more were on their way. */
  fittedTotal: number;
  headHash: string;
  settings: HeadSettings;
  report: HeadReport;
}

/** A layout so far: x, y of each row in turn, scaled to −1…1. */
export type MapSnapshot = Float32Array;

export type { Insights } from "../core/explore/insights.ts";
export type { EmbeddingMap, MapMethod } from "../core/reduce/embeddingMap.ts";

/** A set of annotations by its objects alone. */
export interface ObjectSetBoxes extends ObjectBoxes {
  id: string;
}

export interface SelectRequest {
  config: SelectionConfig;
  /** Rows that count as chosen; never returned. */
  alreadyChosen: Uint32Array;
  /** The only rows to choose among and to cover, ascending; null for all. */
  among: Uint32Array | null;
  /** How many further images are named, those that would come next. */
  beyond: number;
  /** Seed of the random choice that the result is compared with. */
  seed: number;
  /** The fields that the configuration names; rows of tags and of other sets as arrays. */
  fields: readonly (CategoryField | TreeField | NumberField)[];
  sets: readonly { id: string; title: string; names: readonly string[]; rows: readonly Uint32Array[] }[];
  /** The sets of annotations that it names, without boxes, shapes and probabilities. */
  annotations: readonly AnnotationSet[];
  /** Those whose objects it goes by. */
  objects: readonly ObjectSetBoxes[];
  tags: ReadonlyMap<string, Uint32Array>;
  paths: readonly string[];
}

export type SelectResult = MeasuredSelection;
export type { CoverageCurves, PicksSoFar } from "../core/selection/measured.ts";
/** What a selection had picked when it was cancelled. */
export type PartialSelection = PicksSoFar & Nearest;

/** What images should be like, and what not. Rows, and one image from outside by its features. */
export interface SimilarRequest {
  positives: number[];
  negatives: number[];
  /** f32 of the model's width; counts among the positives. Null: none. */
  outside: Float32Array | null;
}

/** Neighbours of one image, nearest first. */
export interface Neighbours {
  rows: Uint32Array;
  /** Cosines of the embedding. */
  cosines: Float32Array;
}

/**
 * All computing on a project's vectors. The worker reads the project's database itself; only results cross. Long calls
 * take a `task` name by which `cancel` ends them (they then reject as `cancelled`) and report progress through one
 * proxied function.
 */
export interface AnalysisService {
  /** Opens one space of a project ("": the project's own) and loads its stored embedding. */
  open(projectId: string, space: string): Promise<void>;
  /**
   * Compares the stored embeddings of two spaces, where both have all images.
   * @param labels by row: a class from 0, −1 for none; null: there are none
   * @throws WinnowError `empty` when one of them has not been made yet
   */
  compare(
    task: string,
    spaces: readonly [string, string],
    labels: Int32Array | null,
    progress: (progress: Progress) => void,
  ): Promise<EmbeddingComparison>;
  /** How the embedding stands, or null when there is none. */
  current(): Promise<AdaptResult | null>;
  /**
   * Fits the head on a sample of all stored features and embeds every row with it.
   * @throws WinnowError `empty` when no image is stored
   */
  adapt(task: string, settings: HeadSettings, progress: (progress: Progress) => void): Promise<AdaptResult>;
  /**
   * Embeds the images that have come since with the head as it is, and puts them into the stored maps; nothing that was
   * there moves.
   */
  extend(task: string, progress: (progress: Progress) => void): Promise<AdaptResult>;
  /** Computes a map and stores it; `progress` gets the layout so far with its reports. */
  computeMap(
    task: string,
    request: { method: MapMethod; seed: number },
    progress: (progress: Progress, xy: MapSnapshot | null) => void,
  ): Promise<EmbeddingMap>;
  /** The map stored for the present embedding, or null. */
  storedMap(method: MapMethod): Promise<EmbeddingMap | null>;
  /**
   * Clusters, near duplicates, typicality, outlier scores and predicted classes of the present embedding; stored.
   * Predictions are made only of images that have none yet, and not at all without a classifier.
   */
  explore(task: string, classifier: Classifier | null, progress: (progress: Progress) => void): Promise<Insights>;
  /** What {@link explore} has stored for the present embedding, or null. */
  storedInsights(): Promise<Insights | null>;
  /** Cosine of every row to the examples, −1…1. */
  similarities(request: SimilarRequest): Promise<Float32Array>;
  /**
   * Cosine of every row's features to a vector of the model's own space, −1…1: what a text tower gives is compared so.
   * @param what names the vector, for messages
   * @throws WinnowError `model` for a vector of another length, `empty` where the features are not stored
   */
  featureCosines(
    task: string,
    to: Float32Array,
    what: string,
    progress: (progress: Progress) => void,
  ): Promise<Float32Array>;
  neighbours(row: number, k: number): Promise<Neighbours>;
  /**
   * Cosine of the most similar object of every row to one object, −1…1; NaN where a row has no embedded object.
   * @param instance of the set
   * @throws WinnowError `empty` when that object has no embedding
   */
  objectSimilarities(task: string, set: ObjectSetBoxes, instance: number): Promise<Float32Array>;
  /** How likely every image shows any of some classes, 0…1. Makes the predictions that are missing. */
  classProbabilities(
    task: string,
    classifier: Classifier,
    classes: Uint16Array,
    progress: (progress: Progress) => void,
  ): Promise<Float32Array>;
  /**
   * Chooses images. Reports carry what is picked so far; a run that is cancelled ends with a report of `broken` picks, all
   * that there are, before it rejects.
   */
  select(
    task: string,
    request: SelectRequest,
    progress: (progress: Progress, soFar: PicksSoFar | null, broken: PartialSelection | null) => void,
  ): Promise<SelectResult>;
  /** Packs what has come of image records since, so that the next opening is quick. */
  packImages(): Promise<void>;
  /** The whole embedding, f32 rows × dim, a copy. */
  embeddings(): Promise<{ data: Float32Array; rows: number; cols: number }>;
  /** Trains a probe on labels, judges it, and has it predict every image. */
  train(task: string, request: TrainRequest, progress: (progress: Progress) => void): Promise<TrainedProbe>;
  /** Labels that out-of-sample probabilities contradict. */
  labelIssues(task: string, judged: JudgedLabels, options: LabelErrorOptions): Promise<LabelErrors>;
  /** Neighbours of every image, at least k where there are so many; computed where they are not stored. */
  neighbourGraph(task: string, k: number, progress: (progress: Progress) => void): Promise<KnnGraph>;
  /** Boxes of labels that predictions contradict. */
  boxErrors(task: string, comparison: BoxComparison, progress: (progress: Progress) => void): Promise<BoxErrors>;
  cancel(task: string): Promise<void>;
}
