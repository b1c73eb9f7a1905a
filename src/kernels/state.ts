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

/** Of measureRows. All buffers are the image's own and begin as zeros. */
export const measureFields = {
  /** Pixels. */
  width: 0,
  height: 1,
  /** Rows that have been measured. */
  rows: 2,
  /** u8 RGBA, the rows of a call. */
  pixels: 3,
  /** u8 RGBA, room for one row padded to four pixels, and zeros behind the row. */
  padded: 4,
  /** i32, three rows of `greyStride` with four values before each and eight behind. */
  grey: 5,
  greyStride: 6,
  /** i32, a row's places in the histogram of brightness, room for a padded row. */
  brightness: 7,
  /** u32, how many pixels have each brightness, in steps of 1/64 of a level. */
  brightnessCounts: 8,
  /** u32 3 × 256, red, green, blue. */
  channelCounts: 9,
  /** f64: grey, its squares, its Laplacian, the squares of that. */
  sums: 10,
  /** u32 × 4, a hash a lane; i32 × 4, the largest spread of channels a lane. */
  hashes: 11,
  /** i32 first tap and number of taps of each output of the resize in colour. */
  colourFirst: 12,
  colourCounts: 13,
  /** i32 outputs × `colourStride`, zeros behind the last tap up to an even number. */
  colourWeights: 14,
  colourStride: 15,
  colourOutputs: 16,
  /** u8 height × outputs × 3, and a byte behind. */
  colourRows: 17,
  /** The same for the resize of grey, zeros up to a multiple of four. */
  greyFirst: 18,
  greyCounts: 19,
  greyWeights: 20,
  greyWeightStride: 21,
  greyOutputs: 22,
  /** u8 height × outputs. */
  greyRows: 23,
  words: 24,
} as const;

/** Places of a histogram of brightness, 0…255 in steps of 1/64. */
export const brightnessPlaces = 64 * 255 + 1;
