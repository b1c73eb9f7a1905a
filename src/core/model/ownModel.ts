import { crc32 } from "../format/crc32.ts";
import type { Manifest } from "../projectFolder/manifest.ts";
import type { ModelSpec } from "./modelSpec.ts";
import type { OnnxFile } from "./onnxFile.ts";
import type { TextTower } from "./textTower.ts";

/** A model that a person brought, as it is kept besides its bytes. */
export interface OwnModel {
  /** Of the ONNX file. */
  sha256: string;
  /** The file's: hostile text. */
  name: string;
  /** Of all its files but those of its text tower. */
  bytes: number;
  /** Milliseconds since 1970. */
  addedAt: number;
  /** What the file says of itself. */
  file: OnnxFile;
  /** How images become its input: guessed at first, then what the person said last. */
  spec: ModelSpec;
  /** What turns words into the same numbers, where it was chosen. */
  text?: TextTower;
}

/** What a trial run found of a model under a spec. */
export interface ModelTrial {
  /** Numbers an image. */
  featureCount: number;
  /** Any of them was negative. */
  signed: boolean;
  /** The output before pooling, as the runtime gave it: “float32 [1, 197, 384]”. */
  output: string;
  /** Length of the row of numbers. */
  norm: number;
  /** Milliseconds of inference for one image, after a first run that is not counted. */
  msPerImage: number;
}

/** Short name of a space: the same model with the same preprocessing has the same everywhere. */
export function spaceId(sha256: string, spec: ModelSpec): string {
  const keys = Object.keys(spec).sort() as (keyof ModelSpec)[];
  const text = JSON.stringify(keys.map((key) => [key, spec[key]]));
  const crc = crc32(Uint8Array.from(text, (one) => one.charCodeAt(0) & 0xff));
  return `${sha256.slice(0, 12)}-${crc.toString(16).padStart(8, "0")}`;
}

/** How a model is described in projects and project folders. */
export type ModelEntry = NonNullable<Manifest["model"]>;

/** How many images the model wants at a time; null: any number. */
export function fixedBatch({ inputs }: Pick<OnnxFile, "inputs">, spec: ModelSpec): number | null {
  const first = inputs.find(({ name }) => name === spec.input)?.dims?.[0];
  if (typeof first === "number" && first > 0) return first;
  // Detectors find another number of boxes in every image, and many give them without an axis of the images.
  return spec.predicts?.kind === "detector" ? 1 : null;
}
