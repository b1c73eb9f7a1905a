import { isWinnowError, WinnowError } from "../core/errors.ts";
import type { ImageMeasures } from "../core/quality/measures.ts";
import type { ImageRecord } from "../core/records.ts";
import type { ImageRecords } from "../store/imageRecords.ts";
import type { Decoders } from "./ingest.ts";
import { inOrder } from "./inOrder.ts";

/** Measures that are stored in one transaction. */
const imagesPerWrite = 256;
/** Only the measures are wanted: the model's input is as small as it can be. */
const noModelInput = 1;
/** A file that takes longer than this has hung its decoder. */
const decodeTimeoutMs = 60_000;

export interface MeasuringCounts {
  total: number;
  /** Looked at so far. */
  done: number;
  measured: number;
  /** Files that are not where they were, that hold another image now, or that cannot be decoded any more. */
  missing: number;
  changed: number;
  unreadable: number;
}

export interface MeasuringEvents {
  progress(counts: MeasuringCounts): void;
  /** Measures that are stored, by row. */
  measured(measures: ReadonlyMap<number, ImageMeasures>): void;
}

export interface MeasuringOptions {
  /** Images to measure. */
  images: readonly Pick<ImageRecord, "row" | "path" | "sha256">[];
  /** Reads an image's file; rejects as `Project.original`. */
  original(path: string): Promise<Blob>;
  decoders: Decoders;
  store: Pick<ImageRecords, "putMeasures">;
  events: MeasuringEvents;
  signal: AbortSignal;
}

type Looked = ImageMeasures | "missing" | "changed" | "unreadable";

/**
 * Reads images' files again and takes the measures of their pixels: for projects from before there were any.
 * @throws WinnowError `cancelled`; `permission` when the browser wants a click; what was measured by then is kept
 */
export async function measureImages(options: MeasuringOptions): Promise<MeasuringCounts> {
  const { images, decoders, signal } = options;
  const counts: MeasuringCounts = {
    total: images.length,
    done: 0,
    measured: 0,
    missing: 0,
    changed: 0,
    unreadable: 0,
  };
  let waiting = new Map<number, ImageMeasures>();
  const write = async (): Promise<void> => {
    const full = waiting;
    waiting = new Map();
    if (full.size === 0) return;
    await options.store.putMeasures(full);
    options.events.measured(full);
  };
  const each = async function* () {
    yield* images;
  };
  try {
    const looked = inOrder(each(), decoders.size * 2, async (image) => ({ image, found: await look(image, options) }));
    for await (const { image, found } of looked) {
      signal.throwIfAborted();
      if (typeof found === "string") counts[found]++;
      else {
        waiting.set(image.row, found);
        counts.measured++;
      }
      counts.done++;
      if (waiting.size === imagesPerWrite) await write();
      options.events.progress({ ...counts });
    }
  } catch (error) {
    await write();
    throw signal.aborted ? new WinnowError("cancelled", "Cancelled.", {}, { cause: error }) : error;
  }
  await write();
  return counts;
}

async function look(
  { path, sha256 }: MeasuringOptions["images"][0],
  { original, decoders, signal }: MeasuringOptions,
): Promise<Looked> {
  try {
    const file = await original(path);
    const outcome = await decoders.run((remote) => remote.decode({ file, path, size: noModelInput }), {
      signal,
      timeoutMs: decodeTimeoutMs,
    });
    if (outcome.kind !== "image") return "unreadable";
    return outcome.sha256 === sha256 ? outcome.measures : "changed";
  } catch (error) {
    if (isWinnowError(error, "vanished") || isWinnowError(error, "unreadable")) return "missing";
    if (isWinnowError(error, "worker-died")) return "unreadable";
    throw error;
  }
}
