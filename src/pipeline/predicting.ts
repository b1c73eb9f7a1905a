import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import { isWinnowError, WinnowError } from "../core/errors.ts";
import { type ModelSpec, squareOf } from "../core/model/modelSpec.ts";
import { type OwnModel, spaceId } from "../core/model/ownModel.ts";
import {
  keepsProbabilities,
  type PredictedRows,
  predictedRows,
  type SaidOfImage,
} from "../core/model/predictedRows.ts";
import type { ImageRecord } from "../core/records.ts";
import { decodedOriginals, type Originals } from "./decodedOriginals.ts";
import type { Engine } from "./engine.ts";
import type { Gate } from "./gate.ts";
import { inGroups } from "./inGroups.ts";
import { inOrder } from "./inOrder.ts";

/** Images whose predictions are stored together: a crash loses at most these. */
const imagesPerPart = 64;

export interface PredictCounts {
  done: number;
  total: number;
  /** Of `done`, images whose original is gone or has changed: their stored thumbnails were looked at instead. */
  fromThumbnails: number;
}

/** A spec that says something of images. */
export type PredictingSpec = ModelSpec & Required<Pick<ModelSpec, "predicts">>;

/** Where parts of a run that has not ended are kept. */
interface PartStore {
  derived(key: string): Promise<unknown>;
  putDerived(key: string, value: unknown): Promise<unknown>;
  deleteDerived(prefix: string): Promise<void>;
}

/** What has been predicted of a project by one model, before it becomes a prediction task. */
export class PredictedParts {
  private constructor(
    private readonly store: PartStore,
    private readonly prefix: string,
    readonly parts: PredictedRows[],
  ) {}

  /** Those of the same model, fed and read in the same way. */
  static async open(store: PartStore, { sha256 }: Pick<OwnModel, "sha256">, spec: ModelSpec): Promise<PredictedParts> {
    const prefix = `predicted.${spaceId(sha256, spec)}.`;
    const parts: PredictedRows[] = [];
    for (;;) {
      const part = (await store.derived(`${prefix}${parts.length}`)) as PredictedRows | null;
      if (part === null) return new PredictedParts(store, prefix, parts);
      parts.push(part);
    }
  }

  async add(part: PredictedRows): Promise<void> {
    await this.store.putDerived(`${this.prefix}${this.parts.length}`, part);
    this.parts.push(part);
  }

  /** Once they are in the project. */
  clear(): Promise<void> {
    return this.store.deleteDerived(this.prefix);
  }
}

/** Rows that a model has said nothing of yet, neither in a set that it made nor in parts of one. */
export function unpredicted(
  rows: number,
  set: Pick<AnnotationSet, "known" | "source"> | null,
  parts: readonly PredictedRows[],
  model: string,
): Uint32Array {
  const known = new Uint8Array(rows);
  if (set?.source.model === model) known.set(set.known.subarray(0, rows));
  for (const part of parts) for (const row of part.rows) known[row] = 1;
  return Uint32Array.from(known.keys()).filter((row) => known[row] === 0);
}

export interface PredictingOptions extends Originals {
  spec: PredictingSpec;
  /** Those to look at, in row order. */
  images: readonly ImageRecord[];
  /** Images of the whole project. */
  imageCount: number;
  engine: Engine;
  parts: PredictedParts;
  gate: Gate;
  signal: AbortSignal;
  progress(counts: PredictCounts): void;
}

/**
 * Runs a classifier or detector over images from their originals and keeps what it says in parts. What is kept stays
 * when it ends early, and the next call goes on there.
 * @throws WinnowError as `fillSpace`
 */
export async function predictImages(options: PredictingOptions): Promise<PredictCounts> {
  const { spec, images, imageCount, engine, parts, gate, signal } = options;
  const counts: PredictCounts = { done: 0, total: images.length, fromThumbnails: 0 };
  let waiting: SaidOfImage[] = [];
  const write = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const classes = waiting.reduce((most, { said }) => Math.max(most, said.probabilities?.length ?? 0), 0);
    await parts.add(predictedRows(waiting, spec, keepsProbabilities(imageCount, classes)));
    waiting = [];
  };
  await engine.use(async (decoders, embedder) => {
    const square = squareOf(spec);
    const decoded = decodedOriginals(images, () => square, options, { decoders, gate, signal });
    const groups = inGroups(decoded, () => embedder.batch);
    const said = inOrder(
      groups,
      () => embedder.parallel + 1,
      async (group) => {
        const predictions = await embedder.predict(
          group.map(({ rgb }) => rgb),
          signal,
        );
        return group.map(({ image, isThumbnail }, i) => ({ image, isThumbnail, said: predictions[i]! }));
      },
    );
    try {
      for await (const group of said) {
        waiting.push(...group);
        counts.done += group.length;
        counts.fromThumbnails += group.filter(({ isThumbnail }) => isThumbnail).length;
        if (waiting.length >= imagesPerPart) await write();
        options.progress({ ...counts });
      }
    } catch (error) {
      if (!isWinnowError(error, "storage-full")) await write();
      throw signal.aborted ? new WinnowError("cancelled", "Cancelled.", {}, { cause: error }) : error;
    }
    await write();
  });
  if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
  return counts;
}
