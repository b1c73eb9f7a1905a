/**
 * Where the fields of the kernels' states lie, in 32-bit words. The AssemblyScript sources use the same numbers.
 * Pointers are byte offsets; rows of data are `stride` f32, a multiple of 4, padded with zeros.
 */
export const kCenterFields = {
  /** f32 rows × stride. */
  data: 0,
  rows: 1,
  stride: 2,
  /** f32, squared length of each row. */
  norms: 3,
  /** f64, squared distance of each row to its nearest centre so far. */
  nearest: 4,
  /** i32, that centre's row. */
  nearestRow: 5,
  /** i32, how many centres a row has been compared with; −1 for a row that is chosen. */
  seen: 6,
  /** i32, rows by (worth falling, row rising). */
  heap: 7,
  heapSize: 8,
  /** f32, the centres' rows one after another. */
  centres: 9,
  /** i32, their row numbers. */
  centreRows: 10,
  /** f32, their squared lengths; room for three more than are used. */
  centreNorms: 11,
  centreCount: 12,
  /** f64, what a row's squared distance is multiplied by in the heap; 0: all alike. */
  weights: 13,
  words: 16,
} as const;

export const knnFields = {
  /** f32 rows × stride. */
  data: 0,
  rows: 1,
  stride: 2,
  /** i16, rows in panels of 8; see assembly/knn.ts. */
  panels: 3,
  /** f32, squared length of each row, room for full panels. */
  norms: 4,
  /** f32 rows × kept, estimated squared distances, ascending. */
  estimates: 5,
  /** u32 rows × kept. */
  candidates: 6,
  /** f32, the last estimate of each row; −1 past the last row. */
  worst: 7,
  kept: 8,
  /** Panels of a block. */
  blockPanels: 9,
  /** f32, turns an integer dot product into 2 · dot. */
  factor: 10,
  /** i32 pairs of blocks. */
  pairs: 11,
  k: 12,
  /** u32 rows × k. */
  indices: 13,
  /** f32 rows × k, Euclidean. */
  distances: 14,
  /** u8, 1 where a neighbour could be missing. */
  unsure: 15,
  words: 16,
} as const;
