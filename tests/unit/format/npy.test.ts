import fc from "fast-check";
import { expect, test } from "vitest";
import { isWinnowError } from "../../../src/core/errors.ts";
import { type NpyArray, npyHeader, readNpy, writeNpy } from "../../../src/core/format/npy.ts";

const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });

const arrays: fc.Arbitrary<NpyArray> = fc
  .tuple(fc.constantFrom("f2", "f4", "f8", "u4"), shape, fc.uint8Array({ minLength: 8 * 625, maxLength: 8 * 625 }))
  .map(([dtype, sizes, bytes]): NpyArray => {
    const count = sizes.reduce((product, size) => product * size, 1);
    const buffer = bytes.slice().buffer;
    if (dtype === "f2") return { dtype, shape: sizes, data: new Uint16Array(buffer, 0, count) };
    if (dtype === "f4") return { dtype, shape: sizes, data: new Float32Array(buffer, 0, count) };
    if (dtype === "f8") return { dtype, shape: sizes, data: new Float64Array(buffer, 0, count) };
    return { dtype: "u4", shape: sizes, data: new Uint32Array(buffer, 0, count) };
  });

/** Compared as bits: a NaN has many. */
const bits = (array: NpyArray): Uint8Array =>
  new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength).slice();

function failure(bytes: Uint8Array): string {
  try {
    readNpy(bytes, "vectors.npy");
  } catch (error) {
    if (isWinnowError(error, "shape")) return error.message;
    throw error;
  }
  throw new Error("the file was read");
}

/** A file with a header of our choice. */
function withHeader(header: string, data = new Uint8Array(0), version = 1): Uint8Array {
  const lengthBytes = version === 1 ? 2 : 4;
  const bytes = new Uint8Array(8 + lengthBytes + header.length + data.length);
  bytes.set([0x93, ...Buffer.from("NUMPY"), version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  bytes.set(Buffer.from(header, "latin1"), 8 + lengthBytes);
  bytes.set(data, 8 + lengthBytes + header.length);
  return bytes;
}

test("what is written is read back bit for bit", () => {
  fc.assert(
    fc.property(arrays, (array) => {
      const back = readNpy(writeNpy(array), "a.npy");
      expect(back.dtype).toBe(array.dtype);
      expect(back.shape).toEqual(array.shape);
      expect(bits(back)).toEqual(bits(array));
    }),
  );
});

test("the data begins at a multiple of 64 bytes, behind a line feed", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 8 }), (sizes) => {
      const header = npyHeader("f4", sizes);
      expect(header.length % 64).toBe(0);
      expect(header.at(-1)).toBe(0x0a);
    }),
  );
});

test("the header is what numpy.save writes", () => {
  const text = Buffer.from(npyHeader("f4", [3, 4])).toString("latin1");
  expect(text).toBe(
    `\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }${" ".repeat(58)}\n`,
  );
  expect(Buffer.from(npyHeader("u4", [7])).toString("latin1")).toContain("'shape': (7,), }");
  expect(Buffer.from(npyHeader("f2", [])).toString("latin1")).toContain("'shape': (), }");
});

test("a header beyond 65,535 bytes becomes version 2 and is read back", () => {
  const sizes = Array.from({ length: 22_000 }, () => 1);
  const bytes = writeNpy({ dtype: "u4", shape: sizes, data: Uint32Array.of(42) });
  expect(bytes[6]).toBe(2);
  const back = readNpy(bytes, "deep.npy");
  expect(back.shape).toHaveLength(22_000);
  expect([...back.data]).toEqual([42]);
});

test("a version 2 file, another key order and a view into a larger buffer are read", () => {
  const data = new Uint8Array(Float32Array.of(1.5, -2).buffer);
  const bytes = withHeader("{'shape': (2,), 'fortran_order': True, 'descr': '<f4'}\n", data, 2);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect([...readNpy(shifted.subarray(3), "v2.npy").data]).toEqual([1.5, -2]);
});

test("a file that Node has read into its shared buffer is copied, not viewed", () => {
  const file = Buffer.from(writeNpy({ dtype: "f4", shape: [2], data: Float32Array.of(1.5, -2) }));
  const { data } = readNpy(file, "buffer.npy");
  file.fill(0);
  expect([...data]).toEqual([1.5, -2]);
});

test("every truncation is refused and names the file", () => {
  const bytes = writeNpy({ dtype: "f4", shape: [2, 3], data: new Float32Array(6) });
  for (let length = 0; length < bytes.length; length++) {
    expect(failure(bytes.subarray(0, length))).toMatch(/“vectors.npy”: expected .*, found /);
  }
  expect(failure(bytes.subarray(0, bytes.length - 4))).toBe(
    "“vectors.npy”: expected 24 bytes of data for [2, 3] f4, found 20 (truncated).",
  );
});

test.each([
  [
    "bytes left over",
    withHeader("{'descr': '<u4', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(5)),
    "4 bytes",
  ],
  ["another type", withHeader("{'descr': '<i8', 'fortran_order': False, 'shape': (0,), }"), "found <i8"],
  ["big-endian values", withHeader("{'descr': '>f4', 'fortran_order': False, 'shape': (0,), }"), "found >f4"],
  ["records", withHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (0,), }"), "simple 'descr'"],
  ["Fortran order", withHeader("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 2), }"), "Fortran order"],
  ["no shape", withHeader("{'descr': '<f4', 'fortran_order': False, }"), "'shape'"],
  ["a later version", withHeader("{}", new Uint8Array(0), 3), "version 3"],
  [
    "a huge shape",
    withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }"),
    "truncated",
  ],
  ["not NumPy", Uint8Array.from(Buffer.from("PK\x03\x04 and so on")), "x93NUMPY"],
])("refuses %s", (_, bytes, words) => {
  expect(failure(bytes)).toContain(words);
});

test("refuses to write data that does not fill its shape", () => {
  expect(() => writeNpy({ dtype: "f4", shape: [2, 2], data: new Float32Array(3) })).toThrow("expected 4 values");
  expect(() => npyHeader("f4", [-1])).toThrow("got -1");
});
