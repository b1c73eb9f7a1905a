import { WinnowError } from "../../core/errors.ts";
import type { TiffBlock, TiffLayout } from "./layout.ts";

/** Names of ways to compress that are known and not read. */
const unread: Readonly<Record<number, string>> = {
  6: "old JPEG",
  34712: "JPEG 2000",
  34887: "LERC",
  34925: "LZMA",
  50000: "Zstandard",
  50001: "WebP",
  50002: "JPEG XL",
};

/**
 * A block's samples as they were before compression, never more than the block needs.
 * @throws WinnowError `unreadable` when it holds less
 */
export async function unpackBlock(file: Uint8Array, block: TiffBlock, layout: TiffLayout): Promise<Uint8Array> {
  const packed = file.subarray(block.at, block.at + block.bytes);
  const needed = Math.ceil((block.width * layout.bits * layout.blockSamples) / 8) * block.height;
  const unpacked = await unpack(packed, needed, block, layout);
  if (unpacked.length < needed) {
    throw new WinnowError(
      "unreadable",
      "The TIFF is cut off or damaged: its pixels end too early. Copy the file again from its source.",
    );
  }
  return unpacked.length === needed ? unpacked : unpacked.subarray(0, needed);
}

async function unpack(packed: Uint8Array, needed: number, block: TiffBlock, layout: TiffLayout): Promise<Uint8Array> {
  const { compression } = layout;
  switch (compression) {
    case 1:
      return packed.slice(0, needed);
    case 2:
    case 3:
    case 4:
    case 7:
      return await (await import("./codecs.ts")).unpackWithCodec(packed, needed, block, layout);
    case 5:
      return unpackLzw(packed, needed);
    case 8:
    case 32946:
      return await inflate(packed, needed);
    case 32773:
      return unpackBits(packed, needed);
    default: {
      const name = unread[compression] ?? `number ${compression}`;
      throw new WinnowError(
        "unreadable",
        `The TIFF is compressed in a way that Winnow does not read (${name}). Save it with LZW or Deflate first.`,
      );
    }
  }
}

/** Stops as soon as there is enough, so that a small file cannot fill the memory. */
async function inflate(packed: Uint8Array, needed: number): Promise<Uint8Array> {
  const out = new Uint8Array(needed);
  let filled = 0;
  const reader = new Blob([packed as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"))
    .getReader();
  try {
    while (filled < needed) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, needed - filled);
      out.set(part, filled);
      filled += part.length;
    }
  } catch {
    // What came before the damage is all there is.
  }
  reader.cancel().catch(() => undefined);
  return out.subarray(0, filled);
}

/** Apple's PackBits: a length and bytes as they are, or a length and one byte to repeat. */
export function unpackBits(packed: Uint8Array, needed: number): Uint8Array {
  const out = new Uint8Array(needed);
  let to = 0;
  for (let at = 0; at < packed.length && to < needed; ) {
    const length = (packed[at++]! << 24) >> 24;
    if (length >= 0) {
      const part = packed.subarray(at, at + Math.min(length + 1, needed - to));
      out.set(part, to);
      to += part.length;
      at += length + 1;
    } else if (length !== -128) {
      const end = Math.min(needed, to + 1 - length);
      if (at < packed.length) out.fill(packed[at]!, to, end);
      to = end;
      at++;
    }
  }
  return out.subarray(0, to);
}

const clearCode = 256;
const endCode = 257;

/** TIFF's LZW: codes of 9 to 12 bits, the high bit first, the width growing one code early. */
export function unpackLzw(packed: Uint8Array, needed: number): Uint8Array {
  const out = new Uint8Array(needed);
  // A code stands for a piece of what was written already: where it begins and how long it is.
  const starts = new Uint32Array(4096);
  const lengths = new Uint16Array(4096);
  let next = 258;
  let width = 9;
  let to = 0;
  let before = -1;
  let bits = 0;
  let held = 0;
  for (let at = 0; to < needed; ) {
    while (held < width && at < packed.length) {
      bits = ((bits << 8) | packed[at++]!) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    const code = (bits >> (held - width)) & ((1 << width) - 1);
    held -= width;
    if (code === endCode) break;
    if (code === clearCode) {
      next = 258;
      width = 9;
      before = -1;
      continue;
    }
    if (code > next || (code === next && before < 0)) break;
    const from = to;
    if (code < 256) out[to++] = code;
    else {
      // The newest code may be the one that is being made: its last byte is its first.
      const start = code === next ? before : starts[code]!;
      const length = code === next ? from - before + 1 : lengths[code]!;
      const end = Math.min(needed, to + length);
      for (let i = start; to < end; i++) out[to++] = out[i]!;
    }
    if (before >= 0 && next < 4096) {
      starts[next] = before;
      lengths[next] = from - before + 1;
      next++;
    }
    before = from;
    if (next >= (1 << width) - 1 && width < 12) width++;
  }
  return out.subarray(0, to);
}
