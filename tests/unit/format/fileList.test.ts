import fc from "fast-check";
import { expect, test } from "vitest";
import { fileList, readFileList } from "../../../src/core/format/fileList.ts";

const list = (paths: string[]): string => [...fileList(paths)].join("");

test("one path a line, each line ended", () => {
  expect(list(["test/hat/x.jpg", "a b/ü.png"])).toBe("test/hat/x.jpg\na b/ü.png\n");
  expect(list([])).toBe("");
});

test("a line break in a path is shown as sha256sum shows it and never makes a second line", () => {
  expect(list(["a\nb\\c.jpg", "d\\e.jpg", "\\f.jpg"])).toBe("\\a\\nb\\\\c.jpg\nd\\e.jpg\n\\\\\\f.jpg\n");
});

test("every list of paths is read back, with a line a path", () => {
  const path = fc.string({ unit: fc.constantFrom("a", "n", "r", "/", "\\", "\n", "\r", " ", "é"), minLength: 1 });
  fc.assert(
    fc.property(fc.array(path), (paths) => {
      const text = list(paths);
      expect(text.split("\n")).toHaveLength(paths.length + 1);
      expect(readFileList(text)).toEqual(paths);
    }),
  );
});

test("a list saved by a Windows editor is read", () => {
  expect(readFileList("a.jpg\r\n\r\nb.jpg")).toEqual(["a.jpg", "b.jpg"]);
});

test("a long list comes in pieces", () => {
  const paths = Array.from({ length: 10_000 }, (_, i) => `${i}.jpg`);
  const chunks = [...fileList(paths)];
  expect(chunks.length).toBeGreaterThan(2);
  expect(readFileList(chunks.join(""))).toEqual(paths);
});
