import { objectInput, objectRegion, regionFactor } from "../core/objects/objectRegion.ts";
import type { CropOutcome, CropRequest } from "../protocol/decoding.ts";
import { readPixels } from "./bitmapPixels.ts";
import { sha256Of, withImage } from "./openImage.ts";

/** The model's inputs of objects of one image, from a single decode at full size. Rejects as `decode`. */
export async function crops({ file, path, size, boxes }: CropRequest): Promise<CropOutcome> {
  return await withImage(file, path, async ({ buffer, bitmap }): Promise<CropOutcome> => {
    const { width, height } = bitmap;
    const bytes = size * size * 3;
    const rgb = new Uint8Array((boxes.length / 4) * bytes);
    for (let i = 0; i < boxes.length / 4; i++) {
      const region = objectRegion(boxes.subarray(4 * i, 4 * i + 4), width, height);
      const factor = regionFactor(region, size);
      rgb.set(objectInput(readPixels(bitmap, region, factor), region, size), i * bytes);
    }
    return { kind: "crops", sha256: await sha256Of(buffer), rgb };
  });
}
