import { quantiles } from "../../core/quantiles.ts";

/** Steps of the scale: more than eyes tell apart. */
export const scaleSteps = 32;

/** Rows coloured by a number. */
export interface Scale {
  /** Step 0 … scaleSteps − 1 by row; scaleSteps: no value. */
  ofRow: Uint8Array;
  /** What the ends and the middle of the scale stand for: 1st and 99th percentile, so that a stray value hides nothing. */
  least: number;
  median: number;
  most: number;
  /** Rows without a value. */
  none: number;
}

/** @param values by row; NaN, or past the end: no value */
export function scaleOf(values: ArrayLike<number>, rows: number): Scale {
  const known: number[] = [];
  for (let row = 0; row < rows; row++) if (Number.isFinite(values[row])) known.push(values[row]!);
  const [least = 0, median = 0, most = 0] = quantiles(Float64Array.from(known), [0.01, 0.5, 0.99]);
  const width = most > least ? (most - least) / scaleSteps : 1;
  const ofRow = new Uint8Array(rows).fill(scaleSteps);
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (!Number.isFinite(value)) continue;
    ofRow[row] = Math.max(0, Math.min(scaleSteps - 1, Math.floor((value - least) / width)));
  }
  return { ofRow, least, median, most, none: rows - known.length };
}

/**
 * Colours from dark violet over green to yellow as hex. Lightness grows evenly (in OKLCH, Björn Ottosson 2020), so that
 * the order can be read without seeing hues, and neither end is lost on a dark or a white ground.
 */
export const scaleColours: readonly string[] = Array.from({ length: scaleSteps }, (_, step) => {
  const t = step / (scaleSteps - 1);
  return oklchToHex(0.44 + 0.43 * t, 0.15, 295 - 195 * t);
});

function oklchToHex(lightness: number, chroma: number, hueDegrees: number): string {
  const hue = (hueDegrees * Math.PI) / 180;
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const byte = (value: number): string => {
    const clipped = Math.max(0, Math.min(1, value));
    const gamma = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(gamma * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${linear.map(byte).join("")}`;
}
