import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldsOfSets } from "../../../src/core/annotations/annotationFields.ts";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";
import {
  type BoxComparison,
  type BoxErrors,
  type BoxIssue,
  boxErrors,
  boxIssues,
  rowsWithIssue,
  suspiciousBoxes,
} from "../../../src/core/annotations/boxErrors.ts";
import { boxOverlap } from "../../../src/core/annotations/boxOverlap.ts";
import { type BoxThresholds, defaultBoxThresholds } from "../../../src/core/annotations/boxThresholds.ts";
import { keptAs } from "../../../src/core/annotations/keptBox.ts";
import { AnnotationSetBuilder } from "../../../src/core/annotations/setBuilder.ts";
import { runToEnd } from "../../../src/core/task.ts";

type Box = readonly [x: number, y: number, width: number, height: number];
interface Given {
  class: number;
  box: Box;
  score?: number;
}

/** A set of one image, or of several; null: it says nothing of that one. */
function setOf(role: AnnotationSet["role"], images: readonly (readonly Given[] | null)[], classes = ["cat", "dog"]) {
  const builder = new AnnotationSetBuilder(classes);
  for (const [row, instances] of images.entries()) {
    if (instances === null) continue;
    builder.know(row);
    for (const { class: id, box, score } of instances)
      builder.add(row, { class: id, box, ...(score !== undefined && { score }) });
  }
  // Sets without any box at all have no column of boxes.
  const about = {
    id: role,
    name: role,
    role,
    type: "object-detection" as const,
    source: { format: "", file: "", at: 0 },
  };
  const set = builder.finish(about);
  return { ...set, boxes: set.boxes ?? new Float32Array(0) };
}
const errorsOf = (comparison: BoxComparison): BoxErrors => runToEnd(boxErrors(comparison));
const issuesOf = (
  labels: Given[],
  predictions: Given[],
  moved: Partial<BoxThresholds> = {},
): { score: number; issues: BoxIssue[] } => {
  const found = errorsOf({
    labels: setOf("labels", [labels]),
    predictions: setOf("predictions", [predictions]),
    thresholds: { ...defaultBoxThresholds, ...moved },
  });
  return { score: found.scores[0]!, issues: boxIssues.filter((issue) => rowsWithIssue(found, issue).length > 0) };
};
const box: Box = [10, 10, 20, 20];
const far: Box = [80, 80, 20, 20];
const sure = (id: number, at: Box, score = 0.99): Given => ({ class: id, box: at, score });

describe("overlap of boxes", () => {
  const of = (a: Box, b: Box): number => boxOverlap(Float32Array.from(a), 0, Float32Array.from(b), 0);
  it("is intersection over union", () => {
    expect(of(box, box)).toBe(1);
    expect(of(box, far)).toBe(0);
    expect(of([0, 0, 2, 2], [1, 0, 2, 2])).toBeCloseTo(1 / 3, 6);
    expect(of([0, 0, 0, 5], [0, 0, 0, 5])).toBe(0);
    expect(of([0, 0, Number.NaN, 5], box)).toBe(0);
  });
});

