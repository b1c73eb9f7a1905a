import type { ImagePredictions } from "./imagePredictions.ts";
import type { ModelSpec } from "./modelSpec.ts";
import { flatRows, type ImageTensor, imageTensor, type ModelOutput, pooledRows } from "./modelTensors.ts";
import { readPredictions } from "./readPredictions.ts";

/** One run of a session: `used` of its images are wanted, the rest fills it up. */
interface Run {
  rgb: Uint8Array;
  images: number;
  first: number;
  used: number;
}

/** @param fixed images at a time where the model takes no other number: the last run is filled up with its last image */
function* runsOf(rgb: Uint8Array, count: number, fixed: number | null): Generator<Run> {
  if (fixed === null || fixed === count) {
    yield { rgb, images: count, first: 0, used: count };
    return;
  }
  const each = rgb.length / count;
  for (let first = 0; first < count; first += fixed) {
    const images = new Uint8Array(fixed * each);
    const end = Math.min(count, first + fixed);
    images.set(rgb.subarray(first * each, end * each));
    for (let i = end - first; i < fixed; i++) images.set(rgb.subarray((end - 1) * each, end * each), i * each);
    yield { rgb: images, images: fixed, first, used: end - first };
  }
}

/**
 * Runs a model over images of size × size × 3 interleaved RGB bytes each, f32 count × D: its features; of a model that
 * predicts the raw values of its output, by which two providers can be compared.
 * @param fixed images at a time where the model takes no other number
 * @param run gives the spec's output for a tensor
 * @throws WinnowError as `imageTensor` and `pooledRows`
 */
export async function rowsOfImages(
  rgb: Uint8Array,
  count: number,
  spec: ModelSpec,
  fixed: number | null,
  run: (tensor: ImageTensor) => Promise<ModelOutput | undefined>,
): Promise<Float32Array> {
  const rowsOf = spec.predicts ? flatRows : pooledRows;
  let all = new Float32Array(0);
  let cols = 0;
  for (const { rgb: pixels, images, first, used } of runsOf(rgb, count, fixed)) {
    const rows = rowsOf(await run(imageTensor(pixels, images, spec)), images, spec);
    if (images === count) return rows;
    if (first === 0) {
      cols = rows.length / images;
      all = new Float32Array(count * cols);
    }
    all.set(rows.subarray(0, used * cols), first * cols);
  }
  return all;
}

/**
 * What a model says of images of size × size × 3 interleaved RGB bytes each.
 * @param fixed images at a time where the model takes no other number
 * @param run gives the outputs `outputsOf(spec)` for a tensor
 * @throws WinnowError as `imageTensor` and `readPredictions`
 */
export async function predictionsOfImages(
  rgb: Uint8Array,
  count: number,
  spec: ModelSpec & Required<Pick<ModelSpec, "predicts">>,
  fixed: number | null,
  run: (tensor: ImageTensor) => Promise<ReadonlyMap<string, ModelOutput>>,
): Promise<ImagePredictions[]> {
  const all: ImagePredictions[] = [];
  for (const { rgb: pixels, images, used } of runsOf(rgb, count, fixed)) {
    const found = readPredictions(await run(imageTensor(pixels, images, spec)), images, spec);
    all.push(...found.slice(0, used));
  }
  return all;
}
