import { afterEach, beforeEach, expect, it } from "vitest";
import { classOfRow } from "../../../src/core/annotations/annotationSet.ts";
import type { HeldSet } from "../../../src/core/annotations/heldSet.ts";
import type { Winnow } from "../../../src/state/createWinnow.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { deleteProject, openWinnow, storeProject, until } from "./realProject.ts";

const paths = ["hat/0.jpg", "hat/1.jpg", "shoe/2.jpg", "shoe/3.jpg", "4.jpg"];
let id: string;
let winnow: Winnow;
beforeEach(async () => {
  id = `annotating-${crypto.randomUUID()}`;
  await storeProject(id, paths);
  winnow = await openWinnow(id);
});
afterEach(async () => {
  winnow.actions.closeProject();
  await until(winnow, ({ project }) => project === null);
  await deleteProject(id);
});

const labelsOf = (set: HeldSet | undefined): (string | null)[] | null =>
  set === undefined ? null : paths.map((_, row) => set.classes[classOfRow(set, row)] ?? null);
const state = () => winnow.store.getState();
const set = (name: string) => state().annotations.find((one) => one.id === name);
const undo = async (title: RegExp) => {
  await until(winnow, ({ undoTitle }) => title.test(undoTitle ?? ""));
  winnow.actions.undo();
  await until(winnow, ({ redoTitle }) => title.test(redoTitle ?? ""));
};
const contentCount = async (): Promise<number> => {
  const store = await ProjectStore.open(id);
  const names = await store.contentNames();
  store.close();
  return names.size;
};

it("labels given by hand are kept, logged, counted as a field, and taken back and done again", async () => {
  const { actions } = winnow;
  expect(actions.createLabels("My labels", ["hat"])).toBe("My-labels");
  actions.setLabel("My-labels", [0, 1], "hat");
  actions.setLabel("My-labels", [1, 3], ["shoe", "sock"], "label issues");
  await until(winnow, ({ undoTitle }) => undoTitle === "labels on 2 images");
  expect(labelsOf(set("My-labels"))).toEqual(["hat", "shoe", null, "sock", null]);
  expect(set("My-labels")!.classes).toEqual(["hat", "shoe", "sock"]);
  expect(set("My-labels")!.corrections.map(({ by }) => by)).toEqual(["", "label issues"]);
  const field = state().fields.find((one) => one.id === "label:My-labels");
  expect(field).toMatchObject({ kind: "category", names: ["hat", "shoe", "sock"] });
  // The same label again is no change; a label of rows without one is none either.
  actions.setLabel("My-labels", [0], "hat");
  actions.setLabel("My-labels", [4], null);
  actions.setLabel("My-labels", [0], null);
  await until(winnow, ({ undoTitle }) => undoTitle === "no label on 1 image");
  await undo(/no label on 1 image/);
  await undo(/labels on 2 images/);
  expect(labelsOf(set("My-labels"))).toEqual(["hat", "hat", null, null, null]);
  expect(set("My-labels")!.classes).toEqual(["hat"]);
  expect(set("My-labels")!.corrections).toHaveLength(1);
  actions.redo();
  await until(winnow, ({ undoTitle }) => undoTitle === "labels on 2 images");
  const before = labelsOf(set("My-labels"));
  expect(before).toEqual(["hat", "shoe", null, "sock", null]);
  // Another visit finds them, and can still take them back.
  actions.closeProject();
  await until(winnow, ({ project }) => project === null);
  winnow = await openWinnow(id);
  expect(labelsOf(set("My-labels"))).toEqual(before);
  await undo(/labels on 2 images/);
  await undo(/label “hat” on 2 images/);
  await undo(/new labels/);
  expect(state().annotations).toEqual([]);
  expect(state().fields.some((one) => one.id.startsWith("label:"))).toBe(false);
});

it("a deleted set comes back with what was in it, and what nobody names is not stored", async () => {
  const { actions } = winnow;
  actions.createLabels("a", ["hat"]);
  actions.setLabel("a", [0, 2], "hat");
  actions.setLabel("a", [1], "hat");
  actions.renameAnnotations("a", "Hats");
  actions.deleteAnnotations("a");
  await until(winnow, ({ undoTitle }) => undoTitle === "delete “Hats”");
  expect(state().annotations).toEqual([]);
  await undo(/delete/);
  expect(set("a")!.name).toBe("Hats");
  expect(labelsOf(set("a"))).toEqual(["hat", "hat", "hat", null, null]);
  await undo(/rename/);
  expect(set("a")!.name).toBe("a");
  await undo(/label “hat” on 1 image$/);
  actions.setLabel("a", [4], "emu");
  await until(winnow, ({ undoTitle }) => undoTitle === "label “emu” on 1 image");
  expect(labelsOf(set("a"))).toEqual(["hat", null, "hat", null, "emu"]);
  // The empty set that undo may bring back, and the present one.
  expect(await contentCount()).toBe(2);
});
