import { expect, it } from "vitest";
import type { HeldSet } from "../../../src/core/annotations/heldSet.ts";
import { columnsOf } from "../../../src/core/annotations/setColumns.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { importedInfo, importProject } from "../../../src/pipeline/projectImport.ts";
import { newFolder, saveProject } from "../../../src/pipeline/projectSave.ts";
import { readAnnotations } from "../../../src/store/annotations.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { blobFolder } from "./blobFolder.ts";
import { deleteProject, openWinnow, storeProject, until } from "./realProject.ts";

const supervision = { signal: new AbortController().signal, progress: () => undefined };

it("a project that is saved and opened again has its labels, what was corrected in them, its metadata and thresholds", async () => {
  const [from, to] = [`from-${crypto.randomUUID()}`, `to-${crypto.randomUUID()}`];
  await storeProject(from, ["hat/0.jpg", "hat/1.jpg", "shoe/2.jpg"]);
  const winnow = await openWinnow(from);
  winnow.actions.labelsFromFolders();
  winnow.actions.importFiles([
    new File(["path,score,label,city\n0.jpg,0.25,hat,Rome\n2.jpg,0.5,shoe,\n"], "model.csv"),
  ]);
  await until(winnow, ({ importing }) => importing?.summary != null);
  winnow.actions.finishImport();
  await until(winnow, ({ annotations }) => annotations.length === 2);
  winnow.actions.setLabel("Folder", [1], "cap", "label issues");
  winnow.actions.setThreshold("dark", 0.4);
  winnow.actions.setBoxThresholds({ sure: 0.8 });
  const { annotations, images, tags, tagStyles } = await until(
    winnow,
    ({ undoTitle, quality }) => undoTitle !== null && quality.boxes?.sure === 0.8,
  );

  const store = await ProjectStore.open(from);
  const info = (await store.info())!;
  const files = blobFolder();
  const view = { images, tags, tagStyles, programVersion: "test", model: null };
  await saveProject(store, info, view, newFolder(files, info, view), supervision);
  store.close();

  const reader = await ProjectReader.open(files);
  const labels: string[] = [];
  for await (const page of reader.images()) labels.push(...page.map(({ label }) => label));
  expect(labels).toEqual(["hat", "cap", "shoe"]);
  const opened = await ProjectStore.open(to);
  await opened.create(importedInfo(reader, to, 1));
  expect(await importProject(reader, opened, () => 1, supervision)).toEqual([]);
  const again = await readAnnotations(opened);
  expect((await opened.info())?.quality).toEqual({ thresholds: { dark: 0.4 }, boxes: { sure: 0.8 } });
  opened.close();
  const plain = (set: HeldSet) => ({
    ...columnsOf(set),
    name: set.name,
    role: set.role,
    classes: set.classes,
    corrections: set.corrections,
  });
  expect(again.annotations.map(plain)).toEqual(annotations.map(plain));
  expect(again.metadata).toMatchObject([{ key: "city", kind: "category", names: ["Rome"] }]);
  winnow.actions.closeProject();
  await until(winnow, ({ project }) => project === null);
  await deleteProject(from);
  await deleteProject(to);
});
