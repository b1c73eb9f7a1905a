import fc from "fast-check";
import { expect, test } from "vitest";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import { correctedBoxes, findBox, isAsSuggested } from "../../../src/core/annotations/boxCorrections.ts";
import { boxErrors, boxIssues, rowsWithIssue, suspiciousBoxes } from "../../../src/core/annotations/boxErrors.ts";
import { AnnotationSetBuilder } from "../../../src/core/annotations/setBuilder.ts";
import { columnsOf, withRows } from "../../../src/core/annotations/setColumns.ts";
import { runToEnd } from "../../../src/core/task.ts";

type Said = { name: string; box: [number, number, number, number]; score?: number };
function setOf(role: AnnotationSet["role"], rows: Said[][]): AnnotationSet {
  const builder = new AnnotationSetBuilder(["cat", "dog"]);
  for (const [row, said] of rows.entries()) {
    builder.know(row);
    for (const { name, box, score } of said) {
      builder.add(row, { class: builder.classOf(name), box, ...(score !== undefined && { score }) });
    }
  }
  const source = { format: "coco", file: "a.json", at: 0 };
  return builder.finish({ id: role, name: role, role, type: "object-detection", source });
}

const foundIn = (labels: AnnotationSet, predictions: AnnotationSet) =>
  suspiciousBoxes(labels, predictions, runToEnd(boxErrors({ labels, predictions })));

const labels = setOf("labels", [
  [{ name: "cat", box: [10, 10, 40, 40] }],
  [
    { name: "cat", box: [10, 10, 40, 40] },
    { name: "dog", box: [100, 100, 20, 20] },
  ],
  [{ name: "dog", box: [10, 10, 40, 40] }],
  [],
  [{ name: "cat", box: [0, 0, 30, 30] }],
]);
const predictions = setOf("predictions", [
  [{ name: "cat", box: [22, 10, 40, 40], score: 0.99 }],
  [{ name: "cat", box: [10, 10, 40, 40], score: 0.9 }],
  [{ name: "cat", box: [11, 10, 40, 40], score: 0.97 }],
  [{ name: "bird", box: [5, 6, 7, 8], score: 0.98 }],
  [{ name: "cat", box: [0, 0, 30, 30], score: 0.99 }],
]);

test("each suspicious box is listed with what it is and what it should be, as the images are", () => {
  const found = foundIn(labels, predictions);
  expect(found.map(({ row, issue }) => [row, issue])).toEqual([
    [3, "missing"],
    [2, "swapped"],
    [0, "badly placed"],
    [1, "spurious"],
  ]);
  expect(found[2]).toMatchObject({
    given: { name: "cat", box: [10, 10, 40, 40] },
    suggested: { box: [22, 10, 40, 40] },
  });
  const errors = runToEnd(boxErrors({ labels, predictions }));
  for (const issue of boxIssues) {
    expect([...rowsWithIssue(errors, issue)]).toEqual(found.filter((one) => one.issue === issue).map(({ row }) => row));
  }
});

test("an accepted suggestion is what the labels say then, and nothing else changes", () => {
  for (const suspicion of foundIn(labels, predictions)) {
    expect(isAsSuggested(labels, suspicion)).toBe(false);
    const corrected = correctedBoxes(labels, suspicion)!;
    const classes = [...labels.classes, ...corrected.newClasses];
    const columns = withRows(labels, Uint32Array.of(suspicion.row), corrected.after, classes.length);
    const after = { ...labels, ...columns, classes };
    expect(isAsSuggested(after, suspicion)).toBe(true);
    for (let row = 0; row < 5; row++) {
      if (row === suspicion.row) continue;
      const [at, was] = [after.first[row]!, labels.first[row]!];
      expect(after.classOf[at]).toBe(labels.classOf[was]);
    }
    // Back again is what it was.
    const back = withRows(after, Uint32Array.of(suspicion.row), corrected.before, labels.classes.length);
    expect(back).toEqual(columnsOf(labels));
  }
  const [missing, swapped] = foundIn(labels, predictions);
  expect(correctedBoxes(labels, missing!)).toMatchObject({ newClasses: ["bird"], classBefore: -1, classAfter: 2 });
  // A swapped label keeps the box that a person drew.
  const after = correctedBoxes(labels, swapped!)!.after;
  expect([...after.boxes!]).toEqual([10, 10, 40, 40]);
});

test("a label that has gone or moved since cannot be corrected", () => {
  const [, swapped] = foundIn(labels, predictions);
  const moved = setOf("labels", [[], [], [{ name: "dog", box: [60, 10, 40, 40] }]]);
  expect(correctedBoxes(moved, swapped!)).toBeNull();
});

test("a box is found by its class and place", () => {
  const box = fc.tuple(fc.nat(90), fc.nat(90), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }));
  fc.assert(
    fc.property(fc.uniqueArray(box, { selector: String, maxLength: 8 }), (boxes) => {
      const set = setOf("labels", [boxes.map((one) => ({ name: "dog", box: one }))]);
      for (const [i, one] of boxes.entries()) {
        expect(findBox(set, 0, { name: "dog", box: one })).toBe(i);
        expect(findBox(set, 0, { name: "cat", box: one })).toBe(-1);
      }
    }),
  );
});
