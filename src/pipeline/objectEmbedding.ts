import { isWinnowError, WinnowError } from "../core/errors.ts";
import { encodeFloat16 } from "../core/float16.ts";
import { boxesAt, type ObjectBoxes, objectsOfRow } from "../core/objects/objectBoxes.ts";
import type { ObjectPart } from "../core/objects/objectPart.ts";
import type { CropOutcome, CropRequest } from "../protocol/decoding.ts";
import type { ObjectStore } from "../store/objectStore.ts";
import type { OriginalImage } from "./decodedOriginals.ts";
import type { Gate } from "./gate.ts";
import { inGroups } from "./inGroups.ts";
import { inOrder } from "./inOrder.ts";

/** Objects a session call takes. */
const objectsPerCall = 8;
/** Objects of one image that are decoded together: their pixels are in memory at once. */
const objectsPerDecode = 64;
/** Images and objects that are stored together at most, and an image's all: a crash loses at most these. */
const imagesPerPart = 64;
const objectsPerPart = 256;
/** A file that takes longer than this has hung its decoder. */
const decodeTimeoutMs = 60_000;

export interface ObjectCount {
  /** Objects, those of missing images included. */
  done: number;
  total: number;
  /** Images whose original is gone or has changed: a thumbnail is too small to crop objects from. */
  missing: number;
}

/** What crops and embeds: the page's workers, or one process. */
export interface CropEngine {
  /** Side of the model's input in pixels. */
  size: number;
  use(
    work: (
      decoders: {
        size: number;
        run<T>(
          use: (remote: { crops(request: CropRequest): Promise<CropOutcome> }) => Promise<T>,
          limits: { signal: AbortSignal; timeoutMs: number },
        ): Promise<T>;
      },
      embedder: { parallel: number; embed(squares: readonly Uint8Array[], signal: AbortSignal): Promise<Float32Array> },
    ) => Promise<void>,
  ): Promise<void>;
}

export interface ObjectEmbeddingOptions {
  set: ObjectBoxes;
  /** Those whose objects are to be embedded, in row order. */
  images: readonly OriginalImage[];
  /** Reads an image's file; rejects as `ProjectSources.original`. */
  original(path: string): Promise<Blob>;
  store: ObjectStore;
  /** How many parts it has. */
  parts: number;
  engine: CropEngine;
  gate: Gate;
  signal: AbortSignal;
  progress(count: ObjectCount): void;
}

/** Some objects of an image that are decoded together. */
interface Slice {
  image: OriginalImage;
  boxes: Float32Array;
  isLast: boolean;
}

interface Crop {
  slice: Slice;
  /** Null where the image is missing. */
  rgb: Uint8Array | null;
  isLastOfSlice: boolean;
}

/**
 * Embeds the objects of images from their originals, in parts. What is stored stays when it ends early, and the next call
 * goes on there.
 * @throws WinnowError `cancelled`; `permission` when the browser wants a click; `vanished` when no original is to be found
 *   at all; `model`, `storage-full`
 */
