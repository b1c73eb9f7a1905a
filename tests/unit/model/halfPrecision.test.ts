import { readFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { halfPrecision } from "../../../src/core/model/halfPrecision.ts";
import { readOnnxFile } from "../../../src/core/model/onnxFile.ts";
import { Random } from "../../../src/core/random.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";

const bundled = async (): Promise<Uint8Array> =>
  new Uint8Array(await readFile(new URL("../../../models/efficientnet-lite0/model.onnx", import.meta.url)));

/** Runs both models on the same images; returns the cosine of their outputs, and whether they are the same to the bit. */
async function compared(file: Uint8Array, size: number): Promise<{ cosine: number; same: boolean }> {
  const { inputs, outputs } = readOnnxFile(file, "model.onnx");
  const random = new Random(size);
  const count = 4;
  const values = Float32Array.from({ length: count * 3 * size * size }, () => random.normal());
  const run = async (bytes: Uint8Array): Promise<Float32Array> => {
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
    const found = await session.run({ [inputs[0]!.name]: new Tensor("float32", values, [count, 3, size, size]) });
    return found[outputs[0]!.name]!.data as Float32Array;
  };
  const [a, b] = [await run(file), await run(halfPrecision(file))];
  expect(b).toBeInstanceOf(Float32Array);
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return { cosine: dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), same: a.every((value, i) => value === b[i]) };
}

describe("a model in half precision", () => {
  it("takes and gives what it did, about the same numbers: the bundled one", async () => {
    const file = await bundled();
    const { cosine, same } = await compared(file, 96);
    expect(cosine).toBeGreaterThan(0.999);
    // Something was computed in fewer bits.
    expect(same).toBe(false);
    const { inputs, outputs } = readOnnxFile(halfPrecision(file), "half.onnx");
    const before = readOnnxFile(file, "model.onnx");
    expect({ inputs, outputs }).toEqual({ inputs: before.inputs, outputs: before.outputs });
  });

  it.each(["dynamic", "twoOutputs"] as const)("and %s", async (name) => {
    expect((await compared(onnxModels[name](), 64)).cosine).toBeGreaterThan(0.999);
  });

  it("is refused for operators that want floats, and for weights in another file", () => {
    expect(() => halfPrecision(onnxModels.externalData().model)).toThrow("its weights are in another file");
    const file = onnxModels.dynamic();
    // The same model, had it an operator of that name.
    const text = new TextDecoder("latin1").decode(file).replace("Conv", "Conw");
    const other = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(() => halfPrecision(other)).toThrow("it uses Conw");
  });
});
