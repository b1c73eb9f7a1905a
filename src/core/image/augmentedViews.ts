import { Random } from "../random.ts";
import { type Box, type Pixels, resizeBicubic } from "./resample.ts";

/** Views that are made of an image to fit a head with (numerics.md, step 7). */
export const viewsPerImage = 4;

/** Which views of an image: the same seed gives the same ones. */
export interface ViewsWanted {
  count: number;
  seed: number;
}

/** Share of the image's area that a view shows. */
const area = { least: 0.3, most: 1 };
/** Width to height of what a view shows. */
const aspect = { least: 3 / 4, most: 4 / 3 };
const brightness = { least: 0.75, most: 1.25 };
const saturation = { least: 0.4, most: 1.6 };
/** Turns of the colour circle: 36°. */
const hue = { least: -0.1, most: 0.1 };
/** Luma of R, G and B (ITU-R BT.601). */
const luma = [0.299, 0.587, 0.114] as const;
/** Crops that do not fit into the image are drawn again so often. */
const attempts = 10;

type Range = Readonly<{ least: number; most: number }>;
const within = (random: Random, { least, most }: Range): number => least + (most - least) * random.float();

/**
 * Views of an image as a camera might have taken them of the same thing: a part of it in random proportions, perhaps
 * mirrored, brighter or darker, in stronger or weaker and in shifted colours.
 * @param width of the image in the units of `pixels`; fractions are allowed
 * @returns interleaved RGB of each view in turn, count · size · size · 3 bytes
 */
export function augmentedViews(
  pixels: Pixels,
  width: number,
  height: number,
  size: number,
  { count, seed }: ViewsWanted,
): Uint8Array {
  const random = new Random(seed);
  const bytes = size * size * 3;
  const out = new Uint8Array(count * bytes);
  for (let i = 0; i < count; i++) {
    const view = resizeBicubic(pixels, randomCrop(random, width, height), size, size);
    if (random.below(2) === 1) mirror(view, size);
    recolour(view, {
      brightness: within(random, brightness),
      saturation: within(random, saturation),
      hue: within(random, hue),
    });
    out.set(view, i * bytes);
  }
  return out;
}

/** A part of random area, proportions and place; proportions are even in their logarithm, so that none is preferred. */
export function randomCrop(random: Random, width: number, height: number): Box {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const share = width * height * within(random, area);
    const ratio = Math.exp(within(random, { least: Math.log(aspect.least), most: Math.log(aspect.most) }));
    const [across, down] = [Math.sqrt(share * ratio), Math.sqrt(share / ratio)];
    if (across > width || down > height) continue;
    const left = (width - across) * random.float();
    return { left, top: (height - down) * random.float(), width: across, height: down };
  }
  // A strip: its middle, in the nearest proportions that are allowed.
  const ratio = Math.min(aspect.most, Math.max(aspect.least, width / height));
  const [across, down] = [Math.min(width, height * ratio), Math.min(height, width / ratio)];
  return { left: (width - across) / 2, top: (height - down) / 2, width: across, height: down };
}

/** Mirrors a square in place. */
function mirror(rgb: Uint8Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let left = row * size, right = left + size - 1; left < right; left++, right--) {
      for (let c = 0; c < 3; c++) {
        const kept = rgb[3 * left + c]!;
        rgb[3 * left + c] = rgb[3 * right + c]!;
        rgb[3 * right + c] = kept;
      }
    }
  }
}

/** How colours are changed: factors, and turns of the colour circle. */
export interface ColourChange {
  brightness: number;
  saturation: number;
  hue: number;
}

/** Changes colours in place: first brightness, then saturation around the pixel's grey, then hue. */
export function recolour(rgb: Uint8Array, change: ColourChange): void {
  for (let i = 0; i < rgb.length; i += 3) {
    const [r, g, b] = [rgb[i]!, rgb[i + 1]!, rgb[i + 2]!].map((value) => Math.min(255, value * change.brightness)) as [
      number,
      number,
      number,
    ];
    const grey = luma[0] * r + luma[1] * g + luma[2] * b;
    const stronger = (value: number): number => Math.min(255, Math.max(0, grey + (value - grey) * change.saturation));
    turnHue(rgb, i, stronger(r), stronger(g), stronger(b), change.hue);
  }
}

/** Writes a colour whose hue is turned: its largest and smallest channel stay as large and small (HSV). */
function turnHue(rgb: Uint8Array, at: number, r: number, g: number, b: number, turns: number): void {
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  const spread = most - least;
  // Sixths of the circle: red 0, green 2, blue 4.
  let sixths = 0;
  if (spread > 0) {
    if (most === r) sixths = (g - b) / spread;
    else if (most === g) sixths = (b - r) / spread + 2;
    else sixths = (r - g) / spread + 4;
  }
  for (let c = 0; c < 3; c++) {
    // How far the channel's own hue is from the colour's: it is the largest within 1, the smallest beyond 2.
    const away = (((sixths + 6 * turns - 2 * c) % 6) + 6) % 6;
    const near = Math.min(away, 6 - away);
    rgb[at + c] = Math.round(most - spread * Math.min(1, Math.max(0, near - 1)));
  }
}
