import { Connection } from "../bridge/connection.ts";
import { spawnEmbedWorker } from "../bridge/workers.ts";
import { WinnowError } from "../core/errors.ts";
import { type ModelSpec, squareOf } from "../core/model/modelSpec.ts";
import type { OnnxFile } from "../core/model/onnxFile.ts";
import { fixedBatch, type ModelTrial, type OwnModel } from "../core/model/ownModel.ts";
import { type PredictedRows, predictedRows } from "../core/model/predictedRows.ts";
import type { EmbedRequest, EmbedService } from "../protocol/embedding.ts";
import type { Engine } from "./engine.ts";
import { filesOf } from "./ownModels.ts";

/** Images a session call takes. */
const imagesPerCall = 8;

/** Images for a trial: the first is what the person looks at. */
export interface TrialImage {
  name: string;
  file: Blob;
}

/** A model with what its file says; null for the bundled one. */
export type TriedFile = Pick<OwnModel, "sha256" | "name"> & { file: OnnxFile | null };

interface Trying {
  signal: AbortSignal;
  progress: (counts: { done: number; total: number }) => void;
}

/**
 * Runs a model over a few images before a project is embedded with it.
 * @returns what it gives, and the features of all images, f32 images × featureCount
 * @throws WinnowError `model` with the runtime's words, `unreadable` for an image, `cancelled`
 */
export async function tryModel(
  engine: Engine,
  model: TriedFile,
  spec: ModelSpec,
  images: readonly TrialImage[],
  { signal, progress }: Trying,
): Promise<{ trial: ModelTrial; features: Float32Array }> {
  return await withWorker(model, spec, async (connection) => {
    const decoded = await decodedFor(engine, spec, images, signal);
    const run = (part: readonly { rgb: Uint8Array }[]) =>
      connection.call((remote) => remote.tryOut(requestOf(part)), { signal });
    const query = decoded.slice(0, 1);
    // The first run makes the runtime's buffers.
    await run(query);
    const { features: own, output, milliseconds } = await run(query);
    const featureCount = own.length;
    const features = new Float32Array(images.length * featureCount);
    features.set(own);
    for (let first = 1; first < decoded.length; first += imagesPerCall) {
      const part = decoded.slice(first, first + imagesPerCall);
      features.set((await run(part)).features, first * featureCount);
      progress({ done: first + part.length, total: images.length });
    }
    const trial: ModelTrial = {
      featureCount,
      signed: features.some((value) => value < 0),
      output,
      norm: Math.hypot(...own),
      msPerImage: milliseconds,
    };
    return { trial, features };
  });
}

/** What a model says of an image. */
export interface PredictionTrial {
  said: PredictedRows;
  /** Of the image. */
  width: number;
  height: number;
  output: string;
  msPerImage: number;
}

/** Runs a classifier or detector over one image before a whole project is looked at. Throws as {@link tryModel}. */
export async function tryPredicting(
  engine: Engine,
  model: TriedFile,
  spec: ModelSpec,
  image: TrialImage,
  signal: AbortSignal,
): Promise<PredictionTrial> {
  return await withWorker(model, spec, async (connection) => {
    const decoded = await decodedFor(engine, spec, [image], signal);
    const [{ width, height }] = decoded as [(typeof decoded)[0]];
    const [said] = await connection.call((remote) => remote.predict(requestOf(decoded)), { signal });
    const { output, milliseconds } = await connection.call((remote) => remote.tryOut(requestOf(decoded)), { signal });
    const rows = predictedRows([{ image: { row: 0, width, height }, said: said! }], spec, false);
    return { said: rows, width, height, output, msPerImage: milliseconds };
  });
}

async function withWorker<T>(
  model: TriedFile,
  spec: ModelSpec,
  work: (connection: Connection<EmbedService>) => Promise<T>,
): Promise<T> {
  const files = await filesOf(model.name, model.sha256, spec.output);
  const batch = model.file && fixedBatch(model.file, spec);
  const connection = new Connection<EmbedService>(spawnEmbedWorker, "embed", (remote) =>
    remote.load({ ...files, provider: "wasm", threads: 1, input: { ...spec, featureCount: 0, fixedBatch: batch } }),
  );
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

async function decodedFor(engine: Engine, spec: ModelSpec, images: readonly TrialImage[], signal: AbortSignal) {
  if (images.length === 0) throw new WinnowError("empty", "There is no image to try the model on.");
  return await engine.withDecoders(
    async (decoders) =>
      await Promise.all(
        images.map(async ({ name, file }) => {
          const found = await decoders.run((remote) => remote.decode({ file, path: name, ...squareOf(spec) }), {
            signal,
          });
          if (found.kind === "image") return found;
          const reason = found.kind === "problem" ? found.reason : "It is not an image.";
          throw new WinnowError("unreadable", `“${name}” cannot be looked at. ${reason}`);
        }),
      ),
  );
}

function requestOf(images: readonly { rgb: Uint8Array }[]): EmbedRequest {
  const rgb = new Uint8Array(images.length * (images[0]?.rgb.length ?? 0));
  for (const [i, one] of images.entries()) rgb.set(one.rgb, i * one.rgb.length);
  return { rgb, count: images.length };
}
