import { describe, expect, it } from "vitest";
import { chosenPaths, chosenRows } from "../../../src/core/format/chosenList.ts";

describe("a list of chosen images", () => {
  it("is lines, a record, or an array of paths", () => {
    expect(chosenPaths("\uFEFFa/b.jpg\r\n\r\nc.jpg\n", "l.txt")).toEqual(["a/b.jpg", "c.jpg"]);
    const record = { format: "winnow-selection", already_chosen: [{ path: "x" }], picks: [{ path: "y", row: 3 }] };
    expect(chosenPaths(JSON.stringify(record), "r.json")).toEqual(["x", "y"]);
    expect(chosenPaths('["a", {"path": "b"}]', "a.json")).toEqual(["a", "b"]);
  });

  it.each([
    ["{", "“l” is no JSON"],
    ["{}", "“l” has no picks; expected the record of a selection"],
    ["[1]", "“l” has no path in entry 1"],
    ["\n", "“l” names no image"],
    ["[]", "“l” names no image"],
  ])("%j is refused with the file's name and what is expected", (text, message) => {
    expect(() => chosenPaths(text, "l")).toThrow(message);
  });

  it("matches whole paths, then ends that only one image has; the rest is listed", () => {
    const paths = ["a/1.jpg", "b/1.jpg", "b/2.jpg"];
    const { rows, unmatched } = chosenRows(paths, ["b/1.jpg", "/home/me/b/2.jpg", "1.jpg", "2.jpg", "no.jpg"]);
    expect([...rows]).toEqual([1, 2]);
    expect(unmatched).toEqual(["1.jpg", "no.jpg"]);
  });
});
