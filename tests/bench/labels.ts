import { crossValidate } from "../../src/core/active/crossValidation.ts";
import { labelErrors } from "../../src/core/active/labelErrors.ts";
import { fitProbe, type Labelled } from "../../src/core/active/probe.ts";
import type { AnnotationSet } from "../../src/core/annotations/annotationSet.ts";
import { boxErrors } from "../../src/core/annotations/boxErrors.ts";
import { AnnotationSetBuilder } from "../../src/core/annotations/setBuilder.ts";
import { type Matrix, matrix } from "../../src/core/matrix.ts";
import { Random } from "../../src/core/random.ts";
import { runToEnd } from "../../src/core/task.ts";
import type { Kernels } from "../../src/kernels/load.ts";

const classes = 10;
/** The length of the classes' middles beside noise of length 1: the probe gets about 9 of 10 right. */
const apart = 0.4;
const wrongShare = 0.05;

/** Made-up embeddings of ten classes, length 1, with their labels. */
function classified(rows: number, cols: number, random: Random): { x: Matrix; labelled: Labelled } {
  const middles = Float32Array.from({ length: classes * cols }, () => (random.normal() * apart) / Math.sqrt(cols));
  const labels = Uint32Array.from({ length: rows }, () => random.below(classes));
  const data = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const values = Array.from(
      { length: cols },
      (_, i) => middles[labels[row]! * cols + i]! + random.normal() / Math.sqrt(cols),
    );
    const length = Math.hypot(...values);
    for (const [i, value] of values.entries()) data[row * cols + i] = value / length;
  }
  return { x: matrix(data, rows, cols), labelled: { rows: Uint32Array.from(labels.keys()), labels, classes } };
}

/** Labels, and predictions that mostly agree: each twentieth box is moved, of another class or not there. */
function boxes(rows: number, perImage: number): { labels: AnnotationSet; predictions: AnnotationSet } {
  const random = new Random(3);
  const names = Array.from({ length: classes }, (_, i) => `class ${i}`);
  const [drawn, seen] = [new AnnotationSetBuilder(names), new AnnotationSetBuilder(names)];
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < perImage; i++) {
      const box = [random.below(500), random.below(400), 20 + random.below(80), 20 + random.below(80)];
      const [id, fate] = [random.below(classes), random.float()];
      drawn.add(row, { class: id, box });
      const moved = fate < wrongShare ? [box[0]! + 0.4 * box[2]!, ...box.slice(1)] : box;
      const other = fate > 1 - wrongShare ? (id + 1) % classes : id;
      seen.add(row, { class: other, box: moved, score: 0.5 + random.float() / 2 });
    }
  }
  const about = { type: "object-detection", source: { format: "", file: "", at: 0 } } as const;
  return {
    labels: drawn.finish({ id: "drawn", name: "drawn", role: "labels", ...about }),
    predictions: seen.finish({ id: "seen", name: "seen", role: "predictions", ...about }),
  };
}

function timed<T>(work: () => T): { seconds: number; result: T } {
  const start = performance.now();
  const result = work();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** Seconds of the probe, of label errors and of box errors at the sizes that they were promised for. */
export function measureLabels(kernels: Kernels, rows: number): object {
  const small = classified(10_000, 64, new Random(1));
  const probe = timed(() => runToEnd(fitProbe(kernels, small.x, small.labelled)));
  const judgedSmall = timed(() => runToEnd(crossValidate(kernels, small.x, small.labelled, { seed: 1 })));
  const { x, labelled } = classified(rows, 64, new Random(2));
  const random = new Random(4);
  const given = labelled.labels.map((label) => (random.float() < wrongShare ? (label + 1) % classes : label));
  const wrong = given.reduce((sum, label, i) => sum + Number(label !== labelled.labels[i]), 0);
  const judged = timed(() => runToEnd(crossValidate(kernels, x, { ...labelled, labels: given }, { seed: 1 })));
  const { probabilities } = judged.result!;
  const errors = timed(() => runToEnd(labelErrors({ labels: given, probabilities, classes })));
  const right = errors.result.issues.filter((i) => given[i] !== labelled.labels[i]).length;
  const compared = boxes(rows, 5);
  const boxed = timed(() => runToEnd(boxErrors(compared)));
  return {
    probe_rows: small.x.rows,
    probe_seconds: probe.seconds,
    probe_cross_validated_seconds: judgedSmall.seconds,
    label_rows: rows,
    label_classes: classes,
    label_cross_validation_seconds: judged.seconds,
    label_errors_seconds: errors.seconds,
    label_errors_recall: right / wrong,
    label_errors_precision: right / errors.result.issues.length,
    box_images: rows,
    boxes: compared.labels.classOf.length + compared.predictions.classOf.length,
    box_errors_seconds: boxed.seconds,
    suspicious_boxes: boxed.result.rows.length,
    checksum: boxed.result.rows.reduce((sum, row) => sum + row, 0) + errors.result.issues.length,
  };
}
