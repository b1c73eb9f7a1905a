import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { guessKind } from "../../../src/core/model/guessPredicts.ts";
import { guessSpec } from "../../../src/core/model/guessSpec.ts";
import { normalisations, readModelSpec, scaled } from "../../../src/core/model/modelSpec.ts";
import { type OnnxFile, type OnnxValue, readOnnxFile } from "../../../src/core/model/onnxFile.ts";
import { fixedBatch } from "../../../src/core/model/ownModel.ts";
import { outputsOf } from "../../../src/core/model/predicts.ts";
import { predictionsOfImages } from "../../../src/core/model/rowsOfImages.ts";
import { specFromJson } from "../../../src/core/model/specFile.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";

const fileWith = (outputs: readonly OnnxValue[], metadata: Record<string, string> = {}, size = 640): OnnxFile => ({
  inputs: [{ name: "images", type: "f32", dims: [1, 3, size, size] }],
  outputs,
  opset: 17,
  otherOpsets: new Map(),
  operators: new Map(),
  producer: "",
  metadata: new Map(Object.entries(metadata)),
  externalFiles: [],
  constantBytes: 0,
});
const floats = (name: string, ...dims: (number | string)[]): OnnxValue => ({ name, type: "f32", dims });
const longs = (name: string, ...dims: (number | string)[]): OnnxValue => ({ name, type: "i64", dims });

describe("what a model is for", () => {
  test.each([
    ["YOLOv8 at 640", [floats("output0", 1, 84, 8400)], "detector"],
    ["YOLOv5 at 640", [floats("output", 1, 25200, 85)], "detector"],
    ["DETR", [floats("logits", 1, 100, 92), floats("pred_boxes", 1, 100, 4)], "detector"],
    ["torchvision", [floats("boxes", "n", 4), longs("labels", "n"), floats("scores", "n")], "detector"],
    ["ResNet", [floats("logits", 1, 1000)], "classifier"],
    ["a transformer's tokens", [floats("last_hidden_state", 1, 197, 768)], "embedding"],
    ["CLIP's image tower", [floats("image_embeds", 1, 512)], "embedding"],
    ["rows without a name that says anything", [floats("output", 1, 512)], "embedding"],
    ["features beside classes", [floats("features", 1, 1280), floats("logits", 1, 1000)], "embedding"],
  ] as const)("%s: %#", (_, outputs, kind) => {
    expect(guessKind(fileWith(outputs))).toBe(kind);
  });

  test("class names that came with it make rows of as many numbers a classifier", () => {
    const file = fileWith([floats("output", 1, 3)]);
    expect(guessKind(file)).toBe("embedding");
    expect(guessSpec(file, "m.onnx", null, { classes: ["a", "b", "c"] }).predicts).toEqual({
      kind: "classifier",
      classes: ["a", "b", "c"],
      activation: "softmax",
      leastScore: 0,
    });
  });

  test("YOLOv5's fifth number is known by the number of names", () => {
    const names = Array.from({ length: 80 }, (_, i) => `class ${i}`);
    const spec = guessSpec(fileWith([floats("output", 1, 25200, 85)]), "m.onnx", null, { classes: names });
    expect(spec).toMatchObject({ size: 640, resize: "letterbox", predicts: { layout: "yolo", objectness: true } });
  });

  test("a kind that the outputs cannot be is explained", () => {
    const detector = fileWith([floats("output0", 1, 84, 8400)]);
    const rows = fileWith([floats("features", 1, 512)]);
    expect(() => guessSpec(detector, "yolo.onnx", null, { kind: "classifier" })).toThrow(
      "“yolo.onnx” is no classifier: expected an output [N, classes], found output0 f32 [1 × 84 × 8400].",
    );
    expect(() => guessSpec(rows, "clip.onnx", null, { kind: "detector" })).toThrow("is no detector");
  });
});

/** 64 × 64 pixels, grey but for a red cell at 16, 32 and a blue one at 48, 0. */
function image(): Uint8Array {
  const rgb = new Uint8Array(64 * 64 * 3).fill(90);
  const paint = (left: number, top: number, colour: readonly number[]) => {
    for (let y = top; y < top + 16; y++) for (let x = left; x < left + 16; x++) rgb.set(colour, (y * 64 + x) * 3);
  };
  paint(16, 32, [255, 0, 0]);
  paint(48, 0, [0, 0, 200]);
  return rgb;
}

async function predicted(bytes: Uint8Array) {
  const file = readOnnxFile(bytes, "m.onnx");
  // With ImageNet's values grey would be blue.
  const { mean, std } = normalisations["0 to 1"];
  const spec = { ...guessSpec(file, "m.onnx"), ...scaled(mean, std) };
  const session = await InferenceSession.create(bytes);
  try {
    const { predicts } = spec;
    if (!predicts) throw new Error("expected a model that predicts");
    const run = async ({ type, data, dims }: { type: string; data: unknown; dims: readonly number[] }) =>
      new Map(
        Object.entries(
          await session.run(
            { [spec.input]: new Tensor(type as "float32", data as Float32Array, dims) },
            outputsOf(spec),
          ),
        ),
      );
    const two = new Uint8Array([...image(), ...new Uint8Array(64 * 64 * 3)]);
    return { predicts, images: await predictionsOfImages(two, 2, { ...spec, predicts }, fixedBatch(file, spec), run) };
  } finally {
    await session.release();
  }
}

test.each(["yoloDetector", "boxesDetector"] as const)(
  "%s finds the coloured cells, guessed from its file",
  async (name) => {
    const { predicts, images } = await predicted(onnxModels[name]());
    const [found, black] = images;
    expect(predicts.classes).toEqual(["red", "green", "blue"]);
    expect(Array.from(found!.classOf, (id) => predicts.classes[id])).toEqual(["red", "blue"]);
    expect([...found!.boxes!]).toEqual([16, 32, 16, 16, 48, 0, 16, 16]);
    expect(found!.scores[0]).toBeCloseTo(1, 5);
    expect(found!.scores[1]).toBeCloseTo(200 / 255, 5);
    expect(black!.classOf).toHaveLength(0);
  },
);

test("a classifier with its names says the colour", async () => {
  const { predicts, images } = await predicted(onnxModels.colourClassifier());
  expect(predicts).toMatchObject({ kind: "classifier", activation: "softmax" });
  expect(predicts.classes[images[0]!.classOf[0]!]).toBe("red");
  expect([...images[1]!.probabilities!].reduce((a, b) => a + b)).toBeCloseTo(1, 5);
});

test("what is predicted stands in a preprocessing file, which is checked", () => {
  const file = readOnnxFile(onnxModels.boxesDetector(), "m.onnx");
  const spec = guessSpec(file, "m.onnx");
  expect(readModelSpec(JSON.parse(JSON.stringify(spec)), "p.json")).toEqual(spec);
  const other = { ...spec, predicts: { ...spec.predicts, scores: "confidence" } };
  expect(() => specFromJson(other, file, "p.json", "m.onnx")).toThrow("no output “confidence”");
  expect(() => readModelSpec({ ...spec, predicts: { ...spec.predicts, overlap: 2 } }, "p.json")).toThrow(
    /predicts.overlap/,
  );
});
