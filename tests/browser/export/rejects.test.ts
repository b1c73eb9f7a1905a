import { afterAll, beforeEach, expect, test } from "vitest";
import { moveBack, movedFiles, moveToRejects } from "../../../src/export/rejects.ts";
import { isSystemFile } from "../../../src/sources/systemFiles.ts";

const name = "rejects-test";
let root: FileSystemDirectoryHandle;

beforeEach(async () => {
  const top = await navigator.storage.getDirectory();
  await top.removeEntry(name, { recursive: true }).catch(() => undefined);
  root = await top.getDirectoryHandle(name, { create: true });
  for (const path of ["a.jpg", "hat/b.jpg", "hat/c.jpg"]) await write(path, `content of ${path}`);
});
afterAll(async () => (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  let folder = root;
  const parts = path.split("/");
  for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
  const writable = await (await folder.getFileHandle(parts.at(-1)!, { create: true })).createWritable();
  await writable.write(text);
  await writable.close();
}

/** Every file by its path, logs by the word “log”. */
async function listed(folder = root, above = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const handle of folder.values()) {
    if (handle.kind === "directory") {
      Object.assign(found, await listed(handle as FileSystemDirectoryHandle, `${above}${handle.name}/`));
    } else if (handle.name.startsWith("moved-")) found[`${above}log`] = "";
    else found[above + handle.name] = await (await (handle as FileSystemFileHandle).getFile()).text();
  }
  return found;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
const filesOf = (...paths: string[]) =>
  Promise.all(paths.map(async (path) => ({ path, sha256: await hash(`content of ${path}`) })));
const options = () => ({ signal: new AbortController().signal, onFile: () => undefined });
const at = "2026-11-25T12:00:00.000Z";

test("files go into a folder of their own with a log, and come back byte for byte", async () => {
  const before = await listed();
  const outcome = await moveToRejects(root, await filesOf("a.jpg", "hat/b.jpg"), at, options());
  expect(outcome).toEqual({ moved: 2, failures: [] });
  expect(await listed()).toEqual({
    "hat/c.jpg": "content of hat/c.jpg",
    "winnow-rejects/a.jpg": "content of a.jpg",
    "winnow-rejects/hat/b.jpg": "content of hat/b.jpg",
    "winnow-rejects/log": "",
  });
  expect(await movedFiles(root)).toBe(2);
  expect(await moveBack(root, options())).toEqual({ moved: 2, failures: [] });
  expect(await listed()).toEqual({ ...before, "winnow-rejects/log": "" });
  expect(await movedFiles(root)).toBe(0);
  expect(await moveBack(root, options())).toBeNull();
});

test("what has changed or is gone stays, and nothing is overwritten on either way", async () => {
  await write("winnow-rejects/a.jpg", "another file");
  await write("hat/b.jpg", "changed");
  const files = await filesOf("a.jpg", "hat/b.jpg", "gone.jpg");
  const { moved, failures } = await moveToRejects(root, files, at, options());
  expect(moved).toBe(1);
  expect(failures.map(({ path }) => path)).toEqual(["hat/b.jpg", "gone.jpg"]);
  expect(failures[0]?.reason).toContain("has changed");
  expect(await listed()).toMatchObject({
    "hat/b.jpg": "changed",
    "winnow-rejects/a.jpg": "another file",
    "winnow-rejects/a (2).jpg": "content of a.jpg",
  });
  await write("a.jpg", "in the way");
  const back = await moveBack(root, options());
  expect(back?.failures[0]?.reason).toContain("not overwritten");
  expect(await listed()).toMatchObject({ "a.jpg": "in the way", "winnow-rejects/a (2).jpg": "content of a.jpg" });
  await root.removeEntry("a.jpg");
  expect(await moveBack(root, options())).toEqual({ moved: 1, failures: [] });
  expect((await listed())["a.jpg"]).toBe("content of a.jpg");
});

test("a cancelled move can be taken back as well", async () => {
  const many = Array.from({ length: 60 }, (_, i) => `n/${i}.jpg`);
  for (const path of many) await write(path, `content of ${path}`);
  const before = await listed();
  const abort = new AbortController();
  let done = 0;
  const onFile = () => {
    if (++done === 30) abort.abort();
  };
  const { moved } = await moveToRejects(root, await filesOf(...many), at, { signal: abort.signal, onFile });
  expect(moved).toBe(30);
  expect(await moveBack(root, options())).toEqual({ moved: 30, failures: [] });
  expect(await listed()).toEqual({ ...before, "winnow-rejects/log": "" });
});

test("a log of somebody else leads nowhere", async () => {
  await write("winnow-rejects/moved-9.json", "{");
  await write(
    "winnow-rejects/moved-8.json",
    JSON.stringify({
      format: "winnow-moved-files",
      undone: false,
      files: [{ from: "../out.jpg", to: "winnow-rejects/../../x", bytes: 1, sha256: "" }],
    }),
  );
  const back = await moveBack(root, options());
  expect(back?.moved).toBe(0);
  expect(back?.failures).toHaveLength(1);
});

test("what was moved aside is no part of the source any more", () => {
  expect(isSystemFile("winnow-rejects/hat/b.jpg")).toBe(true);
  expect(isSystemFile("hat/winnow-rejects.jpg")).toBe(false);
});
