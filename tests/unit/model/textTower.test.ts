import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { WinnowError } from "../../../src/core/errors.ts";
import { encodeFloat16 } from "../../../src/core/float16.ts";
import type { Features } from "../../../src/core/linalg/adapt.ts";
import { towerOf } from "../../../src/core/model/graphParts.ts";
import { guessSpec } from "../../../src/core/model/guessSpec.ts";
import { imagePart } from "../../../src/core/model/imagePart.ts";
import { readOnnxFile } from "../../../src/core/model/onnxFile.ts";
import { rowOfText } from "../../../src/core/model/rowOfText.ts";
import { specFromJson } from "../../../src/core/model/specFile.ts";
import {
  isTextTower,
  readTextTower,
  requireSameWidth,
  takesTokens,
  tokenTensors,
} from "../../../src/core/model/textTower.ts";
import { Tokeniser } from "../../../src/core/model/tokeniser.ts";
import { isForTokenizer, readTokenizerFile, requireTokenizerSize } from "../../../src/core/model/tokenizerFile.ts";
import { featureCosines } from "../../../src/core/select/featureCosines.ts";
import { type Drive, runToEnd } from "../../../src/core/task.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";
import { tinyTokenizer } from "../../fixtures/tokenizerJson.ts";

const read = (bytes: Uint8Array) => readOnnxFile(bytes, "model.onnx");
const tokeniser = (config: object | null = null, change: object = {}) =>
  new Tokeniser(
    readTokenizerFile(
      { name: "tokenizer.json", text: JSON.stringify({ ...tinyTokenizer, ...change }) },
      config && { name: "tokenizer_config.json", text: JSON.stringify(config) },
    ),
    "tokenizer.json",
  );
const free = { length: null, mask: { name: "mask", type: "i64" as const } };

describe("a text tower's file", () => {
  it("says what tokens it takes and which output stands for a text", () => {
    expect(readTextTower(read(onnxModels.textTower()), "text.onnx")).toEqual({
      ids: { name: "input_ids", type: "i64" },
      mask: { name: "attention_mask", type: "i64" },
      positions: null,
      segments: null,
      output: "text_embeds",
      length: null,
      width: 3,
    });
    expect(takesTokens(read(onnxModels.dynamic()))).toBe(false);
  });

  it("that is an image tower, or gives no row of numbers, is refused with its reason", () => {
    expect(() => readTextTower(read(onnxModels.dynamic()), "image.onnx")).toThrow(
      /“image.onnx” is no text tower.*image f32/,
    );
    expect(() => readTextTower(read(onnxModels.textOnly()), "text.onnx")).toThrow("makes nothing of tokens alone");
    expect(() => requireSameWidth({ name: "a", width: 3 }, { name: "b", width: 8 })).toThrow("not towers of one model");
  });

  it("that holds both towers is taken apart, and each gives what the whole gave", async () => {
    const both = onnxModels.bothTowers();
    const file = read(both);
    expect(file.needs?.get("image_embeds")).toEqual(["pixel_values"]);
    expect(file.needs?.get("text_embeds")).toEqual(["input_ids", "attention_mask"]);
    expect(file.needs?.get("logits_per_text")).toHaveLength(3);
    const spec = readTextTower(file, "both.onnx");
    expect(spec.output).toBe("text_embeds");

    const pixels = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.floor(i / 1024) / 4);
    const image = { pixel_values: new Tensor("float32", pixels, [1, 3, 32, 32]) };
    const text = Object.fromEntries(
      tokenTensors([1, 3, 4, 2], 6, 2, spec).map(({ name, type, data, dims }) => [name, new Tensor(type, data, dims)]),
    );
    const whole = await (await InferenceSession.create(both)).run({ ...image, ...text });
    for (const [output, feeds] of [
      ["image_embeds", image],
      ["text_embeds", text],
    ] as const) {
      const part = towerOf(both, output);
      expect(read(part).inputs.map(({ name }) => name)).toEqual(Object.keys(feeds));
      expect(part.length).toBeLessThan(both.length);
      const own = await (await InferenceSession.create(part)).run(feeds);
      expect(own[output]!.data).toEqual(whole[output]!.data);
    }
    // Red and green of six tokens; what fills up counts for nothing.
    expect(Array.from(whole.text_embeds!.data as Float32Array)).toEqual([1 / 6, 1 / 6, 0].map(Math.fround));
  });
});

