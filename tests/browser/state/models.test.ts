import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { decodeFloat16 } from "../../../src/core/float16.ts";
import { spaceId } from "../../../src/core/model/ownModel.ts";
import { Engine } from "../../../src/pipeline/engine.ts";
import { Library } from "../../../src/pipeline/library.ts";
import { createWinnow, type Winnow } from "../../../src/state/createWinnow.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";
import { blockPictures } from "./blockPictures.ts";
import { deleteProject, until } from "./realProject.ts";

let winnow: Winnow;
const engine = new Engine(efficientNetLite0, 2, crossOriginIsolated, () => undefined);
const model = (name: string, bytes: Uint8Array): File => new File([bytes.slice()], name);

const idle = ({ jobs }: { jobs: readonly { status: string }[] }) =>
  jobs.every(({ status }) => status !== "running" && status !== "paused");
/** Waits, and says what stood still instead when it does not come. */
async function waitFor(wanted: Parameters<typeof until>[1]): ReturnType<typeof until> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const { jobs, notices, spaces, space, images, head, xy } = winnow.store.getState();
      const { fitted } = head;
      reject(
        new Error(JSON.stringify({ jobs, notices, spaces, space, images: images.length, fitted, xy: xy?.length })),
      );
    }, 25_000);
  });
  return await Promise.race([until(winnow, wanted), late]).finally(() => clearTimeout(timer));
}
const projectId = () => winnow.store.getState().project!.id;
const problems = () => winnow.store.getState().notices.filter(({ kind }) => kind === "error");

/** All features of a space, f32. */
async function featuresOf(space: string): Promise<Float32Array> {
  const store = await ProjectStore.open(projectId());
  const parts: number[] = [];
  for await (const { value } of store.space(space).features()) parts.push(...decodeFloat16(value.data));
  store.close();
  return Float32Array.from(parts);
}

/** What the project's database holds under a key of computed values. */
async function computed(key: string): Promise<unknown> {
  const store = await ProjectStore.open(projectId());
  const value = await store.derived(key);
  store.close();
  return value;
}

beforeAll(async () => {
  winnow = createWinnow({
    engine,
    library: Library.open(engine, "", () => Date.now()),
    sampleUrl: "",
    now: () => Date.now(),
    programVersion: "test",
  });
  winnow.actions.addFiles(await blockPictures(0, 12));
  await until(winnow, (state) => state.images.length === 12 && state.xy !== null && state.computed.length > 0);
  await until(winnow, idle);
}, 120_000);
afterAll(async () => {
  const id = projectId();
  for (const { sha256 } of winnow.store.getState().models ?? []) winnow.actions.deleteModel(sha256);
  winnow.actions.closeProject();
  await until(winnow, ({ project }) => project === null);
  await deleteProject(id);
  engine.close();
});

