import { WinnowError } from "../errors.ts";
import { type Candidates, suppressed } from "./boxSuppression.ts";
import { type ImagePredictions, requireNumber, sigmoid } from "./imagePredictions.ts";
import { floatsOf, type ModelOutput } from "./modelTensors.ts";
import type { DetectorSpec } from "./predicts.ts";

/** Boxes of one image that are kept: more are of no use to anybody. */
const mostBoxes = 300;

/** One image's places: four numbers, and a score and class for each. */
interface Places {
  count: number;
  corner(place: number, which: number): number;
  /** The best class of a place and its score; a score of NaN: nothing is there. */
  best(place: number): { id: number; score: number };
}

/** The boxes of each image of a run, best first, in pixels of the square input. Throws as `readPredictions`. */
export function readBoxes(
  outputs: ReadonlyMap<string, ModelOutput>,
  count: number,
  output: string,
  size: number,
  spec: DetectorSpec,
): ImagePredictions[] {
  return Array.from({ length: count }, (_, image) => {
    const places = { yolo: yoloPlaces, rows: rowPlaces, boxes: boxPlaces }[spec.layout](
      new Outputs(outputs, count, image),
      output,
      spec,
    );
    return chosen(places, size, spec);
  });
}

function chosen(places: Places, size: number, spec: DetectorSpec): ImagePredictions {
  const boxes: number[] = [];
  const scores: number[] = [];
  const classOf: number[] = [];
  const scale = spec.unit === "fractions" ? size : 1;
  for (let place = 0; place < places.count; place++) {
    const { id, score } = places.best(place);
    requireNumber(score);
    if (!(score >= spec.leastScore) || id < 0) continue;
    const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((which) => places.corner(place, which) * scale);
    for (const value of [a, b, c, d]) requireNumber(value);
    const { corners } = spec;
    const width = corners === "xyxy" ? c - a : c;
    const height = corners === "xyxy" ? d - b : d;
    // Padding of models with a fixed number of rows.
    if (!(width > 0 && height > 0)) continue;
    boxes.push(corners === "cxcywh" ? a - c / 2 : a, corners === "cxcywh" ? b - d / 2 : b, width, height);
    scores.push(Math.min(1, score));
    classOf.push(id);
  }
  const all: Candidates = {
    boxes: Float32Array.from(boxes),
    scores: Float32Array.from(scores),
    classOf: Uint32Array.from(classOf),
  };
  const kept = suppressed(all, spec.overlap, mostBoxes);
  const out = new Float32Array(kept.length * 4);
  for (const [i, at] of kept.entries()) out.set(all.boxes.subarray(4 * at, 4 * at + 4), 4 * i);
  return {
    classOf: Uint32Array.from(kept, (at) => all.classOf[at]!),
    scores: Float32Array.from(kept, (at) => all.scores[at]!),
    boxes: out,
    probabilities: null,
  };
}

/** A run's outputs, as one image sees them. */
class Outputs {
  constructor(
    private readonly all: ReadonlyMap<string, ModelOutput>,
    private readonly count: number,
    private readonly image: number,
  ) {}

  /**
   * The values of one image.
   * @param axes without the one of the images
   * @param canLackImages an output without that axis belongs to a run of one image
   * @throws WinnowError `model` for another number of axes, or another type
   */
  get(
    name: string,
    axes: number,
    expected: string,
    canLackImages = true,
  ): { values: ArrayLike<number>; dims: readonly number[] } {
    const output = this.all.get(name);
    const given = output?.dims ?? [];
    const values = floatsOf(output?.data) ?? wholeNumbers(output?.data);
    const batched = given.length === axes + 1 && given[0] === this.count;
    const single = canLackImages && this.count === 1 && given.length === axes;
    if (values === null || !(batched || single)) throw unlike(name, output, expected);
    const dims = batched ? given.slice(1) : given;
    const each = dims.reduce((product, dim) => product * dim, 1);
    return {
      values: values.subarray(this.image * each * Number(batched), (this.image * Number(batched) + 1) * each),
      dims,
    };
  }
}

function unlike(name: string, output: ModelOutput | undefined, expected: string): WinnowError {
  const found = output ? `${output.type} [${output.dims.join(", ")}]` : "nothing";
  const hint =
    output?.dims.length === 2
      ? " A row of numbers an image is what classifiers and embedding models give."
      : " Choose another layout or another output.";
  return new WinnowError("model", `The output “${name}” is ${found}, expected ${expected}.${hint}`);
}

