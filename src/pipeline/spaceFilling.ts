import { isWinnowError, WinnowError } from "../core/errors.ts";
import { encodeFloat16 } from "../core/float16.ts";
import { squareOf } from "../core/model/modelSpec.ts";
import type { SpaceInfo } from "../store/schema.ts";
import type { SpaceStore } from "../store/spaceStore.ts";
import { decodedOriginals, type OriginalImage, type Originals } from "./decodedOriginals.ts";
import type { Embedder } from "./embedder.ts";
import type { Gate } from "./gate.ts";
import { inGroups } from "./inGroups.ts";
import type { Decoders } from "./ingest.ts";
import { inOrder } from "./inOrder.ts";

/** Images whose features are stored together: a crash loses at most these. */
const imagesPerChunk = 64;

export interface FillCounts {
  done: number;
  total: number;
  /** Of `done`, images whose original is gone or has changed: their stored thumbnails were embedded instead. */
  fromThumbnails: number;
}

/** Lends what decodes images and what embeds them, for one piece of work. */
export interface EmbeddingEngine {
  use<T>(
    work: (decoders: Decoders, embedder: Pick<Embedder, "parallel" | "batch" | "embed">) => Promise<T>,
  ): Promise<T>;
}

export interface SpaceFillingOptions extends Originals {
  space: Pick<SpaceInfo, "model" | "featureCount">;
  store: Pick<SpaceStore, "append">;
  /** All images of the project from the first that has no features in the space, in row order. */
  images: readonly OriginalImage[];
  engine: EmbeddingEngine;
  gate: Gate;
  signal: AbortSignal;
  progress(counts: FillCounts): void;
}

/**
 * Embeds images with a further model from their originals, and stores the features. What is stored stays when it ends
 * early, and the next call goes on there.
 * @throws WinnowError `cancelled`; `permission` when the browser wants a click; `vanished` when no original is to be
 *   found at all; `model`, `storage-full`
 */
export async function fillSpace(options: SpaceFillingOptions): Promise<FillCounts> {
  const { space, store, images, engine, gate, signal } = options;
  const counts: FillCounts = { done: 0, total: images.length, fromThumbnails: 0 };
  const { featureCount } = space;
  await engine.use(async (decoders, embedder) => {
    const square = squareOf(space.model.preprocessing.spec);
    const decoded = decodedOriginals(images, () => square, options, { decoders, gate, signal });
    const groups = inGroups(decoded, () => embedder.batch);
    const embedded = inOrder(
      groups,
      () => embedder.parallel + 1,
      async (group) => ({
        features: await embedder.embed(
          group.map(({ rgb }) => rgb),
          signal,
        ),
        fromThumbnails: group.filter(({ isThumbnail }) => isThumbnail).length,
        rows: group.length,
      }),
    );
    let waiting: Float32Array[] = [];
    let waitingRows = 0;
    let firstRow = images[0]?.row ?? 0;
    const write = async (): Promise<void> => {
      if (waitingRows === 0) return;
      const data = new Uint16Array(waitingRows * featureCount);
      let at = 0;
      for (const part of waiting) {
        data.set(encodeFloat16(part), at);
        at += part.length;
      }
      await store.append(firstRow, { rows: waitingRows, cols: featureCount, data });
      firstRow += waitingRows;
      waiting = [];
      waitingRows = 0;
    };
    try {
      for await (const { features, rows, fromThumbnails } of embedded) {
        waiting.push(features);
        waitingRows += rows;
        counts.done += rows;
        counts.fromThumbnails += fromThumbnails;
        if (waitingRows >= imagesPerChunk) await write();
        options.progress({ ...counts });
      }
    } catch (error) {
      if (!isWinnowError(error, "storage-full")) await write();
      throw signal.aborted ? new WinnowError("cancelled", "Cancelled.", {}, { cause: error }) : error;
    }
    await write();
  });
  return counts;
}
