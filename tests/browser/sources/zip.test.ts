import { expect, test } from "vitest";
import { fromHandles, fromZip } from "../../../src/sources/openSource.ts";
import type { Source } from "../../../src/sources/source.ts";
import { isSystemFile } from "../../../src/sources/systemFiles.ts";
import { contents, expectPauses, failureOf, listed, paths } from "./listed.ts";
import { makeFolder } from "./opfsFolder.ts";
import { declareSize, edited, headersOf, makeZip } from "./zips.ts";

const open = (zip: Blob, name = "photos.zip"): Source => fromZip(zip, { kind: "zip", handle: null, name });

test("stored and deflated entries unpack to what was packed; sizes and dates are the entries'", async () => {
  const noise = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 3);
  const lastModDate = new Date(2024, 4, 1, 12, 30, 20);
  const zip = await makeZip([
    { name: "b/deflated.bin", content: noise, level: 6, lastModDate },
    { name: "a/stored.bin", content: noise, level: 0, lastModDate },
    { name: "b/", content: "", directory: true },
    { name: "empty.jpg", content: "" },
  ]);
  const source = open(zip);
  expect(source.name).toBe("photos");
  const files = await listed(source);
  expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ["a/stored.bin", 300_000],
    ["b/deflated.bin", 300_000],
    ["empty.jpg", 0],
  ]);
  expect(files[0]!.modifiedAt).toBe(lastModDate.getTime());
  for (const file of files.slice(0, 2)) expect(new Uint8Array(await (await file.open()).arrayBuffer())).toEqual(noise);
  expect((await files[2]!.open()).size).toBe(0);
  // A second look at the same entry is no overlap.
  expect((await files[0]!.open()).size).toBe(300_000);
  expect((await (await source.find("b/deflated.bin")).open()).size).toBe(300_000);
  expect((await failureOf(source.find("b/none.bin"))).code).toBe("vanished");
});

test("a zip of one folder lists that folder's content, and system files beside it do not matter", async () => {
  const zip = await makeZip([
    { name: "clothing/test/x.jpg", content: "x" },
    { name: "clothing/._y.jpg", content: "" },
    { name: "__MACOSX/clothing/._x.jpg", content: "" },
    { name: "clothing/y.jpg", content: "y" },
  ]);
  const found = await paths(open(zip));
  expect(found).toEqual(["._y.jpg", "__MACOSX/clothing/._x.jpg", "test/x.jpg", "y.jpg"]);
  expect(found.filter((path) => !isSystemFile(path))).toEqual(["test/x.jpg", "y.jpg"]);
});

test("names that lead out of the archive are shown harmlessly and refused with the reason", async () => {
  const zip = await makeZip([
    { name: "ok/x.jpg", content: "fine" },
    { name: "../../etc/passwd", content: "climbs" },
    { name: "/root.jpg", content: "absolute" },
    { name: "win\\dows\\w.jpg", content: "backslashes" },
  ]);
  const files = await listed(open(zip));
  expect(files.map(({ path }) => path)).toEqual(["etc/passwd", "ok/x.jpg", "root.jpg", "win/dows/w.jpg"]);
  const climbing = await failureOf(files[0]!.open());
  expect(climbing.code).toBe("unreadable");
  expect(climbing.message).toBe(
    "“../../etc/passwd” in “photos.zip” was not unpacked: its name leads out of the archive.",
  );
  expect((await failureOf(files[2]!.open())).message).toContain("absolute path");
  expect(await (await files[1]!.open()).text()).toBe("fine");
  expect(await (await files[3]!.open()).text()).toBe("backslashes");
});

test("entries of one name get different paths", async () => {
  const zip = await makeZip([
    { name: "a/x.jpg", content: "first" },
    { name: "b/x.jpg", content: "second" },
    { name: "a\\x.jpg", content: "third" },
  ]);
  expect(await contents(open(zip))).toEqual({ "a/x (2).jpg": "third", "a/x.jpg": "first", "b/x.jpg": "second" });
});

test.each([
  ["AES", { encryptionStrength: 3 as const }],
  ["ZipCrypto", { zipCrypto: true }],
])("an encrypted entry (%s) is refused with the reason and the others are read", async (_, how) => {
  const zip = await makeZip([
    { name: "secret.jpg", content: "hidden", password: "pass", ...how },
    { name: "open.jpg", content: "shown" },
  ]);
  const files = await listed(open(zip));
  const refused = await failureOf(files[1]!.open());
  expect(refused.code).toBe("unreadable");
  expect(refused.message).toContain("“secret.jpg”");
  expect(refused.message).toContain("encrypted");
  expect(await (await files[0]!.open()).text()).toBe("shown");
});

