import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embed } from "../../../src/cli/commands/embed.ts";
import { predict } from "../../../src/cli/commands/predict.ts";
import { NodeFolder } from "../../../src/cli/nodeFolder.ts";
import { NodeModel } from "../../../src/cli/nodeModel.ts";
import { normalisations, scaled } from "../../../src/core/model/modelSpec.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { Random } from "../../../src/core/random.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "winnow-models-"));
const photos = join(folder, "photos");
const bundled = join(import.meta.dirname, "../../../models/efficientnet-lite0/model.onnx");
const at = (name: string): string => join(folder, name);
const save = (name: string, bytes: Uint8Array): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};
const load = (name: string, more: object = {}) => NodeModel.load({ file: at(name), threads: 1, bundled, ...more });
const surroundings = surroundingsOf();

/** Two squares of noise of 64 pixels. */
const random = new Random(5);
const squares = [0, 1].map(() => Uint8Array.from({ length: 64 * 64 * 3 }, () => random.below(256)));

beforeAll(async () => {
  mkdirSync(photos);
  for (let i = 0; i < 3; i++) {
    const patches = Uint8Array.from({ length: 8 * 8 * 3 }, () => random.below(256));
    await sharp(patches, { raw: { width: 8, height: 8, channels: 3 } })
      .resize(80)
      .png()
      .toFile(join(photos, `${i}.png`));
  }
  for (const [name, make] of Object.entries(onnxModels)) {
    const made = make();
    if (made instanceof Uint8Array) save(`${name}.onnx`, made);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("models that people bring", () => {
  it("give the same features whatever their type and layout, when they are the same model", async () => {
    // The same kernel behind three doors: planar floats, interleaved bytes, half floats.
    const raw = scaled(normalisations["0 to 255"].mean, normalisations["0 to 255"].std);
    const [planar, halves] = [
      await load("dynamic.onnx", { size: 64, mean: 0, scale: 1 }),
      await load("halfFloats.onnx", { mean: 0, scale: 1 }),
    ];
    expect(planar.manifest.spec).toMatchObject(raw);
    const wide = await planar.embed(squares);
    expect(wide).toHaveLength(16);
    for (const [i, value] of (await halves.embed(squares)).entries()) expect(value).toBeCloseTo(wide[i]!, 0);
    const bytes = await load("nhwcBytes.onnx");
    expect(bytes.manifest.spec).toMatchObject({ layout: "NHWC", type: "u8", size: 64 });
    expect(await bytes.embed(squares)).toHaveLength(12);
    for (const model of [planar, halves, bytes]) await model.close();
  });

  it("have their tokens and maps pooled as the spec says", async () => {
    const dynamic = await load("dynamic.onnx", { size: 64 });
    const [means, first, map] = await Promise.all([
      load("tokens.onnx", { preprocessing: save("tokens.json", Buffer.from('{"pooling": "tokens"}')) }),
      load("tokens.onnx"),
      load("twoOutputs.onnx", { output: "map" }),
    ]);
    const pooled = await dynamic.embed(squares);
    // Global average pooling of a map is the mean of its places, and of the tokens that they become.
    for (const model of [means, map]) {
      for (const [i, value] of (await model.embed(squares)).entries()) expect(value).toBeCloseTo(pooled[i]!, 4);
    }
    expect(map.manifest.spec.pooling).toBe("mean");
    const cls = await first.embed(squares);
    expect(cls).toHaveLength(16);
    expect(Math.abs(cls[0]! - pooled[0]!)).toBeGreaterThan(1e-6);
    for (const model of [dynamic, means, first, map]) await model.close();
  });

  it("swap colours when the spec says BGR", async () => {
    const swapped = squares.map((square) => square.map((_, i) => square[i - (i % 3) + 2 - (i % 3)]!));
    const rgb = await load("dynamic.onnx", { size: 64, mean: 0, scale: 1 });
    const bgr = await load("dynamic.onnx", {
      size: 64,
      mean: 0,
      scale: 1,
      preprocessing: save("bgr.json", Buffer.from('{"channels": "BGR"}')),
    });
    expect(await bgr.embed(swapped)).toEqual(await rgb.embed(squares));
    await rgb.close();
    await bgr.close();
  });

  it("find their weights beside them, and say when those are missing", async () => {
    const { model, data } = onnxModels.externalData();
    save("external.onnx", model);
    await expect(load("external.onnx")).rejects.toThrow("keeps its weights in “weights.bin”: put that file beside it");
    save("weights.bin", data);
    const loaded = await load("external.onnx", { mean: 0, scale: 1 });
    const dynamic = await load("dynamic.onnx", { size: 64, mean: 0, scale: 1 });
    expect(await loaded.embed(squares)).toEqual(await dynamic.embed(squares));
    await loaded.close();
    await dynamic.close();
  });

  it.each([
    ["unknownOperator.onnx", "acme.ops:Frobnicate"],
    ["truncated.onnx", "cut off or damaged"],
    ["notAModel.onnx", "is a text file"],
    ["enormous.onnx", "asks for 120 GB"],
    ["textOnly.onnx", "takes no images"],
  ])("%s: says what is wrong", async (name, words) => {
    await expect(load(name)).rejects.toThrow(words);
    await expect(load(name)).rejects.toMatchObject({ code: "model" });
  });

  it("embed a folder; the project keeps the preprocessing and takes no other", async () => {
    const project = at("own.winnow");
    const model = at("tokens.onnx");
    writeFileSync(
      at("preprocessor_config.json"),
      JSON.stringify({ image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }),
    );
    const result = await embed([photos], { project, model, threads: 1 }, surroundings);
    rmSync(at("preprocessor_config.json"));
    expect(result.added).toBe(3);
    const { manifest } = await ProjectReader.open(new NodeFolder(project));
    expect(manifest.model?.preprocessing.spec).toMatchObject({
      output: "last_hidden_state",
      pooling: "cls",
      ...scaled([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
    });
    expect(manifest.signed_features).toBe(true);
    await expect(embed([photos], { project, model, threads: 1 }, surroundings)).rejects.toThrow("other preprocessing");
    const spec = save("kept.json", Buffer.from(JSON.stringify(manifest.model?.preprocessing.spec)));
    const again = await embed([photos], { project, model, preprocessing: spec, threads: 1 }, surroundings);
    expect([again.added, again.known]).toEqual([0, 3]);
    expect(readFileSync(join(project, "features.npy")).length).toBeGreaterThan(3 * 8 * 2);
  });
});

describe("winnow predict", () => {
  const project = at("said.winnow");
  beforeAll(async () => {
    await embed([photos], { project, model: at("dynamic.onnx"), size: 64, threads: 1 }, surroundings);
  });
  const sets = async () => {
    const reader = await ProjectReader.open(new NodeFolder(project));
    return await Promise.all(reader.annotationFiles.map((file) => reader.annotations(file)));
  };

  it("makes a prediction task of a detector, and says nothing twice", async () => {
    const options = { model: at("yoloDetector.onnx"), threads: 1 };
    const first = await predict(project, [photos], options, surroundings);
    expect(first).toMatchObject({ set: "yoloDetector", predicted: 3, known: 0, missing: [] });
    const [set] = await sets();
    expect(set).toMatchObject({ role: "predictions", type: "object-detection", classes: ["red", "green", "blue"] });
    expect(set!.classOf).toHaveLength(first.instances);
    expect(first.instances).toBeGreaterThan(0);
    // Pictures of 80 × 80 pixels in 64 × 64: a cell of 16 is 20 there.
    for (let at = 0; at < first.instances; at++) {
      const [x, y, width, height] = set!.boxes!.subarray(4 * at, 4 * at + 4);
      for (const value of [x!, y!, width!, height!]) expect(value % 20).toBeCloseTo(0, 4);
    }
    const again = await predict(project, [photos], options, surroundings);
    expect(again).toMatchObject({ predicted: 0, known: 3, instances: 0 });
    expect((await sets())[0]!.source.model).toBe(set!.source.model);
  });

  it("reads a classifier with names from a file; images that are not there any more are named", async () => {
    writeFileSync(at("names.txt"), "rot\ngrün\nblau\n");
    const elsewhere = at("elsewhere");
    mkdirSync(elsewhere);
    for (const name of ["0.png", "1.png"]) writeFileSync(join(elsewhere, name), readFileSync(join(photos, name)));
    const options = { model: at("colourClassifier.onnx"), classes: at("names.txt"), name: "Farben", threads: 1 };
    const found = await predict(project, [elsewhere], options, surroundings);
    expect(found).toMatchObject({ set: "Farben", predicted: 2, instances: 2 });
    expect(found.missing.map(({ path }) => path)).toEqual(["2.png"]);
    const set = (await sets()).find(({ id }) => id === "Farben")!;
    expect(set.classes).toEqual(["rot", "grün", "blau"]);
    expect(set.probabilities).toHaveLength(6);
  });

  it.each([
    [{ model: "dynamic.onnx", classes: undefined }, "looks like an embedding model"],
    [{ model: "yoloDetector.onnx", name: "Farben", classes: "names.txt" }, null],
    [{ model: "unknownOperator.onnx", classes: undefined }, "acme.ops:Frobnicate"],
  ])("%j", async (given, words) => {
    const { classes, ...rest } = given;
    const options = { ...rest, model: at(given.model), threads: 1, ...(classes && { classes: at(classes) }) };
    const running = predict(project, [photos], options, surroundings);
    // Another model under a name that a model's predictions have replaces them.
    if (words === null) expect(await running).toMatchObject({ set: "Farben", predicted: 3 });
    else await expect(running).rejects.toThrow(words);
  });
});
