import type { InputSquare } from "../core/image/modelInput.ts";
import type { Unreadable } from "../core/image/readProblem.ts";
import type { ImageMeasures } from "../core/quality/measures.ts";

/** An encoded image's bytes and MIME type. */
export interface EncodedImage {
  type: string;
  bytes: ArrayBuffer;
}

/** What a decode worker makes of one file. `rgb` and `thumbnail` are transferred, the caller owns them. */
export type DecodeOutcome =
  | {
      kind: "image";
      /** Pixels after EXIF orientation. */
      width: number;
      height: number;
      bytes: number;
      /** Lower-case hex. */
      sha256: string;
      /** EXIF capture time, see `ImageRecord.takenAt`. */
      takenAt: number | null;
      /** Of the pixels at full resolution. */
      measures: ImageMeasures;
      /** Model input: `size` × `size` pixels, R G B interleaved, 0…255. */
      rgb: Uint8Array;
      /** An encoded image with its longest side ≤ 192 pixels. */
      thumbnail: EncodedImage;
    }
  | Unreadable;

/** What a decode worker makes of objects in one file. `rgb` is transferred, the caller owns it. */
export type CropOutcome =
  | {
      kind: "crops";
      /** Of the file, lower-case hex. */
      sha256: string;
      /** Model inputs of the objects one after the other, each `size` × `size` pixels, R G B interleaved, 0…255. */
      rgb: Uint8Array;
    }
  | Unreadable;

/** With the model's input square. */
export interface DecodeRequest extends InputSquare {
  file: Blob;
  path: string;
}

export interface CropRequest {
  file: Blob;
  path: string;
  /** Side of the model's input in pixels. */
  size: number;
  /** By object x, y, width, height in pixels of the upright image. */
  boxes: Float32Array;
}

export interface DecodeService {
  decode(request: DecodeRequest): Promise<DecodeOutcome>;
}

/** What a page's decode worker does besides. */
export interface ShowService extends DecodeService {
  /** Objects of an image, cropped for a model. Rejects as `decode`. */
  crops(request: CropRequest): Promise<CropOutcome>;
  /**
   * A picture in a form that every browser shows, with nothing but its pixels; transferred. Rejects as `unreadable`.
   * @param longestSide in pixels; left out: full size
   */
  show(file: Blob, longestSide?: number): Promise<EncodedImage>;
}
