import { describe, expect, it } from "vitest";
import { judgedBy } from "../../../src/core/active/judgedBy.ts";
import { labelledRows, probeSet, probeTask } from "../../../src/core/active/probeSet.ts";
import type { AnnotationSet } from "../../../src/core/annotations/annotationSet.ts";

/** One class a row; −1: none. */
function setOf(classes: string[], ofRow: number[], probabilities: number[] | null = null): AnnotationSet {
  const first = Uint32Array.from(
    { length: ofRow.length + 1 },
    (_, row) => ofRow.slice(0, row).filter((c) => c >= 0).length,
  );
  return {
    id: "s",
    name: "S",
    role: probabilities ? "predictions" : "labels",
    type: "classification",
    classes,
    known: Uint8Array.from(ofRow, (c) => Number(c >= 0)),
    first,
    classOf: Uint32Array.from(ofRow.filter((c) => c >= 0)),
    scores: null,
    boxes: null,
    probabilities: probabilities && Float32Array.from(probabilities),
    shapes: null,
    source: { format: "hand", file: "", at: 0 },
  };
}

describe("labels judged by imported predictions", () => {
  it("are matched by the names of classes; what only the predictions know can be suggested", () => {
    const labels = setOf(["cat", "dog"], [0, 1, -1, 1, 0]);
    const nan = Number.NaN;
    const guesses = setOf(
      ["dog", "fox", "cat"],
      [0, 1, 0, 2, -1],
      [0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 1, 0, 0, nan, nan, nan],
    );
    const { judged, rows, classes } = judgedBy(labels, guesses);
    expect(classes).toEqual(["cat", "dog", "fox"]);
    expect([...rows]).toEqual([0, 1]);
    expect([...judged.labels]).toEqual([0, 1]);
    const expected = [0.1, 0.7, 0.2, 0.1, 0.1, 0.8];
    for (const [i, p] of expected.entries()) expect(judged.probabilities[i]).toBeCloseTo(p, 6);
  });

  it("sum to 1 where they nearly did, and say nothing where they hardly do", () => {
    const guesses = setOf(["cat", "dog"], [0, 1], [0.5, 0.495, 0.1, 0.2]);
    const { judged, rows } = judgedBy(setOf(["cat", "dog"], [0, 1]), guesses);
    expect([...rows]).toEqual([0]);
    expect(judged.probabilities[0]! + judged.probabilities[1]!).toBeCloseTo(1, 6);
  });
});

describe("a probe's predictions", () => {
  it("are a task whose class is the likeliest", () => {
    const set = probeSet("probe", setOf(["cat", "dog"], []), Float32Array.of(0.2, 0.8, 0.6, 0.4), 7);
    expect([...set.classOf]).toEqual([1, 0]);
    expect([...set.first]).toEqual([0, 1, 2]);
    expect(set.role).toBe("predictions");
  });

  it("leave the name of an imported set to it", () => {
    expect(probeTask([{ id: "labels" }])).toBe("probe");
    expect(probeTask([{ id: "probe" }])).toBe("trained-probe");
  });

  it("are learned from rows with one label that have an embedding", () => {
    const { rows, labels, classes } = labelledRows(setOf(["a", "b", "c"], [2, -1, 0, 1]), 3);
    expect([[...rows], [...labels], classes]).toEqual([[0, 2], [2, 0], 3]);
  });
});
