import { type ConfidentJoint, type JudgedLabels, roundedRows } from "./confidentJoint.ts";

/** Rows that a class keeps at least. */
const leastKept = 1;

/**
 * For each given class k and other class j as many rows labelled k as the joint holds at [k, j], those with the largest
 * P[j] − P[k].
 * @returns by row: 1 where it is one of them
 */
export function prunedByNoiseRate(judged: JudgedLabels, joint: ConfidentJoint): Uint8Array {
  const { probabilities, classes } = judged;
  const flagged = new Uint8Array(judged.labels.length);
  const wrong = pruneCounts(joint, classes);
  for (const [given, rows] of rowsOfClasses(judged).entries()) {
    if (rows.length <= leastKept) continue;
    for (let other = 0; other < classes; other++) {
      if (other === given) continue;
      const count = Math.min(rows.length, wrong[other * classes + given]!);
      if (count === 0) continue;
      const margins = Float32Array.from(
        rows,
        (row) => probabilities[row * classes + other]! - probabilities[row * classes + given]!,
      );
      const least = margins.slice().sort()[margins.length - count]!;
      for (const [i, row] of rows.entries()) if (margins[i]! >= least) flagged[row] = 1;
    }
  }
  return flagged;
}

/**
 * Of each class as many rows as the joint has off its diagonal, those with the lowest probability of their own class.
 * @returns by row: 1 where it is one of them
 */
export function prunedByClass(judged: JudgedLabels, joint: ConfidentJoint): Uint8Array {
  const { probabilities, classes } = judged;
  const flagged = new Uint8Array(judged.labels.length);
  const kept = pruneCounts(joint, classes);
  for (const [given, rows] of rowsOfClasses(judged).entries()) {
    if (rows.length <= leastKept) continue;
    const own = Float32Array.from(rows, (row) => probabilities[row * classes + given]!);
    const count = rows.length - kept[given * classes + given]!;
    const limit = own.slice().sort()[count] ?? Number.POSITIVE_INFINITY;
    for (const [i, row] of rows.entries()) if (own[i]! < limit) flagged[row] = 1;
  }
  return flagged;
}

/** The calibrated joint turned (rows = guessed, columns = given), with at least one row of each class left on it. */
function pruneCounts({ calibrated }: ConfidentJoint, classes: number): Float64Array {
  const turned = new Float64Array(calibrated.length);
  for (let given = 0; given < classes; given++) {
    for (let guess = 0; guess < classes; guess++)
      turned[guess * classes + given] = calibrated[given * classes + guess]!;
  }
  for (let given = 0; given < classes; given++) {
    const own = turned[given * classes + given]!;
    const raised = Math.max(leastKept, own) - own;
    let entries = 0;
    for (let guess = 0; guess < classes; guess++) if (turned[guess * classes + given]! !== 0) entries++;
    const less = raised / Math.max(1, entries - 1);
    for (let guess = 0; guess < classes; guess++) {
      const at = guess * classes + given;
      turned[at] = guess === given ? own + raised : Math.max(0, turned[at]! - less);
    }
  }
  return roundedRows(turned, classes);
}

function rowsOfClasses({ labels, classes }: JudgedLabels): number[][] {
  const rows: number[][] = Array.from({ length: classes }, () => []);
  for (const [row, label] of labels.entries()) rows[label]!.push(row);
  return rows;
}
