import { expect, test } from "vitest";
import { AnnotationSetBuilder } from "../../../src/core/annotations/setBuilder.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import { checkedTag, labelCheckOf } from "../../../src/state/labelCheck.ts";
import { initialState, type WinnowState } from "../../../src/state/state.ts";

function stateWith(labels: string[], checked: number[]): WinnowState {
  const builder = new AnnotationSetBuilder(["cat", "dog"]);
  for (const [row, name] of labels.entries()) builder.add(row, { class: builder.classOf(name) });
  const source = { format: "hand", file: "", at: 0 };
  const set = builder.finish({ id: "kind", name: "kind", role: "labels", type: "classification", source });
  const images = Object.assign(Object.create(ImageTable.prototype) as ImageTable, {});
  Object.defineProperty(images, "length", { value: labels.length });
  const issue = (row: number, lessSure = false) => ({
    row,
    given: "cat",
    suggested: "dog",
    score: 0.1 * row,
    lessSure,
  });
  return {
    ...initialState(images, RowSet.empty),
    annotations: [{ ...set, content: "c", since: 0, corrections: [] }],
    tags: new Map([[checkedTag, RowSet.of(checked)]]),
    labelIssues: {
      labels: "kind",
      source: null,
      filter: "both",
      ranking: "self_confidence",
      judged: labels.length,
      issues: [issue(3), issue(1), issue(0), issue(2), issue(4, true)],
      scores: Float32Array.from(labels.keys(), (row) => 0.1 * row),
    },
  };
}

test("label issues that nobody has decided are a check among the others", () => {
  // Row 0 was corrected, row 2 kept, row 4 is less sure.
  const check = labelCheckOf(stateWith(["dog", "cat", "cat", "cat", "cat"], [2]))!;
  expect([...check.checked.flagged]).toEqual([1, 3]);
  expect(check.suggested).toEqual(["", "dog", "", "dog", ""]);
  expect(check.checked.scores).toHaveLength(5);
});

test("before labels were judged there is no such check", () => {
  expect(labelCheckOf({ ...stateWith(["cat"], []), labelIssues: null })).toBeNull();
  expect(labelCheckOf({ ...stateWith(["cat"], []), annotations: [] })).toBeNull();
});
