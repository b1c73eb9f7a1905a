import fc from "fast-check";
import { expect, test } from "vitest";
import { numberedPath, UniqueNames } from "../../../src/core/format/uniqueNames.ts";

test("numbers stand before the extension of the file, not of a folder", () => {
  expect(numberedPath("a/b.jpg", 2)).toBe("a/b (2).jpg");
  expect(numberedPath("a.d/b", 3)).toBe("a.d/b (3)");
  expect(numberedPath(".hidden", 2)).toBe(".hidden (2)");
});

test("claims are all different and a path that was free is kept", () => {
  const path = fc.constantFrom("a.jpg", "a (2).jpg", "A.jpg", "b/a.jpg", "e\u0301.jpg", "\u00e9.jpg", "a (3).jpg");
  for (const make of [() => new UniqueNames(), () => UniqueNames.forAnyFileSystem()]) {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 30 }), (paths) => {
        const names = make();
        const claimed = paths.map((wanted) => names.claim(wanted));
        expect(new Set(claimed).size).toBe(claimed.length);
        expect(claimed[0]).toBe(paths[0]);
      }),
    );
  }
});

test("on any file system names that differ in case or Unicode form are one", () => {
  const names = UniqueNames.forAnyFileSystem();
  expect(["Hat.jpg", "hat.jpg", "HAT.JPG"].map((path) => names.claim(path))).toEqual([
    "Hat.jpg",
    "hat (2).jpg",
    "HAT (3).JPG",
  ]);
  expect(names.claim("\u00e9.jpg")).toBe("\u00e9.jpg");
  expect(names.claim("e\u0301.jpg")).toBe("e\u0301 (2).jpg");
});

test("a hundred thousand equal names take no quadratic time", () => {
  const names = new UniqueNames();
  let last = "";
  for (let i = 0; i < 100_000; i++) last = names.claim("a.jpg");
  expect(last).toBe("a (100000).jpg");
});
