import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spawnEmbedWorker } from "../../../src/bridge/workers.ts";
import type { OwnModel } from "../../../src/core/model/ownModel.ts";
import { sortModelFiles } from "../../../src/pipeline/chosenModelFiles.ts";
import { addModel, deleteModel, textRequestOf } from "../../../src/pipeline/ownModels.ts";
import { TextEmbedder } from "../../../src/pipeline/textEmbedder.ts";
import { textWorker } from "../../../src/pipeline/textTowers.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";
import { tinyTokenizer } from "../../fixtures/tokenizerJson.ts";

const { signal } = new AbortController();
const onnx = (name: string, bytes: Uint8Array): File => new File([bytes.slice()], name);
const tokenizer = new File([JSON.stringify(tinyTokenizer)], "tokenizer.json");
let own: OwnModel;
let both: OwnModel;

beforeAll(async () => {
  own = await addModel(
    await sortModelFiles([
      onnx("text.onnx", onnxModels.textTower()),
      tokenizer,
      onnx("image.onnx", onnxModels.colourTower()),
      // What else lies in the folder of such a model.
      new File(["r ed"], "merges.txt"),
      new File(['{"model_max_length": 8}'], "tokenizer_config.json"),
      new File(['{"bos_token": "<start>"}'], "special_tokens_map.json"),
    ]),
    1,
  );
  both = await addModel(await sortModelFiles([onnx("both.onnx", onnxModels.bothTowers()), tokenizer]), 2);
});
afterAll(async () => {
  for (const { sha256 } of [own, both]) await deleteModel(sha256);
});

describe("a text tower's worker", () => {
  it("gives what the tower makes of words, for calls at the same time one after the other", async () => {
    expect(own).toMatchObject({
      name: "image.onnx",
      text: { name: "text.onnx", within: false, tokenizer: "tokenizer.json", configured: true },
    });
    expect(own.spec.predicts).toBeUndefined();
    expect(both.text).toMatchObject({ name: "both.onnx", within: true, configured: false });
    for (const { sha256, name } of [own, both]) {
      const worker = textWorker(() => textRequestOf(sha256, name));
      const embedded = await Promise.all(
        ["red", "red green", "🙂 <end> مرحبا\n"].map((text) => worker.call((remote) => remote.embedText(text))),
      );
      expect(Array.from(embedded[0]!.row)).toEqual([1 / 3, 0, 0].map(Math.fround));
      expect(Array.from(embedded[1]!.row)).toEqual([1 / 4, 1 / 4, 0].map(Math.fround));
      expect(embedded[2]!.row).toHaveLength(3);
      // A failed call stops no other.
      await expect(worker.call((remote) => remote.embedText(" "))).rejects.toMatchObject({ code: "empty" });
      const long = await worker.call((remote) => remote.embedText("red ".repeat(100)));
      // Only one of the two has a configuration that says how many words it takes.
      expect(long.cut).toBe(name === own.name);
      worker.close();
    }
  });

  it("begins with the first words, is ended when idle, and begins again", async () => {
    let begun = 0;
    let ended = 0;
    const texts = new TextEmbedder(50, (name) => {
      begun++;
      const worker = spawnEmbedWorker(name);
      const terminate = worker.terminate.bind(worker);
      worker.terminate = () => {
        ended++;
        terminate();
      };
      return worker;
    });
    const [first] = await Promise.all([texts.embed(own, "red", signal), texts.embed(own, "green", signal)]);
    expect(begun).toBe(1);
    await expect.poll(() => ended).toBe(1);
    expect((await texts.embed(own, "red", signal)).row).toEqual(first.row);
    expect(begun).toBe(2);
    // Another model's words take its place.
    expect((await texts.embed(both, "red", signal)).row).toEqual(first.row);
    expect(begun).toBe(3);
    await expect(texts.embed({ sha256: "gone", name: "gone.onnx" }, "red", signal)).rejects.toThrow(
      "“gone.onnx” is not",
    );
    await expect(texts.embed(own, "red", AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
    texts.close();
  });
});

describe("files of a text tower", () => {
  const image = () => onnx("image.onnx", onnxModels.colourTower());
  const text = () => onnx("text.onnx", onnxModels.textTower());
  it.each<[string, () => File[], string]>([
    ["a tower without its tokenizer", () => [image(), text()], "choose its tokenizer.json together with it"],
    ["a tokenizer without its tower", () => [image(), tokenizer], "“tokenizer.json” goes with a text tower"],
    ["a text tower alone", () => [text(), tokenizer], "“text.onnx” takes no images, but tokens"],
    ["two text towers", () => [image(), text(), text(), tokenizer], "one model at a time"],
    ["a tokenizer that is none", () => [image(), text(), new File(["{}"], "tokenizer.json")], "an empty object"],
    ["no JSON", () => [image(), text(), new File(["{"], "tokenizer.json")], "“tokenizer.json” is no JSON"],
    [
      "towers of two models",
      () => [onnx("other.onnx", onnxModels.dynamic()), text(), tokenizer],
      "“text.onnx” gives 3 numbers a text and “other.onnx” 8 an image",
    ],
    [
      "a tokenizer of another model",
      () => {
        const vocab = { "<unk>": 0, "<start>": 1, "<end>": 2, a: 70_000, photo: 70_001 };
        return [
          image(),
          text(),
          new File([JSON.stringify({ ...tinyTokenizer, model: { type: "WordLevel", vocab } })], "tokenizer.json"),
        ];
      },
      "The text tower does not take these tokens",
    ],
  ])("%s says what is missing or wrong", async (_, files, words) => {
    const chosen = async () => addModel(await sortModelFiles(files()), 3);
    await expect(chosen()).rejects.toThrow(words);
  });
});
