import { distinctNames } from "../distinctNames.ts";
import { WinnowError } from "../errors.ts";
import { type OnnxTensor, onnxTensors } from "../format/onnxTensors.ts";

/** The words that a classifier knows. */
export interface Vocabulary {
  /** Class names for people, no two equal. */
  names: readonly string[];
  /** Broader words (“dog”) with the classes they stand for. */
  groups: readonly ClassGroup[];
}

/** The last layer of a classification model: what its features say about the classes it was trained on. */
export interface Classifier extends Vocabulary {
  features: number;
  /** Classes in the order of `names` × features; logits = weights · features + bias. */
  weights: Float32Array;
  /** By class. */
  bias: Float32Array;
}

export interface ClassGroup {
  word: string;
  classes: Uint16Array;
}

/** What a model file calls its classifier's constants. */
export interface ClassifierTensors {
  /** int8 classes × features. */
  weights: string;
  /** f32 classes. */
  scale: string;
  /** f32 classes. */
  bias: string;
}

/**
 * @param labels lines “wnid TAB name” in the order of the classes
 * @param groups words with the classes they stand for, a line each: “big cat TAB 286-293,383”
 * @throws WinnowError `model` for a group with a class that is not there
 */
export function readVocabulary(labels: string, groups: string): Vocabulary {
  const names = distinctNames(lines(labels).map((line) => line.slice(line.indexOf("\t") + 1)));
  return { names, groups: readGroups(groups, names.length) };
}

/**
 * Reads the classifier of a model that stores its weights as int8 with a scale for each class.
 * @throws WinnowError `model` when the tensors are not there or do not fit the vocabulary
 */
export function readClassifier(
  model: Uint8Array,
  { weights, scale, bias }: ClassifierTensors,
  vocabulary: Vocabulary,
): Classifier {
  const tensors = onnxTensors(model);
  const get = (name: string): OnnxTensor => {
    const found = tensors.get(name);
    if (found === undefined) throw new WinnowError("model", `The model file has no constant “${name}”.`);
    return found;
  };
  const { names } = vocabulary;
  const quantised = get(weights);
  const [classes = 0, features = 0] = quantised.dims;
  const scales = floats(get(scale));
  const biases = floats(get(bias));
  if (
    quantised.data.length !== classes * features ||
    [names, scales, biases].some(({ length }) => length !== classes)
  ) {
    throw new WinnowError("model", `expected a classifier of ${names.length} classes, got ${classes}`);
  }
  const bytes = new Int8Array(quantised.data.buffer, quantised.data.byteOffset, quantised.data.length);
  const dense = new Float32Array(bytes.length);
  for (let c = 0, i = 0; c < classes; c++) for (let f = 0; f < features; f++, i++) dense[i] = bytes[i]! * scales[c]!;
  return { ...vocabulary, features, weights: dense, bias: biases };
}

function readGroups(text: string, classes: number): ClassGroup[] {
  return lines(text).map((line) => {
    const [word = "", ranges = ""] = line.split("\t");
    const members = ranges.split(",").flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split("-").map(Number);
      if (!(first >= 0 && last >= first && last < classes)) {
        throw new WinnowError("model", `“${word}” names classes “${range}”, expected numbers under ${classes}`);
      }
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
    return { word, classes: Uint16Array.from(new Set(members)).sort() };
  });
}

const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== "");

/** f32 of a tensor, copied: the bytes in the file are not aligned. */
const floats = ({ data }: OnnxTensor): Float32Array => new Float32Array(new Uint8Array(data).buffer);
