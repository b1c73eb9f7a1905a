import { describe, expect, it } from "vitest";
import { guessSpec } from "../../../src/core/model/guessSpec.ts";
import type { ImageTensor } from "../../../src/core/model/modelTensors.ts";
import { readOnnxFile } from "../../../src/core/model/onnxFile.ts";
import { fixedBatch, spaceId } from "../../../src/core/model/ownModel.ts";
import { rowsOfImages } from "../../../src/core/model/rowsOfImages.ts";
import { specFromJson } from "../../../src/core/model/specFile.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";

const file = readOnnxFile(onnxModels.dynamic(), "dynamic.onnx");
const spec = { ...guessSpec(file, "dynamic.onnx"), size: 16, mean: [0, 0, 0], scale: [1, 1, 1] };

describe("rowsOfImages", () => {
  /** Images of one colour each; a “model” that gives the colour of each image. */
  const rgb = Uint8Array.from({ length: 5 * 16 * 16 * 3 }, (_, i) => Math.floor(i / 768) * 10 + 1);
  const run =
    (calls: number[]) =>
    async ({ data, dims }: ImageTensor) => {
      calls.push(dims[0]);
      const each = data.length / dims[0];
      return {
        type: "float32",
        dims: [dims[0], 1],
        data: Float32Array.from({ length: dims[0] }, (_, i) => data[i * each]!),
      };
    };

  it.each([
    [null, [5]],
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 2]],
    [5, [5]],
    [8, [8]],
  ])("gives every image its row when the model takes %s at a time", async (fixed, batches) => {
    const calls: number[] = [];
    expect([...(await rowsOfImages(rgb, 5, spec, fixed, run(calls)))]).toEqual([1, 11, 21, 31, 41]);
    expect(calls).toEqual(batches);
  });
});

describe("specFromJson", () => {
  it("takes a preprocessing file, of which the rest is guessed, and a preprocessor_config.json", () => {
    expect(specFromJson({ channels: "BGR" }, file, "p.json", "m.onnx")).toEqual({
      ...guessSpec(file, "m.onnx"),
      channels: "BGR",
    });
    const clip = { do_normalize: true, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], crop_size: 336 };
    expect(specFromJson(clip, file, "preprocessor_config.json", "m.onnx")).toMatchObject({
      size: 336,
      mean: [127.5, 127.5, 127.5],
    });
  });

  it.each([
    [{ output: "logits" }, "the model has no output “logits”. It has: features"],
    [{ input: "pixels" }, "the model has no input “pixels”. It has: image"],
    [{ siez: 3 }, "siez"],
    [[1], "lacks “input”"],
    ["RGB", "is no preprocessing file"],
    [{ size: 3 }, "“size” should be"],
  ])("says what is wrong with %j", (json, words) => {
    expect(() => specFromJson(json, file, "p.json", "m.onnx")).toThrow(words);
  });
});

describe("a space", () => {
  it("has the same id for the same model and preprocessing, whatever the order of its keys", () => {
    const turned = Object.fromEntries(Object.entries(spec).reverse()) as typeof spec;
    expect(spaceId("ab".repeat(32), turned)).toBe(spaceId("ab".repeat(32), spec));
    expect(spaceId("ab".repeat(32), { ...spec, size: 32 })).not.toBe(spaceId("ab".repeat(32), spec));
    expect(spaceId("cd".repeat(32), spec)).not.toBe(spaceId("ab".repeat(32), spec));
  });

  it("knows how many images a model wants at a time", () => {
    expect(fixedBatch(file, spec)).toBeNull();
    const one = { inputs: [{ name: "image", type: "f32", dims: [1, 3, 16, 16] }] };
    expect(fixedBatch(one, spec)).toBe(1);
  });
});
