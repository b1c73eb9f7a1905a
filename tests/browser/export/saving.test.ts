import { afterEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { exportFolderPicker } from "../../../src/export/exportFolder.ts";
import { saveBlob } from "../../../src/export/saveBlob.ts";
import { type Chunk, gatherBlob, saveStream } from "../../../src/export/saveStream.ts";
import { expectPauses, failureOf } from "../sources/listed.ts";
import { makeFolder, readFolder } from "../sources/opfsFolder.ts";

afterEach(() => vi.restoreAllMocks());

/** What a click on a link would download. The browser's own download is refused, the link is looked at. */
async function downloadedBy(save: () => unknown): Promise<{ name: string; text: string; type: string }> {
  const clicked = new Promise<HTMLAnchorElement>((resolve) => {
    document.addEventListener(
      "click",
      (event) => {
        event.preventDefault();
        resolve(event.target as HTMLAnchorElement);
      },
      { once: true },
    );
  });
  const saving = save();
  const { download: name, href } = await clicked;
  const blob = await (await fetch(href)).blob();
  await saving;
  return { name, text: await blob.text(), type: blob.type };
}

/** Runs `work` inside a real click, which is what pickers ask for. */
async function inClick<T>(work: () => Promise<T>): Promise<T> {
  const button = document.createElement("button");
  button.textContent = "Save";
  document.body.append(button);
  const done = new Promise<T>((resolve, reject) => {
    button.addEventListener("click", () => work().then(resolve, reject));
  });
  // A failure may come before the click has returned.
  done.catch(() => {});
  try {
    await userEvent.click(button);
    return await done;
  } finally {
    button.remove();
  }
}

const saveAs = (handle: () => Promise<FileSystemFileHandle>) =>
  vi.spyOn(window as Required<Window>, "showSaveFilePicker").mockImplementation(handle);

test("a blob is downloaded under its name and no link stays in the page", async () => {
  const links = document.querySelectorAll("a").length;
  const got = await downloadedBy(() => saveBlob(new Blob(["a.jpg\n"], { type: "text/plain" }), "winnow ü.txt"));
  expect(got).toEqual({ name: "winnow ü.txt", text: "a.jpg\n", type: "text/plain" });
  expect(document.querySelectorAll("a").length).toBe(links);
});

test("chunks of text and bytes become one blob, in order", async () => {
  const chunks = function* (): Generator<Chunk> {
    for (let i = 0; i < 40; i++) yield `${i}ü`.repeat(200_000);
    yield Uint8Array.of(33, 10);
  };
  const blob = await gatherBlob("text/csv", chunks());
  const expected = `${Array.from({ length: 40 }, (_, i) => `${i}ü`.repeat(200_000)).join("")}!\n`;
  expect(blob.type).toBe("text/csv");
  expect((await blob.text()) === expected).toBe(true);
});

test("gathering many chunks does not hold the page", async () => {
  const chunks = function* (): Generator<Chunk> {
    for (let i = 0; i < 60; i++) {
      const end = performance.now() + 5;
      while (performance.now() < end);
      yield "x";
    }
  };
  await expectPauses(gatherBlob("text/plain", chunks()));
});

test("without a click, a stream is downloaded", async () => {
  const picker = saveAs(() => Promise.reject(new Error("not asked for")));
  vi.spyOn(navigator.userActivation, "isActive", "get").mockReturnValue(false);
  const got = await downloadedBy(async () =>
    expect(await saveStream("a.zip", "application/zip", ["PK"])).toBe("saved"),
  );
  expect(got).toEqual({ name: "a.zip", text: "PK", type: "application/zip" });
  expect(picker).not.toHaveBeenCalled();
});

test("in a click, a stream goes to the file that the person picks", async () => {
  const folder = await makeFolder("saved", {});
  const picker = saveAs(() => folder.getFileHandle("mine.zip", { create: true }));
  const done = await inClick(() => saveStream("a.zip", "application/zip", ["P", Uint8Array.of(75)]));
  expect(done).toBe("saved");
  expect(await readFolder(folder)).toEqual({ "mine.zip": "PK" });
  expect(picker.mock.calls[0]).toEqual([
    { id: "winnow-export", suggestedName: "a.zip", types: [{ accept: { "application/zip": [".zip"] } }] },
  ]);
});

test("a person who closes the picker has cancelled, and nothing is made", async () => {
  saveAs(() => Promise.reject(new DOMException("The user aborted a request.", "AbortError")));
  let made = false;
  const chunks = function* (): Generator<Chunk> {
    made = true;
    yield "x";
  };
  expect(await inClick(() => saveStream("a.zip", "application/zip", chunks()))).toBe("cancelled");
  expect(made).toBe(false);
});

test("chunks that fail leave the file as it was", async () => {
  const folder = await makeFolder("saved", { "mine.zip": "before" });
  saveAs(() => folder.getFileHandle("mine.zip"));
  const chunks = function* (): Generator<Chunk> {
    yield "half";
    throw new TypeError("stopped");
  };
  await expect(inClick(() => saveStream("a.zip", "application/zip", chunks()))).rejects.toThrow("stopped");
  expect(await readFolder(folder)).toEqual({ "mine.zip": "before" });
});

test("a full disk is said", async () => {
  const folder = await makeFolder("saved", {});
  const handle = await folder.getFileHandle("mine.zip", { create: true });
  const writable = await handle.createWritable();
  // A full disk cannot be had in a test browser.
  vi.spyOn(writable, "write").mockRejectedValue(new DOMException("full", "QuotaExceededError"));
  handle.createWritable = async () => writable;
  saveAs(async () => handle);
  const reason = await failureOf(inClick(() => saveStream("a.zip", "application/zip", ["x"])));
  expect(reason.code).toBe("storage-full");
});

test("the folder to export into: picked for writing, cancelled, missing", async () => {
  const folder = await makeFolder("target", {});
  const picker = vi.spyOn(window as Required<Window>, "showDirectoryPicker").mockResolvedValueOnce(folder);
  expect(await exportFolderPicker()).toBe(folder);
  expect(picker.mock.calls[0]).toEqual([{ id: "winnow-export", mode: "readwrite" }]);
  picker.mockRejectedValueOnce(new DOMException("The user aborted a request.", "AbortError"));
  expect(await exportFolderPicker()).toBe("cancelled");
  picker.mockRejectedValueOnce(new DOMException("Must be handling a user gesture", "SecurityError"));
  expect((await failureOf(exportFolderPicker())).code).toBe("permission");
  picker.mockRestore();
  const real = Object.getOwnPropertyDescriptor(window, "showDirectoryPicker")!;
  Reflect.deleteProperty(window, "showDirectoryPicker");
  try {
    expect(await exportFolderPicker()).toBeNull();
  } finally {
    Object.defineProperty(window, "showDirectoryPicker", real);
  }
});
