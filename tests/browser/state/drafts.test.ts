import { afterAll, beforeAll, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { decodeFloat16 } from "../../../src/core/float16.ts";
import { spaceId } from "../../../src/core/model/ownModel.ts";
import { decode } from "../../../src/decode/decode.ts";
import { Engine } from "../../../src/pipeline/engine.ts";
import { worstCosine } from "../../../src/pipeline/gpuCheck.ts";
import { Library } from "../../../src/pipeline/library.ts";
import { createWinnow, type Winnow } from "../../../src/state/createWinnow.ts";
import type { WinnowState } from "../../../src/state/state.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { blockPictures } from "./blockPictures.ts";
import { deleteProject, until } from "./realProject.ts";

const { spec, featureCount, sha256 } = efficientNetLite0;
const full = spaceId(sha256, spec);
const notes: string[] = [];
const engine = new Engine(efficientNetLite0, 2, crossOriginIsolated, (note) => notes.push(note));
let winnow: Winnow;
const idle = ({ jobs }: WinnowState) => jobs.every(({ status }) => status !== "running" && status !== "paused");

beforeAll(async () => {
  winnow = createWinnow({
    engine,
    library: Library.open(engine, "", () => Date.now()),
    sampleUrl: "",
    now: () => Date.now(),
    programVersion: "test",
  });
});
afterAll(async () => {
  const { id } = winnow.store.getState().project!;
  winnow.actions.closeProject();
  await until(winnow, ({ project }) => project === null);
  await deleteProject(id);
  engine.close();
});

async function stored(): Promise<{ store: ProjectStore; first: Float32Array; second: Float32Array }> {
  const store = await ProjectStore.open(winnow.store.getState().project!.id);
  const all = async (space: string): Promise<Float32Array> => {
    const parts: number[] = [];
    for await (const { value } of store.space(space).features()) parts.push(...decodeFloat16(value.data));
    return Float32Array.from(parts);
  };
  return { store, first: await all(""), second: await all(full) };
}

it("a draft is made of smaller images, says so, and is followed by a full embedding beside it", {
  timeout: 180_000,
}, async () => {
  const { store, actions } = winnow;
  actions.setDraftMode(true);
  const files = await blockPictures(0, 9);
  const jobNotes = new Set<string>();
  const stop = store.subscribe(({ jobs }) => {
    for (const { name, note } of jobs) if (name === "Embedding") jobNotes.add(note);
  });
  actions.addFiles(files);
  await until(winnow, (state) => state.images.length === 9 && state.xy !== null && idle(state));
  stop();
  // The job says on what it runs, and why.
  expect([...jobNotes]).toContainEqual(expect.stringMatching(/^WASM · 2 sessions · (no|WebGPU)/));
  expect(notes.at(-1)).toMatch(/^WASM · 2 sessions · /);

  const draft = await stored();
  expect((await draft.store.info())?.model?.preprocessing).toMatchObject({ size: 160, spec: { ...spec, size: 160 } });
  draft.store.close();
  const outcome = await decode({ file: files[3]!, path: files[3]!.name, size: 160 });
  if (outcome.kind !== "image") throw new Error(outcome.kind);
  const row = draft.first.slice(3 * featureCount, 4 * featureCount);
  const expected = await engine.asDraft().use((_decoders, embedder) => embedder.embed([outcome.rgb]));
  expect(worstCosine(row, expected, 1)).toBeGreaterThan(0.9999);
  expect(store.getState()).toMatchObject({ isDraft: true, ownSpaceName: "EfficientNet-Lite0 · 160 px" });

  // Full size beside it: the offer is a click.
  const offer = store.getState().notices.find(({ action }) => action?.label === "Embed in full");
  offer!.action!.run();
  await until(winnow, (state) => state.space === full && state.xy !== null && idle(state));
  // New images come to both, whatever is asked of new projects now.
  actions.setDraftMode(false);
  actions.addFiles(await blockPictures(20, 2));
  await until(winnow, ({ images, spaces }) => images.length === 11 && spaces[0]?.rows === 11);
  await until(winnow, idle);
  const both = await stored();
  both.store.close();
  expect([both.first.length, both.second.length]).toEqual([11 * featureCount, 11 * featureCount]);
  const cosine = worstCosine(both.first, both.second, 11);
  expect(cosine).toBeLessThan(0.999);
  expect(cosine).toBeGreaterThan(0.5);
  expect(store.getState().notices.filter(({ kind }) => kind === "error")).toEqual([]);
});

it("a model's speed is measured when that is asked for, and remembered in words", { timeout: 120_000 }, async () => {
  const { actions } = winnow;
  const model = { sha256, name: efficientNetLite0.name };
  const small = { ...spec, size: 96 };
  expect(actions.speedOf(model, small)).toBeNull();
  const words = await actions.measureSpeed(model, small);
  expect(words).toMatch(/^WASM · \d sessions? × \d threads?, \d+ images? at a time: [\d.]+ images\/s$/);
  expect(actions.speedOf(model, small)).toBe(words);
  expect(new Engine(efficientNetLite0, 64, crossOriginIsolated, () => undefined).tuningOf(sha256, 96)).toBeNull();
});
