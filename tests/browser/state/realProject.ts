import { efficientNetLite0 } from "../../../models/manifest.ts";
import { Engine } from "../../../src/pipeline/engine.ts";
import { Library } from "../../../src/pipeline/library.ts";
import { createWinnow, type Winnow } from "../../../src/state/createWinnow.ts";
import { Catalogue } from "../../../src/store/catalogue.ts";
import { ProjectStore, summaryOf } from "../../../src/store/projectStore.ts";
import { imageRecord, projectInfo } from "../../fixtures/records.ts";

const cols = 16;

/** Stores a project of images without pixels: a name, a size and a few features each. Vectors of no model. */
export async function storeProject(id: string, paths: readonly string[]): Promise<void> {
  const store = await ProjectStore.open(id);
  await store.create(projectInfo(id, { model: null }));
  const records = paths.map((path, row) => imageRecord(row, { path }));
  const data = Uint16Array.from({ length: paths.length * cols }, (_, i) => 0x3c00 + ((i * 37) % 97));
  await store.append(
    { firstRow: 0, records, features: { rows: paths.length, cols, data }, thumbnails: paths.map(() => null) },
    0,
  );
  await (await Catalogue.open()).put(summaryOf((await store.info())!));
  store.close();
}

/** The whole state over the browser's own database, with the project open. */
export async function openWinnow(id: string): Promise<Winnow> {
  const engine = new Engine(efficientNetLite0, 2, crossOriginIsolated, () => undefined);
  const winnow = createWinnow({
    engine,
    library: Library.open(engine, "", () => Date.now()),
    sampleUrl: "",
    now: () => Date.now(),
    programVersion: "test",
  });
  winnow.actions.openProject(id);
  await until(winnow, ({ project, images }) => project !== null && images.length > 0);
  return winnow;
}

/** Waits for the state to be as wanted, then gives it. */
export function until(
  { store }: Winnow,
  wanted: (state: ReturnType<Winnow["store"]["getState"]>) => boolean,
): Promise<ReturnType<Winnow["store"]["getState"]>> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const state = store.getState();
      if (!wanted(state)) return false;
      stop();
      resolve(state);
      return true;
    };
    const stop = store.subscribe(look);
    look();
  });
}

export async function deleteProject(id: string): Promise<void> {
  await (await Catalogue.open()).delete(id);
}