describe("a file with both towers", () => {
  it("is fed with images alone by the spec that it suggests, and takes no output that wants words too", () => {
    const file = read(onnxModels.bothTowers());
    expect(guessSpec(file, "both.onnx")).toMatchObject({ input: "pixel_values", output: "image_embeds", size: 32 });
    expect(imagePart(file)).toMatchObject({ inputs: [{ name: "pixel_values" }], outputs: [{ name: "image_embeds" }] });
    expect(() => specFromJson({ output: "logits_per_text" }, file, "p.json", "both.onnx")).toThrow(
      "no output “logits_per_text”. It has: image_embeds",
    );
    expect([isTextTower(file), takesTokens(file)]).toEqual([false, true]);
    const single = read(onnxModels.colourTower());
    expect(imagePart(single)).toBe(single);
    expect(() => guessSpec(read(onnxModels.textTower()), "text.onnx")).toThrow("takes no images");
  });
});

describe("a text's row of numbers", () => {
  it("is what the tower makes of its tokens, whatever is in it", async () => {
    const bytes = onnxModels.textTower();
    const spec = readTextTower(read(bytes), "text.onnx");
    const session = await InferenceSession.create(bytes);
    const run = async (inputs: ReturnType<typeof tokenTensors>) => {
      const feeds = inputs.map(({ name, type, data, dims }) => [name, new Tensor(type, data, dims)] as const);
      return (await session.run(Object.fromEntries(feeds)))[spec.output];
    };
    expect(await rowOfText("Red\nred green", tokeniser(), spec, run)).toEqual({
      row: Float32Array.of(2 / 5, 1 / 5, 0),
      cut: false,
    });
    const limited = tokeniser({ model_max_length: 8 });
    const { row, cut } = await rowOfText("🟥 red ".repeat(100_000), limited, spec, run);
    expect([row.length, cut]).toEqual([3, true]);
    await expect(rowOfText("\u200b \n", tokeniser(), spec, async () => undefined)).rejects.toThrow(WinnowError);
    await session.release();
  });

  it("is compared with what is stored of the images, chunk by chunk, before any head", async () => {
    const rows = [
      [1, 0, 0],
      [0, 0, 0],
      [2, 2, 0],
      [-3, 0, 0],
      [0, 5, 0],
    ];
    const chunk = (first: number, part: number[][]) => ({
      firstRow: first,
      rows: part.length,
      cols: 3,
      data: encodeFloat16(Float32Array.from(part.flat())),
    });
    const features = (...chunks: ReturnType<typeof chunk>[]): Features => ({
      total: 4,
      signed: true,
      complete: true,
      async *chunks() {
        yield* chunks;
      },
    });
    const drive: Drive = async (task) => runToEnd(task);
    const seen: number[] = [];
    const compared = (all: Features, to: number[]) =>
      featureCosines(all, Float32Array.from(to), "“t.onnx”", drive, ({ done }) => seen.push(done));
    // The last row came after the others were counted.
    const all = features(chunk(0, rows.slice(0, 2)), chunk(2, rows.slice(2)));
    const found = await compared(all, [2, 0, 0]);
    expect(Array.from(found)).toEqual([1, 0, Math.fround(Math.SQRT1_2), -1]);
    expect(seen).toEqual([2, 4]);
    await expect(compared(all, [1, 0])).rejects.toThrow("“t.onnx” gives 2 numbers a text, and the images have 3");
    await expect(compared(features(), [1, 0, 0])).rejects.toThrow("came without its features");
  });
});

