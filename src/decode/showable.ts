import { isPlainCmyk } from "../core/image/jpegHeader.ts";
import { sniff } from "../core/image/sniff.ts";
import { webpOrientation } from "../core/image/webpOrientation.ts";

/** A JPEG's colours stand near its front; only this much is searched. */
const searchedBytes = 1_000_000;

/** Whether a browser shows a file not at all, or in wrong colours or the wrong way round. */
export async function needsOwnDecoder(file: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, searchedBytes).arrayBuffer());
  switch (sniff(bytes)?.format) {
    case "tiff":
    case "heic":
      return true;
    case "jpeg":
      return isPlainCmyk(bytes);
    case "webp":
      // EXIF lies behind the picture; a bit near the front says whether there is any.
      return ((bytes[20] ?? 0) & 8) !== 0 && webpOrientation(new Uint8Array(await file.arrayBuffer())) !== 1;
    default:
      return false;
  }
}
