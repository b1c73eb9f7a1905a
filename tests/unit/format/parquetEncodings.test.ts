import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ParquetBytes } from "../../../src/core/format/parquetBytes.ts";
import { checkDeltas, checkDeltaTexts, checkRuns, checkSnappy } from "../../../src/core/format/parquetEncodings.ts";
import { checkMetadata } from "../../../src/core/format/parquetGuard.ts";

const bytesOf = (...bytes: number[]): ParquetBytes => new ParquetBytes(Uint8Array.from(bytes));

const varint = (value: bigint): number[] =>
  value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
const zigzag = (value: bigint): number[] => varint(value >= 0n ? value * 2n : -value * 2n - 1n);

/** Differences in blocks of 128 in four parts, each with `width` bits a difference. */
function deltas(values: readonly number[], width: number): number[] {
  const out = [...varint(128n), ...varint(4n), ...varint(BigInt(values.length)), ...zigzag(BigInt(values[0] ?? 0))];
  for (let start = 1; start < values.length; start += 128) {
    const here = values.slice(start, start + 128).map((value, i) => BigInt(value - values[start + i - 1]!));
    const least = here.reduce((a, b) => (a < b ? a : b));
    out.push(...zigzag(least), width, width, width, width);
    for (let part = 0; part < 128 && part < here.length; part += 32) {
      let bits = 0n;
      for (let i = 0; i < 32; i++) bits |= ((here[part + i] ?? least) - least) << BigInt(i * width);
      for (let i = 0; i < 4 * width; i++) out.push(Number((bits >> BigInt(8 * i)) & 255n));
    }
  }
  return out;
}

describe("what a Parquet page says of its values", () => {
  it("differences give the values, and the reader ends where they end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 33, max: 40 }),
        (values, width) => {
          const encoded = deltas(values, width);
          const reader = bytesOf(...encoded, 7);
          const seen: number[] = [];
          checkDeltas(reader, values.length, (value) => seen.push(value));
          expect(seen).toEqual(values);
          expect(reader.byte()).toBe(7);
        },
      ),
    );
  });

  it.each([
    ["blocks of nothing", [0, 4, 5, 0]],
    ["blocks without parts", [128, 1, 0, 5, 0]],
    ["blocks of a negative size, as the library reads it", [...varint(2n ** 32n - 128n), 3, 5, 0]],
    ["differences of 65 bits", [128, 1, 4, 5, 0, 0, 65, 65, 65, 65]],
    ["a number without an end", [128, 1, 4, 5, ...new Array<number>(1000).fill(255)]],
  ])("%s are refused", (_, bytes) => {
    expect(() => checkDeltas(bytesOf(...bytes), 5)).toThrow(/^a /);
  });

  it("texts that keep of the one before are as long as they say, and keep no more than there is", () => {
    const texts = (kept: number[], rest: number[]): ParquetBytes => bytesOf(...deltas(kept, 8), ...deltas(rest, 8));
    expect(checkDeltaTexts(texts([0, 3, 5], [4, 2, 0]), 3)).toBe(4 + 5 + 5);
    expect(() => checkDeltaTexts(texts([0, 5], [4, 2]), 2)).toThrow("keeps more");
  });

  it("runs count the values asked for", () => {
    // 5 times 1; a group of 8 bits, 2 of which are 1.
    expect(checkRuns(bytesOf(10, 1, 3, 0b00010010), 1, 13, 1)).toBe(7);
    expect(checkRuns(bytesOf(10, 1, 3, 0b00010010), 1, 7, 1)).toBe(6);
  });

  it("compressed bytes that lead elsewhere are refused", () => {
    expect(() => checkSnappy(Uint8Array.of(6, 4, 97, 98, 1, 2), 6)).not.toThrow();
    for (const bytes of [
      [6, 4, 97, 98, 1, 3],
      [6, 4, 97, 98, 1, 0],
      [6, 20, 97, 98, 1, 2],
      [6, 252, 0, 252, 255, 255, 97, 98],
      [7, 4, 97, 98, 1, 2],
      [6, 4, 97, 98, 1, 2, 4, 97, 98],
    ]) {
      expect(() => checkSnappy(Uint8Array.from(bytes), 6)).toThrow(/^a page/);
    }
  });

  it("a description with a number of a million digits, or that goes ever deeper, is refused", () => {
    expect(() => checkMetadata(Uint8Array.of(0x16, ...new Array<number>(100_000).fill(255)))).toThrow(
      "a number is too",
    );
    expect(() => checkMetadata(new Uint8Array(100_000).fill(0x1c))).toThrow("too deep");
    expect(() => checkMetadata(new Uint8Array(100_000).fill(0x19))).toThrow("too deep");
    expect(() => checkMetadata(Uint8Array.of(0x19, 0xf5, 255, 255, 255, 255, 7, 1))).toThrow("too early");
  });
});
