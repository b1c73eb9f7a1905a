/** Cells on each side of the grid: finer than a contour's wobble that an eye would notice. */
const side = 128;
/** Standard deviation of the kernel as a share of the layout's width: wide enough to join the points of a cluster. */
const bandwidth = 0.02;

/** How many points lie around every place of a layout. */
export interface DensityGrid {
  /** Points per cell after smoothing, f64 side × side, row-major, first row at the least y. */
  cells: Float64Array;
  side: number;
  left: number;
  bottom: number;
  /** Layout units a cell. */
  step: number;
}

/**
 * A kernel density estimate of a layout on a square grid: counts, smoothed three times by a box, which is nearly a
 * Gaussian. Takes time in proportion to the number of points plus that of the cells.
 * @param points x, y pairs
 */
export function densityGrid(points: Float32Array): DensityGrid {
  let [left, right, bottom, top] = [0, 0, 0, 0];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    if (i === 0) [left, right, bottom, top] = [x, x, y, y];
    if (x < left) left = x;
    else if (x > right) right = x;
    if (y < bottom) bottom = y;
    else if (y > top) top = y;
  }
  const width = Math.max(right - left, top - bottom) || 1;
  const margin = 3 * bandwidth * width;
  const step = (width + 2 * margin) / side;
  const grid: DensityGrid = {
    cells: new Float64Array(side * side),
    side,
    left: left - margin,
    bottom: bottom - margin,
    step,
  };
  for (let i = 0; i < points.length; i += 2) grid.cells[cellOf(grid, points[i]!, points[i + 1]!)]!++;
  const radius = Math.max(1, Math.round((bandwidth * width) / step));
  for (let pass = 0; pass < 3; pass++) {
    boxBlur(grid.cells, 1, side, radius);
    boxBlur(grid.cells, side, 1, radius);
  }
  return grid;
}

/** The density at each point of the layout that the grid was made of. */
export function densityOf(grid: DensityGrid, points: Float32Array): Float32Array {
  return Float32Array.from(
    { length: points.length / 2 },
    (_, row) => grid.cells[cellOf(grid, points[row * 2]!, points[row * 2 + 1]!)]!,
  );
}

/**
 * Lines of equal density by marching squares.
 * @returns for each level the segments x0, y0, x1, y1 in layout units, in no order
 */
export function contours(
  { cells, side: n, left, bottom, step }: DensityGrid,
  levels: readonly number[],
): Float32Array[] {
  return levels.map((level) => {
    const segments: number[] = [];
    for (let row = 0; row + 1 < n; row++) {
      for (let col = 0; col + 1 < n; col++) {
        const at = row * n + col;
        const corners = [cells[at]!, cells[at + 1]!, cells[at + n + 1]!, cells[at + n]!];
        const crossings: [number, number][] = [];
        for (let edge = 0; edge < 4; edge++) {
          const [from, to] = [corners[edge]!, corners[(edge + 1) % 4]!];
          if (from >= level === to >= level) continue;
          const share = (level - from) / (to - from);
          const [dx, dy] = [
            [share, 0],
            [1, share],
            [1 - share, 1],
            [0, 1 - share],
          ][edge] as [number, number];
          // A cell stands for its middle.
          crossings.push([left + (col + dx + 0.5) * step, bottom + (row + dy + 0.5) * step]);
        }
        for (let i = 0; i + 1 < crossings.length; i += 2) segments.push(...crossings[i]!, ...crossings[i + 1]!);
      }
    }
    return Float32Array.from(segments);
  });
}

function cellOf({ side: n, left, bottom, step }: DensityGrid, x: number, y: number): number {
  const col = Math.max(0, Math.min(n - 1, Math.floor((x - left) / step)));
  const row = Math.max(0, Math.min(n - 1, Math.floor((y - bottom) / step)));
  return row * n + col;
}

/** Replaces every cell by the mean of 2 · radius + 1 along one direction; outside there is nothing. */
function boxBlur(cells: Float64Array, along: number, across: number, radius: number): void {
  const line = new Float64Array(side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) line[j] = cells[i * across + j * along]!;
    let sum = 0;
    for (let j = -radius; j < side; j++) {
      sum += (line[j + radius] ?? 0) - (line[j - radius - 1] ?? 0);
      if (j >= 0) cells[i * across + j * along] = sum / (2 * radius + 1);
    }
  }
}
