/** Larger masks are damage: 268 million pixels. */
const mostPixels = 1 << 28;

/** A mask as run lengths, beginning with zeros. */
export interface Runs {
  width: number;
  height: number;
  counts: Uint32Array;
}

/**
 * The counts of COCO's compressed masks: five bits a character from “0” on, the sixth says that more follow, the sign
 * is extended, and from the fourth count on each is the difference to the one two before (COCO API, `rleFrString`).
 * Null when the text is none.
 */
export function countsFromText(text: string): number[] | null {
  const counts: number[] = [];
  for (let i = 0; i < text.length; ) {
    let value = 0;
    let shift = 0;
    for (;;) {
      const bits = text.charCodeAt(i++) - 48;
      if (!(bits >= 0 && bits < 64) || shift > 30) return null;
      value |= (bits & 0x1f) << shift;
      shift += 5;
      if ((bits & 0x20) !== 0) continue;
      if ((bits & 0x10) !== 0 && shift < 32) value |= -1 << shift;
      break;
    }
    if (counts.length > 2) value += counts[counts.length - 2]!;
    if (value < 0) return null;
    counts.push(value);
  }
  return counts;
}

/** The counterpart of {@link countsFromText}. */
export function countsAsText(counts: ArrayLike<number>): string {
  let text = "";
  for (let i = 0; i < counts.length; i++) {
    let value = i > 2 ? counts[i]! - counts[i - 2]! : counts[i]!;
    for (let more = true; more; ) {
      let bits = value & 0x1f;
      value >>= 5;
      more = (bits & 0x10) !== 0 ? value !== -1 : value !== 0;
      if (more) bits |= 0x20;
      text += String.fromCharCode(bits + 48);
    }
  }
  return text;
}

/** Why counts are no mask of this size; "" when they are. */
export function runsProblem(counts: ArrayLike<number>, width: number, height: number): string {
  const pixels = width * height;
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || !(pixels > 0 && pixels <= mostPixels)) {
    return `its mask has the size ${width} × ${height}`;
  }
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    if (!Number.isSafeInteger(counts[i]!) || counts[i]! < 0) return "its mask has a length that is no whole number";
    sum += counts[i]!;
  }
  return sum === pixels ? "" : `its mask has ${sum} pixels, not ${width} × ${height}`;
}

/**
 * Run lengths by column as run lengths by row, and back with `width` and `height` exchanged. Only the part of the mask
 * between its first and last pixel is drawn.
 */
export function transposedRuns(counts: ArrayLike<number>, width: number, height: number): Uint32Array {
  const bounds = columnBounds(counts, height);
  if (bounds === null) return Uint32Array.of(width * height);
  const { left, right, top, bottom } = bounds;
  const wide = right - left + 1;
  const tall = bottom - top + 1;
  const drawn = new Uint8Array(wide * tall);
  forEachRun(counts, (start, end) => {
    for (let at = start; at < end; at++) drawn[((at % height) - top) * wide + (Math.floor(at / height) - left)] = 1;
  });
  const out: number[] = [];
  let inside = false;
  let since = 0;
  const turn = (at: number): void => {
    out.push(at - since);
    since = at;
    inside = !inside;
  };
  for (let y = 0; y < tall; y++) {
    for (let x = 0; x < wide; x++) {
      if ((drawn[y * wide + x] === 1) !== inside) turn((y + top) * width + x + left);
    }
    // Beyond the drawn part there is nothing; where it is as wide as the mask a run may go on in the next row.
    if (inside && (wide < width || y === tall - 1)) turn((y + top) * width + right + 1);
  }
  if (since < width * height) out.push(width * height - since);
  return Uint32Array.from(out);
}

/** x, y, width, height around the pixels of a mask by row; null: it is empty. */
export function boxOfRuns({ counts, width }: Runs): number[] | null {
  const bounds = columnBounds(counts, width);
  if (bounds === null) return null;
  // Rows take the place of columns.
  const { left: top, right: bottom, top: left, bottom: right } = bounds;
  return [left, top, right - left + 1, bottom - top + 1];
}

/** Calls with the first and the place after the last pixel of every run of ones. */
export function forEachRun(counts: ArrayLike<number>, onRun: (start: number, end: number) => void): void {
  let at = 0;
  for (let i = 0; i < counts.length; i++) {
    if (i % 2 === 1 && counts[i]! > 0) onRun(at, at + counts[i]!);
    at += counts[i]!;
  }
}

interface Bounds {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Of a mask by column of this height, all ends inclusive; null: it is empty. */
function columnBounds(counts: ArrayLike<number>, height: number): Bounds | null {
  const bounds = { left: Infinity, right: -1, top: Infinity, bottom: -1 };
  forEachRun(counts, (start, end) => {
    const first = Math.floor(start / height);
    const last = Math.floor((end - 1) / height);
    bounds.left = Math.min(bounds.left, first);
    bounds.right = Math.max(bounds.right, last);
    bounds.top = first === last ? Math.min(bounds.top, start % height) : 0;
    bounds.bottom = Math.max(bounds.bottom, first === last ? (end - 1) % height : height - 1);
  });
  return bounds.right < 0 ? null : bounds;
}