describe("models of one's own", () => {
  it.each([
    ["unknownOperator", "acme.ops:Frobnicate"],
    ["truncated", "cut off or damaged"],
    ["notAModel", "is a text file"],
    ["enormous", "asks for 120 GB"],
    ["textOnly", "takes no images"],
  ] as const)("%s is refused with its reason", async (name, words) => {
    const adding = winnow.actions.addModelFiles([model(`${name}.onnx`, onnxModels[name]())], null);
    await expect(adding).rejects.toThrow(words);
    expect(winnow.store.getState().models ?? []).toEqual([]);
  });

  it("with weights in another file wants both", async () => {
    const { model: bytes, data } = onnxModels.externalData();
    const one = model("external.onnx", bytes);
    await expect(winnow.actions.addModelFiles([one], null)).rejects.toThrow("choose both files together");
    const sha256 = await winnow.actions.addModelFiles([one, model("weights.bin", data)], null);
    const own = winnow.store.getState().models!.find((other) => other.sha256 === sha256)!;
    const tried = await winnow.actions.tryModel(own, own.spec, 0, new AbortController().signal);
    expect(tried).toMatchObject({ kind: "embedding", trial: { featureCount: 8, output: "float32 [1, 8]" } });
    expect(tried).toHaveProperty("near.length", 5);
    winnow.actions.deleteModel(own.sha256);
    await until(winnow, ({ models }) => models?.length === 0);
  });

  it.each([
    ["nhwcBytes", 6],
    ["halfFloats", 8],
    ["tokens", 8],
    ["twoOutputs", 8],
  ] as const)("%s gives rows of numbers", async (name, numbers) => {
    const sha256 = await winnow.actions.addModelFiles([model(`${name}.onnx`, onnxModels[name]())], null);
    const own = winnow.store.getState().models!.find((other) => other.sha256 === sha256)!;
    const spec = name === "twoOutputs" ? { ...own.spec, output: "map", pooling: "mean" as const } : own.spec;
    const tried = await winnow.actions.tryModel(own, spec, 3, new AbortController().signal);
    expect(tried).toHaveProperty("trial.featureCount", numbers);
    expect(tried).toHaveProperty(
      "trial.norm",
      expect.toSatisfy((norm: number) => norm > 0),
    );
    winnow.actions.deleteModel(own.sha256);
    await until(winnow, ({ models }) => models?.length === 0);
  });

  it.each(["yoloDetector", "boxesDetector"] as const)("%s finds coloured cells as a prediction task", async (name) => {
    const { actions, store } = winnow;
    const sha256 = await actions.addModelFiles([model(`${name}.onnx`, onnxModels[name]())], null);
    const own = store.getState().models!.find((other) => other.sha256 === sha256)!;
    // Pictures of 96 × 80 pixels lie in 64 × 64 with a border of 5 or 6 pixels above and below.
    const tried = await actions.tryModel(own, own.spec, 2, new AbortController().signal);
    if (tried?.kind !== "predictions") throw new Error("expected predictions");
    expect(tried).toMatchObject({ width: 96, height: 80 });
    actions.predictWith(own, own.spec);
    const { annotations } = await waitFor((state) => state.annotations.length === 1 && idle(state));
    const [set] = annotations;
    expect(set).toMatchObject({
      role: "predictions",
      type: "object-detection",
      name,
      classes: ["red", "green", "blue"],
    });
    expect(set!.known).toEqual(new Uint8Array(12).fill(1));
    const own2 = Array.from({ length: set!.first[3]! - set!.first[2]! }, (_, i) => set!.first[2]! + i);
    expect(own2.map((at) => set!.classes[set!.classOf[at]!])).toEqual(tried.said.map((one) => one.name));
    expect(own2.length).toBeGreaterThan(0);
    for (const at of set!.classOf.keys()) {
      const [x, y, width, height] = set!.boxes!.subarray(4 * at, 4 * at + 4);
      expect(Math.min(x!, y!)).toBeGreaterThanOrEqual(0);
      expect(x! + width!).toBeLessThanOrEqual(96.001);
      expect(y! + height!).toBeLessThanOrEqual(80.001);
      expect(width).toBeCloseTo(24, 3);
    }
    // Nothing is left to predict; undo takes all of it back, and then everything is.
    actions.undo();
    await waitFor((state) => state.annotations.length === 0);
    actions.predictWith(own, own.spec);
    await waitFor((state) => state.annotations.length === 1 && idle(state));
    actions.undo();
    await waitFor((state) => state.annotations.length === 0);
    actions.deleteModel(own.sha256);
    await until(winnow, ({ models }) => models?.length === 0);
    expect(problems()).toEqual([]);
  });

  it("a classifier whose run was cancelled says nothing until it was run again", async () => {
    const { actions, store } = winnow;
    const names = new File(["rot\ngrün\nblau\n"], "names.txt");
    const sha256 = await actions.addModelFiles([model("colour.onnx", onnxModels.colourClassifier()), names], null);
    const own = store.getState().models!.find((other) => other.sha256 === sha256)!;
    expect(own.spec.predicts).toMatchObject({ kind: "classifier", classes: ["rot", "grün", "blau"] });
    let cancelled = false;
    const stop = store.subscribe(({ jobs }) => {
      const job = jobs.find(({ name, status }) => name === "Predicting with colour" && status === "running");
      if (!job || cancelled) return;
      cancelled = true;
      actions.cancelJob(job.id);
    });
    actions.predictWith(own, own.spec);
    await waitFor((state) => cancelled && idle(state));
    stop();
    expect(store.getState().annotations).toEqual([]);
    actions.predictWith(own, own.spec);
    const { annotations } = await waitFor((state) => state.annotations.length === 1 && idle(state));
    expect(await computed(`predicted.${spaceId(own.sha256, own.spec)}.0`)).toBeNull();
    const [set] = annotations;
    expect(set!.classOf).toHaveLength(12);
    expect(set!.probabilities).toHaveLength(36);
    actions.undo();
    await waitFor((state) => state.annotations.length === 0);
    actions.deleteModel(own.sha256);
    await until(winnow, ({ models }) => models?.length === 0);
  });

  it("make a second embedding: switched to, given new images, compared, deleted", async () => {
    const { actions, store } = winnow;
    const config = new File(['{"image_mean": [0, 0, 0], "image_std": [1, 1, 1], "do_normalize": true}'], "p.json");
    await actions.addModelFiles([model("tokens.onnx", onnxModels.tokens()), config], null);
    const [own] = store.getState().models!;
    expect(own!.spec.scale[0]).toBeCloseTo(1 / 255);
    actions.addSpace(own!, own!.spec);
    // It is embedded as a job and then looked at.
    const made = await waitFor((state) => state.space !== "" && state.xy !== null && idle(state));
    expect(made.spaces).toMatchObject([{ rows: 12, featureCount: 8, name: "tokens · 64 px" }]);
    expect(made.head.fitted).toMatchObject({ rows: 12 });
    expect(made.head.fitted!.dim).toBeLessThanOrEqual(8);
    const second = made.space;
    expect(await featuresOf(second)).toHaveLength(12 * 8);
    const near = await actions.neighbours(0, 3);

    // New images are embedded with both.
    actions.addFiles(await blockPictures(12, 5));
    await waitFor((state) => state.images.length === 17 && state.spaces[0]?.rows === 17 && idle(state));
    await waitFor((state) => state.head.fitted?.rows === 17 && idle(state));
    expect(store.getState().space).toBe(second);
    expect(await featuresOf(second)).toHaveLength(17 * 8);
    expect(await featuresOf("")).toHaveLength(17 * 1280);

    actions.switchSpace("");
    await waitFor(
      (state) => state.space === "" && state.head.fitted?.rows === 17 && state.computed.length > 0 && idle(state),
    );
    expect(store.getState().head.fitted!.dim).toBeGreaterThan(8);
    expect(await actions.neighbours(0, 3)).not.toEqual(near);

    const compared = await actions.compareSpaces(["", second], null);
    expect(compared).toEqual({ rows: 17, overlap: null, accuracy: null, labelled: 0 });

    actions.deleteSpace(second);
    await waitFor(({ spaces }) => spaces.length === 0);
    expect(await featuresOf(second)).toHaveLength(0);
    expect(problems()).toEqual([]);
  });

  it("what models said is offered for new images, and reaches them when that is wanted", async () => {
    const { actions, store } = winnow;
    const before = store.getState().images.length;
    const sha256 = await actions.addModelFiles([model("yolo.onnx", onnxModels.yoloDetector())], null);
    const own = store.getState().models!.find((other) => other.sha256 === sha256)!;
    actions.predictWith(own, own.spec);
    await waitFor((state) => state.annotations.length === 1 && idle(state));
    actions.renameAnnotations(store.getState().annotations[0]!.id, "Felder");
    actions.tagAutomatically(0.02);
    await waitFor((state) => state.annotations.length === 2);
    expect(store.getState().annotations.map(({ source }) => source.threshold)).toEqual([undefined, 0.02]);

    actions.addFiles(await blockPictures(before, 3));
    const offered = await waitFor(({ notices }) => notices.some(({ action }) => action));
    const offer = offered.notices.find(({ action }) => action)!;
    expect(offer.text).toBe("2 prediction tasks say nothing of the 3 new images yet.");
    expect(offer.action?.label).toBe("Predict them");
    await waitFor(idle);
    // Nothing happens before somebody wants it.
    const known = () => store.getState().annotations.map(({ known: rows }) => rows.reduce((sum, one) => sum + one, 0));
    expect(known()).toEqual([before, before]);
    offer.action!.run();
    await waitFor((state) => idle(state) && known().every((count) => count === before + 3));
    const [boxes, tags] = store.getState().annotations;
    expect(boxes).toMatchObject({ name: "Felder", type: "object-detection" });
    expect(tags).toMatchObject({ id: "automatic", source: { threshold: 0.02 } });

    // A model that is not here any more cannot: it is said, and what there is stays.
    actions.deleteModel(own.sha256);
    await until(winnow, ({ models }) => models?.every((one) => one.sha256 !== sha256) ?? false);
    actions.addFiles(await blockPictures(before + 3, 1));
    await waitFor((state) => state.images.length === before + 4 && idle(state));
    actions.predictNew(boxes!.id);
    const failed = await waitFor(({ notices }) => notices.some(({ kind }) => kind === "error"));
    expect(failed.notices.find(({ kind }) => kind === "error")!.text).toBe(
      "“Felder” was made with “yolo.onnx”, which is not in this browser: choose its file on Models, then predict again.",
    );
    actions.predictNew("automatic");
    await waitFor(() => known()[1] === before + 4);
    expect(known()).toEqual([before + 3, before + 4]);
  });
});
