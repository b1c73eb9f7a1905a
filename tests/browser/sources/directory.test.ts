import { openDB } from "idb";
import { afterEach, expect, test, vi } from "vitest";
import { canReopen, fromRef } from "../../../src/sources/fromRef.ts";
import { fromDirectoryHandle, fromHandles } from "../../../src/sources/openSource.ts";
import { askPermission, permissionOf } from "../../../src/sources/permission.ts";
import { pickDirectory } from "../../../src/sources/pickDirectory.ts";
import type { SourceRef } from "../../../src/sources/source.ts";
import { isSystemFile } from "../../../src/sources/systemFiles.ts";
import { contents, failureOf, listed, paths } from "./listed.ts";
import { makeFolder } from "./opfsFolder.ts";
import { makeZip } from "./zips.ts";

afterEach(() => vi.restoreAllMocks());

test("a directory lists its content in code-unit order, system files included, sizes and times as on disk", async () => {
  const handle = await makeFolder("ordered", {
    "b/x.jpg": "1",
    "b.jpg": "22",
    "B.jpg": "333",
    "a/deep/er/y.jpg": "4444",
    "a.jpg": "",
    ".DS_Store": "system",
    "a/Thumbs.db": "system",
  });
  await handle.getDirectoryHandle("empty", { create: true });
  const files = await listed(fromDirectoryHandle(handle));
  expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
    [".DS_Store", 6],
    ["B.jpg", 3],
    ["a/Thumbs.db", 6],
    ["a/deep/er/y.jpg", 4],
    ["a.jpg", 0],
    ["b/x.jpg", 1],
    ["b.jpg", 2],
  ]);
  expect(files.filter(({ path }) => isSystemFile(path)).map(({ path }) => path)).toEqual([".DS_Store", "a/Thumbs.db"]);
  expect(Math.abs(Date.now() - files[1]!.modifiedAt)).toBeLessThan(60_000);
});

test("what has gone is named: a file, a file while listing, the folder itself", async () => {
  const handle = await makeFolder("vanishing", { "a.jpg": "a", "b.jpg": "b", "sub/c.jpg": "c" });
  const source = fromDirectoryHandle(handle);
  const [first] = await listed(source);
  await handle.removeEntry("a.jpg");
  const reason = await failureOf(first!.open());
  expect([reason.code, reason.message]).toEqual(["vanished", "“a.jpg” is not there any more."]);
  expect((await failureOf(source.find("sub/none.jpg"))).code).toBe("vanished");
  expect((await failureOf(source.find("none/c.jpg"))).code).toBe("vanished");

  const found: string[] = [];
  for await (const { path, open } of source.list(new AbortController().signal)) {
    if (found.length === 0) await handle.removeEntry("sub", { recursive: true });
    found.push(path);
    if (path === "sub") expect((await failureOf(open())).code).toBe("vanished");
  }
  // The folder that went away is one file that cannot be opened, not silence.
  expect(found).toEqual(["b.jpg", "sub"]);

  await (await navigator.storage.getDirectory()).removeEntry("vanishing", { recursive: true });
  const whole = await failureOf(listed(source));
  expect([whole.code, whole.message]).toEqual(["vanished", "“vanishing” is not there any more."]);
});

test("folders and files of one name side by side are told apart", async () => {
  const folder = await makeFolder("twins", { "a/hat/x.jpg": "1", "b/hat/x.jpg": "2", "a/y.jpg": "3", "b/y.jpg": "4" });
  const [a, b] = [await folder.getDirectoryHandle("a"), await folder.getDirectoryHandle("b")];
  const handles = await Promise.all(
    [a, b].flatMap((place) => [place.getDirectoryHandle("hat"), place.getFileHandle("y.jpg")]),
  );
  const source = fromHandles(handles);
  const expected = { "hat (2)/x.jpg": "2", "hat/x.jpg": "1", "y (2).jpg": "4", "y.jpg": "3" };
  expect(await contents(source)).toEqual(expected);
  for (const [path, text] of Object.entries(expected)) {
    expect(await (await (await source.find(path)).open()).text()).toBe(text);
  }
});

