/** A turn must make the layout at least this much larger: a cloud that is as wide as high stays as it is. */
const worthTurning = 1.1;
const anglesTried = 36;
/** Enough points to find the best angle; the frame itself is taken from all of them. */
const sampledPoints = 4000;

interface Frame {
  cos: number;
  sin: number;
  x: number;
  y: number;
  scale: number;
}

/**
 * Turns, centres and scales a layout (x, y pairs) so that it fills a panel of an aspect (width over height): the axes
 * of a map mean nothing, only its neighbourhoods do, and those are kept. The shorter side of the panel is −1…1, the
 * longer one as much more as it is longer. The given layout is not changed; without points an empty one is returned.
 */
export function framed(xy: Float32Array, aspect: number): Float32Array {
  const room = { x: Math.max(1, aspect), y: Math.max(1, 1 / aspect) };
  const sampleStep = Math.max(1, Math.floor(xy.length / 2 / sampledPoints));
  let bestAngle = 0;
  let bestScale = frameAt(xy, 0, sampleStep, room).scale * worthTurning;
  for (let i = 1; i < anglesTried; i++) {
    // 5°, −5°, 10°, …: of equally good angles the smallest, so that a map that grows does not spin.
    const angle = (Math.ceil(i / 2) * (i % 2 === 1 ? 1 : -1) * Math.PI) / anglesTried;
    const { scale } = frameAt(xy, angle, sampleStep, room);
    if (scale > bestScale) [bestScale, bestAngle] = [scale, angle];
  }
  const { cos, sin, x, y, scale } = frameAt(xy, bestAngle, 1, room);
  const out = new Float32Array(xy.length);
  for (let i = 0; i < xy.length; i += 2) {
    const px = xy[i]!;
    const py = xy[i + 1]!;
    out[i] = (px * cos - py * sin - x) * scale;
    out[i + 1] = (px * sin + py * cos - y) * scale;
  }
  return out;
}

/** The box around every `step`-th point after a turn, and how far it can be enlarged within the room. */
function frameAt(xy: Float32Array, angle: number, step: number, room: { x: number; y: number }): Frame {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let [left, right, bottom, top] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let i = 0; i < xy.length; i += 2 * step) {
    const x = xy[i]! * cos - xy[i + 1]! * sin;
    const y = xy[i]! * sin + xy[i + 1]! * cos;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  const scale = Math.min((2 * room.x) / (right - left), (2 * room.y) / (top - bottom));
  return {
    cos,
    sin,
    x: (left + right) / 2,
    y: (bottom + top) / 2,
    // One point, or all in one place, has no extent to fill.
    scale: Number.isFinite(scale) ? scale : 1,
  };
}
