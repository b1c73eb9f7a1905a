import type { AnnotationSet } from "../annotations/annotationSet.ts";
import type { Labelled } from "./probe.ts";
import { likeliest } from "./probeReport.ts";

/** What scores, fields and configurations call the probe's predictions (`task`); an imported set may have that name. */
export const probeTask = (sets: readonly Pick<AnnotationSet, "id">[]): string =>
  sets.some(({ id }) => id === "probe") ? "trained-probe" : "probe";

/** Rows whose labels say exactly one class; ascending. @param rows those that have an embedding: further ones are left out */
export function labelledRows({ known, first, classOf, classes }: AnnotationSet, rows: number): Labelled {
  const found: number[] = [];
  for (let row = 0; row < Math.min(rows, known.length); row++) {
    if (first[row + 1]! - first[row]! === 1) found.push(row);
  }
  return {
    rows: Uint32Array.from(found),
    labels: Uint32Array.from(found, (row) => classOf[first[row]!]!),
    classes: classes.length,
  };
}

/**
 * A probe's probabilities as a prediction task.
 * @param probabilities rows × classes
 */
export function probeSet(
  id: string,
  labels: Pick<AnnotationSet, "name" | "classes">,
  probabilities: Float32Array,
  at: number,
): AnnotationSet {
  const width = labels.classes.length;
  const rows = probabilities.length / width;
  return {
    id,
    name: "Probe",
    role: "predictions",
    type: "classification",
    classes: labels.classes,
    known: new Uint8Array(rows).fill(1),
    first: Uint32Array.from({ length: rows + 1 }, (_, row) => row),
    classOf: Uint32Array.from({ length: rows }, (_, row) => likeliest(probabilities, row * width, width)),
    scores: null,
    boxes: null,
    probabilities,
    shapes: null,
    source: { format: "probe", file: labels.name, at },
  };
}
