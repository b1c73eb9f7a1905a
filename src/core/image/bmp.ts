import { WinnowError } from "../errors.ts";
import { i32le, u16le, u32le } from "./bytes.ts";
import type { Pixels } from "./resample.ts";

const damaged = (): never => {
  throw new WinnowError("unreadable", "The BMP is damaged or cut off. Copy the file again from its source.");
};

/** Where each of red, green, blue and alpha lies in a pixel of 16 or 32 bits; 0: nowhere. */
type Masks = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * A BMP as RGBA on white; for decoders that do not know it.
 * @throws WinnowError `unreadable`
 */
export function decodeBmp(bytes: Uint8Array): Pixels {
  return decodeBitmap(bytes, 14, u32le(bytes, 10), false);
}

/** The bitmap of an icon, whose header says twice its height: below the pixels lies a mask of what is transparent. */
export const decodeIconBitmap = (bytes: Uint8Array, at: number): Pixels => decodeBitmap(bytes, at, 0, true);

/**
 * @param at where the header begins
 * @param pixelsAt where the pixels begin; 0: right behind the palette
 */
function decodeBitmap(bytes: Uint8Array, at: number, pixelsAt: number, isIcon: boolean): Pixels {
  const headerBytes = u32le(bytes, at);
  const old = headerBytes === 12;
  const width = old ? u16le(bytes, at + 4) : i32le(bytes, at + 4);
  const signed = old ? u16le(bytes, at + 6) : i32le(bytes, at + 8);
  const height = isIcon ? Math.floor(Math.abs(signed) / 2) : Math.abs(signed);
  const bits = u16le(bytes, at + (old ? 10 : 14));
  const compression = old ? 0 : u32le(bytes, at + 16);
  if (!(width > 0 && height > 0)) damaged();
  const colours = bits > 8 ? 0 : Math.min((old ? 0 : u32le(bytes, at + 32)) || 2 ** bits, 2 ** bits);
  const masksBehind = headerBytes === 40 && (compression === 3 || compression === 6) ? 12 : 0;
  const paletteAt = at + headerBytes + masksBehind;
  const entry = old ? 3 : 4;
  const start = pixelsAt || paletteAt + colours * entry;
  const topDown = !old && signed < 0;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  const place = (x: number, y: number): number => ((topDown ? y : height - 1 - y) * width + x) * 4;
  const putIndex = (x: number, y: number, index: number): void => {
    const from = paletteAt + Math.min(index, Math.max(0, colours - 1)) * entry;
    const to = place(x, y);
    data[to] = bytes[from + 2]!;
    data[to + 1] = bytes[from + 1]!;
    data[to + 2] = bytes[from]!;
  };
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (compression === 1 || compression === 2) {
    runs(bytes, start, width, height, compression === 2, putIndex);
  } else {
    if (![0, 3, 6].includes(compression) || ![1, 2, 4, 8, 16, 24, 32].includes(bits)) damaged();
    if (start + rowBytes * height > bytes.length) damaged();
    const masks = masksOf(bytes, at, { bits, compression, headerBytes, isIcon });
    for (let y = 0; y < height; y++) {
      const row = start + y * rowBytes;
      for (let x = 0; x < width; x++) {
        if (bits <= 8) {
          const bit = x * bits;
          putIndex(x, y, (bytes[row + (bit >> 3)]! >> (8 - bits - (bit & 7))) & (2 ** bits - 1));
        } else putMasked(data, place(x, y), bytes, row + (x * bits) / 8, bits, masks);
      }
    }
  }
  if (isIcon && bits < 32) applyMask(data, bytes, start + rowBytes * height, width, height, place);
  return { data, width, height, channels: 4 };
}

function masksOf(
  bytes: Uint8Array,
  at: number,
  about: { bits: number; compression: number; headerBytes: number; isIcon: boolean },
): Masks {
  const { bits, compression, headerBytes, isIcon } = about;
  if (compression === 3 || compression === 6) {
    const alpha = headerBytes >= 56 ? u32le(bytes, at + 52) : 0;
    return [u32le(bytes, at + 40), u32le(bytes, at + 44), u32le(bytes, at + 48), alpha];
  }
  if (bits === 16) return [0x7c00, 0x03e0, 0x001f, 0];
  return [0xff0000, 0x00ff00, 0x0000ff, isIcon && bits === 32 ? 0xff000000 : 0];
}

function putMasked(
  data: Uint8ClampedArray,
  to: number,
  bytes: Uint8Array,
  from: number,
  bits: number,
  masks: Masks,
): void {
  const value = bits === 16 ? u16le(bytes, from) : bits === 24 ? u32le(bytes, from) & 0xffffff : u32le(bytes, from);
  const part = (mask: number): number => {
    if (mask === 0) return 0;
    const shift = 31 - Math.clz32(mask & -mask);
    return (((value & mask) >>> shift) / (mask >>> shift)) * 255;
  };
  const alpha = masks[3] === 0 ? 255 : part(masks[3]);
  for (let c = 0; c < 3; c++) data[to + c] = part(masks[c]!) * (alpha / 255) + 255 - alpha;
}

/** Run-length coded pixels of 4 or 8 bits; what no run reaches keeps the palette's first colour. */
function runs(
  bytes: Uint8Array,
  start: number,
  width: number,
  height: number,
  halves: boolean,
  put: (x: number, y: number, index: number) => void,
): void {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) put(x, y, 0);
  let x = 0;
  let y = 0;
  const set = (index: number): void => {
    if (x < width && y < height) put(x, y, index);
    x++;
  };
  for (let at = start; y < height; ) {
    if (at + 2 > bytes.length) damaged();
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) set(halves ? (i % 2 === 0 ? value >> 4 : value & 15) : value);
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) return;
    else if (value === 2) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      const length = halves ? Math.ceil(value / 2) : value;
      if (at + length > bytes.length) damaged();
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + (halves ? i >> 1 : i)]!;
        set(halves ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte);
      }
      at += length + (length & 1);
    }
  }
}

/** Makes white what an icon's mask says is transparent. */
function applyMask(
  data: Uint8ClampedArray,
  bytes: Uint8Array,
  start: number,
  width: number,
  height: number,
  place: (x: number, y: number) => number,
): void {
  const rowBytes = Math.ceil(width / 32) * 4;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = bytes[start + y * rowBytes + (x >> 3)] ?? 0;
      if ((byte >> (7 - (x & 7))) & 1) data.fill(255, place(x, y), place(x, y) + 4);
    }
  }
}
