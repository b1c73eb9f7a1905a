import { isWinnowError, WinnowError } from "../core/errors.ts";
import { encodeFloat16 } from "../core/float16.ts";
import { viewsPerImage } from "../core/image/augmentedViews.ts";
import { type ModelSpec, squareOf } from "../core/model/modelSpec.ts";
import { Random } from "../core/random.ts";
import type { StoredViews } from "../store/views.ts";
import { decodedOriginals, type OriginalImage, type Originals } from "./decodedOriginals.ts";
import type { Gate } from "./gate.ts";
import { inGroups } from "./inGroups.ts";
import { inOrder } from "./inOrder.ts";
import type { EmbeddingEngine } from "./spaceFilling.ts";

/** Images whose views a session call takes: eight squares. */
const imagesPerCall = 8 / viewsPerImage;
/** Images whose views are stored together: a crash loses at most these. */
const imagesPerPart = 32;
/** A sample may begin with an image that is gone: the folder is gone when so many are. */
const mostMissed = 16;
/** Which images are looked at follows from this alone. */
const sampleSeed = 7;

export interface ViewCounts {
  /** Images looked at. */
  done: number;
  total: number;
  /** Of `done`, those whose original is gone or has changed: thumbnails are too small to make views of. */
  missing: number;
}

export interface ViewEmbeddingOptions extends Originals {
  /** Images that shall have views in all. */
  wanted: number;
  /** Images of the project. */
  imageCount: number;
  imageAt(row: number): OriginalImage;
  spec: ModelSpec;
  featureCount: number;
  views: StoredViews;
  engine: EmbeddingEngine;
  gate: Gate;
  signal: AbortSignal;
  progress(counts: ViewCounts): void;
}

/** A fixed random sample of the images that have no views yet, so many that `wanted` have them then. */
export function imagesToView(imageCount: number, wanted: number, viewed: Uint32Array): number[] {
  const known = new Set(viewed);
  const others = Array.from(new Random(sampleSeed).sample(imageCount, imageCount)).filter((row) => !known.has(row));
  return others.slice(0, Math.max(0, wanted - viewed.length));
}

/**
 * Makes augmented views of a sample of the images from their originals, embeds them and keeps the features. What is kept
 * stays when it ends early, and the next call goes on there.
 * @throws WinnowError as `fillSpace`
 */
export async function embedViews(options: ViewEmbeddingOptions): Promise<ViewCounts> {
  const { wanted, imageCount, imageAt, spec, featureCount, views, engine, gate, signal } = options;
  const images = imagesToView(imageCount, wanted, views.rows).map(imageAt);
  const counts: ViewCounts = { done: 0, total: images.length, missing: 0 };
  if (images.length === 0) return counts;
  let rows: number[] = [];
  let features: Uint16Array[] = [];
  const write = async (): Promise<void> => {
    if (rows.length === 0) return;
    const data = new Uint16Array(rows.length * viewsPerImage * featureCount);
    for (const [i, part] of features.entries()) data.set(part, i * viewsPerImage * featureCount);
    await views.add({ rows: Uint32Array.from(rows), data });
    rows = [];
    features = [];
  };
  const square = squareOf(spec);
  // The same image has the same views, in the page and on the command line.
  const squareFor = ({ sha256 }: OriginalImage) => ({
    ...square,
    views: { count: viewsPerImage, seed: Number.parseInt(sha256.slice(0, 8), 16) },
  });
  await engine.use(async (decoders, embedder) => {
    const patience = Math.min(mostMissed, images.length);
    const decoded = decodedOriginals(images, squareFor, options, { decoders, gate, signal, patience });
    const embedded = inOrder(inGroups(decoded, imagesPerCall), embedder.parallel + 1, async (group) => {
      const found = group.filter(({ isThumbnail }) => !isThumbnail);
      const squares = found.flatMap(({ rgb }) => squaresOf(rgb));
      const made = squares.length > 0 ? await embedder.embed(squares, signal) : new Float32Array(0);
      return { found: found.map(({ image }) => image.row), made, missing: group.length - found.length };
    });
    try {
      for await (const { found, made, missing } of embedded) {
        const width = viewsPerImage * featureCount;
        for (const [i, row] of found.entries()) {
          rows.push(row);
          features.push(encodeFloat16(made.subarray(i * width, (i + 1) * width)));
        }
        counts.done += found.length + missing;
        counts.missing += missing;
        if (rows.length >= imagesPerPart) await write();
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

function squaresOf(rgb: Uint8Array): Uint8Array[] {
  const bytes = rgb.length / viewsPerImage;
  return Array.from({ length: viewsPerImage }, (_, i) => rgb.slice(i * bytes, (i + 1) * bytes));
}
