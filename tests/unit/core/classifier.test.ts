import { readFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { type Classifier, readClassifier, readVocabulary } from "../../../src/core/classifier/classifier.ts";
import { joined, keptClasses, predict, probabilityOf } from "../../../src/core/classifier/predictions.ts";
import { classTerms } from "../../../src/core/classifier/words.ts";
import { clusterNames } from "../../../src/core/cluster/clusterNames.ts";
import { onnxTensors } from "../../../src/core/format/onnxTensors.ts";
import { matrix } from "../../../src/core/matrix.ts";
import { Random } from "../../../src/core/random.ts";
import { runToEnd } from "../../../src/core/task.ts";
import { everyKernels } from "../../fixtures/kernels.ts";

const folder = new URL("../../../models/efficientnet-lite0/", import.meta.url);
let model: Uint8Array;
let classifier: Classifier;

beforeAll(async () => {
  model = await readFile(new URL("model.onnx", folder));
  const text = (name: string): Promise<string> => readFile(new URL(name, folder), "utf8");
  const vocabulary = readVocabulary(await text("labels.tsv"), await text("groups.tsv"));
  classifier = readClassifier(model, efficientNetLite0.classifier, vocabulary);
});

describe("the bundled classifier", () => {
  it("gives the logits that the model itself gives", async () => {
    const session = await InferenceSession.create(model);
    const random = new Random(7);
    const image = Float32Array.from({ length: 3 * 224 * 224 }, () => random.normal());
    const outputs = await session.run({ image: new Tensor("float32", image, [1, 3, 224, 224]) });
    const features = matrix(outputs.features!.data as Float32Array, 1, classifier.features);
    const logits = outputs.logits!.data as Float32Array;
    const most = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
    const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
    for (const [, kernels] of everyKernels) {
      const found = runToEnd(predict(kernels, classifier, features));
      expect([...found.classes]).toEqual(order.slice(0, keptClasses));
      for (let i = 0; i < keptClasses; i++) {
        expect(found.scores[i]).toBeCloseTo(Math.exp(logits[order[i]!]! - most) / sum, 4);
      }
      const wanted = order.slice(0, 2);
      const both = runToEnd(probabilityOf(kernels, classifier, wanted, features, found.logSums));
      expect(both[0]).toBeCloseTo(found.scores[0]! + found.scores[1]!, 5);
      const all = runToEnd(probabilityOf(kernels, classifier, [...order], features, found.logSums));
      expect(all[0]).toBeCloseTo(1, 4);
      const twice = joined([found, found]);
      expect([twice.rows, ...twice.classes]).toEqual([2, ...found.classes, ...found.classes]);
    }
  });

  it("has distinct names, and groups of what their words say", () => {
    const { names, groups } = classifier;
    expect(new Set(names).size).toBe(1000);
    expect(new Set(groups.map(({ word }) => word)).size).toBe(groups.length);
    const members = (word: string): string[] =>
      [...groups.find((group) => group.word === word)!.classes].map((c) => names[c]!);
    expect(members("dog")).toHaveLength(118);
    expect(members("dog")).toContain("beagle");
    expect(members("cat")).toEqual(["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat"]);
  });

  it("says what is wrong with a file that is no such model", () => {
    const { classifier: tensors } = efficientNetLite0;
    expect(() => readClassifier(model.subarray(0, 100_000), tensors, classifier)).toThrow("damaged");
    expect(() => readClassifier(new Uint8Array(0), tensors, classifier)).toThrow("has no constant");
    expect(() => readClassifier(model, tensors, { ...classifier, names: ["one"] })).toThrow("of 1 classes, got 1000");
    expect(() => readVocabulary("n1\tone", "word\t0-1")).toThrow("“word” names classes “0-1”");
    expect(onnxTensors(model).get("fc_w_i8")!.dims).toEqual([1000, 1280]);
  });
});

describe("words", () => {
  const words = (typed: string): string[] => classTerms(classifier, typed, 5).map(({ word }) => word);

  it("are found by name, by beginning and in the plural, groups first", () => {
    expect(words("dog")[0]).toBe("dog");
    expect(words("Dogs")[0]).toBe("dog");
    expect(words("teapot")).toEqual(["teapot"]);
    expect(words("retr")[0]).toBe("retriever");
    expect(words("retr")).toContain("golden retriever");
    expect(words("  ")).toEqual([]);
    expect(words("xyzzy")).toEqual([]);
  });
});

describe("cluster names", () => {
  it("are what a cluster shows and the others do not", () => {
    const names = ["wall", "cat", "dog", "car"];
    // Walls are everywhere; the last two clusters show the same.
    const shown = [
      [1, 0, 2],
      [1, 0, 2],
      [2, 0, 1],
      [2, 0, 1],
      [3, 0, 2],
      [3, 0, 2],
    ];
    const predictions = {
      rows: 6,
      classes: Uint16Array.from(shown.flat()),
      scores: Float32Array.from(shown.flatMap(() => [0.5, 0.4, 0.01])),
      logSums: new Float32Array(6),
    };
    expect(clusterNames(Int32Array.of(0, 0, 1, 1, 2, -1), 3, predictions, names)).toEqual(["cat", "dog", "car"]);
    expect(clusterNames(Int32Array.of(0, 1, 2, 2, 3, 3), 4, predictions, names)).toEqual([
      "cat",
      "cat 2",
      "dog",
      "car",
    ]);
  });
});
