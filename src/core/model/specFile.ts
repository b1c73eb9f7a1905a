import { WinnowError } from "../errors.ts";
import { readClassNames } from "./classNames.ts";
import { guessSpec } from "./guessSpec.ts";
import { imagePart } from "./imagePart.ts";
import { type ModelSpec, readModelSpec } from "./modelSpec.ts";
import type { OnnxFile } from "./onnxFile.ts";
import { outputsOf } from "./predicts.ts";

/** Keys of Hugging Face's `preprocessor_config.json`, which names what ours does not. */
const preprocessorKeys = ["image_mean", "image_processor_type", "feature_extractor_type", "do_normalize"];

/**
 * The spec that a JSON file gives a model: a preprocessing file of ours, where what is left out is guessed, a
 * `preprocessor_config.json`, or class names: a list, or the `config.json` of a classifier.
 * @param name the JSON file's, for messages
 * @param model the model file's
 * @throws WinnowError `config` that names the key; `model` as {@link guessSpec}; `config` for names that the model lacks
 */
export function specFromJson(
  value: unknown,
  file: OnnxFile,
  name: string,
  model: string,
  known: { classes?: readonly string[] } = {},
): ModelSpec {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if ((Array.isArray(value) && value.every((one) => typeof one === "string")) || (isObject && "id2label" in value)) {
    return guessSpec(file, model, null, { classes: readClassNames(JSON.stringify(value), name) });
  }
  const isPreprocessor = isObject && preprocessorKeys.some((key) => key in value);
  const spec = isPreprocessor
    ? guessSpec(file, model, value, known)
    : readModelSpec(isObject ? { ...guessSpec(file, model, null, known), ...value } : value, name);
  const { inputs, outputs } = imagePart(file);
  requireName(inputs, spec.input, "input", name);
  for (const output of outputsOf(spec)) requireName(outputs, output, "output", name);
  return spec;
}

function requireName(values: OnnxFile["inputs"], wanted: string, what: string, name: string): void {
  if (values.some((value) => value.name === wanted)) return;
  const names = values.map((value) => value.name).join(", ");
  throw new WinnowError("config", `“${name}”: the model has no ${what} “${wanted}”. It has: ${names}.`);
}