/** Class numbers come as 64- or 32-bit integers. */
function wholeNumbers(data: unknown): Float64Array | null {
  if (data instanceof BigInt64Array) return Float64Array.from(data, Number);
  return data instanceof Int32Array || data instanceof Uint8Array ? Float64Array.from(data) : null;
}

function yoloPlaces(outputs: Outputs, output: string, spec: DetectorSpec): Places {
  const expected = `float [N, ${spec.objectness ? 5 : 4} + classes, places] or [N, places, ${spec.objectness ? 5 : 4} + classes]`;
  const { values, dims } = outputs.get(output, 2, expected, false);
  const [rows = 0, cols = 0] = dims;
  const head = spec.objectness ? 5 : 4;
  const wanted = spec.classes.length > 0 ? head + spec.classes.length : 0;
  const wideFirst = wanted > 0 ? rows === wanted : rows <= cols;
  const width = wideFirst ? rows : cols;
  if (width <= head || (wanted > 0 && width !== wanted)) {
    throw new WinnowError(
      "model",
      `The output “${output}” is [N, ${dims.join(", ")}], expected ${expected}${wanted > 0 ? ` with ${spec.classes.length} classes, as many as there are class names` : ""}.`,
    );
  }
  const count = wideFirst ? cols : rows;
  const at = (place: number, which: number): number =>
    values[wideFirst ? which * count + place : place * width + which]!;
  return {
    count,
    corner: at,
    best: (place) => {
      const found = bestOf((id) => at(place, head + id), width - head, spec);
      return spec.objectness ? { ...found, score: found.score * activated(at(place, 4), spec) } : found;
    },
  };
}

function rowPlaces(outputs: Outputs, output: string, spec: DetectorSpec): Places {
  const expected = "float [N, places, 6]: four corners, score, class";
  const { values, dims } = outputs.get(output, 2, expected);
  if (dims[1] !== 6) throw unlike(output, { type: "float", dims: [1, ...dims], data: null }, expected);
  return {
    count: dims[0]!,
    corner: (place, which) => values[place * 6 + which]!,
    best: (place) => ({ id: values[place * 6 + 5]!, score: activated(values[place * 6 + 4]!, spec) }),
  };
}

function boxPlaces(outputs: Outputs, output: string, spec: DetectorSpec): Places {
  const boxes = outputs.get(output, 2, "float [N, places, 4]: boxes");
  if (boxes.dims[1] !== 4) {
    throw unlike(output, { type: "float", dims: [1, ...boxes.dims], data: null }, "float [N, places, 4]: boxes");
  }
  const count = boxes.dims[0]!;
  const scores = outputs.get(
    spec.scores ?? "",
    spec.labels ? 1 : 2,
    spec.labels ? "float [N, places]: scores" : "float [N, places, classes]: scores",
  );
  const labels = spec.labels ? outputs.get(spec.labels, 1, "whole numbers [N, places]: classes") : null;
  if (scores.dims[0] !== count || (labels && labels.dims[0] !== count)) {
    throw new WinnowError(
      "model",
      `The model gave ${count} boxes and ${scores.dims[0]} scores: these outputs do not belong together.`,
    );
  }
  const classes = scores.dims[1] ?? 0;
  return {
    count,
    corner: (place, which) => boxes.values[place * 4 + which]!,
    best: (place) =>
      labels
        ? withoutBackground(labels.values[place]!, activated(scores.values[place]!, spec), spec)
        : bestOf((id) => scores.values[place * classes + id]!, classes, spec),
  };
}

const activated = (value: number, { activation }: DetectorSpec): number =>
  activation === "sigmoid" ? sigmoid(value) : value;

/** The best class of a place; with “softmax” its probability among all of them. */
function bestOf(valueAt: (id: number) => number, classes: number, spec: DetectorSpec): { id: number; score: number } {
  const first = Number(spec.background === "first");
  const end = classes - Number(spec.background === "last");
  let id = first;
  for (let other = first + 1; other < end; other++) if (valueAt(other) > valueAt(id)) id = other;
  if (spec.activation !== "softmax") return { id: id - first, score: activated(valueAt(id), spec) };
  let sum = 0;
  for (let other = 0; other < classes; other++) sum += Math.exp(valueAt(other) - valueAt(id));
  return { id: id - first, score: 1 / sum };
}

/** A label as a class: the one that means nothing is none, and those after it move up. */
function withoutBackground(label: number, score: number, spec: DetectorSpec): { id: number; score: number } {
  if (spec.background === "first") return { id: label - 1, score };
  return { id: spec.background === "last" && label === spec.classes.length ? -1 : label, score };
}
