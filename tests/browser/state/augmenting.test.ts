import { afterAll, beforeAll, expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { defaultHead } from "../../../src/core/linalg/head.ts";
import { Engine } from "../../../src/pipeline/engine.ts";
import { Library } from "../../../src/pipeline/library.ts";
import { viewsJob } from "../../../src/state/augmenting.ts";
import { createWinnow, type Winnow } from "../../../src/state/createWinnow.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { readViews } from "../../../src/store/views.ts";
import { blockPictures } from "./blockPictures.ts";
import { deleteProject, until } from "./realProject.ts";

let winnow: Winnow;
const engine = new Engine(efficientNetLite0, 2, crossOriginIsolated, () => undefined);
const projectId = () => winnow.store.getState().project!.id;
const idle = ({ jobs }: ReturnType<Winnow["store"]["getState"]>) => jobs.every(({ status }) => status !== "running");
const settled = async () => {
  await until(winnow, idle);
  return winnow.store.getState();
};

async function withStore<T>(use: (store: ProjectStore) => Promise<T>): Promise<T> {
  const store = await ProjectStore.open(projectId());
  try {
    return await use(store);
  } finally {
    store.close();
  }
}
const stored = () => withStore((store) => readViews(store.space(""), 1_000));

/** Fits the head with views and waits for its end. */
async function fitWith(augmented: number, dim = 8) {
  winnow.actions.refit({ ...defaultHead, dim, augmented });
  await until(winnow, ({ head }) => head.settings.augmented === augmented && head.settings.dim === dim);
  return await settled();
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
  await settled();
}, 120_000);
afterAll(async () => {
  const id = projectId();
  winnow.actions.closeProject();
  await until(winnow, ({ project }) => project === null);
  await deleteProject(id);
  engine.close();
});

it("a head is fitted with views of some images; those are kept, and more are added to them", async () => {
  const before = winnow.store.getState().head.fitted!.report;
  const first = await fitWith(8);
  expect(first.jobs.filter(({ name }) => name === viewsJob)).toMatchObject([{ status: "done", done: 8, total: 8 }]);
  expect(first.head.fitted!.report).not.toEqual(before);
  const eight = (await stored())!;
  expect(eight).toMatchObject({ perImage: 4, features: { rows: 32, cols: 1280 } });
  // The views of an image differ.
  const row = (view: number) => Array.from(eight.features.data.subarray(view * 1280, (view + 1) * 1280));
  expect(row(0)).not.toEqual(row(1));
  expect(row(0).some((value) => value > 0)).toBe(true);

  // Other settings need no image again.
  await fitWith(8, 4);
  expect((await stored())!.features.rows).toBe(32);
  await fitWith(12, 4);
  const twelve = (await stored())!;
  expect(twelve.features.rows).toBe(48);
  expect(twelve.features.data.slice(0, eight.features.data.length)).toEqual(eight.features.data);
  const { jobs, notices } = winnow.store.getState();
  expect(jobs.filter(({ name }) => name === viewsJob).at(-1)).toMatchObject({ status: "done", done: 12, total: 12 });
  expect(notices).toEqual([]);
});

it("making views can be cancelled; then the embedding stays as it was", async () => {
  await withStore(async (store) => {
    await store.deleteDerived("views");
  });
  const { head } = winnow.store.getState();
  winnow.actions.refit({ ...defaultHead, dim: 6, augmented: 12 });
  const { jobs } = await until(winnow, (state) =>
    state.jobs.some(({ name, status }) => name === viewsJob && status === "running"),
  );
  winnow.actions.cancelJob(jobs.find(({ name, status }) => name === viewsJob && status === "running")!.id);
  await until(winnow, (state) => state.jobs.some(({ name, status }) => name === viewsJob && status === "cancelled"));
  expect((await settled()).head).toEqual(head);
});

it("a fit of its own after many new images says when it had no views to fit with", async () => {
  await fitWith(4, 4);
  await withStore(async (store) => {
    await store.deleteDerived("views");
  });
  winnow.actions.addFiles(await blockPictures(12, 6));
  await until(winnow, ({ images, head }) => images.length === 18 && head.fitted?.rows === 18);
  const { head, notices } = await settled();
  expect(head.settings.augmented ?? 0).toBe(0);
  expect(notices.map(({ text }) => text).join()).toContain("fitted without augmented views");
});
