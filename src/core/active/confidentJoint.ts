import { likeliest } from "./probeReport.ts";

/** Given labels with out-of-sample class probabilities of the same rows. */
export interface JudgedLabels {
  /** By row: 0 … classes − 1. */
  labels: Uint32Array;
  /** Rows × classes, each sums to 1. */
  probabilities: Float32Array;
  classes: number;
}

/** What labels and probabilities say of each other (Northcutt et al. 2021, with the details of cleanlab 2.9). */
export interface ConfidentJoint {
  /** By class: mean probability over the rows labelled so; 2 for a class without labels, which no row can reach. */
  thresholds: Float64Array;
  /** By row: the class it confidently is; −1 where it reaches no threshold. */
  guesses: Int32Array;
  /** classes × classes, rows = given, columns = guessed; the diagonal is at least 1. */
  counts: Float64Array;
  /** The same scaled to how often each label was given, in whole numbers that keep those sums. */
  calibrated: Float64Array;
  labelCounts: Float64Array;
}

/** How far under a threshold still passes: a rounding error must not decide. */
const closeness = 1e-6;
const unreachable = 2;

export function confidentJoint({ labels, probabilities, classes }: JudgedLabels): ConfidentJoint {
  const labelCounts = new Float64Array(classes);
  const thresholds = new Float64Array(classes);
  for (const [i, label] of labels.entries()) {
    labelCounts[label]!++;
    thresholds[label]! += probabilities[i * classes + label]!;
  }
  for (let c = 0; c < classes; c++) {
    thresholds[c] = labelCounts[c]! > 0 ? Math.max(2 * closeness, thresholds[c]! / labelCounts[c]!) : unreachable;
  }
  const guesses = new Int32Array(labels.length).fill(-1);
  const counts = new Float64Array(classes * classes);
  for (const [i, label] of labels.entries()) {
    let passing = 0;
    for (let c = 0; c < classes; c++) {
      if (probabilities[i * classes + c]! < thresholds[c]! - closeness) continue;
      passing++;
      guesses[i] = c;
    }
    if (passing === 0) continue;
    // Where several pass, the likeliest of all classes is it, whether it passes or not.
    if (passing > 1) guesses[i] = likeliest(probabilities, i * classes, classes);
    counts[label * classes + guesses[i]!]!++;
  }
  for (let c = 0; c < classes; c++) counts[c * classes + c] = Math.max(1, counts[c * classes + c]!);
  return { thresholds, guesses, counts, calibrated: calibrate(counts, labelCounts), labelCounts };
}

function calibrate(counts: Float64Array, labelCounts: Float64Array): Float64Array {
  const classes = labelCounts.length;
  const scaled = new Float64Array(counts.length);
  for (let c = 0; c < classes; c++) {
    const row = counts.subarray(c * classes, (c + 1) * classes);
    const sum = row.reduce((all, count) => all + count, 0);
    for (let j = 0; j < classes; j++) scaled[c * classes + j] = (row[j]! / sum) * labelCounts[c]!;
  }
  const all = Math.max(
    Number.MIN_VALUE,
    scaled.reduce((sum, value) => sum + value, 0),
  );
  const total = labelCounts.reduce((sum, count) => sum + count, 0);
  for (let i = 0; i < scaled.length; i++) scaled[i] = (scaled[i]! / all) * total;
  return roundedRows(scaled, classes);
}

/** Whole numbers near those of each row, with the row's own sum: those that rounding moved farthest are moved back. */
export function roundedRows(values: Float64Array, cols: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let first = 0; first < values.length; first += cols) {
    const row = values.subarray(first, first + cols);
    const whole = row.map(toEven);
    const wanted = toEven(row.reduce((sum, value) => sum + value, 0));
    for (;;) {
      const missing = wanted - whole.reduce((sum, value) => sum + value, 0);
      if (missing === 0) break;
      const ascending = networkOrder(row.map((value, i) => value - whole[i]!));
      const order = missing > 0 ? ascending.reverse() : ascending;
      for (const at of order.slice(0, Math.min(cols, Math.abs(missing)))) whole[at]! += Math.sign(missing);
    }
    out.set(whole, first);
  }
  return out;
}

/**
 * Places in ascending order of their values by a bitonic network (Batcher 1968). Equal shares are common in small joints,
 * and the order in which NumPy leaves equals where it sorts with vectors, which is this one, decides which is rounded up.
 */
function networkOrder(values: Float64Array): number[] {
  let size = 1;
  while (size < values.length) size *= 2;
  const order = Array.from({ length: size }, (_, i) => i);
  const value = (place: number): number => values[order[place]!] ?? Number.POSITIVE_INFINITY;
  const exchange = (a: number, b: number): void => {
    if (value(a) > value(b)) [order[a], order[b]] = [order[b]!, order[a]!];
  };
  for (let length = 2; length <= size; length *= 2) {
    for (let i = 0; i < size; i++) {
      const mirrored = i ^ (length - 1);
      if (mirrored > i) exchange(i, mirrored);
    }
    for (let apart = length / 4; apart >= 1; apart /= 2) {
      for (let i = 0; i < size; i++) if ((i & apart) === 0) exchange(i, i | apart);
    }
  }
  return order.filter((place) => place < values.length);
}

/** To the nearest whole number, halves to the even one. */
function toEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