test("a stored source opens again from IndexedDB: a folder, several things, a zip", async () => {
  const folder = await makeFolder("stored", {
    "in/a.jpg": "a",
    "b.jpg": "b",
    "c.zip": await makeZip([{ name: "d.jpg", content: "d" }]),
  });
  const zip = await folder.getFileHandle("c.zip");
  const sources = [
    fromDirectoryHandle(folder),
    fromHandles([await folder.getDirectoryHandle("in"), await folder.getFileHandle("b.jpg"), zip]),
    fromHandles([zip]),
  ];
  const database = await openDB("sources-test", 1, { upgrade: (db) => void db.createObjectStore("refs") });
  for (const [key, { ref }] of sources.entries()) await database.put("refs", ref, key);
  const refs: SourceRef[] = await database.getAll("refs");
  database.close();
  expect(refs.map(({ kind }) => kind)).toEqual(["directory", "handles", "zip"]);

  const expected = [
    ["stored", { "b.jpg": "b", "c.zip": expect.any(String), "in/a.jpg": "a" }],
    ["c and 2 more", { "b.jpg": "b", "c.zip/d.jpg": "d", "in/a.jpg": "a" }],
    ["c", { "d.jpg": "d" }],
  ];
  for (const [i, ref] of refs.entries()) {
    expect([canReopen(ref), await permissionOf(ref), await askPermission(ref)]).toEqual([true, "granted", "granted"]);
    const again = fromRef(ref, "");
    expect([again.name, await contents(again)]).toEqual(expected[i]);
    expect(await paths(again)).toEqual(await paths(sources[i]!));
  }
});

test("what cannot be found again must be chosen again", async () => {
  const refs: SourceRef[] = [
    { kind: "files", name: "clothing" },
    { kind: "zip", handle: null, name: "photos.zip" },
  ];
  for (const ref of refs) {
    expect([canReopen(ref), await permissionOf(ref)]).toEqual([false, "denied"]);
    expect(() => fromRef(ref, "")).toThrow(/Please choose “(clothing|photos.zip)” again/);
  }
  expect([canReopen({ kind: "sample" }), await permissionOf({ kind: "sample" })]).toEqual([true, "granted"]);
});

test("the worst permission of several handles counts, and listing without permission says so", async () => {
  const folder = await makeFolder("guarded", { "a.jpg": "a", "sub/b.jpg": "b" });
  const ref: SourceRef = { kind: "handles", handles: [folder, await folder.getDirectoryHandle("sub")] };
  const states: PermissionState[] = ["granted", "prompt"];
  // No test browser can take a permission away, so the handles say what Chromium says after a restart.
  const refuse = (): never => {
    throw new DOMException("The request is not allowed", "NotAllowedError");
  };
  for (const [i, handle] of ref.handles.entries()) handle.queryPermission = async () => states[i]!;
  expect(await permissionOf(ref)).toBe("prompt");
  states[0] = "denied";
  expect(await permissionOf(ref)).toBe("denied");

  folder.values = refuse;
  folder.getFileHandle = refuse;
  const source = fromDirectoryHandle(folder);
  expect((await failureOf(listed(source))).code).toBe("permission");
  expect((await failureOf(source.find("a.jpg"))).code).toBe("permission");
  // Refused although the browser allows it: the operating system's doing, and no click will help.
  states[0] = "granted";
  expect((await failureOf(listed(source))).code).toBe("unreadable");
});

test("a subfolder that the operating system refuses is one unreadable file, the rest is listed", async () => {
  const folder = await makeFolder("partly", { "a.jpg": "a", "locked/b.jpg": "b", "z.jpg": "z" });
  const locked = await folder.getDirectoryHandle("locked");
  locked.values = () => {
    throw new DOMException("not allowed", "NotAllowedError");
  };
  const others = [await folder.getFileHandle("a.jpg"), locked, await folder.getFileHandle("z.jpg")];
  const files = await listed(fromHandles(others));
  expect(files.map(({ path }) => path)).toEqual(["a.jpg", "locked", "z.jpg"]);
  const reason = await failureOf(files[1]!.open());
  expect([reason.code, reason.message]).toEqual([
    "unreadable",
    "“locked” may not be read: the operating system refuses it.",
  ]);
});

test("the directory picker: chosen, cancelled, refused, missing", async () => {
  const folder = await makeFolder("picked", { "a.jpg": "a" });
  const picker = vi.spyOn(window as Required<Window>, "showDirectoryPicker");
  picker.mockResolvedValueOnce(folder);
  const source = await pickDirectory();
  if (source === null || source === "cancelled") throw new Error("no source");
  expect([source.name, await paths(source)]).toEqual(["picked", ["a.jpg"]]);

  picker.mockRejectedValueOnce(new DOMException("The user aborted a request.", "AbortError"));
  expect(await pickDirectory()).toBe("cancelled");
  picker.mockRejectedValueOnce(new DOMException("Must be handling a user gesture", "SecurityError"));
  expect((await failureOf(pickDirectory())).code).toBe("permission");

  picker.mockRestore();
  const real = Object.getOwnPropertyDescriptor(window, "showDirectoryPicker")!;
  Reflect.deleteProperty(window, "showDirectoryPicker");
  try {
    expect(await pickDirectory()).toBeNull();
  } finally {
    Object.defineProperty(window, "showDirectoryPicker", real);
  }
});
