import type { Kernels } from "../../kernels/load.ts";
import { Blocks } from "../../kernels/memory.ts";

/** Where all points lie. */
export interface Box {
  left: number;
  bottom: number;
  right: number;
  top: number;
}

/** Widest cell, in the layout's units: the kernel 1 / (1 + r²) is smooth on this scale. */
const widestCell = 0.5;
/** Cells that a small layout is cut into at least … */
const fewestCells = 100;
/** … unless they would be narrower than this: then neighbouring lines differ by less than f32 can tell. */
const narrowestCell = 1 / 32;
/** Grid lines beyond the points on either side that their splines reach, and one more. */
const border = 3;
/** Points are spread in this many parts whose sums have a fixed order, whatever the number of threads. */
const parts = 4;
const pointsPerChunk = 512;
/** Overlap of two cubic B-splines whose centres are 0…3 lines apart: the B-spline of degree 7 at whole numbers. */
const splineOverlap = [151 / 315, 397 / 1680, 1 / 42, 1 / 5040];
/** Most grid lines a side; cells grow beyond {@link widestCell} rather than the grid beyond this. */
const mostLines = 3_072;

/**
 * The sum Σ 1 / (1 + r²) over all points, as a potential on a grid: points are spread by cubic B-splines, convolved with
 * the kernel by FFT, and read back by the same splines. Because splines smooth twice, the kernel's spectrum is divided by
 * theirs twice, which makes the result the kernel's spline interpolation.
 */
export class PotentialGrid {
  private lines = 0;
  private cell = 0;
  private buffers: Blocks | null = null;
  private at = { grids: 0, potential: 0, spectrum: 0, kernel: 0, roots: 0, scratch: 0 };
  private readonly sums: number;
  /** What a point sees of itself on the grid, on average over its place in a cell; nearly 1. */
  private selfPotential = 1;

  constructor(
    private readonly kernels: Kernels,
    private readonly points: number,
  ) {
    this.sums = kernels.memory.alloc(8 * Math.ceil(points / pointsPerChunk));
  }

  /**
   * The repulsion on each point, not yet divided by the sum over all pairs.
   * @param positions offset of x, y of each point
   * @param forces offset of where x, y of each force go
   * @returns that sum Σ over all pairs i ≠ j of 1 / (1 + r²)
   */
  repel(positions: number, forces: number, box: Box): number {
    const { kernels, points, sums } = this;
    this.fit(Math.max(box.right - box.left, box.top - box.bottom));
    const { lines, cell, at } = this;
    const cells = 1 / cell;
    const [cornerX, cornerY] = [box.left - border * cell, box.bottom - border * cell];
    kernels.range("tsneSpread", parts, 1, positions, points, parts, at.grids, lines, cornerX, cornerY, cells);
    this.convolve();
    const chunk = pointsPerChunk;
    kernels.range(
      "tsneRepel",
      points,
      chunk,
      positions,
      at.potential,
      lines,
      cornerX,
      cornerY,
      cells,
      forces,
      sums,
      chunk,
    );
    let sum = 0;
    for (const part of kernels.memory.f64(sums, Math.ceil(points / chunk))) sum += part;
    return sum - points * this.selfPotential;
  }

  /** The spread points to the potential. */
  private convolve(): void {
    const { kernels, lines, at } = this;
    const length = 2 * lines;
    kernels.range("fftColumns", lines / 8, 2, at.grids, parts, lines, length, at.spectrum, at.roots, at.scratch);
    const rowGroups = Math.floor(lines / 4) + 1;
    kernels.range("fftRows", rowGroups, 4, at.spectrum, lines, length, at.kernel, 0, 1, at.roots, at.scratch);
    const scale = 1 / length ** 2;
    kernels.range(
      "fftColumnsBack",
      lines / 8,
      2,
      at.spectrum,
      lines,
      length,
      at.potential,
      scale,
      at.roots,
      at.scratch,
    );
  }

  free(): void {
    this.buffers?.free();
    this.kernels.memory.free(this.sums);
  }

