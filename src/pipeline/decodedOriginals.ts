import { isWinnowError, WinnowError } from "../core/errors.ts";
import type { InputSquare } from "../core/image/modelInput.ts";
import type { ImageRecord } from "../core/records.ts";
import type { Gate } from "./gate.ts";
import type { Decoders } from "./ingest.ts";
import { inOrder } from "./inOrder.ts";

/** A file that takes longer than this has hung its decoder. */
const decodeTimeoutMs = 60_000;

/** An image of a project, where its file is looked for again. */
export type OriginalImage = Pick<ImageRecord, "row" | "path" | "sha256">;

export interface Originals {
  /** Reads an image's file; rejects as `ProjectSources.original`. */
  original(path: string): Promise<Blob>;
  thumbnail(row: number): Promise<Blob | null>;
}

/** A model's input, made again of an image of the project. */
export interface DecodedOriginal<Image extends OriginalImage> {
  image: Image;
  /** Square of interleaved RGB; of views, one after the other. */
  rgb: Uint8Array;
  /** The original is gone or has changed. */
  isThumbnail: boolean;
}

/**
 * Reads images of a project again for a model, in their order; where an original is gone or has changed, its stored
 * thumbnail stands in.
 * @param squareFor what is to be made of an image
 * @throws WinnowError `permission` when the browser wants a click; `vanished` when no original is to be found at all;
 *   `unreadable` for an image that has neither
 */
export async function* decodedOriginals<Image extends OriginalImage>(
  images: readonly Image[],
  squareFor: (image: Image) => InputSquare,
  originals: Originals,
  {
    decoders,
    gate,
    signal,
    patience = 1,
  }: {
    decoders: Decoders;
    gate: Gate;
    signal: AbortSignal;
    /** So many originals are looked for in vain, and none found, before the folder counts as gone. */
    patience?: number;
  },
): AsyncGenerator<DecodedOriginal<Image>> {
  const reader = new OriginalReader(originals, patience);
  const each = async function* () {
    for (const image of images) {
      await gate.pass();
      yield image;
    }
  };
  const decode = async (file: Blob, path: string, square: InputSquare) =>
    await decoders.run((remote) => remote.decode({ file, path, ...square }), { signal, timeoutMs: decodeTimeoutMs });
  yield* inOrder(each(), decoders.size * 2, async (image): Promise<DecodedOriginal<Image>> => {
    const { file, isThumbnail } = await reader.read(image);
    const square = squareFor(image);
    const outcome = await decode(file, image.path, square);
    if (outcome.kind === "image" && (isThumbnail || outcome.sha256 === image.sha256)) {
      return { image, rgb: outcome.rgb, isThumbnail };
    }
    const small = await decode(await reader.thumbnailOf(image), `${image.path} (thumbnail)`, square);
    if (small.kind === "image") return { image, rgb: small.rgb, isThumbnail: true };
    throw new WinnowError("unreadable", `“${image.path}” cannot be read any more, nor can its thumbnail.`);
  });
}

/** Reads originals; where others are found and one is not, its thumbnail stands in. */
class OriginalReader {
  private found = false;
  private missed = 0;

  constructor(
    private readonly originals: Originals,
    private readonly patience: number,
  ) {}

  async read({ row, path }: { row: number; path: string }): Promise<{ file: Blob; isThumbnail: boolean }> {
    try {
      const file = await this.originals.original(path);
      this.found = true;
      return { file, isThumbnail: false };
    } catch (error) {
      const gone = isWinnowError(error, "vanished") || isWinnowError(error, "unreadable");
      // Without any original the folder is not there: thumbnails of all images would be another data set.
      if (!gone || (!this.found && ++this.missed >= this.patience)) throw error;
      return { file: await this.thumbnailOf({ row, path }), isThumbnail: true };
    }
  }

  async thumbnailOf({ row, path }: { row: number; path: string }): Promise<Blob> {
    const thumbnail = await this.originals.thumbnail(row);
    if (thumbnail) return thumbnail;
    throw new WinnowError("vanished", `“${path}” is not where it was. Choose its folder again, then go on.`, { path });
  }
}
