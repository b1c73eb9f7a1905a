import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { embed } from "../../../src/cli/commands/embed.ts";
import { predictAutomatic } from "../../../src/cli/commands/predictAutomatic.ts";
import { vectors } from "../../../src/cli/commands/vectors.ts";
import { NodeFolder } from "../../../src/cli/nodeFolder.ts";
import { readClassifier, readVocabulary } from "../../../src/core/classifier/classifier.ts";
import { decodeFloat16 } from "../../../src/core/float16.ts";
import { readNpy, writeNpy } from "../../../src/core/format/npy.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { hasShared, sharedFolder } from "../../fixtures/shared.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

const model = join(import.meta.dirname, "../../../models/efficientnet-lite0");
const folder = mkdtempSync(join(tmpdir(), "winnow-automatic-"));
const project = join(folder, "hats.winnow");
const surroundings = surroundingsOf();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stored = async () => {
  const reader = await ProjectReader.open(new NodeFolder(project));
  return await Promise.all(reader.annotationFiles.map((file) => reader.annotations(file)));
};

/** Class and probability of every image by plain arithmetic on the stored features. */
function bySoftmax(): { name: string; probability: number }[] {
  const text = (name: string) => readFileSync(join(model, name), "utf8");
  const vocabulary = readVocabulary(text("labels.tsv"), text("groups.tsv"));
  const bytes = readFileSync(join(model, "model.onnx"));
  const { weights, bias, names, features } = readClassifier(bytes, efficientNetLite0.classifier, vocabulary);
  const { data, shape } = readNpy(readFileSync(join(project, "features.npy")), "features.npy");
  const all = decodeFloat16(data as Uint16Array);
  return Array.from({ length: shape[0]! }, (_, row) => {
    const logits = names.map((_, c) => {
      let sum = bias[c]!;
      for (let f = 0; f < features; f++) sum += weights[c * features + f]! * all[row * features + f]!;
      return sum;
    });
    const most = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
    const best = logits.indexOf(most);
    return { name: names[best]!, probability: 1 / total };
  });
}

beforeAll(async () => {
  if (!hasShared) return;
  const photos = join(sharedFolder, "data/clothing/validation/hat");
  await embed([photos], { project, threads: 1 }, surroundings);
});

it.skipIf(!hasShared)("tags what the bundled model is sure enough of, and brings the tags up to date", async () => {
  const expected = bySoftmax();
  const usual = await predictAutomatic(project, {}, surroundings);
  expect(usual).toMatchObject({ set: "automatic", images: expected.length, threshold: 0.5 });
  const sure = expected.filter(({ probability }) => probability >= 0.5);
  expect(usual.tagged).toBe(sure.length);
  expect(usual.tagged).toBeGreaterThan(0);
  expect(usual.classes).toEqual([...new Set(sure.map(({ name }) => name))].sort());

  const lower = await predictAutomatic(project, { threshold: 0.2, name: "Was es ist" }, surroundings);
  expect(lower.tagged).toBeGreaterThan(usual.tagged);
  const [set, another] = await stored();
  expect(another).toBeUndefined();
  expect(set).toMatchObject({ id: "automatic", name: "Was es ist", role: "predictions", type: "classification" });
  expect(set!.source).toMatchObject({ format: "automatic", threshold: 0.2 });
  expect([...set!.known]).toEqual(expected.map(() => 1));
  for (const [row, { name, probability }] of expected.entries()) {
    const at = set!.first[row]!;
    const has = set!.first[row + 1]! > at;
    expect(has).toBe(probability >= 0.2);
    if (!has) continue;
    expect(set!.classes[set!.classOf[at]!]).toBe(name);
    expect(set!.scores![at]).toBeCloseTo(probability, 4);
  }
  // A name that it was given stays.
  await predictAutomatic(project, {}, surroundings);
  expect((await stored())[0]).toMatchObject({ name: "Was es ist" });
  await expect(predictAutomatic(project, { threshold: 1 }, surroundings)).rejects.toThrow("take a lower --threshold");
});

it("says why a project of another model has none", async () => {
  const file = join(folder, "own.npy");
  writeFileSync(file, writeNpy({ dtype: "f4", shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => i) }));
  const other = join(folder, "vectors.winnow");
  await vectors(file, { project: other }, surroundings);
  await expect(predictAutomatic(other, {}, surroundings)).rejects.toThrow(
    "Automatic tags come from EfficientNet-Lite0; this project was made from vectors. Give a classifier with --model.",
  );
});
