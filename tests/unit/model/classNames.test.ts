import { describe, expect, test } from "vitest";
import { classNamesIn, readClassNames } from "../../../src/core/model/classNames.ts";

describe("class names in a model's file", () => {
  test.each([
    [
      "Python's print",
      "names",
      `{0: 'person', 1: "driver's cab", 2: 'o\\'clock'}`,
      ["person", "driver's cab", "o'clock"],
    ],
    ["JSON by number", "id2label", '{"1": "dog", "0": "cat"}', ["cat", "dog"]],
    ["a JSON list", "classes", '["cat","dog"]', ["cat", "dog"]],
    ["commas", "labels", "cat, dog", ["cat", "dog"]],
    ["numbers with a gap", "names", "{0: 'cat', 2: 'dog'}", []],
    ["anything else", "names", "12", []],
    ["another key", "author", "cat, dog", []],
  ])("%s", (_, key, text, names) => {
    expect(classNamesIn(new Map([[key, text]]))).toEqual(names);
  });
});

describe("a file of class names", () => {
  test.each([
    ["names.txt", "cat\r\ndog\n\n", ["cat", "dog"]],
    ["config.json", '{"architectures": ["X"], "id2label": {"0": "cat", "1": "dog"}}', ["cat", "dog"]],
    ["names.json", '{"names": ["cat", "dog"]}', ["cat", "dog"]],
    ["names.json", '{"0": "cat", "1": "dog", "__proto__": "x"}', null],
    ["names.json", "[1, 2]", null],
    ["names.json", "{", null],
    ["names.txt", "cat\n\ndog", null],
    ["empty.txt", "\n", null],
  ])("%s %j", (file, text, names) => {
    if (names) expect(readClassNames(text, file)).toEqual(names);
    else expect(() => readClassNames(text, file)).toThrow(`“${file}” holds no class names`);
  });
});
