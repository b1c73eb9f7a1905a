import type { ModelSpec } from "./modelSpec.ts";
import { type ImageTensor, imageTensor, type ModelOutput, pooledRows } from "./modelTensors.ts";

/**
 * Runs a model over images of size × size × 3 interleaved RGB bytes each, f32 count × D.
 * @param fixed images at a time where the model takes no other number: the last run is filled up with its last image
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
  if (fixed === null || fixed === count) return pooledRows(await run(imageTensor(rgb, count, spec)), count, spec);
  const each = rgb.length / count;
  let all = new Float32Array(0);
  let cols = 0;
  for (let first = 0; first < count; first += fixed) {
    const images = new Uint8Array(fixed * each);
    const end = Math.min(count, first + fixed);
    images.set(rgb.subarray(first * each, end * each));
    for (let i = end - first; i < fixed; i++) images.set(rgb.subarray((end - 1) * each, end * each), i * each);
    const rows = pooledRows(await run(imageTensor(images, fixed, spec)), fixed, spec);
    if (first === 0) {
      cols = rows.length / fixed;
      all = new Float32Array(count * cols);
    }
    all.set(rows.subarray(0, (end - first) * cols), first * cols);
  }
  return all;
}
