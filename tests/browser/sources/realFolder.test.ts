import { expect, test } from "vitest";
import { commands, server } from "vitest/browser";
import { fromDataTransfer } from "../../../src/sources/fromDataTransfer.ts";
import { fromFiles } from "../../../src/sources/fromFiles.ts";
import { contents, failureOf, listed, paths } from "./listed.ts";
import { choose, drop, realFolder } from "./realDrop.ts";

/** In the order of the listing: by name, folder by folder. */
const expected = [
  ["Z.jpg", "top"],
  ["labels.csv", "not an image"],
  ["test/empty.jpg", ""],
  ["test/hat/größe 2.jpg", "hat two"],
  ["test/hat/x.jpg", "hat one"],
  ["test/shirt/a.png", "shirt"],
  ["train/hat/x.jpg", "another hat"],
];

/** The same drop in a browser without file handles (Firefox, Safari). */
function withoutHandles(data: DataTransfer): DataTransfer {
  const items = [...data.items].map((item) => ({
    kind: item.kind,
    webkitGetAsEntry: () => item.webkitGetAsEntry(),
    getAsFile: () => item.getAsFile(),
  }));
  return { items } as unknown as DataTransfer;
}

test("a dropped folder lists its content and can be stored", async () => {
  const source = await drop([realFolder], fromDataTransfer);
  expect([source.name, source.ref.kind]).toEqual(["folder", "directory"]);
  expect(Object.entries(await contents(source))).toEqual(expected);
});

test("a folder dropped where there are no file handles lists the same", async () => {
  const source = await drop([realFolder], (data) => fromDataTransfer(withoutHandles(data)));
  expect([source.name, source.ref]).toEqual(["folder", { kind: "files", name: "folder" }]);
  expect(Object.entries(await contents(source))).toEqual(expected);
  expect(await (await (await source.find("test/hat/x.jpg")).open()).text()).toBe("hat one");
  expect((await failureOf(source.find("test/hat/y.jpg"))).code).toBe("vanished");
});

test("a folder chosen in an input lists the same", async () => {
  const source = fromFiles(await choose(realFolder, "folder"));
  expect([source.name, source.ref]).toEqual(["folder", { kind: "files", name: "folder" }]);
  expect(Object.entries(await contents(source))).toEqual(expected);
  expect(await (await (await source.find("train/hat/x.jpg")).open()).text()).toBe("another hat");
});

test.each([
  ["with", (data: DataTransfer) => data],
  ["without", withoutHandles],
])("several things dropped together keep their names, %s file handles", async (_, seenAs) => {
  const source = await drop([`${realFolder}/train`, `${realFolder}/Z.jpg`, `${realFolder}/test/hat`], (data) =>
    fromDataTransfer(seenAs(data)),
  );
  expect(source.name).toBe("hat and 2 more");
  expect(await paths(source)).toEqual(["Z.jpg", "hat/größe 2.jpg", "hat/x.jpg", "train/hat/x.jpg"]);
});

test("folders of one name dropped together are told apart", async () => {
  const source = await drop([`${realFolder}/test/hat`, `${realFolder}/train/hat`], fromDataTransfer);
  const texts = await contents(source);
  // Chromium numbers the second one itself.
  expect(Object.keys(texts).map((path) => path.replace(/ \(\d\)/, ""))).toEqual([
    "hat/größe 2.jpg",
    "hat/x.jpg",
    "hat/x.jpg",
  ]);
  expect(Object.values(texts).sort()).toEqual(["another hat", "hat one", "hat two"]);
});

test("a file that is deleted after it was listed has vanished, the others have not", async () => {
  const folder = `${server.config.root}/node_modules/.cache/winnow-vanishing`;
  const all = [`${folder}/gone.jpg`, `${folder}/stays.jpg`];
  for (const path of all) await commands.writeFile(path, "here");
  const ways = {
    dropped: await drop([folder], fromDataTransfer),
    entries: await drop([folder], (data) => fromDataTransfer(withoutHandles(data))),
    chosen: fromFiles(await choose(folder, "folder")),
    files: fromFiles(await choose(all, "files")),
  };
  const files = await Promise.all(Object.values(ways).map(listed));
  await commands.removeFile(all[0]!);
  for (const [gone, stays] of files) {
    const reason = await failureOf(gone!.open().then((blob) => blob.text()));
    expect(reason.code).toBe("vanished");
    expect(reason.message).toContain("“gone.jpg”");
    expect(await (await stays!.open()).text()).toBe("here");
  }
  expect((await failureOf(ways.dropped.find("gone.jpg"))).code).toBe("vanished");
  await commands.removeFile(all[1]!);
});

test("nothing readable dropped is said", async () => {
  const data = new DataTransfer();
  data.items.add("some text", "text/plain");
  const reason = await failureOf(fromDataTransfer(data));
  expect(reason.code).toBe("empty");
});
