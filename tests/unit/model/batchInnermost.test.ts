import { readFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { batchInnermost } from "../../../src/core/model/batchInnermost.ts";
import { readOnnxFile } from "../../../src/core/model/onnxFile.ts";
import { Random } from "../../../src/core/random.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";

let file: Uint8Array;
let original: InferenceSession;
beforeAll(async () => {
  file = new Uint8Array(await readFile(new URL("../../../models/efficientnet-lite0/model.onnx", import.meta.url)));
  original = await InferenceSession.create(file, { logSeverityLevel: 3 });
});

describe("the bundled model with the batch as innermost axis", () => {
  it.each([
    [224, 1],
    [224, 3],
    [160, 8],
    [96, 5],
    [32, 2],
  ])("gives the same features and logits at %i pixels for %i images", async (size, count) => {
    const rewritten = await InferenceSession.create(batchInnermost(file, size));
    const random = new Random(size + count);
    const values = Float32Array.from({ length: count * 3 * size * size }, () => random.normal());
    const run = async (session: InferenceSession) =>
      await session.run({ image: new Tensor("float32", values, [count, 3, size, size]) });
    const [expected, found] = [await run(original), await run(rewritten)];
    for (const name of ["features", "logits"]) {
      expect(found[name]?.dims).toEqual(expected[name]?.dims);
      const [a, b] = [found[name]?.data as Float32Array, expected[name]?.data as Float32Array];
      const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const farthest = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
      expect(farthest / largest).toBeLessThan(1e-5);
    }
    await rewritten.release();
  });

  it("leaves a size as it is at which the model's borders are others", () => {
    expect(batchInnermost(file, 200)).toBe(file);
  });

  it("is a file that is read as any other", () => {
    const { inputs, outputs, opset } = readOnnxFile(batchInnermost(file, 224), "rewritten.onnx");
    const before = readOnnxFile(file, "model.onnx");
    expect({ inputs, outputs, opset }).toEqual({
      inputs: before.inputs,
      outputs: before.outputs,
      opset: before.opset,
    });
  });

  it("refuses another model", () => {
    expect(() => batchInnermost(onnxModels.tokens(), 224)).toThrow("not the bundled model");
  });
});