test("an entry that unpacks to more or less than it declares is stopped", async () => {
  const zip = await makeZip([
    { name: "bomb.jpg", content: new Uint8Array(64 << 20) },
    { name: "short.jpg", content: "short" },
  ]);
  const lying = await edited(zip, (view) => {
    declareSize(view, 0, 1000);
    declareSize(view, 1, 6);
  });
  const [bomb, short] = await listed(open(lying));
  const refused = await failureOf(bomb!.open());
  expect(refused.code).toBe("unreadable");
  expect(refused.message).toContain("unpacks to more than the 1000 bytes that the archive declares");
  expect((await failureOf(short!.open())).message).toContain("unpacks to 5 bytes, and the archive declares 6");
});

test("an entry that declares more than 1 GB is refused before anything is unpacked", async () => {
  const zip = await edited(await makeZip([{ name: "huge.jpg", content: "small" }]), (view) =>
    declareSize(view, 0, 0xffff_fff0),
  );
  const [file] = await listed(open(zip));
  expect((await failureOf(file!.open())).message).toContain("4.0 GB");
});

test("entries that share their bytes, as in a zip bomb, are refused", async () => {
  const zip = await edited(
    await makeZip([
      { name: "a.jpg", content: "the same" },
      { name: "b.jpg", content: "the same" },
    ]),
    (view) => view.setUint32(headersOf(view, 1).central + 42, 0, true),
  );
  const files = await listed(open(zip));
  expect(await (await files[0]!.open()).text()).toBe("the same");
  expect((await failureOf(files[1]!.open())).message).toContain("shares its bytes with another entry");
});

test("damaged content is noticed by its checksum", async () => {
  const zip = await edited(await makeZip([{ name: "x.jpg", content: "0123456789", level: 0 }]), (view) => {
    view.setUint8(30 + "x.jpg".length + view.getUint16(28, true) + 4, 0x21);
  });
  const [file] = await listed(open(zip));
  expect((await failureOf(file!.open())).message).toContain("checksum is wrong");
});

test("damaged compressed data is refused", async () => {
  const text = Array.from({ length: 5000 }, (_, i) => `line ${i}`).join("\n");
  const zip = await edited(await makeZip([{ name: "x.jpg", content: text }]), (view) => {
    for (let at = 200; at < 900; at++) view.setUint8(at, 0xff);
  });
  const [file] = await listed(open(zip));
  const refused = await failureOf(file!.open());
  expect(refused.code).toBe("unreadable");
  expect(refused.message).toMatch(/^“x.jpg” in “photos.zip” was not unpacked: its compressed data is damaged/);
});

test("a packing method that browsers lack is named", async () => {
  const zip = await edited(await makeZip([{ name: "x.jpg", content: "x" }]), (view) => {
    const { local, central } = headersOf(view, 0);
    view.setUint16(local + 8, 14, true);
    view.setUint16(central + 10, 14, true);
  });
  const [file] = await listed(open(zip));
  expect((await failureOf(file!.open())).message).toContain("method 14");
});

test.each([
  ["something else", async () => new Blob(["This is a text file, and a rather longer one than a zip's end record."])],
  ["an empty file", async () => new Blob([])],
  ["a cut-off zip", async () => (await makeZip([{ name: "x.jpg", content: "x" }])).slice(0, -30)],
])("%s with a zip's name is refused by name", async (_, make) => {
  const refused = await failureOf(listed(open(await make(), "holiday.zip")));
  expect(refused.code).toBe("unreadable");
  expect(refused.message).toContain("“holiday.zip” is not a zip archive, or it is damaged");
});

test("an archive that is deleted after it was listed has vanished", async () => {
  const content = "0123456789".repeat(1000);
  const zip = await makeZip([
    { name: "stored.jpg", content, level: 0 },
    { name: "deflated.jpg", content },
  ]);
  const folder = await makeFolder("vanishing-zip", { "photos.zip": zip });
  const source = fromHandles([await folder.getFileHandle("photos.zip")]);
  const files = await listed(source);
  await folder.removeEntry("photos.zip");
  for (const file of files) expect((await failureOf(file.open())).code).toBe("vanished");
  const again = fromHandles(source.ref.kind === "zip" ? [source.ref.handle!] : []);
  const reason = await failureOf(listed(again));
  expect([reason.code, reason.message]).toEqual(["vanished", "“photos” is not there any more."]);
});

test("an empty zip is an empty source", async () => {
  expect(await paths(open(await makeZip([])))).toEqual([]);
});

test("5,000 entries are listed without holding the page", async () => {
  const { ZipWriter, BlobWriter } = await import("@zip.js/zip.js");
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, keepOrder: false, level: 0 });
  for (let i = 0; i < 5000; i++) await writer.add(`folder ${i % 7}/${(i * 7919) % 5000}.jpg`);
  const zip = await writer.close();
  const source = open(zip);
  await source.find("folder 0/0.jpg"); // Loads the library and warms the code up.
  const fresh = open(zip);
  let found: string[] = [];
  await expectPauses(
    paths(fresh).then((result) => {
      found = result;
    }),
  );
  expect(found).toHaveLength(5000);
  const key = (path: string): string => path.replaceAll("/", "\0");
  expect(found).toEqual([...found].sort((a, b) => (key(a) < key(b) ? -1 : 1)));
}, 60_000);
