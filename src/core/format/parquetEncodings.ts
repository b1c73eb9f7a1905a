import { ParquetBytes } from "./parquetBytes.ts";

/*
 * What is looked at before hyparquet decodes it, as far as hyparquet would go. All throw an Error that says what is wrong.
 * Format: https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */

/** Writers fill the last bit-packed run up to whole groups of 8; the largest run of groups has a header of one byte. */
const longestPadding = 512;

/** Runs with their length in bytes before them, which the library does not stop at. */
export function checkPrefixedRuns(reader: ParquetBytes, width: number, values: number, counted?: number): number {
  if (reader.isAtEnd) return 0;
  const length = reader.unsigned(4);
  const found = checkRuns(reader, width, values, counted);
  reader.skipped(length);
  return found;
}

/**
 * Run lengths and bit-packed groups, one after the other, until all values are there. The reader stays where it is.
 * @param width bits of a value
 * @returns how many of the values are `counted`
 */
export function checkRuns({ rest }: ParquetBytes, width: number, values: number, counted?: number): number {
  if (width > 32) throw new Error(`a value has ${width} bits`);
  const reader = new ParquetBytes(rest);
  let found = 0;
  for (let seen = 0; seen < values && !reader.isAtEnd; ) {
    const header = reader.varint();
    const packed = header % 2 === 1;
    const length = packed ? Math.floor(header / 2) * 8 : header / 2;
    const here = Math.min(length, values - seen);
    if (length > here + longestPadding) throw new Error("a run is longer than its page");
    if (packed && length === 0) throw new Error("a run is empty");
    if (packed) {
      const group = reader.rest;
      // Some writers leave out the last bytes of a group; the library takes one even of values without bits.
      reader.skipped(Math.max(1, (length * width) / 8));
      if (counted !== undefined) for (let i = 0; i < here; i++) if (bitsAt(group, i, width) === counted) found++;
    } else if (reader.unsigned(Math.ceil(width / 8)) === counted) found += here;
    seen += here;
  }
  return found;
}

/**
 * Differences of whole numbers in blocks of parts, each part with bits enough for the largest in it.
 * @param each gets the values, modulo 2³²
 */
export function checkDeltas(reader: ParquetBytes, values: number, each?: (value: number) => void): void {
  if (values === 0) return;
  const block = reader.varint();
  const parts = reader.varint();
  const perPart = block / parts;
  if (!(perPart > 0) || perPart % 32 !== 0) throw new Error("a block of differences has no whole parts");
  // As many as the page's writer counted; the library goes by the page.
  reader.varint();
  let value = reader.long();
  each?.(value);
  for (let seen = 1; seen < values; ) {
    const least = reader.long();
    for (const width of reader.bytes(parts)) {
      if (seen >= values) break;
      if (width > 64) throw new Error(`a difference has ${width} bits`);
      const part = reader.rest;
      reader.skipped((perPart * width) / 8);
      const here = Math.min(perPart, values - seen);
      for (let i = 0; each && i < here; i++) {
        value = (value + least + bitsAt(part, i, width)) | 0;
        each(value);
      }
      seen += here;
    }
  }
}

/**
 * Texts that each begin as the one before: how much of it they keep, then how long their rest is.
 * @returns bytes of all of them written out
 */
export function checkDeltaTexts(reader: ParquetBytes, values: number): number {
  const kept: number[] = [];
  checkDeltas(reader, values, (length) => kept.push(length));
  let before = 0;
  let total = 0;
  let row = 0;
  checkDeltas(reader, values, (length) => {
    const prefix = kept[row++]!;
    if (prefix < 0 || prefix > before || length < 0) throw new Error("a text keeps more than the one before it has");
    before = prefix + length;
    total += before;
  });
  return total;
}

/** The last 32 bits of value `i` of those that lie `width` bits apart, the lowest first; 0 after the end. */
function bitsAt(bytes: Uint8Array, i: number, width: number): number {
  let value = 0;
  for (let got = 0; got < Math.min(width, 32); ) {
    const bit = i * width + got;
    const from = bit % 8;
    const taken = Math.min(8 - from, width - got);
    value |= (((bytes[Math.floor(bit / 8)] ?? 0) >> from) & ((1 << taken) - 1)) << got;
    got += taken;
  }
  return value >>> 0;
}

/**
 * Literals and copies of what came before, one after the other, until all `size` bytes are there. The library reads long
 * lengths as signed numbers, goes back by negative ones, and writes on past the end.
 * Format: https://github.com/google/snappy/blob/main/format_description.txt
 */
export function checkSnappy(page: Uint8Array, size: number): void {
  if (page.length === 0 && size === 0) return;
  const reader = new ParquetBytes(page);
  if (reader.varint() !== size) throw new Error("a page is of another size than it says");
  let made = 0;
  while (!reader.isAtEnd) {
    const tag = reader.byte();
    const kind = tag & 3;
    const high = tag >>> 2;
    if (kind === 0) {
      const length = (high < 60 ? high : reader.unsigned(high - 59)) + 1;
      reader.bytes(length);
      made += length;
    } else {
      const offset = kind === 1 ? ((tag >>> 5) << 8) + reader.byte() : reader.unsigned(kind === 2 ? 2 : 4);
      if (offset === 0 || offset > made) throw new Error("a page copies from before its start");
      made += kind === 1 ? (high & 7) + 4 : high + 1;
    }
    if (made > size) break;
  }
  if (made !== size) throw new Error("a page is of another size than it says");
}