  /** Chooses cells and grid for points that span `width`, and prepares the kernel when either changes. */
  private fit(width: number): void {
    let cell = widestCell;
    while (width / cell < fewestCells && cell > narrowestCell) cell /= 2;
    while (Math.ceil(width / cell) + 2 * border + 2 > mostLines) cell *= 2;
    const lines = Math.max(cell === this.cell ? this.lines : 0, linesFor(Math.ceil(width / cell) + 2 * border + 2));
    if (lines === this.lines && cell === this.cell) return;
    if (lines !== this.lines) this.allocate(lines);
    this.lines = lines;
    this.cell = cell;
    this.prepareKernel();
  }

  private allocate(lines: number): void {
    const { memory, threads } = this.kernels;
    const length = 2 * lines;
    this.buffers?.free();
    const buffers = new Blocks(memory);
    this.buffers = buffers;
    this.at = {
      grids: buffers.alloc(4 * parts * lines * lines),
      potential: buffers.alloc(4 * lines * lines),
      spectrum: buffers.alloc(8 * (lines + 4) * lines),
      kernel: buffers.alloc(4 * (lines + 4) * length),
      roots: buffers.alloc(8 * length),
      scratch: buffers.alloc(64 * length * threads),
    };
    const roots = memory.f32(this.at.roots, 2 * length);
    for (let i = 0; i < length; i++) {
      roots[2 * i] = Math.cos((2 * Math.PI * i) / length);
      roots[2 * i + 1] = -Math.sin((2 * Math.PI * i) / length);
    }
  }

  /** The kernel's spectrum over the squared spectrum of the splines, by the same transforms on a full grid. */
  private prepareKernel(): void {
    const { kernels, lines, cell, at } = this;
    const { memory } = kernels;
    const length = 2 * lines;
    const blocks = new Blocks(memory);
    try {
      const grid = blocks.alloc(4 * length * length);
      const spectrum = blocks.alloc(8 * (lines + 4) * length);
      const gains = blocks.alloc(4 * (length + 4));
      const values = memory.f32(grid, length * length);
      for (let y = 0; y < length; y++) {
        const dy = cell * Math.min(y, length - y);
        for (let x = 0; x < length; x++) {
          const dx = cell * Math.min(x, length - x);
          values[y * length + x] = 1 / (1 + dx * dx + dy * dy);
        }
      }
      const gain = memory.f32(gains, length + 4);
      for (let k = 0; k < length; k++) gain[k] = 1 / (2 / 3 + Math.cos((2 * Math.PI * k) / length) / 3) ** 2;
      kernels.range("fftColumns", length / 8, 2, grid, 1, length, length, spectrum, at.roots, at.scratch);
      const rowGroups = Math.floor(lines / 4) + 1;
      kernels.range("fftRows", rowGroups, 4, spectrum, length, length, at.kernel, gains, 0, at.roots, at.scratch);
    } finally {
      blocks.free();
    }
    this.measureSelfPotential();
  }

  /** A point in the middle of the grid, and how two of its splines meet, averaged over its place in a cell. */
  private measureSelfPotential(): void {
    const { lines, at } = this;
    const { memory } = this.kernels;
    const grid = memory.f32(at.grids, parts * lines * lines).fill(0);
    const middle = (lines / 2) * lines + lines / 2;
    grid[middle] = 1;
    this.convolve();
    const potential = memory.f32(at.potential, lines * lines);
    this.selfPotential = 0;
    for (let y = -3; y <= 3; y++) {
      for (let x = -3; x <= 3; x++) {
        const overlap = splineOverlap[Math.abs(x)]! * splineOverlap[Math.abs(y)]!;
        this.selfPotential += overlap * potential[middle + y * lines + x]!;
      }
    }
  }
}

/** The least number ≥ `wanted` of the form 2ᵃ or 3 · 2ᵃ, at least 64: a length the transforms take, in groups of 8. */
function linesFor(wanted: number): number {
  let lines = 64;
  for (;;) {
    if (lines >= wanted) return lines;
    if (lines * 1.5 >= wanted) return lines * 1.5;
    lines *= 2;
  }
}
