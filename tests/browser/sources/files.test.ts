import { expect, test } from "vitest";
import { fromDataTransfer } from "../../../src/sources/fromDataTransfer.ts";
import { fromFiles } from "../../../src/sources/fromFiles.ts";
import { contents, expectPauses, failureOf, paths } from "./listed.ts";
import { makeZip } from "./zips.ts";

const file = (name: string, content: BlobPart = name): File => new File([content], name, { lastModified: 1000 });

/** A file as a `webkitdirectory` input gives it. */
const below = (path: string): File =>
  Object.defineProperty(file(path.split("/").at(-1)!), "webkitRelativePath", { value: path });

const zip = async (name: string): Promise<File> => file(name, await makeZip([{ name: "in/x.jpg", content: "zipped" }]));

test("chosen files are listed by name, and equal names get numbers", async () => {
  const source = fromFiles([file("b.jpg"), file("a.jpg", "first"), file("a.jpg", "second")]);
  expect(source.name).toBe("a.jpg and 2 more");
  expect(await contents(source)).toEqual({ "a (2).jpg": "second", "a.jpg": "first", "b.jpg": "b.jpg" });
});

test("one zip is a zip source, zips among others are folders", async () => {
  const alone = fromFiles([await zip("Holiday.ZIP")]);
  expect([alone.name, alone.ref]).toEqual(["Holiday", { kind: "zip", handle: null, name: "Holiday.ZIP" }]);
  expect(await contents(alone)).toEqual({ "x.jpg": "zipped" });
  const among = fromFiles([file("y.jpg"), await zip("more.zip"), file("broken.zip", "no zip")]);
  expect(await paths(among)).toEqual(["broken.zip", "more.zip/x.jpg", "y.jpg"]);
  const broken = await among.find("y.jpg");
  expect(broken.bytes).toBe(5);
});

test("a broken zip among others is one unreadable file", async () => {
  const source = fromFiles([file("y.jpg"), file("broken.zip", "no zip")]);
  for await (const { path, open } of source.list(new AbortController().signal)) {
    if (path === "y.jpg") continue;
    const reason = await failureOf(open());
    expect([path, reason.code]).toEqual(["broken.zip", "unreadable"]);
    expect(reason.message).toContain("“broken.zip” is not a zip archive");
    return;
  }
  throw new Error("the broken zip was not listed");
});

test("files that a script puts into a drop are read without handles", async () => {
  const data = new DataTransfer();
  data.items.add(file("a.jpg"));
  data.items.add(await zip("more.zip"));
  const source = await fromDataTransfer(data);
  expect(source.ref.kind).toBe("files");
  expect(await contents(source)).toEqual({ "a.jpg": "a.jpg", "more.zip/x.jpg": "zipped" });
});

test("one zip in a drop is its content", async () => {
  const data = new DataTransfer();
  data.items.add(await zip("more.zip"));
  const source = await fromDataTransfer(data);
  expect(source.name).toBe("more");
  expect(await contents(source)).toEqual({ "x.jpg": "zipped" });
});

test("the list may be cleared once it was taken, and an empty list is an empty source", async () => {
  const files = [file("a.jpg"), file("b.jpg")];
  const source = fromFiles(files);
  files.length = 0;
  expect(await paths(source)).toEqual(["a.jpg", "b.jpg"]);
  expect(await paths(fromFiles([]))).toEqual([]);
});

test("a closed source says so, and closing twice is allowed", async () => {
  const source = fromFiles([file("a.jpg")]);
  await source.close();
  await source.close();
  expect(() => source.list(new AbortController().signal)).toThrow("is closed");
  expect((await failureOf(source.find("a.jpg"))).message).toContain("is closed");
});

test("a listing stops when its signal aborts", async () => {
  const source = fromFiles(Array.from({ length: 1000 }, (_, i) => below(`top/${i}.jpg`)));
  const controller = new AbortController();
  let seen = 0;
  const listing = (async () => {
    for await (const _ of source.list(controller.signal)) if (++seen === 10) controller.abort();
  })();
  expect((await failureOf(listing)).code).toBe("cancelled");
  expect(seen).toBe(10);
  const early = source.list(AbortSignal.abort());
  expect((await failureOf(early[Symbol.asyncIterator]().next())).code).toBe("cancelled");
});

test("20,000 files in one folder are listed in order without holding the page", async () => {
  const source = fromFiles(Array.from({ length: 20_000 }, (_, i) => below(`top/sub/${(i * 7919) % 20_000}.jpg`)));
  let found: string[] = [];
  await expectPauses(
    paths(source).then((result) => {
      found = result;
    }),
  );
  expect(found).toEqual([...found].sort());
  expect(new Set(found).size).toBe(20_000);
}, 60_000);
