import { entrySpec, sameSpec } from "../../models/manifest.ts";
import { WinnowError } from "../core/errors.ts";
import type { ModelEntry } from "../core/model/ownModel.ts";
import type { Manifest } from "../core/projectFolder/manifest.ts";
import type { NodeModel } from "./nodeModel.ts";

/** Features of two models cannot stand in one matrix. */
export function requireSameModel({ model, counts }: Pick<Manifest, "model" | "counts">, { manifest }: NodeModel): void {
  if (counts.images === 0) return;
  if (model === null) {
    throw new WinnowError("model", "This project was made from vectors; images cannot be added to it.");
  }
  if (!isModelOf(model, manifest)) {
    const { size } = model.preprocessing;
    throw new WinnowError(
      "model",
      `This project was embedded with ${model.name} at ${size} pixels, not with ${manifest.name} at ${manifest.spec.size}, or with other preprocessing: name that model with --model and --preprocessing or --size, give this one a name of its own with --space, or start another project.`,
    );
  }
}

/** Whether features of images were made by a model, fed in the same way. */
export const isModelOf = (entry: ModelEntry, { sha256, spec }: NodeModel["manifest"]): boolean =>
  entry.sha256 === sha256 && sameSpec(entrySpec(entry, spec), spec);
