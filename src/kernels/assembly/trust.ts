import { distanceSquaredF64, dotF32 } from "./distance";

/**
 * Sampled rows begin…end of `list`: for each the k nearest points in the plane, and the rank that each of these has
 * among all rows by distance of the embeddings (1 = nearest; ties go to the lower row). ranks: rows of the list × k.
 */
export function planeRanks(
  begin: i32,
  end: i32,
  thread: i32,
  data: usize,
  rows: i32,
  stride: i32,
  norms: usize,
  positions: usize,
  list: usize,
  k: i32,
  ranks: usize,
  scratch: usize,
): void {
  const bytes = <usize>stride << 2;
  const found = scratch + <usize>thread * 4096;
  const values = found + 1024;
  for (let s = begin; s < end; s++) {
    const row = load<i32>(list + (<usize>s << 2));
    const x = load<f32>(positions + (<usize>row << 3));
    const y = load<f32>(positions + (<usize>row << 3), 4);
    let count = 0;
    for (let other = 0; other < rows; other++) {
      const dx = x - load<f32>(positions + (<usize>other << 3));
      const dy = y - load<f32>(positions + (<usize>other << 3), 4);
      const squared = <f64>(dx * dx + dy * dy);
      if (other == row || (count == k && squared >= load<f64>(values + <usize>((k - 1) << 3)))) continue;
      let place = count < k ? count++ : k - 1;
      while (place > 0 && load<f64>(values + <usize>((place - 1) << 3)) > squared) {
        store<f64>(values + <usize>(place << 3), load<f64>(values + <usize>((place - 1) << 3)));
        store<i32>(found + <usize>(place << 2), load<i32>(found + <usize>((place - 1) << 2)));
        place--;
      }
      store<f64>(values + <usize>(place << 3), squared);
      store<i32>(found + <usize>(place << 2), other);
    }
    const at = data + <usize>row * bytes;
    let largest: f64 = 0;
    for (let n = 0; n < k; n++) {
      const d = distanceSquaredF64(at, data + <usize>load<i32>(found + <usize>(n << 2)) * bytes, bytes);
      store<f64>(values + <usize>(n << 3), d);
      largest = max(largest, d);
      store<i32>(ranks + ((<usize>s * <usize>k + <usize>n) << 2), 1);
    }
    const norm = load<f32>(norms + (<usize>row << 2));
    const slack = (<f32>(bytes >> 5) + <f32>10) * <f32>6e-8;
    for (let other = 0; other < rows; other++) {
      if (other == row) continue;
      const b = data + <usize>other * bytes;
      const least = (norm + load<f32>(norms + (<usize>other << 2))) * (<f32>1 - slack) - <f32>2 * dotF32(at, b, bytes);
      if (<f64>least > largest) continue;
      const d = distanceSquaredF64(at, b, bytes);
      for (let n = 0; n < k; n++) {
        const value = load<f64>(values + <usize>(n << 3));
        if (d < value || (d == value && other < load<i32>(found + <usize>(n << 2)))) {
          const slot = ranks + ((<usize>s * <usize>k + <usize>n) << 2);
          store<i32>(slot, load<i32>(slot) + 1);
        }
      }
    }
  }
}
