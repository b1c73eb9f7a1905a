import { expect, test } from "vitest";
import { isSystemFile } from "../../../src/sources/systemFiles.ts";

test.each([
  [".DS_Store", true],
  ["a/b/.DS_Store", true],
  ["a/._photo.jpg", true],
  ["__MACOSX/a/photo.jpg", true],
  ["Thumbs.db", true],
  ["a/thumbs.DB", true],
  ["a/Desktop.ini", true],
  ["a/photo.jpg", false],
  ["a/_photo.jpg", false],
  ["a/.hidden.jpg", false],
  ["__MACOSX.jpg", false],
  ["Thumbs.db/photo.jpg", false],
  ["", false],
])("%j is a system file: %j", (path, expected) => {
  expect(isSystemFile(path)).toBe(expected);
});
