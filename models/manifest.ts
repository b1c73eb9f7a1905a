import type { ClassifierTensors } from "../src/core/classifier/classifier.ts";
import type { Manifest } from "../src/core/projectFolder/manifest.ts";

/** What Winnow must know of a model to run it; facts from the model's card. */
export interface ModelManifest {
  id: string;
  /** For people. */
  name: string;
  license: string;
  sha256: string;
  byteLength: number;
  inputName: string;
  /** The output that is stored as features. */
  outputName: string;
  /** Side of the square input in pixels. */
  size: number;
  /** input = (value − mean) · scale for 8-bit values. */
  mean: number;
  scale: number;
  featureCount: number;
  /** Features are never negative, so the head may take their square root. */
  nonNegative: boolean;
  /** The constants of its last layer, which turn features into the classes of labels.tsv. */
  classifier: ClassifierTensors;
}

export const efficientNetLite0: ModelManifest = {
  id: "efficientnet-lite0-int8-weights",
  name: "EfficientNet-Lite0",
  license: "Apache-2.0",
  sha256: "77e9694ce519c5b2760a3cb1184b3f1f59f9e5f29fa3b73bf7a42c130ffe4f1d",
  byteLength: 4_804_369,
  inputName: "image",
  outputName: "features",
  size: 224,
  mean: 127,
  scale: 1 / 128,
  featureCount: 1280,
  nonNegative: true,
  classifier: { weights: "fc_w_i8", scale: "fc_w_scale", bias: "fc_b" },
};

/** What a project folder says of the model that made its features. */
export const modelEntry = ({ id, name, sha256, size, mean, scale }: ModelManifest): NonNullable<Manifest["model"]> => ({
  id,
  name,
  sha256,
  preprocessing: { size, mean, scale, crop: "centre square", resize: "bicubic" },
});
