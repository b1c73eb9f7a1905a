import { expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { WinnowError } from "../../../src/core/errors.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import type { Project } from "../../../src/pipeline/project.ts";
import type { ProjectDesk } from "../../../src/state/desk.ts";
import { Jobs } from "../../../src/state/jobs.ts";
import { Measuring } from "../../../src/state/measuring.ts";
import { Notices } from "../../../src/state/notices.ts";
import { initialState, type WinnowState } from "../../../src/state/state.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { imageRecord } from "../../fixtures/records.ts";

/** A project of four images, the second of which is measured. */
function desk(measure: Project["measure"]): { desk: ProjectDesk; images: ImageTable; asked: string[] } {
  const images = new ImageTable();
  for (let row = 0; row < 4; row++) {
    const record = imageRecord(row);
    images.append(row === 1 ? { ...record, measures: someMeasures() } : record);
  }
  const store = createStore<WinnowState>(() => initialState(images, RowSet.empty));
  const asked: string[] = [];
  const project = {
    sources: { reconnect: async () => true },
    measure: (...all: Parameters<Project["measure"]>) => {
      asked.push(...all[0].map(({ path }) => path));
      return measure(...all);
    },
  } as unknown as Project;
  const made: ProjectDesk = {
    store,
    project,
    jobs: new Jobs(store, () => 0),
    notices: new Notices(store),
    now: () => 0,
    programVersion: "0",
    isOpen: () => true,
  };
  return { desk: made, images, asked };
}

const counts = { total: 3, done: 3, measured: 2, missing: 1, changed: 0, unreadable: 0 };

it("measures what is not measured, as a job, and shows it", async () => {
  const {
    desk: made,
    images,
    asked,
  } = desk(async (_images, _signal, { measured, progress }) => {
    measured(new Map([0, 2].map((row) => [row, someMeasures({ dark: 0.5 })])));
    progress(counts);
    return counts;
  });
  let shown = 0;
  await new Measuring(made, { remeasured: () => shown++ }).start();
  expect(asked).toEqual(["0.jpg", "2.jpg", "3.jpg"]);
  expect(images.at(2).measures?.dark).toBe(0.5);
  expect(shown).toBe(1);
  const { jobs, notices } = made.store.getState();
  expect(jobs).toMatchObject([{ name: "Measuring", status: "done", note: "2 measured" }]);
  expect(JSON.stringify(notices)).toContain("1 file is not where it was");
});

it("can be cancelled, and measures all where nothing is missing", async () => {
  const {
    desk: made,
    images,
    asked,
  } = desk(async (_images, signal) => {
    made.jobs.cancel(made.store.getState().jobs[0]!.id);
    expect(signal.aborted).toBe(true);
    throw new WinnowError("cancelled", "Cancelled.");
  });
  for (const row of [0, 2, 3]) images.measure(row, someMeasures());
  await new Measuring(made, { remeasured: () => undefined }).start();
  expect(asked).toEqual(["0.jpg", "1.jpg", "2.jpg", "3.jpg"]);
  expect(made.store.getState().jobs).toMatchObject([{ status: "cancelled" }]);
  expect(made.store.getState().notices).toEqual([]);
});