describe("errors of boxes", () => {
  it("none where predictions agree", () => {
    const { score, issues } = issuesOf([{ class: 0, box }], [sure(0, box)]);
    expect(issues).toEqual([]);
    expect(score).toBeCloseTo(1, 6);
    expect(issuesOf([], [])).toEqual({ score: 1, issues: [] });
  });

  it("a sure prediction without a label: missing; an unsure one: nothing", () => {
    expect(issuesOf([], [sure(0, box)]).issues).toEqual(["missing"]);
    expect(issuesOf([], [sure(0, box)]).score).toBeLessThan(0.1);
    expect(issuesOf([], [sure(0, box, 0.95)]).issues).toEqual([]);
    expect(issuesOf([], [{ class: 0, box }]).issues).toEqual([]);
  });

  it("a label without a prediction: spurious", () => {
    expect(issuesOf([{ class: 0, box }], []).issues).toEqual(["spurious"]);
    expect(issuesOf([{ class: 0, box }], [sure(0, far)]).issues).toEqual(["missing", "spurious"]);
  });

  it("a sure prediction of another class: swapped", () => {
    const { score, issues } = issuesOf([{ class: 0, box }], [sure(1, box)]);
    expect(issues).toEqual(["swapped"]);
    expect(score).toBeLessThan(0.3);
    expect(issuesOf([{ class: 0, box }], [sure(1, box, 0.5)]).issues).toEqual([]);
    // A prediction of the same class is taken before one of another, however sure that is.
    expect(issuesOf([{ class: 0, box }], [sure(0, box, 0.6), sure(1, box, 0.9)]).issues).toEqual([]);
  });

  it("little overlap with a sure prediction: badly placed", () => {
    const shifted: Box = [15, 10, 20, 20];
    // Overlap 15 / 25 = 0.6 is at the limit: (0.99 · 0.6 + 1) / 2 = 0.797; at 0.55 it is over it.
    expect(issuesOf([{ class: 0, box }], [sure(0, shifted)]).issues).toEqual([]);
    expect(issuesOf([{ class: 0, box }], [sure(0, [16, 10, 20, 20])]).issues).toEqual(["badly placed"]);
    expect(issuesOf([{ class: 0, box }], [sure(0, [16, 10, 20, 20], 0.4)]).issues).toEqual([]);
  });

  it("go by the classes' names, and leave out images of which one side says nothing", () => {
    const labels = setOf("labels", [[{ class: 0, box }], [{ class: 0, box }], null]);
    const predictions = setOf("predictions", [[sure(1, box)], null, [sure(0, box)]], ["dog", "cat"]);
    const { scores, rows } = errorsOf({ labels, predictions });
    expect(scores[0]).toBeCloseTo(1, 6);
    expect([...scores.subarray(1)]).toEqual([Number.NaN]);
    expect([...rows]).toEqual([]);
  });

  it("thresholds decide what is sure, the same object, badly placed, and a prediction at all", () => {
    expect(issuesOf([], [sure(0, box, 0.7)]).issues).toEqual([]);
    expect(issuesOf([], [sure(0, box, 0.7)], { sure: 0.6 }).issues).toEqual(["missing"]);
    // They overlap by a third.
    const half: Box = [20, 10, 20, 20];
    expect(issuesOf([{ class: 0, box }], [sure(0, half, 0.9)]).issues).toEqual(["spurious"]);
    expect(issuesOf([{ class: 0, box }], [sure(0, half, 0.9)], { overlap: 0.3 }).issues).toEqual(["badly placed"]);
    expect(issuesOf([{ class: 0, box }], [sure(0, half, 0.9)], { overlap: 0.3, misplaced: 0.95 }).issues).toEqual([]);
    expect(issuesOf([{ class: 0, box }], [sure(0, box, 0.1)]).issues).toEqual([]);
    expect(issuesOf([{ class: 0, box }], [sure(0, box, 0.1)], { least: 0.2 }).issues).toEqual(["spurious"]);
    // Without a score it cannot be under one.
    expect(issuesOf([{ class: 0, box }], [{ class: 0, box }], { least: 0.9 }).issues).toEqual([]);
  });

  it("leave out what was kept, and only that", () => {
    const labels = setOf("labels", [
      [
        { class: 0, box },
        { class: 1, box: far },
      ],
      [{ class: 0, box }],
    ]);
    const predictions = setOf("predictions", [[sure(0, [40, 40, 9, 9])], []]);
    const all = suspiciousBoxes(labels, predictions, errorsOf({ labels, predictions }));
    expect(all.map(({ row, issue }) => [row, issue])).toEqual([
      [0, "missing"],
      [0, "spurious"],
      [0, "spurious"],
      [1, "spurious"],
    ]);
    for (const [i, one] of all.entries()) {
      const kept = [keptAs(one.row, one.given, one.suggested)!];
      const left = suspiciousBoxes(labels, predictions, errorsOf({ labels, predictions, kept }));
      expect(left).toEqual(all.filter((_, j) => j !== i));
    }
    // A prediction that needs no label says nothing of a label at the same place.
    const missing = [{ row: 1, box: { name: "cat", box }, missing: true }];
    expect(errorsOf({ labels, predictions, kept: missing }).rows.length).toBe(4);
  });

  it("labels without a box are no boxes", () => {
    const labels = setOf("labels", [[{ class: 0, box }]]);
    const none = { ...labels, boxes: new Float32Array(4).fill(Number.NaN) };
    expect(errorsOf({ labels: none, predictions: setOf("predictions", [[]]) }).rows.length).toBe(0);
  });

  const boxes = fc.array(
    fc.record({
      class: fc.nat(1),
      box: fc.tuple(fc.nat(40), fc.nat(40), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })),
      score: fc.oneof(fc.constantFrom(Number.NaN, 2, -1), fc.double({ min: 0, max: 1, noNaN: true })),
    }),
    { maxLength: 6 },
  );

  it("scores stay in 0…1, and equal sets have neither missing, swapped nor badly placed boxes", () => {
    fc.assert(
      fc.property(boxes, boxes, (labels, predictions) => {
        const { score } = issuesOf(labels, predictions);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
    fc.assert(
      fc.property(boxes, (given) => {
        const whole = given.filter(({ box: [, , width, height] }) => width > 0 && height > 0);
        const distinct = whole.filter((one, i) =>
          whole.every((other, j) => j >= i || String(other.box) !== String(one.box)),
        );
        expect(
          issuesOf(
            distinct,
            distinct.map((one) => ({ ...one, score: 1 })),
          ).issues,
        ).toEqual([]);
      }),
    );
  });

  it("are fields of the predictions", () => {
    const sets = [setOf("labels", [[{ class: 0, box }]]), setOf("predictions", [[sure(1, box)]])];
    const fields = fieldsOfSets(sets);
    expect(fields.find(({ id }) => id === "score:predictions/box_quality")).toMatchObject({ kind: "number" });
    const issues = fields.find(({ id }) => id === "box_issues:predictions");
    expect(issues?.kind === "sets" && issues.sets.map(({ size }) => size)).toEqual([0, 0, 0, 1]);
  });
});
