import { WinnowError } from "../errors.ts";
import { guessSpec } from "./guessSpec.ts";
import { type ModelSpec, readModelSpec } from "./modelSpec.ts";
import type { OnnxFile } from "./onnxFile.ts";
import { outputsOf } from "./predicts.ts";

/** Keys of Hugging Face's `preprocessor_config.json`, which names what ours does not. */
const preprocessorKeys = ["image_mean", "image_processor_type", "feature_extractor_type", "do_normalize"];

/**
 * The spec that a JSON file gives a model: a preprocessing file of ours, where what is left out is guessed, or a
 * `preprocessor_config.json`.
 * @param name the JSON file's, for messages
 * @param model the model file's
 * @throws WinnowError `config` that names the key; `model` as {@link guessSpec}; `config` for names that the model lacks
 */
export function specFromJson(value: unknown, file: OnnxFile, name: string, model: string): ModelSpec {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const isPreprocessor = isObject && preprocessorKeys.some((key) => key in value);
  const spec = isPreprocessor
    ? guessSpec(file, model, value)
    : readModelSpec(isObject ? { ...guessSpec(file, model), ...value } : value, name);
  requireName(file.inputs, spec.input, "input", name);
  for (const output of outputsOf(spec)) requireName(file.outputs, output, "output", name);
  return spec;
}

function requireName(values: OnnxFile["inputs"], wanted: string, what: string, name: string): void {
  if (values.some((value) => value.name === wanted)) return;
  const names = values.map((value) => value.name).join(", ");
  throw new WinnowError("config", `“${name}”: the model has no ${what} “${wanted}”. It has: ${names}.`);
}
