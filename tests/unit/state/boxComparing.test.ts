import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { type BoxComparison, type BoxErrors, boxErrors } from "../../../src/core/annotations/boxErrors.ts";
import type { HeldSet } from "../../../src/core/annotations/heldSet.ts";
import { AnnotationSetBuilder } from "../../../src/core/annotations/setBuilder.ts";
import { WinnowError } from "../../../src/core/errors.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { defaultQuality, withBoxThresholds } from "../../../src/core/quality/qualitySettings.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { runToEnd } from "../../../src/core/task.ts";
import type { Supervision } from "../../../src/pipeline/analyst.ts";
import { BoxComparing } from "../../../src/state/boxComparing.ts";
import type { ProjectDesk } from "../../../src/state/desk.ts";
import { Jobs } from "../../../src/state/jobs.ts";
import { Notices } from "../../../src/state/notices.ts";
import { initialState, type WinnowState } from "../../../src/state/state.ts";

function held(role: HeldSet["role"], content: string, boxes: readonly number[][]): HeldSet {
  const builder = new AnnotationSetBuilder(["cat"]);
  builder.know(0);
  for (const box of boxes) builder.add(0, { class: 0, box, ...(role === "predictions" && { score: 0.9 }) });
  const source = { format: "coco", file: "a.json", at: 0 };
  const set = builder.finish({ id: role, name: role, role, type: "object-detection", source });
  return { ...set, boxes: set.boxes ?? new Float32Array(0), content, since: 0, corrections: [] };
}
const labels = held("labels", "l1", [[0, 0, 20, 20]]);
const predictions = held("predictions", "p1", [[50, 50, 9, 9]]);

/** Answers of the worker, given when the test says so. */
let asked: {
  comparison: BoxComparison;
  supervision: Supervision;
  answer: () => void;
  refuse: (error: Error) => void;
}[];
let desk: ProjectDesk;
let comparing: BoxComparing;
let open: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  open = true;
  const store = createStore<WinnowState>(() => initialState(new ImageTable(), RowSet.empty));
  const analysis = {
    boxErrors: (comparison: BoxComparison, supervision: Supervision) =>
      new Promise<BoxErrors>((resolve, reject) => {
        asked.push({
          comparison,
          supervision,
          answer: () => resolve(runToEnd(boxErrors(comparison))),
          refuse: reject,
        });
      }),
  };
  desk = {
    store,
    jobs: new Jobs(store, () => 0),
    notices: new Notices(store),
    now: () => 0,
    programVersion: "",
    project: { analysis },
    isOpen: () => open,
  } as unknown as ProjectDesk;
  comparing = new BoxComparing(desk);
});
afterEach(() => {
  comparing.close();
  vi.useRealTimers();
});

const put = (...annotations: HeldSet[]): void => desk.store.setState({ annotations });
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(400);
const issues = (): number[] => desk.store.getState().boxErrors.map(({ found }) => found.rows.length);

it("follows labels, predictions and thresholds once they have settled, and asks nothing twice", async () => {
  put(labels, predictions);
  expect(asked).toHaveLength(0);
  await settle();
  expect(asked).toHaveLength(1);
  asked[0]!.answer();
  await settle();
  // The prediction of 0.9 is not sure: only the label is spurious.
  expect(issues()).toEqual([1]);
  desk.store.setState({ quality: withBoxThresholds(defaultQuality, { sure: 0.8 }) });
  await settle();
  expect(asked[1]!.comparison.thresholds).toMatchObject({ sure: 0.8 });
  asked[1]!.answer();
  await settle();
  expect(issues()).toEqual([2]);
  // As it was: known already. The screen that asks for the same gets the same.
  desk.store.setState({ quality: defaultQuality });
  await settle();
  expect(issues()).toEqual([1]);
  expect((await comparing.compare(labels, predictions)).rows.length).toBe(1);
  expect(asked).toHaveLength(2);
  put(labels);
  await settle();
  expect(issues()).toEqual([]);
});

it("shows what takes longer than a second as a job; what a person cancels is not begun again by itself", async () => {
  put(labels, predictions);
  await settle();
  const job = () => desk.store.getState().jobs.at(-1);
  expect(job()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(job()).toMatchObject({ name: "Box issues", status: "running", canCancel: true });
  desk.jobs.cancel(job()!.id);
  expect(asked[0]!.supervision.signal.aborted).toBe(true);
  asked[0]!.refuse(new WinnowError("cancelled", "Cancelled."));
  await settle();
  expect(job()).toMatchObject({ status: "cancelled" });
  put({ ...labels }, predictions);
  await settle();
  expect(asked).toHaveLength(1);
  // A person asks for it.
  const again = comparing.compare(labels, predictions);
  asked[1]!.answer();
  expect((await again).rows.length).toBe(1);
});

it("asks the next worker when its own is replaced by another embedding's", async () => {
  put(labels, predictions);
  await settle();
  asked[0]!.refuse(new WinnowError("cancelled", "The analysis worker was closed."));
  await settle();
  asked[1]!.answer();
  await settle();
  expect(issues()).toEqual([1]);
});

it("an answer that comes after the project was closed changes nothing", async () => {
  put(labels, predictions);
  await settle();
  open = false;
  asked[0]!.answer();
  await settle();
  expect(issues()).toEqual([]);
});
