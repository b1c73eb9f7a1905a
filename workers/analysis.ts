import type { JudgedLabels } from "../src/core/active/confidentJoint.ts";
import { type LabelErrorOptions, type LabelErrors, labelErrors } from "../src/core/active/labelErrors.ts";
import { type TrainedProbe, type TrainRequest, trainProbe } from "../src/core/active/trainProbe.ts";
import { type BoxComparison, type BoxErrors, boxErrors } from "../src/core/annotations/boxErrors.ts";
import type { Classifier } from "../src/core/classifier/classifier.ts";
import { joined, type Predictions, predict, probabilityOf } from "../src/core/classifier/predictions.ts";
import { addedPairs, duplicatePairs } from "../src/core/cluster/duplicatePairs.ts";
import { isWinnowError, WinnowError } from "../src/core/errors.ts";
import { canGrow, grownInsights } from "../src/core/explore/grownInsights.ts";
import { type Insights, insightNeighbours, insightsOf } from "../src/core/explore/insights.ts";
import type { KnnGraph } from "../src/core/knn/knnGraph.ts";
import { neighbourGraph } from "../src/core/knn/neighbourGraph.ts";
import { adapt, decoded, type Embedding, extended } from "../src/core/linalg/adapt.ts";
import { applyHead, type HeadSettings } from "../src/core/linalg/head.ts";
import { type Matrix, matrix } from "../src/core/matrix.ts";
import { compareEmbeddings, type EmbeddingComparison } from "../src/core/model/compareEmbeddings.ts";
import { largestOfGroups, type ObjectPoints } from "../src/core/objects/objectPoints.ts";
import { type EmbeddingMap, embeddingMap, type MapMethod, mapWithNewRows } from "../src/core/reduce/embeddingMap.ts";
import { RowSet } from "../src/core/rowSet.ts";
import { featureCosines } from "../src/core/select/featureCosines.ts";
import { cosinesTo, mostSimilar } from "../src/core/select/similarity.ts";
import { neighboursOf } from "../src/core/selection/columns.ts";
import { fieldData } from "../src/core/selection/fieldData.ts";
import { nearestBefore, type PicksSoFar, selectMeasured } from "../src/core/selection/measured.ts";
import { type Drive, type Progress, runToEnd } from "../src/core/task.ts";
import type { Kernels } from "../src/kernels/load.ts";
import type {
  AdaptResult,
  AnalysisService,
  MapSnapshot,
  Neighbours,
  ObjectSetBoxes,
  SelectRequest,
  SelectResult,
  SimilarRequest,
} from "../src/protocol/analysing.ts";
import {
  derivationOf,
  type EmbeddingRecord,
  putInsights,
  putMap,
  putPredictions,
  readEmbedding,
  readInsights,
  readMap,
  readMaps,
  readPredictions,
} from "../src/store/derived.ts";
import { ObjectEmbeddings } from "../src/store/objectEmbeddings.ts";
import { ProjectStore } from "../src/store/projectStore.ts";
import type { SpaceStore } from "../src/store/spaceStore.ts";
import { cancelTask, drive } from "./drive.ts";
import { startKernels } from "./kernels.ts";
import { SpaceVectors } from "./spaceVectors.ts";
import { storedFeatures, storedHashes } from "./storedFeatures.ts";

/** Sample of images by which two embeddings are compared. */
const comparisonSeed = 1;

/** The analysis worker's work on one open project. */
export class Analysis implements AnalysisService {
  private store: ProjectStore | null = null;
  /** The space that is looked at: its features, and all that is computed from them. */
  private inUse: SpaceVectors | null = null;
  private readonly kernels: Promise<Kernels> = startKernels();
  private readonly objects = new ObjectEmbeddings(this.kernels);

  async open(projectId: string, space: string): Promise<void> {
    this.store?.close();
    this.store = await ProjectStore.open(projectId);
    this.inUse = await SpaceVectors.open(this.store.space(space));
  }

  async current(): Promise<AdaptResult | null> {
    const { record } = this.vectors();
    return record && resultOf(record);
  }

