import { isWinnowError, WinnowError } from "../core/errors.ts";
import { encodeFloat16 } from "../core/float16.ts";
import { squareOf } from "../core/model/modelSpec.ts";
import type { ImageRecord } from "../core/records.ts";
import type { SpaceInfo } from "../store/schema.ts";
import type { SpaceStore } from "../store/spaceStore.ts";
import type { Engine } from "./engine.ts";
import type { Gate } from "./gate.ts";
import { inGroups } from "./inGroups.ts";
import { inOrder } from "./inOrder.ts";

/** Images a session call takes. */
const imagesPerCall = 8;
/** Images whose features are stored together: a crash loses at most these. */
const imagesPerChunk = 64;
/** A file that takes longer than this has hung its decoder. */
const decodeTimeoutMs = 60_000;

export interface FillCounts {
  done: number;
  total: number;
  /** Of `done`, images whose original is gone or has changed: their stored thumbnails were embedded instead. */
  fromThumbnails: number;
}

export interface SpaceFillingOptions {
  space: SpaceInfo;
  store: SpaceStore;
  /** All images of the project from the first that has no features in the space, in row order. */
  images: readonly Pick<ImageRecord, "row" | "path" | "sha256">[];
  /** Reads an image's file; rejects as `Project.original`. */
  original(path: string): Promise<Blob>;
  thumbnail(row: number): Promise<Blob | null>;
  engine: Engine;
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
  const reader = new OriginalReader(options);
  const each = async function* () {
    for (const image of images) {
      await gate.pass();
      yield image;
    }
  };
  await engine.use(async (decoders, embedder) => {
    const square = squareOf(space.model.preprocessing.spec);
    const decoded = inOrder(each(), decoders.size * 2, async (image) => {
      const { file, isThumbnail } = await reader.read(image);
      const decode = async (blob: Blob, path: string) =>
        await decoders.run((remote) => remote.decode({ file: blob, path, ...square }), {
          signal,
          timeoutMs: decodeTimeoutMs,
        });
      const outcome = await decode(file, image.path);
      if (isThumbnail || (outcome.kind === "image" && outcome.sha256 === image.sha256)) {
        if (outcome.kind === "image") return { rgb: outcome.rgb, isThumbnail };
      }
      const small = await decode(await reader.thumbnailOf(image), `${image.path} (thumbnail)`);
      if (small.kind === "image") return { rgb: small.rgb, isThumbnail: true };
      throw new WinnowError("unreadable", `“${image.path}” cannot be read any more, nor can its thumbnail.`);
    });
    const embedded = inOrder(inGroups(decoded, imagesPerCall), embedder.parallel + 1, async (group) => ({
      features: await embedder.embed(
        group.map(({ rgb }) => rgb),
        signal,
      ),
      fromThumbnails: group.filter(({ isThumbnail }) => isThumbnail).length,
      rows: group.length,
    }));
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

/** Reads originals; where others are found and one is not, its thumbnail stands in. */
class OriginalReader {
  private found = false;

  constructor(private readonly options: Pick<SpaceFillingOptions, "original" | "thumbnail">) {}

  async read({ row, path }: { row: number; path: string }): Promise<{ file: Blob; isThumbnail: boolean }> {
    try {
      const file = await this.options.original(path);
      this.found = true;
      return { file, isThumbnail: false };
    } catch (error) {
      const gone = isWinnowError(error, "vanished") || isWinnowError(error, "unreadable");
      // Without any original the folder is not there: thumbnails of all images would be another data set.
      if (!gone || !this.found) throw error;
      return { file: await this.thumbnailOf({ row, path }), isThumbnail: true };
    }
  }

  async thumbnailOf({ row, path }: { row: number; path: string }): Promise<Blob> {
    const thumbnail = await this.options.thumbnail(row);
    if (thumbnail) return thumbnail;
    throw new WinnowError("vanished", `“${path}” is not where it was. Choose its folder again, then go on.`, { path });
  }
}
