import type { ClassifierTensors } from "../src/core/classifier/classifier.ts";
import type { ModelSpec } from "../src/core/model/modelSpec.ts";
import type { Manifest } from "../src/core/projectFolder/manifest.ts";

/** What Winnow must know of a model to run it; facts from the model's card. */
export interface ModelManifest {
  id: string;
  /** For people. */
  name: string;
  license: string;
  sha256: string;
  byteLength: number;
  /** How images become its input, and which output is stored as features. */
  spec: ModelSpec;
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
  spec: {
    input: "image",
    output: "features",
    size: 224,
    mean: [127, 127, 127],
    scale: [1 / 128, 1 / 128, 1 / 128],
    channels: "RGB",
    layout: "NCHW",
    type: "f32",
    resize: "crop",
    pooling: "none",
  },
  featureCount: 1280,
  nonNegative: true,
  classifier: { weights: "fc_w_i8", scale: "fc_w_scale", bias: "fc_b" },
};

/** Side of the images in a draft: about twice as fast. The model takes any multiple of 32. */
export const draftSize = 160;

/** What a project folder says of the model that made its features. */
export const modelEntry = ({ id, name, sha256, spec }: ModelManifest): NonNullable<Manifest["model"]> => ({
  id,
  name,
  sha256,
  preprocessing: {
    size: spec.size,
    mean: spec.mean[0]!,
    scale: spec.scale[0]!,
    crop: spec.resize === "crop" ? "centre square" : spec.resize,
    resize: "bicubic",
    spec,
  },
});

/** The preprocessing that a project folder names; an older version kept only what bundled models differ in. */
export function entrySpec({ preprocessing }: NonNullable<Manifest["model"]>, base: ModelSpec): ModelSpec {
  const { spec, size, mean, scale } = preprocessing;
  return spec ?? { ...base, size, mean: [mean, mean, mean], scale: [scale, scale, scale] };
}

/** The same spec: features of the one can stand beside features of the other. */
export const sameSpec = (a: ModelSpec, b: ModelSpec): boolean =>
  (Object.keys(a) as (keyof ModelSpec)[]).every((key) => String(a[key]) === String(b[key]));
