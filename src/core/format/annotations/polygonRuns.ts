/**
 * The pixels whose centre lies inside of some rings (x, y in turn; even-odd rule), as run lengths by row that begin with
 * zeros.
 */
export function polygonRuns(rings: readonly Float32Array[], width: number, height: number): Uint32Array {
  const counts: number[] = [];
  let at = 0;
  for (let y = 0; y < height; y++) {
    const crossings = crossingsAt(rings, y + 0.5);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.min(width, Math.max(0, Math.ceil(crossings[i]! - 0.5)));
      const to = Math.min(width, Math.max(0, Math.ceil(crossings[i + 1]! - 0.5)));
      if (to <= from) continue;
      const start = y * width + from;
      if (start === at && counts.length > 0) counts[counts.length - 1]! += to - from;
      else counts.push(start - at, to - from);
      at = y * width + to;
    }
  }
  if (at < width * height) counts.push(width * height - at);
  return Uint32Array.from(counts);
}

/** Ascending x at which a horizontal line crosses the rings. */
function crossingsAt(rings: readonly Float32Array[], y: number): number[] {
  const crossings: number[] = [];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const next = (i + 2) % ring.length;
      const [x1, y1, x2, y2] = [ring[i]!, ring[i + 1]!, ring[next]!, ring[next + 1]!];
      if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
    }
  }
  return crossings.sort((a, b) => a - b);
}
