/**
 * The kernels as they are called: numbers and byte offsets into the kernels' memory. Each is written twice: in
 * AssemblyScript (assembly/, compiled to WASM with SIMD) and plainly (plain/), which is the reference of the tests and
 * what runs where WASM SIMD is missing. What each does is documented in assembly/.
 */
export interface KernelFunctions {
  kCenterHeapify(state: number): void;
  kCenterSettle(state: number, budget: number): number;
  orthonormalise(rows: number, count: number, cols: number): void;
  measureRows(state: number, count: number): void;
}

/** Kernels over a range: begin, end (exclusive) and the number of the thread come before their own arguments. */
export interface RangeFunctions {
  distanceUpdate(state: number, centre: number, chunk: number, bestSquared: number, bestRow: number): void;
  quantise(state: number, scale: number): void;
  knnPairs(state: number): void;
  knnRerank(state: number, margin: number, complete: number, scratch: number): void;
  knnExactRows(state: number, list: number, scratch: number): void;
  rowStatistics(data: number, cols: number, stride: number, norms: number, finite: number): void;
  powerNormalise(data: number, stride: number, signed: number): void;
  project(
    x: number,
    stride: number,
    weights: number,
    offset: number,
    outputs: number,
    out: number,
    outStride: number,
    unit: number,
  ): void;
  addOuterProducts(x: number, rows: number, cols: number, sums: number): void;
  multiplyTransposedF64(a: number, b: number, bRows: number, cols: number, out: number): void;
  umapEpoch(
    first: number,
    others: number,
    rates: number,
    from: number,
    to: number,
    points: number,
    epoch: number,
    negatives: number,
    step: number,
    table: number,
    seed: number,
  ): void;
  fftColumns(
    grids: number,
    parts: number,
    side: number,
    length: number,
    spectrum: number,
    roots: number,
    scratch: number,
  ): void;
  fftRows(
    spectrum: number,
    side: number,
    length: number,
    kernel: number,
    gains: number,
    apply: number,
    roots: number,
    scratch: number,
  ): void;
  fftColumnsBack(
    spectrum: number,
    side: number,
    length: number,
    grid: number,
    scale: number,
    roots: number,
    scratch: number,
  ): void;
  tsneSpread(
    positions: number,
    points: number,
    parts: number,
    grids: number,
    side: number,
    cornerX: number,
    cornerY: number,
    cells: number,
  ): void;
  tsneRepel(
    positions: number,
    potential: number,
    side: number,
    cornerX: number,
    cornerY: number,
    cells: number,
    forces: number,
    sums: number,
    chunk: number,
  ): void;
  tsneMove(
    first: number,
    others: number,
    weights: number,
    from: number,
    to: number,
    forces: number,
    motion: number,
    attraction: number,
    repulsion: number,
    rate: number,
    momentum: number,
    bounds: number,
    chunk: number,
  ): void;
  planeRanks(
    data: number,
    rows: number,
    stride: number,
    norms: number,
    positions: number,
    list: number,
    k: number,
    ranks: number,
    scratch: number,
  ): void;
}

/** Every function of the module, range kernels with begin, end and thread in front. */
export type KernelModule = KernelFunctions & {
  [K in keyof RangeFunctions]: (
    begin: number,
    end: number,
    thread: number,
    ...rest: Parameters<RangeFunctions[K]>
  ) => void;
};
