import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { classOfRow } from "../../../src/core/annotations/annotationSet.ts";
import type { Winnow } from "../../../src/state/createWinnow.ts";
import type { ImportDraft } from "../../../src/state/importDraft.ts";
import { deleteProject, openWinnow, storeProject, until } from "./realProject.ts";

const paths = ["train/hat/0.jpg", "train/hat/1.jpg", "test/shoe/2.jpg", "test/shoe/3.jpg", "a b.jpg"];
let id: string;
let winnow: Winnow;
beforeEach(async () => {
  localStorage.clear();
  id = `importing-${crypto.randomUUID()}`;
  await storeProject(id, paths);
  winnow = await openWinnow(id);
});
afterEach(async () => {
  winnow.actions.closeProject();
  await until(winnow, ({ project }) => project === null);
  await deleteProject(id);
});

const state = () => winnow.store.getState();
const set = (name: string) => state().annotations.find((one) => one.id === name);
const classesOf = (name: string) => paths.map((_, row) => set(name)!.classes[classOfRow(set(name)!, row)] ?? null);
const file = (name: string, content: string): File => new File([content], name);

/** Gives files and waits until it is known what they would do, or why they cannot be imported. */
async function given(...files: File[]): Promise<ImportDraft> {
  winnow.actions.importFiles(files);
  return await settled();
}
async function settled(): Promise<ImportDraft> {
  const { importing } = await until(
    winnow,
    ({ importing: one }) => one !== null && (one.summary !== null || one.problem !== ""),
  );
  return importing!;
}
async function finished(): Promise<void> {
  const { annotations } = state();
  winnow.actions.finishImport();
  await until(winnow, (now) => now.importing === null && now.annotations !== annotations && now.undoTitle !== null);
}
async function undone(): Promise<void> {
  const title = state().undoTitle;
  winnow.actions.undo();
  await until(winnow, ({ redoTitle }) => redoTitle === title);
}

describe("a table", () => {
  const csv =
    '\uFEFFfile;label;city\r\nhat/0.jpg;hat;Rome\r\n2.jpg;"sh\n;oe";Bern\r\nnowhere.jpg;hat;Rome\r\na%20b.jpg;emu;\r\n';

  it("is shown before anything is written, then written in one step that can be taken back", async () => {
    const draft = await given(file("labels.csv", csv));
    expect(draft).toMatchObject({ format: "csv", columns: ["file", "label", "city"], name: "labels", problem: "" });
    expect(draft.mapping!.map(({ use }) => use)).toEqual(["path", "label", "metadata"]);
    expect(draft.summary).toMatchObject({ matched: 3, unmatched: { count: 1, first: ["nowhere.jpg"] } });
    expect(state().annotations).toEqual([]);
    await finished();
    expect(classesOf("labels")).toEqual(["hat", null, "sh\n;oe", null, "emu"]);
    expect(state().metadata.map(({ key }) => key)).toEqual(["city"]);
    expect(state().fields.map((one) => one.id)).toEqual(expect.arrayContaining(["label:labels", "meta:city"]));
    await undone();
    expect([state().annotations, state().metadata]).toEqual([[], []]);
    winnow.actions.redo();
    await until(winnow, ({ annotations }) => annotations.length === 1);
    expect(classesOf("labels")).toEqual(["hat", null, "sh\n;oe", null, "emu"]);
  });

  it("that is imported again updates what it names and doubles nothing", async () => {
    await given(file("labels.csv", csv));
    await finished();
    await given(file("labels.csv", "file;label;city\nhat/0.jpg;cap;Rome\n3.jpg;shoe;Bern\n"));
    await finished();
    expect(state().annotations).toHaveLength(1);
    expect(classesOf("labels")).toEqual(["cap", null, "sh\n;oe", "shoe", "emu"]);
    await undone();
    expect(classesOf("labels")).toEqual(["hat", null, "sh\n;oe", null, "emu"]);
  });

  it("is mapped by the person, and the mapping is remembered for such tables", async () => {
    const odd = () => file("odd.csv", "where,what\nhat/0.jpg,hat\nhat/1.jpg,hat\n");
    const draft = await given(odd());
    expect(draft.problem).toMatch(/No column is the path/);
    winnow.actions.changeImport({ mapping: [{ use: "path" }, { use: "label" }] });
    expect((await settled()).summary).toMatchObject({ matched: 2 });
    winnow.actions.changeImport({ role: "predictions" });
    await settled();
    winnow.actions.changeImport({ name: "Model A" });
    await finished();
    expect(set("Model-A")).toMatchObject({ name: "Model A", role: "predictions" });
    expect((await given(odd())).mapping!.map(({ use }) => use)).toEqual(["path", "label"]);
    winnow.actions.cancelImport();
    expect(state().importing).toBeNull();
    expect(state().annotations).toHaveLength(1);
  });

  it("with wrong rows names their lines and leaves them out", async () => {
    const draft = await given(file("p.csv", "path,p:a,p:b\nhat/0.jpg,0.5,0.5\nhat/1.jpg,0.9,0.9\n2.jpg,NaN,x\n"));
    expect(draft.summary!.badRows.first[0]).toMatchObject({ line: 3 });
    await finished();
    expect(Array.from(set("p")!.known)).toEqual([1]);
  });
});

