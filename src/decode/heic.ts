import { WinnowError } from "../core/errors.ts";
import { refusal } from "../core/image/readProblem.ts";
import type { Pixels } from "../core/image/resample.ts";

/** What is used of libheif; a result with a `code` other than success is an error. Its own types leave much open. */
interface Libheif {
  readonly HEAPU8: Uint8Array;
  readonly heif_colorspace: { heif_colorspace_RGB: unknown };
  readonly heif_chroma: { heif_chroma_interleaved_RGBA: unknown };
  heif_context_alloc(): object;
  heif_context_free(context: object): void;
  heif_context_read_from_memory(context: object, bytes: Uint8Array): Failure;
  heif_js_context_get_primary_image_handle(context: object): object | Failure;
  heif_image_handle_release(handle: object): void;
  heif_image_handle_get_width(handle: object): number;
  heif_image_handle_get_height(handle: object): number;
  heif_image_handle_is_premultiplied_alpha(handle: object): number;
  heif_js_decode_image2(handle: object, colours: unknown, layout: unknown): Decoded | Failure;
  heif_image_release(image: object): void;
}

interface Failure {
  code: { value: number };
  message?: string;
}

interface Decoded {
  image: object;
  channels: { width: number; height: number; stride: number; data: Uint8Array }[];
}

/** A heap that an image has grown beyond this is given back: WebAssembly's memory never shrinks by itself. */
const largestHeap = 300_000_000;

let loaded: Promise<Libheif> | null = null;

/**
 * The main picture of a HEIC file as RGBA on white, its rotations applied. The decoder (libheif, LGPL, a file of its own)
 * is loaded with the first one.
 * @param wasm reads libheif.wasm
 * @throws WinnowError `unreadable` with the reason for a person
 */
export async function decodeHeic(bytes: Uint8Array, wasm: () => Promise<ArrayBuffer>): Promise<Pixels> {
  loaded ??= load(wasm);
  let libheif: Libheif;
  try {
    libheif = await loaded;
  } catch (cause) {
    loaded = null;
    throw new WinnowError("unreadable", "The decoder for HEIC could not be loaded. Try again.", {}, { cause });
  }
  try {
    return decodeWith(libheif, bytes);
  } finally {
    if (libheif.HEAPU8.length > largestHeap) loaded = null;
  }
}

async function load(wasm: () => Promise<ArrayBuffer>): Promise<Libheif> {
  const [{ default: create }, wasmBinary] = await Promise.all([import("libheif-js/libheif-wasm/libheif.js"), wasm()]);
  return create({ wasmBinary }) as unknown as Libheif;
}

function decodeWith(libheif: Libheif, bytes: Uint8Array): Pixels {
  const context = libheif.heif_context_alloc();
  let handle: object | null = null;
  try {
    succeeded(libheif.heif_context_read_from_memory(context, bytes));
    handle = succeeded(libheif.heif_js_context_get_primary_image_handle(context));
    const size = {
      width: libheif.heif_image_handle_get_width(handle),
      height: libheif.heif_image_handle_get_height(handle),
    };
    const refused = refusal({ format: "heic", size });
    if (refused) throw new WinnowError("too-large", refused);
    return pixelsOf(libheif, handle);
  } finally {
    if (handle !== null) libheif.heif_image_handle_release(handle);
    libheif.heif_context_free(context);
  }
}

function pixelsOf(libheif: Libheif, handle: object): Pixels {
  const { heif_colorspace: colours, heif_chroma: layouts } = libheif;
  const { image, channels } = succeeded(
    libheif.heif_js_decode_image2(handle, colours.heif_colorspace_RGB, layouts.heif_chroma_interleaved_RGBA),
  );
  const multiplied = libheif.heif_image_handle_is_premultiplied_alpha(handle) !== 0;
  try {
    const [{ width, height, stride, data }] = channels as [Decoded["channels"][0]];
    const out = new Uint8ClampedArray(width * height * 4);
    for (let y = 0; y < height; y++) out.set(data.subarray(y * stride, y * stride + width * 4), y * width * 4);
    putOnWhite(out, multiplied);
    return { data: out, width, height, channels: 4 };
  } finally {
    libheif.heif_image_release(image);
  }
}

function putOnWhite(rgba: Uint8ClampedArray, multiplied: boolean): void {
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!;
    if (alpha === 255) continue;
    const strength = multiplied ? 1 : alpha / 255;
    for (let c = 0; c < 3; c++) rgba[i + c] = rgba[i + c]! * strength + 255 - alpha;
    rgba[i + 3] = 255;
  }
}

/** @throws WinnowError `unreadable` for an error of libheif */
function succeeded<T extends object>(result: T | Failure): T {
  const { code, message = "" } = result as Failure;
  if (code === undefined || code.value === 0) return result as T;
  const cut = /end of file|outside of file/i.test(message);
  throw new WinnowError(
    "unreadable",
    cut
      ? "The HEIC is cut off: its end is missing. Copy the file again from its source."
      : `The HEIC is damaged or of a kind that cannot be decoded (${message.trim().slice(0, 120) || "no reason given"}).`,
  );
}
