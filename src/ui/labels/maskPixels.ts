import type { Shape } from "../../core/annotations/annotationSet.ts";

/** 1 where a mask is, row by row, at a size that is enough for the screen. */
export interface MaskPixels {
  width: number;
  height: number;
  inside: Uint8Array;
}

/** The mask with at most `most` pixels a side: each stands for the one in the middle of what it covers. */
export function maskPixels({ width, height, counts }: Extract<Shape, { kind: "runs" }>, most: number): MaskPixels {
  const scale = Math.min(1, most / Math.max(width, height, 1));
  const wide = Math.max(1, Math.round(width * scale));
  const high = Math.max(1, Math.round(height * scale));
  const inside = new Uint8Array(wide * high);
  /** The first column whose middle is at or after a pixel of the mask. */
  const columnAt = (x: number): number => Math.min(wide, Math.max(0, Math.ceil((x * wide) / width - 0.5)));
  const lineOf = new Int32Array(height).fill(-1);
  for (let y = 0; y < high; y++) lineOf[Math.min(height - 1, Math.floor(((y + 0.5) * height) / high))] = y;
  let at = 0;
  let isInside = false;
  for (const count of counts) {
    const end = Math.min(at + count, width * height);
    for (let from = at; isInside && from < end; ) {
      const y = Math.floor(from / width);
      const to = Math.min(end, (y + 1) * width);
      const line = lineOf[y]!;
      if (line >= 0) inside.fill(1, line * wide + columnAt(from - y * width), line * wide + columnAt(to - y * width));
      from = to;
    }
    at += count;
    isInside = !isInside;
  }
  return { width: wide, height: high, inside };
}
