import { expect, test } from "vitest";
import { gatherBlob } from "../../../src/export/saveStream.ts";
import { zipImages } from "../../../src/export/zipImages.ts";
import { fromZip } from "../../../src/sources/openSource.ts";
import { contents, failureOf, listed } from "../sources/listed.ts";
import { outgoing } from "./outgoingFiles.ts";

const open = (zip: Blob) => fromZip(zip, { kind: "zip", handle: null, name: "out.zip" });

test("images come back from the zip with their folders, stored and not compressed", async () => {
  const large = new Blob([new Uint8Array(3_000_000).map((_, i) => i * 31)]);
  const files = { "b/x.jpg": "x", "a/ü.png": "umlaut", "large.bin": large, "empty.jpg": "" };
  const progress: number[] = [];
  const { chunks, outcome } = zipImages(outgoing(files), { total: 4, onProgress: ({ done }) => progress.push(done) });
  const zip = await gatherBlob("application/zip", chunks);
  expect(outcome).toEqual({ written: 4, alreadyThere: 0, failures: [] });
  expect(progress).toEqual([1, 2, 3, 4]);
  expect(zip.type).toBe("application/zip");
  expect(zip.size).toBeGreaterThan(3_000_000);
  expect(zip.size).toBeLessThan(3_002_000);
  expect(await contents(open(zip))).toEqual({
    "a/ü.png": "umlaut",
    "b/x.jpg": "x",
    "empty.jpg": "",
    "large.bin": await large.text(),
  });
});

test("file times are kept, and times that zips lack do not stop it", async () => {
  const modifiedAt = Date.UTC(2023, 5, 7, 8, 9, 10);
  const at = (path: string, time: number) => ({ ...outgoing({ [path]: path })[0]!, modifiedAt: time });
  const { chunks } = zipImages([at("a.jpg", modifiedAt), at("b.jpg", 1), at("c.jpg", 9e15), at("d.jpg", 0)], {
    total: 4,
  });
  const files = await listed(open(await gatherBlob("application/zip", chunks)));
  expect(files.map(({ path }) => path)).toEqual(["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
  expect(files[0]!.modifiedAt).toBe(modifiedAt);
  expect(Math.abs(files[3]!.modifiedAt - Date.now())).toBeLessThan(60_000);
});

test("names are safe and unique on every system", async () => {
  const files = { "../x.jpg": "1", "Hat.jpg": "2", "hat.jpg": "3", "a\\b.jpg": "4" };
  const zip = await gatherBlob("application/zip", zipImages(outgoing(files), { total: 4 }).chunks);
  const found = await contents(open(zip));
  expect(found).toEqual({ "Hat.jpg": "2", "_/x.jpg": "1", "a_b.jpg": "4", "hat (2).jpg": "3" });
});

test("a file that cannot be read is left out and listed", async () => {
  const { chunks, outcome } = zipImages(outgoing({ "a.jpg": "a", "gone.jpg": null, "b.jpg": "b" }), { total: 3 });
  const zip = await gatherBlob("application/zip", chunks);
  expect(outcome).toEqual({
    written: 2,
    alreadyThere: 0,
    failures: [{ path: "gone.jpg", reason: "“gone.jpg” is not there any more." }],
  });
  expect(await contents(open(zip))).toEqual({ "a.jpg": "a", "b.jpg": "b" });
});

test("no files give an empty zip", async () => {
  const zip = await gatherBlob("application/zip", zipImages([], { total: 0 }).chunks);
  expect(await contents(open(zip))).toEqual({});
});

test("an abort ends the chunks", async () => {
  const controller = new AbortController();
  const { chunks, outcome } = zipImages(outgoing({ "a.jpg": "a", "b.jpg": "b", "c.jpg": "c" }), {
    total: 3,
    signal: controller.signal,
    onProgress: ({ done }) => done === 1 && controller.abort(),
  });
  expect((await failureOf(gatherBlob("application/zip", chunks))).code).toBe("cancelled");
  expect(outcome.written).toBe(1);
});

test("it makes no more than is read, and stops when the reader stops", async () => {
  let opened = 0;
  const image = new Blob([new Uint8Array(1_000_000)]);
  const files = Array.from({ length: 50 }, (_, i) => ({
    path: `${i}.jpg`,
    open: async () => {
      opened++;
      return image;
    },
  }));
  const { chunks } = zipImages(files, { total: 50 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(opened).toBe(0);
  let read = 0;
  for await (const chunk of chunks) {
    read += chunk.length;
    if (read > 5_000_000) break;
  }
  const openedAtEnd = opened;
  expect(openedAtEnd).toBeLessThan(12);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(opened).toBeLessThanOrEqual(openedAtEnd + 1);
});
