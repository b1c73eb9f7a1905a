import { proxy } from "comlink";
import { Connection } from "../bridge/connection.ts";
import { spawnAnalysisWorker } from "../bridge/workers.ts";
import type { JudgedLabels } from "../core/active/confidentJoint.ts";
import type { LabelErrorOptions, LabelErrors } from "../core/active/labelErrors.ts";
import type { TrainedProbe, TrainRequest } from "../core/active/trainProbe.ts";
import type { BoxComparison, BoxErrors } from "../core/annotations/boxErrors.ts";
import type { Classifier } from "../core/classifier/classifier.ts";
import { WinnowError } from "../core/errors.ts";
import type { KnnGraph } from "../core/knn/knnGraph.ts";
import type { HeadSettings } from "../core/linalg/head.ts";
import type { EmbeddingComparison } from "../core/model/compareEmbeddings.ts";
import type { Progress } from "../core/task.ts";
import type {
  AdaptResult,
  AnalysisService,
  EmbeddingMap,
  Insights,
  MapMethod,
  MapSnapshot,
  Neighbours,
  ObjectSetBoxes,
  PartialSelection,
  PicksSoFar,
  SelectRequest,
  SelectResult,
  SimilarRequest,
} from "../protocol/analysing.ts";

export type {
  AdaptResult,
  EmbeddingMap,
  Insights,
  MapMethod,
  MapSnapshot,
  Neighbours,
  PartialSelection,
  PicksSoFar,
  SelectRequest,
  SelectResult,
  SimilarRequest,
} from "../protocol/analysing.ts";

/** Long work's two ways to the outside: it reports, and it can be stopped (it then rejects as `cancelled`). */
export interface Supervision {
  signal: AbortSignal;
  progress: (progress: Progress) => void;
}

/** Of a million images the worker's vectors and kernels hold a gigabyte; reading them again takes a second. */
const restMs = 60_000;

/** All computing on one project's vectors, in a worker of its own that reads the project's database itself. */
export class Analyst {
  private readonly connection: Connection<AnalysisService>;
  private nextTask = 1;

  /** @param space "": the project's own */
  constructor(projectId: string, space = "") {
    const open = (remote: AnalysisService): Promise<void> => remote.open(projectId, space);
    this.connection = new Connection<AnalysisService>(spawnAnalysisWorker, "analysis", open, restMs);
  }

  /** The embedding as it stands; null before the first {@link adapt}. */
  current(): Promise<AdaptResult | null> {
    return this.connection.call((remote) => remote.current());
  }

  /** Fits the head on the stored features and embeds every row. Rejects as `empty` without images. */
  adapt(settings: HeadSettings, { signal, progress }: Supervision): Promise<AdaptResult> {
    return this.supervised(signal, (remote, task) => remote.adapt(task, settings, proxy(progress)));
  }

  /** Embeds the images that have come since with the same head; maps that there are take them in. */
  extend({ signal, progress }: Supervision): Promise<AdaptResult> {
    return this.supervised(signal, (remote, task) => remote.extend(task, proxy(progress)));
  }

  /** The map of the present embedding if it has been computed before. */
  storedMap(method: MapMethod): Promise<EmbeddingMap | null> {
    return this.connection.call((remote) => remote.storedMap(method));
  }

  /** `look` gets the layout so far, several times a second. */
  computeMap(
    request: { method: MapMethod; seed: number },
    look: (xy: MapSnapshot) => void,
    { signal, progress }: Supervision,
  ): Promise<EmbeddingMap> {
    const both = (done: Progress, xy: MapSnapshot | null): void => {
      progress(done);
      if (xy) look(xy);
    };
    return this.supervised(signal, (remote, task) => remote.computeMap(task, request, proxy(both)));
  }

  /** `look` gets the picks so far, several times a second; `broken` those of a run that was cancelled. */
  select(
    request: SelectRequest,
    { look, broken }: { look: (soFar: PicksSoFar) => void; broken: (picks: PartialSelection) => void },
    { signal, progress }: Supervision,
  ): Promise<SelectResult> {
    const all = (done: Progress, soFar: PicksSoFar | null, partial: PartialSelection | null): void => {
      progress(done);
      if (soFar) look(soFar);
      if (partial) broken(partial);
    };
    return this.supervised(signal, (remote, task) => remote.select(task, request, proxy(all)));
  }

