import { modelInput, reduceFactor } from "../image/modelInput.ts";
import type { Pixels } from "../image/resample.ts";

/** A rectangle of whole pixels inside an image. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * What a model sees of an object: the square around its box, as far as the image reaches, so that no side of it is cut
 * off and its shape stays as it is. Where the image is too narrow for the square, the region is not square.
 * @param box x, y, width, height in pixels of the upright image
 */
export function objectRegion(box: ArrayLike<number>, imageWidth: number, imageHeight: number): Region {
  const [x, y, width, height] = [box[0]!, box[1]!, box[2]!, box[3]!];
  const side = Math.max(1, Math.round(Math.max(width, height)));
  const along = (start: number, length: number, whole: number): [number, number] => {
    const size = Math.min(side, whole);
    const from = Math.round(start + length / 2 - size / 2);
    return [Math.max(0, Math.min(whole - size, from)), size];
  };
  const [left, regionWidth] = along(x, width, imageWidth);
  const [top, regionHeight] = along(y, height, imageHeight);
  return { left, top, width: regionWidth, height: regionHeight };
}

/** The whole factor by which a region may be box-averaged before its last resize. */
export const regionFactor = ({ width, height }: Region, size: number): number => reduceFactor(width, height, size);

/**
 * The model's input of a region: all of it, squeezed where it is not square.
 * @param pixels the region, after a box reduction by {@link regionFactor}
 * @returns interleaved RGB, size · size · 3 bytes
 */
export const objectInput = (pixels: Pixels, region: Region, size: number): Uint8Array =>
  modelInput(pixels, region.width, region.height, regionFactor(region, size), { size, resize: "squash" });