describe("COCO", () => {
  const coco = (annotations: object[]) =>
    file(
      "boxes.json",
      JSON.stringify({
        images: paths.map((path, i) => ({ id: i, file_name: path, width: 100, height: 80 })),
        categories: [{ id: 7, name: "hat" }],
        annotations,
      }),
    );

  it("brings boxes, cut where they reach out of their image; unknown categories are named", async () => {
    const draft = await given(
      coco([
        { id: 1, image_id: 0, category_id: 7, bbox: [10, 10, 20, 20] },
        { id: 2, image_id: 0, category_id: 7, bbox: [90, 10, 50, 20] },
        { id: 3, image_id: 1, category_id: 8, bbox: [0, 0, 5, 5] },
      ]),
    );
    expect(draft).toMatchObject({ format: "coco", summary: { clipped: 1, badRows: { count: 1 } } });
    await finished();
    const boxes = set("boxes")!;
    expect(Array.from(boxes.boxes!)).toEqual([10, 10, 20, 20, 90, 10, 10, 20]);
    winnow.actions.draw("boxes", { leastScore: 0.5 });
    expect(state().drawings.get("boxes")).toMatchObject({ shown: true, leastScore: 0.5 });
  });

  it("that is cut off changes nothing", async () => {
    const whole = await coco([{ id: 1, image_id: 0, category_id: 7, bbox: [1, 1, 2, 2] }]).text();
    const draft = await given(file("cut.json", whole.slice(0, -30)));
    expect(draft.problem).toMatch(/cut\.json/);
    expect(draft.summary).toBeNull();
    winnow.actions.finishImport();
    winnow.actions.cancelImport();
    expect(state().annotations).toEqual([]);
  });
});

it("files that are no annotations are refused in words that say what would be read", async () => {
  expect((await given(file("notes.md", "# hello"))).problem).toMatch(/notes\.md.*COCO.*choose it above/);
});

it("a YOLO folder is one import of many files", async () => {
  const draft = await given(
    file("classes.txt", "hat\nshoe\n"),
    ...["0", "1"].map((name) => file(`${name}.txt`, "1 0.5 0.5 0.2 0.2\n")),
  );
  expect(draft).toMatchObject({ format: "yolo", fileCount: 3, summary: { matched: 2, instances: 2 } });
});

it("folder names become labels", async () => {
  winnow.actions.labelsFromFolders();
  await until(winnow, ({ annotations }) => annotations.length === 1);
  expect(classesOf("Folder")).toEqual(["hat", "hat", "shoe", "shoe", null]);
});
