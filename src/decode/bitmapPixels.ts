import { BoxReducer } from "../core/image/boxReduce.ts";
import type { Pixels } from "../core/image/resample.ts";
import type { Region } from "../core/objects/objectRegion.ts";

/** Pixels read back at a time (16 MB of RGBA), so that a huge image never exists twice in memory. */
const bandPixels = 4_000_000;

/**
 * The pixels of a part of a bitmap, on white, box-averaged by a whole factor; a small part in one piece, a large one band
 * by band.
 * @param onBand gets every band before it is reduced
 */
export function readPixels(
  bitmap: ImageBitmap,
  { left, top, width, height }: Region,
  factor: number,
  onBand: (band: Pixels) => void = () => undefined,
): Pixels {
  const rows = Math.min(height, Math.max(1, Math.floor(bandPixels / width)));
  const context = canvasContext(width, rows, true);
  const reducer = factor > 1 || rows < height ? new BoxReducer(width, height, factor) : null;
  let whole: Pixels | null = null;
  for (let row = 0; row < height; row += rows) {
    const count = Math.min(rows, height - row);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, count);
    context.drawImage(bitmap, -left, -(top + row));
    const band: Pixels = { data: context.getImageData(0, 0, width, count).data, width, height: count, channels: 4 };
    onBand(band);
    reducer?.addBand(band);
    whole = band;
  }
  return reducer?.finish() ?? whole!;
}

export function canvasContext(width: number, height: number, readBack: boolean): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext("2d", { alpha: false, willReadFrequently: readBack });
  if (context === null) throw new Error(`no 2-D canvas of ${width} × ${height}`);
  return context;
}
