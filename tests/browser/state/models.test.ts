import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { decodeFloat16 } from "../../../src/core/float16.ts";
import { Engine } from "../../../src/pipeline/engine.ts";
import { Library } from "../../../src/pipeline/library.ts";
import { createWinnow, type Winnow } from "../../../src/state/createWinnow.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";
import { deleteProject, until } from "./realProject.ts";

let winnow: Winnow;
const engine = new Engine(efficientNetLite0, 2, crossOriginIsolated, () => undefined);
const model = (name: string, bytes: Uint8Array): File => new File([bytes.slice()], name);

/** Pictures of blocks of colour, different each. */
async function pictures(from: number, count: number): Promise<File[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const canvas = new OffscreenCanvas(96, 80);
      const context = canvas.getContext("2d")!;
      for (let block = 0; block < 30; block++) {
        context.fillStyle = `hsl(${((from + i) * 47 + block * 31) % 360} 70% ${20 + ((block * 13 + i * 7) % 60)}%)`;
        context.fillRect((block % 6) * 16, Math.floor(block / 6) * 16, 16, 16);
      }
      return new File([await canvas.convertToBlob({ type: "image/png" })], `${String(from + i).padStart(2, "0")}.png`);
    }),
  );
}
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

beforeAll(async () => {
  winnow = createWinnow({
    engine,
    library: Library.open(engine, "", () => Date.now()),
    sampleUrl: "",
    now: () => Date.now(),
    programVersion: "test",
  });
  winnow.actions.addFiles(await pictures(0, 12));
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
    expect(tried?.trial).toMatchObject({ featureCount: 8, output: "float32 [1, 8]" });
    expect(tried!.near).toHaveLength(5);
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
    expect(tried?.trial.featureCount).toBe(numbers);
    expect(tried!.trial.norm).toBeGreaterThan(0);
    winnow.actions.deleteModel(own.sha256);
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
    actions.addFiles(await pictures(12, 5));
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
});
