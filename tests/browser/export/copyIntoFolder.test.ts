import { expect, test } from "vitest";
import { WinnowError } from "../../../src/core/errors.ts";
import { copyIntoFolder } from "../../../src/export/copyIntoFolder.ts";
import type { OutgoingFile } from "../../../src/export/outgoing.ts";
import { failureOf } from "../sources/listed.ts";
import { makeFolder, readFolder } from "../sources/opfsFolder.ts";
import { outgoing } from "./outgoingFiles.ts";

test("files are copied with their folders, byte for byte", async () => {
  const folder = await makeFolder("out", { "kept.txt": "from before" });
  const files = { "test/hat/x.jpg": "hat", "test/shirt/a b.png": "shirt", "empty.jpg": "" };
  const progress: string[] = [];
  const outcome = await copyIntoFolder(outgoing(files), folder, {
    total: 3,
    onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
  });
  expect(outcome).toEqual({ written: 3, alreadyThere: 0, failures: [] });
  expect(await readFolder(folder)).toEqual({ ...files, "kept.txt": "from before" });
  expect(progress).toEqual(["1/3", "2/3", "3/3"]);
});

test("a different file is never overwritten, the same file is not copied twice", async () => {
  const folder = await makeFolder("out", { "a.jpg": "other", "a (2).jpg": "a third", "same.jpg": "same", "dir/x": "" });
  const files = { "a.jpg": "mine!", "same.jpg": "same", dir: "a file" };
  expect(await copyIntoFolder(outgoing(files), folder, { total: 3 })).toEqual({
    written: 2,
    alreadyThere: 1,
    failures: [],
  });
  const expected = {
    "a.jpg": "other",
    "a (2).jpg": "a third",
    "a (3).jpg": "mine!",
    "same.jpg": "same",
    "dir/x": "",
    "dir (2)": "a file",
  };
  expect(await readFolder(folder)).toEqual(expected);
  // Copying again changes nothing.
  expect(await copyIntoFolder(outgoing(files), folder, { total: 3 })).toMatchObject({ written: 0, alreadyThere: 3 });
  expect(await readFolder(folder)).toEqual(expected);
});

test("large files that differ only in their last byte are told apart", async () => {
  const bytes = new Uint8Array(5_000_000).fill(7);
  const folder = await makeFolder("out", { "a.bin": bytes });
  const other = bytes.slice();
  other[other.length - 1] = 8;
  const files = (content: Uint8Array<ArrayBuffer>): OutgoingFile[] => outgoing({ "a.bin": new Blob([content]) });
  expect(await copyIntoFolder(files(bytes), folder, { total: 1 })).toMatchObject({ written: 0, alreadyThere: 1 });
  expect(await copyIntoFolder(files(other), folder, { total: 1 })).toMatchObject({ written: 1, alreadyThere: 0 });
});

test("hostile names stay inside the folder and are allowed on every system", async () => {
  const folder = await makeFolder("out", {});
  const files = { "../../up.jpg": "1", "a:b?.jpg": "2", "con/nul.jpg": "3", "Hat.jpg": "4", "hat.jpg": "5" };
  expect((await copyIntoFolder(outgoing(files), folder, { total: 5 })).failures).toEqual([]);
  expect(await readFolder(folder)).toEqual({
    "_/_/up.jpg": "1",
    "a_b_.jpg": "2",
    "_con/_nul.jpg": "3",
    "Hat.jpg": "4",
    "hat (2).jpg": "5",
  });
});

test("a file that fails is listed with its reason, leaves nothing behind, and the rest is copied", async () => {
  const folder = await makeFolder("out", { "in-the-way": "a file" });
  const broken = new Blob([
    // A blob whose reading fails: its file is gone.
    await vanishedFile(),
  ]);
  const files = { "gone.jpg": null, "broken.jpg": broken, "in-the-way/x.jpg": "x", "fine.jpg": "fine" };
  const outcome = await copyIntoFolder(outgoing(files), folder, { total: 4 });
  expect(outcome.written).toBe(1);
  expect(outcome.failures.map(({ path }) => path)).toEqual(["gone.jpg", "broken.jpg", "in-the-way/x.jpg"]);
  expect(outcome.failures[0]!.reason).toBe("“gone.jpg” is not there any more.");
  expect(outcome.failures[2]!.reason).toContain("a file and a folder would have the same name");
  expect(await readFolder(folder)).toEqual({ "in-the-way": "a file", "fine.jpg": "fine" });
});

async function vanishedFile(): Promise<File> {
  const folder = await makeFolder("vanishing-source", { "x.jpg": "soon gone" });
  const file = await (await folder.getFileHandle("x.jpg")).getFile();
  await folder.removeEntry("x.jpg");
  return file;
}

test("a cancelled copy stops before the next file and keeps what is there", async () => {
  const folder = await makeFolder("out", {});
  const controller = new AbortController();
  const copying = copyIntoFolder(outgoing({ "a.jpg": "a", "b.jpg": "b", "c.jpg": "c" }), folder, {
    total: 3,
    signal: controller.signal,
    onProgress: ({ done }) => done === 2 && controller.abort(),
  });
  const reason = await failureOf(copying);
  expect([reason.code, reason.message]).toEqual(["cancelled", "The export was cancelled after 2 of 3 files."]);
  expect(await readFolder(folder)).toEqual({ "a.jpg": "a", "b.jpg": "b" });
});

test.each([
  ["QuotaExceededError", "storage-full"],
  ["NotAllowedError", "permission"],
])("what concerns all files (%s) ends the copy at once", async (name, code) => {
  const folder = await makeFolder("out", {});
  let asked = 0;
  // A full disk and a withdrawn permission cannot be had in a test browser.
  folder.getFileHandle = async () => {
    asked++;
    throw new DOMException("failed", name);
  };
  const reason = await failureOf(copyIntoFolder(outgoing({ "a.jpg": "a", "b.jpg": "b" }), folder, { total: 2 }));
  expect([reason.code, asked]).toEqual([code, 1]);
});

test("a source that needs permission again ends the copy", async () => {
  const folder = await makeFolder("out", {});
  const needs = new WinnowError("permission", "Click first.");
  const files = [{ path: "a.jpg", open: () => Promise.reject(needs) }, ...outgoing({ "b.jpg": "b" })];
  expect(await failureOf(copyIntoFolder(files, folder, { total: 2 }))).toBe(needs);
  expect(await readFolder(folder)).toEqual({});
});
