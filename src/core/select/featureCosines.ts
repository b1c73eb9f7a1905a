import { WinnowError } from "../errors.ts";
import { decoded, type FeatureRows, type Features } from "../linalg/adapt.ts";
import type { Drive, Progress, Task } from "../task.ts";

/** Rows between two reports. */
const rowsAtOnce = 256;

/**
 * Cosine of every image's features to a vector of the same space, −1…1; 0 where either is zero. A model's towers are
 * made to be compared so, before any head.
 * @param to as many numbers as an image has features
 * @param what names the vector, for messages: “the text tower “a.onnx””
 * @throws WinnowError `model` for another length, `empty` when the features are not here
 */
export async function featureCosines(
  features: Features,
  to: Float32Array,
  what: string,
  drive: Drive,
  progress: (progress: Progress) => void,
): Promise<Float32Array> {
  const { total } = features;
  const cosines = new Float32Array(total);
  let done = 0;
  for await (const chunk of features.chunks()) {
    if (chunk.cols !== to.length) {
      throw new WinnowError(
        "model",
        `${what} gives ${to.length} numbers a text, and the images have ${chunk.cols}: they are not towers of one model, or one was exported without its projection (docs/models.md).`,
      );
    }
    await drive(fillCosines(chunk, to, cosines));
    done = Math.min(total, chunk.firstRow + chunk.rows);
    progress({ done, total });
  }
  if (done === 0 && total > 0) {
    throw new WinnowError("empty", "This project came without its features, so words cannot be searched for in it.");
  }
  return cosines;
}

function* fillCosines(
  { firstRow, rows, cols, data }: FeatureRows,
  to: Float32Array,
  cosines: Float32Array,
): Task<void> {
  const length = Math.sqrt(to.reduce((sum, value) => sum + value * value, 0));
  const last = Math.min(rows, cosines.length - firstRow);
  for (let first = 0; first < last; first += rowsAtOnce) {
    const end = Math.min(last, first + rowsAtOnce);
    const values = decoded(data.subarray(first * cols, end * cols));
    for (let row = first, i = 0; row < end; row++) {
      let dot = 0;
      let squares = 0;
      for (let c = 0; c < cols; c++, i++) {
        dot += values[i]! * to[c]!;
        squares += values[i]! ** 2;
      }
      const product = Math.sqrt(squares) * length;
      cosines[firstRow + row] = product > 0 ? Math.max(-1, Math.min(1, dot / product)) : 0;
    }
    yield { done: end, total: last };
  }
}
