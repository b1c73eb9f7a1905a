import { WinnowError } from "../core/errors.ts";
import { decodingProblem, isLarge, looked, refusal, type Unreadable } from "../core/image/readProblem.ts";
import type { Sniffed } from "../core/image/sniff.ts";
import { bitmapOf } from "./bitmap.ts";

/** A file's image, decoded at full size. */
export interface OpenedImage {
  /** The file. */
  buffer: ArrayBuffer;
  /** Upright; closed when the work on it is done. */
  bitmap: ImageBitmap;
  sniffed: Sniffed;
}

/**
 * Opens one image, looks at it, and closes it. Headers and structure are looked at before anything is decoded.
 * @throws WinnowError `permission`, `vanished` when the file itself cannot be read
 */
export async function withImage<T>(
  file: Blob,
  path: string,
  look: (image: OpenedImage) => Promise<T>,
): Promise<T | Unreadable> {
  const buffer = await bytesOf(file, path);
  const found = looked(new Uint8Array(buffer), path);
  if (found.kind !== "readable") return found;
  const { sniffed } = found;
  const work = (): Promise<T | Unreadable> => opened(buffer, sniffed, look);
  // Several large images at a time, one a worker, would not fit into memory.
  return await (isLarge(sniffed) ? navigator.locks.request("winnow-large-image", work) : work());
}

async function opened<T>(
  buffer: ArrayBuffer,
  sniffed: Sniffed,
  look: (image: OpenedImage) => Promise<T>,
): Promise<T | Unreadable> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await bitmapOf(buffer, sniffed);
  } catch (error) {
    return decodingProblem(error, new Uint8Array(buffer), sniffed);
  }
  try {
    const { width, height } = bitmap;
    const refused = refusal({ ...sniffed, size: { width, height } });
    if (refused !== null) return { kind: "problem", reason: refused };
    return await look({ buffer, bitmap, sniffed });
  } finally {
    bitmap.close();
  }
}

async function bytesOf(file: Blob, path: string): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "NotAllowedError") {
      throw new WinnowError("permission", `The browser no longer allows reading ${path}.`, { path }, { cause });
    }
    throw new WinnowError(
      "vanished",
      `${path} could not be read: it was moved, deleted or changed.`,
      { path },
      { cause },
    );
  }
}

/** A file's SHA-256, lower-case hex. */
export async function sha256Of(buffer: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", buffer);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
