import * as v from "valibot";
import { expect, test } from "vitest";
import { modelSpecSchema } from "../../../src/core/model/modelSpec.ts";
import { type PredictedRows, setOfPredictions } from "../../../src/core/model/predictedRows.ts";
import { PredictedParts, unpredicted } from "../../../src/pipeline/predicting.ts";

const memory = () => {
  const values = new Map<string, unknown>();
  return {
    values,
    derived: async (key: string) => structuredClone(values.get(key)) ?? null,
    putDerived: async (key: string, value: unknown) => values.set(key, structuredClone(value)),
    deleteDerived: async (prefix: string) => {
      for (const key of values.keys()) if (key.startsWith(prefix)) values.delete(key);
    },
  };
};
const spec = v.parse(modelSpecSchema, {
  input: "image",
  output: "logits",
  size: 64,
  mean: [0, 0, 0],
  scale: [1, 1, 1],
  channels: "RGB",
  layout: "NCHW",
  type: "f32",
  resize: "crop",
  pooling: "none",
  predicts: { kind: "classifier", classes: ["a", "b"], activation: "softmax", leastScore: 0 },
});
const part = (rows: number[], classes: number[]): PredictedRows => ({
  rows: Uint32Array.from(rows),
  first: Uint32Array.from({ length: rows.length + 1 }, (_, i) => i),
  classOf: Uint32Array.from(classes),
  scores: new Float32Array(rows.length).fill(0.75),
  boxes: null,
  probabilities: Float32Array.from(classes.flatMap((id) => (id === 0 ? [0.75, 0.25] : [0.25, 0.75]))),
});

test("what was predicted before a crash is found again by the same model, fed in the same way, and by no other", async () => {
  const store = memory();
  const model = { sha256: "ab".repeat(32) };
  const first = await PredictedParts.open(store, model, spec);
  await first.add(part([0, 2], [1, 0]));
  await first.add(part([3], [1]));
  const again = await PredictedParts.open(store, model, spec);
  expect(again.parts).toEqual(first.parts);
  expect([...unpredicted(6, null, again.parts, "x")]).toEqual([1, 4, 5]);
  const other = { ...spec, predicts: { ...spec.predicts!, leastScore: 0.5 } };
  expect((await PredictedParts.open(store, model, other)).parts).toEqual([]);
  await again.clear();
  expect(store.values.size).toBe(0);
});

test("a set counts for the model that made it, with the way it was read", () => {
  const made = { known: Uint8Array.from([1, 0, 1]), source: { format: "model", file: "m", at: 0, model: "x" } };
  expect([...unpredicted(4, made, [], "x")]).toEqual([1, 3]);
  expect([...unpredicted(4, made, [], "y")]).toEqual([0, 1, 2, 3]);
});

test("parts become one task: rows in order, what was said later wins, doubled names are told apart", () => {
  const about = { id: "m", name: "m", source: { format: "model", file: "m.onnx", at: 0 } };
  const predicts = { ...spec.predicts!, classes: ["crane", "crane"] };
  const set = setOfPredictions([part([2, 0], [0, 1]), part([2], [1])], predicts, about);
  expect(set).toMatchObject({ role: "predictions", type: "classification", classes: ["crane", "crane (2)"] });
  expect([...set.known]).toEqual([1, 0, 1]);
  expect([...set.classOf]).toEqual([1, 1]);
  expect([...set.probabilities!]).toEqual([0.25, 0.75, 0.25, 0.75]);
});
