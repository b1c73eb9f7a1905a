/** What part of the layout is seen: its middle in layout units (−1…1) and CSS pixels a unit. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Room left around the layout, as a share of the shorter side. */
const margin = 0.06;
/** From half the fitted size to a hundred times. */
const scaleRange = { least: 0.5, most: 100 };

export const fittedScale = ({ width, height }: Size): number => Math.max(1, Math.min(width, height) * (0.5 - margin));

/** The whole layout in the middle. */
export const fitted = (size: Size): Camera => ({ x: 0, y: 0, scale: fittedScale(size) });

/** Screen y points down, layout y up. */
export const toScreen = (
  { x, y, scale }: Camera,
  { width, height }: Size,
  px: number,
  py: number,
): [number, number] => [width / 2 + (px - x) * scale, height / 2 - (py - y) * scale];

export const toLayout = (
  { x, y, scale }: Camera,
  { width, height }: Size,
  sx: number,
  sy: number,
): [number, number] => [x + (sx - width / 2) / scale, y - (sy - height / 2) / scale];

/** Moves the layout with the pointer by CSS pixels. */
export const panned = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / camera.scale,
  y: camera.y + dy / camera.scale,
});

/** Zooms so that what is under a screen position stays there. */
export function zoomed(camera: Camera, size: Size, factor: number, sx: number, sy: number): Camera {
  const fit = fittedScale(size);
  const scale = Math.min(fit * scaleRange.most, Math.max(fit * scaleRange.least, camera.scale * factor));
  const [px, py] = toLayout(camera, size, sx, sy);
  return { x: px - (sx - size.width / 2) / scale, y: py + (sy - size.height / 2) / scale, scale };
}

/** The same part of the layout after the panel has changed its size. */
export const resized = (camera: Camera, from: Size, to: Size): Camera => ({
  ...camera,
  scale: camera.scale * (fittedScale(to) / fittedScale(from)),
});

/** The camera that shows some rows as large as they fit, one alone at a sixteenth of the whole; null without rows. */
export function aroundRows(points: Float32Array, rows: Iterable<number>, size: Size): Camera | null {
  let [left, right, bottom, top] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const row of rows) {
    const [x, y] = [points[row * 2], points[row * 2 + 1]];
    if (x === undefined || y === undefined) continue;
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  if (left > right) return null;
  const fit = fittedScale(size);
  const room = 1 - 2 * margin;
  const scale = Math.min((size.width * room) / (right - left), (size.height * room) / (top - bottom), fit * 16);
  return { x: (left + right) / 2, y: (bottom + top) / 2, scale: Math.max(fit * scaleRange.least, scale) };
}
