import type { Matrix } from "../matrix.ts";
import type { Random } from "../random.ts";
import type { Task } from "../task.ts";

/** Rows that a direction is found from. */
const sampleRows = 128;
/** Power iterations: the direction need not be exact, only long. */
const iterations = 5;

/**
 * The rows in an order in which each block of `blockRows` is compact: all rows are cut in two at the median of a long
 * direction (about the first principal component of a sample), each half again, down to one block. Inside a block rows
 * ascend.
 * @param points finite
 */
export function* compactOrder(points: Matrix, blockRows: number, random: Random): Task<Uint32Array> {
  const { data, rows, cols } = points;
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  const along = new Float64Array(rows);
  const levels = Math.max(1, Math.ceil(Math.log2(rows / blockRows)));
  const parts = [{ begin: 0, end: rows }];
  let done = 0;
  for (;;) {
    const part = parts.pop();
    if (!part) break;
    const { begin, end } = part;
    if (end - begin <= blockRows) {
      order.subarray(begin, end).sort();
      continue;
    }
    const direction = longDirection(points, order.subarray(begin, end), random);
    for (let i = begin; i < end; i++) {
      const at = order[i]! * cols;
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += data[at + c]! * direction[c]!;
      along[i] = sum;
    }
    // The left half is whole blocks, so that every block but the last is full.
    const blocks = Math.ceil((end - begin) / blockRows);
    const middle = begin + Math.floor(blocks / 2) * blockRows;
    partition(along, order, begin, end, middle);
    parts.push({ begin: middle, end }, { begin, end: middle });
    done += end - begin;
    yield { done: Math.min(done, rows * levels), total: rows * levels };
  }
  return order;
}

/** About the first principal component of a sample of the rows. */
function longDirection({ data, cols }: Matrix, list: Uint32Array, random: Random): Float64Array {
  const chosen = Uint32Array.from({ length: sampleRows }, () => list[random.below(list.length)]! * cols);
  const mean = new Float64Array(cols);
  for (const at of chosen) for (let c = 0; c < cols; c++) mean[c]! += data[at + c]! / sampleRows;
  let direction = Float64Array.from({ length: cols }, () => random.normal());
  for (let step = 0; step < iterations; step++) {
    const next = new Float64Array(cols);
    for (const at of chosen) {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += (data[at + c]! - mean[c]!) * direction[c]!;
      for (let c = 0; c < cols; c++) next[c]! += sum * (data[at + c]! - mean[c]!);
    }
    const length = Math.hypot(...next);
    // Equal rows have no direction; any will do.
    if (!(length > 0)) return direction;
    direction = next.map((value) => value / length);
  }
  return direction;
}

/** Quickselect (Hoare): afterwards begin…middle hold the smallest keys. Ties go to the lower row. */
function partition(keys: Float64Array, rows: Uint32Array, begin: number, end: number, middle: number): void {
  let low = begin;
  let high = end - 1;
  while (low < high) {
    const pivotAt = (low + high) >> 1;
    const [key, row] = [keys[pivotAt]!, rows[pivotAt]!];
    let i = low;
    let j = high;
    while (i <= j) {
      while (keys[i]! < key || (keys[i] === key && rows[i]! < row)) i++;
      while (keys[j]! > key || (keys[j] === key && rows[j]! > row)) j--;
      if (i > j) break;
      [keys[i], keys[j]] = [keys[j]!, keys[i]!];
      [rows[i], rows[j]] = [rows[j]!, rows[i]!];
      i++;
      j--;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