  /** Clusters, near duplicates, scores and predicted classes of the present embedding; computed and stored. */
  explore(classifier: Classifier | null, { signal, progress }: Supervision): Promise<Insights> {
    return this.supervised(signal, (remote, task) => remote.explore(task, classifier, proxy(progress)));
  }

  /** What an earlier {@link explore} found for the present embedding, or null. */
  storedInsights(): Promise<Insights | null> {
    return this.connection.call((remote) => remote.storedInsights());
  }

  /** Cosine of every row to the examples. */
  similarities(request: SimilarRequest): Promise<Float32Array> {
    return this.connection.call((remote) => remote.similarities(request));
  }

  /**
   * Cosine of every row's features to a vector of the model's own space, before any head.
   * @param what names the vector, for messages
   */
  featureCosines(to: Float32Array, what: string, { signal, progress }: Supervision): Promise<Float32Array> {
    return this.supervised(signal, (remote, task) => remote.featureCosines(task, to, what, proxy(progress)));
  }

  /** The k rows most like a row, without itself. */
  neighbours(row: number, k: number): Promise<Neighbours> {
    return this.connection.call((remote) => remote.neighbours(row, k));
  }

  /** Cosine of the most similar object of every row to one object; NaN where it has none. */
  objectSimilarities(set: ObjectSetBoxes, instance: number, signal: AbortSignal): Promise<Float32Array> {
    return this.supervised(signal, (remote, task) => remote.objectSimilarities(task, set, instance));
  }

  /** How likely every image shows any of some classes. */
  classProbabilities(
    classifier: Classifier,
    classes: Uint16Array,
    { signal, progress }: Supervision,
  ): Promise<Float32Array> {
    return this.supervised(signal, (remote, task) =>
      remote.classProbabilities(task, classifier, classes, proxy(progress)),
    );
  }

  /** Trains a probe on labels, judges it, and has it predict every image. */
  train(request: TrainRequest, { signal, progress }: Supervision): Promise<TrainedProbe> {
    return this.supervised(signal, (remote, task) => remote.train(task, request, proxy(progress)));
  }

  /** Labels that out-of-sample probabilities contradict. */
  labelIssues(judged: JudgedLabels, options: LabelErrorOptions, signal: AbortSignal): Promise<LabelErrors> {
    return this.supervised(signal, (remote, task) => remote.labelIssues(task, judged, options));
  }

  /** Neighbours of every image, at least k where there are so many. */
  neighbourGraph(k: number, { signal, progress }: Supervision): Promise<KnnGraph> {
    return this.supervised(signal, (remote, task) => remote.neighbourGraph(task, k, proxy(progress)));
  }

  /** Boxes of labels that predictions contradict. */
  boxErrors(comparison: BoxComparison, { signal, progress }: Supervision): Promise<BoxErrors> {
    return this.supervised(signal, (remote, task) => remote.boxErrors(task, comparison, proxy(progress)));
  }

  /** How far the stored embeddings of two spaces agree, and which knows the labels better. */
  compare(
    spaces: readonly [string, string],
    labels: Int32Array | null,
    { signal, progress }: Supervision,
  ): Promise<EmbeddingComparison> {
    return this.supervised(signal, (remote, task) => remote.compare(task, spaces, labels, proxy(progress)));
  }

  /** Packs what has come of image records since, so that the next opening is quick. */
  packImages(): Promise<void> {
    return this.connection.call((remote) => remote.packImages());
  }

  /** The whole embedding, f32 rows × cols. */
  embeddings(): Promise<{ data: Float32Array; rows: number; cols: number }> {
    return this.connection.call((remote) => remote.embeddings());
  }

  close(): void {
    this.connection.close();
  }

  private async supervised<R>(
    signal: AbortSignal,
    run: (remote: AnalysisService, task: string) => Promise<R>,
  ): Promise<R> {
    if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
    const task = `task-${this.nextTask++}`;
    const cancel = (): void => void this.connection.call((remote) => remote.cancel(task)).catch(() => undefined);
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await this.connection.call((remote) => run(remote, task));
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }
}