  async adapt(task: string, settings: HeadSettings, progress: (progress: Progress) => void): Promise<AdaptResult> {
    const vectors = this.vectors();
    const features = await storedFeatures(vectors.store);
    return resultOf(await vectors.replace(await adapt(await this.kernels, features, settings, driver(task, progress))));
  }

  async extend(task: string, progress: (progress: Progress) => void): Promise<AdaptResult> {
    const vectors = this.vectors();
    const space = vectors.store;
    const before = derivationOf(vectors.requireRecord());
    const kernels = await this.kernels;
    const run = driver(task, progress);
    const after = await extended(kernels, await this.embedded(), await storedFeatures(space), run);
    const maps = await readMaps(space, before, ["UMAP", "t-SNE"]);
    const graph = maps.size > 0 ? await vectors.grownGraph(kernels, after.embeddings, run) : null;
    for (const [method, map] of maps)
      maps.set(method, await mapWithNewRows(kernels, after.embeddings, map, graph, run));
    const record = await vectors.replace(after, before.rows, graph);
    for (const [method, map] of maps) await putMap(space, derivationOf(record), method, map);
    return resultOf(record);
  }

  async computeMap(
    task: string,
    request: { method: MapMethod; seed: number },
    progress: (progress: Progress, xy: MapSnapshot | null) => void,
  ): Promise<EmbeddingMap> {
    const embedding = await this.embedded();
    let latest: Progress = { done: 0, total: 0 };
    const run = driver(task, (now) => {
      latest = now;
      progress(now, null);
    });
    const map = await embeddingMap(
      await this.kernels,
      embedding.embeddings,
      request,
      (k) => this.graph(k, run),
      run,
      (xy) => progress(latest, xy),
    );
    await putMap(this.space(), derivationOf(embedding), request.method, map);
    return map;
  }

  async storedMap(method: MapMethod): Promise<EmbeddingMap | null> {
    return await readMap(this.space(), derivationOf(this.vectors().requireRecord()), method);
  }

  async explore(
    task: string,
    classifier: Classifier | null,
    progress: (progress: Progress) => void,
  ): Promise<Insights> {
    const of = derivationOf(this.vectors().requireRecord());
    const run = driver(task, progress);
    const graph = await this.graph(insightNeighbours, run);
    const predictions = classifier && (await this.predictions(classifier, of.rows, run));
    const classified = predictions && { predictions, names: classifier.names };
    const hashes = await storedHashes(this.opened(), graph.rows);
    const sources = { graph, features: await storedFeatures(this.own()), hashes };
    const before = await readInsights(this.space(), of, 1);
    const insights =
      before && canGrow(before, graph.rows)
        ? await grownInsights(
            before,
            graph,
            before.duplicates && (await addedPairs(sources, before.duplicates, run)),
            classified,
            run,
          )
        : await insightsOf(graph, await duplicatePairs(sources, run), classified, run);
    await putInsights(this.space(), of, insights);
    return insights;
  }

  async storedInsights(): Promise<Insights | null> {
    const { record } = this.vectors();
    return record && (await readInsights(this.space(), derivationOf(record)));
  }

  async similarities({ positives, negatives, outside }: SimilarRequest): Promise<Float32Array> {
    const { head, embeddings } = await this.embedded();
    const examples: (number | Float32Array)[] = [...positives];
    if (outside) {
      const features = matrix(outside, 1, outside.length);
      examples.push(runToEnd(applyHead(await this.kernels, head, features)).data);
    }
    return cosinesTo(embeddings, { positives: examples, negatives });
  }

  async featureCosines(
    task: string,
    to: Float32Array,
    what: string,
    progress: (progress: Progress) => void,
  ): Promise<Float32Array> {
    return await featureCosines(await storedFeatures(this.space()), to, what, driver(task, progress), progress);
  }

  async neighbours(row: number, k: number): Promise<Neighbours> {
    const { embeddings } = await this.embedded();
    const { rows, distances } = runToEnd(mostSimilar(await this.kernels, embeddings, { positives: [row] }, { k }));
    // Rows have length 1: d² = 2 − 2 cos.
    return { rows, cosines: distances.map((d) => 1 - (d * d) / 2) };
  }