export async function embedObjects(options: ObjectEmbeddingOptions): Promise<ObjectCount> {
  const { set, images, engine, store, signal, progress } = options;
  const slices = images.flatMap((image) => slicesOf(set, image));
  const count: ObjectCount = {
    done: 0,
    total: slices.reduce((sum, { boxes }) => sum + boxes.length / 4, 0),
    missing: 0,
  };
  let place = options.parts;
  let part = new PartBuilder();
  const write = async (): Promise<void> => {
    if (part.images === 0) return;
    const { head, features } = part.finish();
    part = new PartBuilder();
    await store.add(place++, head, features);
  };
  await engine.use(async (decoders, embedder) => {
    const { size } = engine;
    const finder = new Finder(options.original);
    const each = async function* () {
      for (const slice of slices) {
        await options.gate.pass();
        yield slice;
      }
    };
    const cropped = inOrder(each(), decoders.size * 2, async (slice) => {
      const { path, sha256 } = slice.image;
      const file = await finder.find(path);
      if (file === null) return { slice, rgb: null };
      const outcome = await decoders.run((remote) => remote.crops({ file, path, size, boxes: slice.boxes }), {
        signal,
        timeoutMs: decodeTimeoutMs,
      });
      return { slice, rgb: outcome.kind === "crops" && outcome.sha256 === sha256 ? outcome.rgb : null };
    });
    const embedded = inOrder(inGroups(single(cropped, size), objectsPerCall), embedder.parallel + 1, async (group) => {
      const there = group.flatMap(({ rgb }) => (rgb ? [rgb] : []));
      return { group, features: there.length > 0 ? await embedder.embed(there, signal) : new Float32Array(0), there };
    });
    try {
      for await (const { group, features, there } of embedded) {
        const cols = features.length / Math.max(1, there.length);
        let at = 0;
        for (const { slice, rgb, isLastOfSlice } of group) {
          if (rgb) part.add(features.subarray(at, at + cols));
          if (rgb) at += cols;
          if (rgb) count.done++;
          else count.done += slice.boxes.length / 4;
          if (!isLastOfSlice) continue;
          const isWhole = part.endSlice(slice, rgb !== null);
          if (slice.isLast && !isWhole) count.missing++;
          if (part.images >= imagesPerPart || part.objects >= objectsPerPart) await write();
        }
        progress({ ...count });
      }
    } catch (error) {
      if (!isWinnowError(error, "storage-full")) await write();
      throw signal.aborted ? new WinnowError("cancelled", "Cancelled.", {}, { cause: error }) : error;
    }
    await write();
  });
  if (signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
  return count;
}

function slicesOf(set: ObjectBoxes, image: OriginalImage): Slice[] {
  const objects = objectsOfRow(set, image.row);
  const slices: Slice[] = [];
  for (let from = 0; from < objects.length; from += objectsPerDecode) {
    const to = Math.min(objects.length, from + objectsPerDecode);
    slices.push({ image, boxes: boxesAt(set, objects.slice(from, to)), isLast: to === objects.length });
  }
  return slices;
}

/** Object after object; a missing image is one of them. */
async function* single(
  slices: AsyncIterable<{ slice: Slice; rgb: Uint8Array | null }>,
  size: number,
): AsyncGenerator<Crop> {
  const bytes = size * size * 3;
  for await (const { slice, rgb } of slices) {
    if (rgb === null) yield { slice, rgb, isLastOfSlice: true };
    else {
      for (let at = 0; at < rgb.length; at += bytes) {
        yield { slice, rgb: rgb.subarray(at, at + bytes), isLastOfSlice: at + bytes === rgb.length };
      }
    }
  }
}

/** Finds originals; where others are found and one is not, it is missing. */
class Finder {
  private found = false;

  constructor(private readonly original: (path: string) => Promise<Blob>) {}

  async find(path: string): Promise<Blob | null> {
    try {
      const file = await this.original(path);
      this.found = true;
      return file;
    } catch (error) {
      const gone = isWinnowError(error, "vanished") || isWinnowError(error, "unreadable");
      // Without any original the folder is not there, which is another thing than images that are not.
      if (!gone || !this.found) throw error;
      return null;
    }
  }
}

/** Gathers features object by object, and keeps those of images of which all objects came. */
class PartBuilder {
  private readonly rows: number[] = [];
  private readonly counts: number[] = [];
  private readonly boxes: Float32Array[] = [];
  private readonly features: Float32Array[] = [];
  /** Of the image that is under way. */
  private own: { boxes: Float32Array[]; features: Float32Array[]; isWhole: boolean } = fresh();

  get images(): number {
    return this.rows.length;
  }

  /** Of whole images. */
  get objects(): number {
    return this.features.length;
  }

  add(features: Float32Array): void {
    this.own.features.push(features);
  }

  /** @returns whether all slices of the image so far are there */
  endSlice({ image, boxes, isLast }: Slice, isThere: boolean): boolean {
    const { own } = this;
    own.isWhole &&= isThere;
    own.boxes.push(boxes);
    if (!isLast) return own.isWhole;
    this.own = fresh();
    if (!own.isWhole) return false;
    this.rows.push(image.row);
    this.counts.push(own.features.length);
    this.boxes.push(...own.boxes);
    this.features.push(...own.features);
    return true;
  }

  finish(): { head: ObjectPart; features: Uint16Array } {
    return {
      head: { rows: Uint32Array.from(this.rows), counts: Uint32Array.from(this.counts), boxes: joined(this.boxes) },
      features: encodeFloat16(joined(this.features)),
    };
  }
}

const fresh = () => ({ boxes: [] as Float32Array[], features: [] as Float32Array[], isWhole: true });

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
