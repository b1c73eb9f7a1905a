import { readFileSync } from "node:fs";
import fc from "fast-check";
import { InferenceSession } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { WinnowError } from "../../../src/core/errors.ts";
import { guessSpec } from "../../../src/core/model/guessSpec.ts";
import { normalisationOf, normalisations, readModelSpec, scaled } from "../../../src/core/model/modelSpec.ts";
import { readOnnxFile } from "../../../src/core/model/onnxFile.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";

const bundled = readFileSync(new URL("../../../models/efficientnet-lite0/model.onnx", import.meta.url));
const guessed = (bytes: Uint8Array, preprocessor?: unknown) =>
  guessSpec(readOnnxFile(bytes, "m.onnx"), "m.onnx", preprocessor);

describe("an ONNX file", () => {
  it("says its inputs, outputs, operators and size before a session is made: the bundled model", () => {
    const file = readOnnxFile(bundled, "model.onnx");
    expect(file.inputs).toEqual([{ name: "image", type: "f32", dims: ["batch", 3, "height", "width"] }]);
    expect(file.outputs.map(({ name }) => name)).toEqual(["features", "logits"]);
    expect(file.opset).toBeGreaterThanOrEqual(13);
    expect(file.operators.get("Conv")).toBeGreaterThan(40);
    expect(file.externalFiles).toEqual([]);
    expect(file.constantBytes).toBeGreaterThan(4_000_000);
    expect(file.constantBytes).toBeLessThan(bundled.length);
  });

  it("agrees with the runtime about every test model", async () => {
    for (const make of [
      onnxModels.dynamic,
      onnxModels.nhwcBytes,
      onnxModels.halfFloats,
      onnxModels.tokens,
      onnxModels.twoOutputs,
    ]) {
      const bytes = make();
      const session = await InferenceSession.create(bytes);
      const file = readOnnxFile(bytes, "m.onnx");
      expect(file.inputs.map(({ name }) => name)).toEqual(session.inputNames);
      expect(file.outputs.map(({ name }) => name)).toEqual(session.outputNames);
      await session.release();
    }
  });

  it("names the files beside it", () => {
    expect(readOnnxFile(onnxModels.externalData().model, "m.onnx").externalFiles).toEqual(["weights.bin"]);
  });

  it.each([
    ["truncated", "cut off or damaged"],
    ["notAModel", "is a text file, not an ONNX model"],
    ["pointer", "git lfs pull"],
    ["unknownOperator", "acme.ops:Frobnicate"],
    ["enormous", "asks for 120 GB in “image”"],
  ] as const)("%s: says what is wrong and what would help", (name, words) => {
    const read = () => readOnnxFile(onnxModels[name](), "m.onnx");
    expect(read).toThrow(words);
    expect(read).toThrow(WinnowError);
  });

  it("is refused with a sentence whatever its bytes are", () => {
    const good = onnxModels.dynamic();
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const bytes = good.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          readOnnxFile(bytes, "m.onnx");
        } catch (error) {
          expect(error).toBeInstanceOf(WinnowError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a guess of the preprocessing", () => {
  it("follows the shapes", () => {
    expect(guessed(bundled)).toMatchObject({ input: "image", output: "features", size: 224, layout: "NCHW" });
    expect(guessed(onnxModels.nhwcBytes())).toMatchObject({ layout: "NHWC", type: "u8", size: 64, pooling: "none" });
    expect(guessed(onnxModels.halfFloats())).toMatchObject({ layout: "NCHW", type: "f16" });
    expect(guessed(onnxModels.tokens())).toMatchObject({ output: "last_hidden_state", pooling: "cls" });
    expect(guessed(onnxModels.twoOutputs())).toMatchObject({ output: "probabilities", pooling: "none" });
    expect(normalisationOf(guessed(onnxModels.nhwcBytes()))).toBe("0 to 255");
    expect(normalisationOf(guessed(onnxModels.tokens()))).toBe("ImageNet");
  });

  it("takes what a preprocessor_config.json says, and nothing that it says wrongly", () => {
    const clip = {
      crop_size: { height: 256, width: 256 },
      size: { shortest_edge: 288 },
      image_mean: normalisations.CLIP.mean,
      image_std: normalisations.CLIP.std,
      rescale_factor: 1 / 255,
      do_center_crop: true,
    };
    const spec = guessed(onnxModels.dynamic(), clip);
    expect(spec).toMatchObject({ size: 256, resize: "crop" });
    expect(normalisationOf(spec)).toBe("CLIP");
    expect(guessed(onnxModels.tokens(), clip).size).toBe(64);
    const odd = { image_mean: ["a", 1], image_std: [0, 0, 0], size: -4, do_center_crop: false };
    expect(guessed(onnxModels.dynamic(), odd)).toMatchObject({ size: 224, resize: "squash" });
    expect(normalisationOf(guessed(onnxModels.dynamic(), odd))).toBe("ImageNet");
    expect(normalisationOf(guessed(onnxModels.dynamic(), { do_normalize: false }))).toBe("0 to 1");
  });

  it("says of a model that takes no images what it takes", () => {
    expect(() => guessed(onnxModels.textOnly())).toThrow("takes no images");
    expect(() => guessed(onnxModels.textOnly())).toThrow("input_ids i64 [N × 77]");
  });
});

describe("a preprocessing file", () => {
  const spec = guessed(onnxModels.dynamic());

  it("is read as it is written", () => {
    expect(readModelSpec(JSON.parse(JSON.stringify(spec)), "p.json")).toEqual(spec);
    for (const [name, { mean, std }] of Object.entries(normalisations))
      expect(normalisationOf(scaled(mean, std))).toBe(name);
  });

  it.each([
    [{ size: 0 }, "“size” should be"],
    [{ size: undefined }, "lacks “size”"],
    [{ resize: "stretch" }, "“resize” should be"],
    [{ scale: [1, 0, 1] }, "scale is 0 for channel 2"],
    [{ mean: [1, 2] }, "“mean” should be"],
    [{ colour: 1 }, "colour"],
  ])("with %j says what is wrong", (change, words) => {
    expect(() => readModelSpec({ ...spec, ...change }, "p.json")).toThrow(words);
  });

  it("of another kind is refused", () => {
    for (const value of [null, 3, [], "x"]) expect(() => readModelSpec(value, "p.json")).toThrow("p.json");
  });
});