  async objectSimilarities(task: string, set: ObjectSetBoxes, instance: number): Promise<Float32Array> {
    const run = driver(task, () => undefined);
    const points = await this.objects.points(this.space(), await this.embedded(), set, run);
    const point = points.instances.indexOf(instance);
    if (point < 0)
      throw new WinnowError("empty", "This object is not embedded yet: “Embed objects” of its set does it.");
    return Float32Array.from(largestOfGroups(points, cosinesTo(points.embeddings, { positives: [point] })));
  }

  async classProbabilities(
    task: string,
    classifier: Classifier,
    classes: Uint16Array,
    progress: (progress: Progress) => void,
  ): Promise<Float32Array> {
    const run = driver(task, progress);
    const { rows } = (await this.embedded()).embeddings;
    const predictions = await this.predictions(classifier, rows, run);
    if (predictions === null) {
      throw new WinnowError("empty", "This project came without its features, so words cannot be searched for in it.");
    }
    const { logSums } = predictions;
    const kernels = await this.kernels;
    const all = new Float32Array(rows);
    for await (const { firstRow, values } of this.featureRows(0, rows)) {
      const own = logSums.subarray(firstRow, firstRow + values.rows);
      all.set(await run(probabilityOf(kernels, classifier, classes, values, own)), firstRow);
      progress({ done: firstRow + values.rows, total: rows });
    }
    return all;
  }

  async select(
    task: string,
    request: SelectRequest,
    progress: Parameters<AnalysisService["select"]>[2],
  ): Promise<SelectResult> {
    const { embeddings } = await this.embedded();
    const { config, alreadyChosen, among, beyond, seed, fields, sets, annotations, tags, paths } = request;
    const kernels = await this.kernels;
    let latest: Progress = { done: 0, total: 0 };
    let soFar: (() => PicksSoFar) | null = null;
    const run = driver(task, (now) => {
      latest = now;
      progress(now, soFar?.() ?? null, null);
    });
    // The stored graph serves whoever asks for as many neighbours as it has.
    const neighbours = neighboursOf(config);
    const stored = neighbours > 0 ? await this.graph(neighbours, run) : null;
    const objects = new Map<string, ObjectPoints>();
    for (const set of request.objects) {
      objects.set(set.id, await this.objects.points(this.space(), await this.embedded(), set, run));
    }
    const data = fieldData({
      objects,
      embeddings,
      *graph(k) {
        return stored && stored.k >= Math.min(k, embeddings.rows - 1)
          ? stored
          : yield* neighbourGraph(kernels, embeddings, k);
      },
      paths,
      fields: [
        ...fields,
        ...sets.map(({ rows, ...field }) => ({ ...field, kind: "sets" as const, sets: rows.map(RowSet.of) })),
      ],
      sets: annotations,
      tags: new Map([...tags].map(([name, rows]) => [name, RowSet.of(rows)])),
    });
    const watch = (tell: () => PicksSoFar): void => {
      soFar = tell;
    };
    try {
      return await run(selectMeasured(kernels, data, config, { alreadyChosen, among, beyond }, { seed, watch }));
    } catch (error) {
      const picks = isWinnowError(error, "cancelled") ? (soFar as (() => PicksSoFar) | null)?.() : undefined;
      if (picks && picks.rows.length > 0) {
        const nearest = runToEnd(nearestBefore(kernels, embeddings, picks.rows, alreadyChosen));
        // Waited for: it must be there before the call is over.
        await progress(latest, null, { ...picks, ...nearest });
      }
      throw error;
    }
  }

  async train(task: string, request: TrainRequest, progress: (progress: Progress) => void): Promise<TrainedProbe> {
    return await driver(task, progress)(trainProbe(await this.kernels, (await this.embedded()).embeddings, request));
  }

  async labelIssues(task: string, judged: JudgedLabels, options: LabelErrorOptions): Promise<LabelErrors> {
    return await driver(task, () => undefined)(labelErrors(judged, options));
  }