describe("a tokenizer's file", () => {
  it.each([
    ["no JSON", "{", "is no JSON"],
    ["a list", "[1]", "found something else"],
    ["a preprocessor", '{"image_mean": [0, 0, 0]}', "found only image_mean"],
    ["no vocabulary", '{"model": {"type": "BPE", "vocab": {}}}', "an empty vocabulary"],
    ["another kind", '{"model": {"type": "Magic", "vocab": {"a": 1}}}', "“Magic”"],
  ])("%s is refused with its reason", (_, text, words) => {
    expect(() => readTokenizerFile({ name: "x.json", text }, null)).toThrow(words);
  });

  it("that is too large is not read, and one that the library cannot use is explained", () => {
    expect(() => requireTokenizerSize("x.json", 1e9)).toThrow("has 1000 MB");
    expect(() => tokeniser(null, { pre_tokenizer: { type: "Abracadabra" } })).toThrow("cannot be used as a tokenizer");
    expect(() => tokeniser(null, { normalizer: { type: "Replace", pattern: { Regex: "(" }, content: "" } })).toThrow();
  });

  it("is told from other JSON by what is in it", () => {
    expect(isForTokenizer(tinyTokenizer, "a.json")).toBe("tokenizer");
    expect(isForTokenizer({ model_max_length: 64 }, "b.json")).toBe("config");
    expect(isForTokenizer({ image_mean: [0, 0, 0] }, "preprocessor_config.json")).toBe(null);
    expect(isForTokenizer({ id2label: {} }, "config.json")).toBe(null);
    // What else lies beside a tokenizer, and what is only called one.
    expect(isForTokenizer({ bos_token: "<s>" }, "special_tokens_map.json")).toBe("other");
    expect(isForTokenizer({ a: 1 }, "vocab.json")).toBe("other");
    expect(isForTokenizer([], "tokenizer.json")).toBe("tokenizer");
  });
});

describe("a text's tokens", () => {
  it("have the model's first and last token around them, and nothing is left of an empty text", () => {
    expect(tokeniser().tokens("Red GREEN thing", free)).toEqual({ ids: [1, 3, 4, 0, 2], length: 5, cut: false });
    expect(() => tokeniser().tokens("  ", free)).toThrow("no word");
  });

  it("are of lower case where only the configuration says so", () => {
    const kept = { normalizer: null };
    expect(tokeniser(null, kept).tokens("RED", free).ids).toEqual([1, 0, 2]);
    expect(tokeniser({ do_lower_case: true }, kept).tokens("RED", free).ids).toEqual([1, 3, 2]);
    expect(readTokenizerFile({ name: "t", text: JSON.stringify(tinyTokenizer) }, null).lowerCase).toBe(false);
  });

  it("are cut at the end where the model takes no more, and keep the last token", () => {
    expect(tokeniser().tokens("red green blue red", { ...free, length: 4 })).toEqual({
      ids: [1, 3, 4, 2],
      length: 4,
      cut: true,
    });
  });

  it("are filled up to the model's length: where that is fixed, where the tokenizer says it, and without a mask", () => {
    const config = { model_max_length: 8, pad_token: "<unk>" };
    expect(tokeniser().tokens("red", { ...free, length: 7 }).length).toBe(7);
    expect(tokeniser(config).tokens("red", free).length).toBe(3);
    expect(tokeniser(config).tokens("red", { length: null, mask: null }).length).toBe(8);
    expect(tokeniser(null, { padding: { strategy: { Fixed: 9 }, pad_id: 5 } }).tokens("red", free).length).toBe(9);
    expect(tokeniser({ model_max_length: 1e30 }).tokens("red", { length: null, mask: null }).length).toBe(3);
    expect([tokeniser().pad, tokeniser(config).pad, tokeniser(null, { padding: { pad_id: 5 } }).pad]).toEqual([
      2, 0, 5,
    ]);
  });

  it("become tensors of the types that the model takes", () => {
    const spec = readTextTower(read(onnxModels.textTower()), "text.onnx");
    const i32 = { name: "position_ids", type: "i32" as const };
    expect(tokenTensors([1, 3, 2], 5, 9, { ...spec, positions: i32, segments: null })).toEqual([
      { name: "input_ids", type: "int64", data: BigInt64Array.of(1n, 3n, 2n, 9n, 9n), dims: [1, 5] },
      { name: "attention_mask", type: "int64", data: BigInt64Array.of(1n, 1n, 1n, 0n, 0n), dims: [1, 5] },
      { name: "position_ids", type: "int32", data: Int32Array.of(0, 1, 2, 3, 4), dims: [1, 5] },
    ]);
  });
});
