/** What a threshold catches, and the images that it just catches and just misses. */
export interface Border {
  /** Rows whose score is under the threshold. */
  count: number;
  /** Rows just under it, nearest first. */
  under: number[];
  /** Rows at it or just over it, nearest first. */
  over: number[];
}

/**
 * One pass over the scores, so that it can follow a slider: a million rows take a few milliseconds.
 * @param scores by row; NaN for none
 * @param most rows on either side
 */
export function borderOf(scores: Float32Array, threshold: number, most: number): Border {
  // Compared in 32 bits, as `rowsUnder` does.
  const cut = Math.fround(threshold);
  const under = new NearestRows(most);
  const over = new NearestRows(most);
  let count = 0;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (score < cut) {
      count++;
      under.offer(row, cut - score);
    } else if (score >= cut) over.offer(row, score - cut);
  }
  return { count, under: under.rows, over: over.rows };
}

/** The few rows with the smallest distances, nearest first; of equals the lower row first. */
class NearestRows {
  readonly rows: number[] = [];
  private readonly distances: number[] = [];

  constructor(private readonly most: number) {}

  offer(row: number, distance: number): void {
    const { rows, distances, most } = this;
    if (rows.length === most && !(distance < (distances.at(-1) ?? Number.NEGATIVE_INFINITY))) return;
    let at = rows.length;
    while (at > 0 && distances[at - 1]! > distance) at--;
    rows.splice(at, 0, row);
    distances.splice(at, 0, distance);
    if (rows.length > most) {
      rows.pop();
      distances.pop();
    }
  }
}