  async neighbourGraph(task: string, k: number, progress: (progress: Progress) => void): Promise<KnnGraph> {
    return await this.graph(k, driver(task, progress));
  }

  async boxErrors(task: string, comparison: BoxComparison, progress: (progress: Progress) => void): Promise<BoxErrors> {
    return await driver(task, progress)(boxErrors(comparison));
  }

  async compare(
    task: string,
    spaces: readonly [string, string],
    labels: Int32Array | null,
    progress: (progress: Progress) => void,
  ): Promise<EmbeddingComparison> {
    const read = async (id: string): Promise<Matrix> => {
      const embedding = await readEmbedding(this.opened().space(id));
      if (embedding) return embedding.embeddings;
      throw new WinnowError("empty", "One of them has no embedding yet: look at it once, then compare.");
    };
    const [first, second] = [await read(spaces[0]), await read(spaces[1])];
    if (first.rows !== second.rows) {
      throw new WinnowError(
        "empty",
        `One has ${first.rows} images, the other ${second.rows}: look at both once first.`,
      );
    }
    return await driver(task, progress)(compareEmbeddings(await this.kernels, [first, second], labels, comparisonSeed));
  }

  async packImages(): Promise<void> {
    const { images } = this.opened();
    while (await images.packNext());
    await images.packOrder();
  }

  async embeddings(): Promise<{ data: Float32Array; rows: number; cols: number }> {
    const { data, rows, cols } = (await this.embedded()).embeddings;
    return { data: data.slice(), rows, cols };
  }

  async cancel(task: string): Promise<void> {
    cancelTask(task);
  }

  private async graph(k: number, run: Drive): Promise<KnnGraph> {
    return await this.vectors().graph(await this.kernels, k, run);
  }

  /**
   * What the classifier says of the first `rows` images: stored, and made for those that have come since. Null where
   * the project came without features.
   */
  private async predictions(classifier: Classifier, rows: number, run: Drive): Promise<Predictions | null> {
    const store = this.opened();
    const known = await readPredictions(store);
    if (known && known.rows >= rows) return known;
    const kernels = await this.kernels;
    const parts = known ? [known] : [];
    for await (const { values } of this.featureRows(known?.rows ?? 0, rows)) {
      if (values.cols !== classifier.features) return null;
      parts.push(await run(predict(kernels, classifier, values)));
    }
    const all = joined(parts);
    await putPredictions(store, all);
    return all;
  }

  /** Stored features of the project's own model, rows from…to, a chunk at a time. */
  private async *featureRows(from: number, to: number): AsyncGenerator<{ firstRow: number; values: Matrix }> {
    const features = await storedFeatures(this.own());
    for await (const { firstRow, rows, cols, data } of features.chunks(from)) {
      const first = Math.max(from, firstRow);
      const end = Math.min(to, firstRow + rows);
      if (first >= end) continue;
      const values = decoded(data.subarray((first - firstRow) * cols, (end - firstRow) * cols));
      yield { firstRow: first, values: matrix(values, end - first, cols) };
    }
  }

  private space(): SpaceStore {
    return this.vectors().store;
  }

  private vectors(): SpaceVectors {
    if (this.inUse === null) throw new WinnowError("internal", "no project is open for analysis");
    return this.inUse;
  }

  /** The project's own space: its classifier and the distances of duplicates belong to that. */
  private own(): SpaceStore {
    return this.opened().space("");
  }

  private opened(): ProjectStore {
    if (this.store === null) throw new WinnowError("internal", "no project is open for analysis");
    return this.store;
  }

  private embedded(): Promise<Embedding> {
    return this.vectors().embedding();
  }
}

/** Drives tasks in slices under one name, by which they can be cancelled. */
const driver =
  (name: string, progress: (progress: Progress) => void): Drive =>
  (task, onReport) =>
    drive(name, task, (now) => {
      progress(now);
      onReport?.();
    });

const resultOf = ({ head, settings, rows, fittedTotal }: EmbeddingRecord): AdaptResult => ({
  fittedTotal,
  rows,
  dim: head.dim,
  headHash: head.hash,
  settings,
  report: head.report,
});
