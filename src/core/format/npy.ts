import { WinnowError } from "../errors.ts";

/**
 * An array as NumPy's `.npy` files hold it: row-major (C order), little-endian. `f2` values are the raw bits of IEEE
 * 754 half floats, because not every browser has a `Float16Array`.
 */
export type NpyArray =
  | { dtype: "f2"; shape: readonly number[]; data: Uint16Array }
  | { dtype: "f4"; shape: readonly number[]; data: Float32Array }
  | { dtype: "f8"; shape: readonly number[]; data: Float64Array }
  | { dtype: "u4"; shape: readonly number[]; data: Uint32Array };

export type NpyType = NpyArray["dtype"];

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy aligns the data to 64 bytes, for SIMD and memory mapping. */
const ALIGNMENT = 64;
/** Bytes a value. */
export const VALUE_BYTES: Readonly<Record<NpyType, number>> = { f2: 2, f4: 4, f8: 8, u4: 4 };

/**
 * The bytes in front of the data of a `.npy` file (NumPy Enhancement Proposal 1): version 1, or 2 when the header is
 * longer than 65,535 bytes. `new Blob([npyHeader("f4", [n, d]), data])` is a whole file without a copy of the data.
 */
export function npyHeader(dtype: NpyType, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  countValues(shape);
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '<${dtype}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const prefixOfVersion = (version: 1 | 2): number => MAGIC.length + 2 + (version === 1 ? 2 : 4);
  const paddedLength = (prefix: number): number =>
    Math.ceil((prefix + text.length + 1) / ALIGNMENT) * ALIGNMENT - prefix;
  const version = paddedLength(prefixOfVersion(1)) <= 0xffff ? 1 : 2;
  const prefix = prefixOfVersion(version);
  const length = paddedLength(prefix);
  const bytes = new Uint8Array(prefix + length).fill(0x20);
  bytes.set([...MAGIC, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  for (let i = 0; i < text.length; i++) bytes[prefix + i] = text.charCodeAt(i);
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}

/** A whole `.npy` file. The data is copied. Throws `shape` when the data does not fill the shape. */
export function writeNpy(array: NpyArray): Uint8Array<ArrayBuffer> {
  const expected = countValues(array.shape);
  if (array.data.length !== expected) {
    throw new WinnowError(
      "shape",
      `expected ${expected} values for ${showShape(array.shape)}, got ${array.data.length}`,
    );
  }
  const header = npyHeader(array.dtype, array.shape);
  const bytes = new Uint8Array(header.length + array.data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength), header.length);
  return bytes;
}

/** What stands in front of the data of a `.npy` file. */
export interface NpyHeader {
  dtype: NpyType;
  shape: readonly number[];
  /** Byte at which the data begins. */
  dataStart: number;
}

/**
 * Reads the header of a `.npy` file of format version 1 or 2 with little-endian `f2`, `f4`, `f8` or `u4` values in C order.
 * Throws `shape`, naming `name` and what was expected and found, for anything else: another type or order, a truncated
 * file, bytes left over.
 * @param bytes the file's beginning, with the whole header
 * @param fileBytes size of the whole file
 */
export function readNpyHeader(bytes: Uint8Array, fileBytes: number, name: string): NpyHeader {
  const fail = (expected: string, found: string): never => {
    throw new WinnowError("shape", `“${name}”: expected ${expected}, found ${found}.`, { file: name, expected, found });
  };
  if (bytes.length < 10) fail("a NumPy file of at least 10 bytes", `${bytes.length} bytes`);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) fail("a NumPy file (first bytes “\\x93NUMPY”)", "other bytes");
  const version = bytes[6]!;
  if (version !== 1 && version !== 2) fail("NumPy format version 1 or 2", `version ${version}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prefix = version === 1 ? 10 : 12;
  if (bytes.length < prefix) fail(`a header of ${prefix} bytes or more`, `a file that ends after ${bytes.length}`);
  const dataStart = prefix + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataStart > bytes.length) fail(`a header of ${dataStart} bytes`, `a file that ends after ${bytes.length}`);
  const { dtype, shape } = parseHeader(bytes.subarray(prefix, dataStart), fail);
  const expected = shape.reduce((product, size) => product * size, 1) * VALUE_BYTES[dtype];
  const found = fileBytes - dataStart;
  if (found !== expected) {
    fail(
      `${expected} bytes of data for ${showShape(shape)} ${dtype}`,
      `${found}${found < expected ? " (truncated)" : ""}`,
    );
  }
  return { dtype, shape, dataStart };
}

/** Reads a whole `.npy` file, as {@link readNpyHeader} describes it. The result owns its memory. */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const { dtype, shape, dataStart } = readNpyHeader(bytes, bytes.length, name);
  // Not `slice`: that of Node's Buffer copies nothing, and the data would keep the file's alignment.
  const { buffer } = new Uint8Array(bytes.subarray(dataStart));
  if (dtype === "f2") return { dtype, shape, data: new Uint16Array(buffer) };
  if (dtype === "f4") return { dtype, shape, data: new Float32Array(buffer) };
  if (dtype === "f8") return { dtype, shape, data: new Float64Array(buffer) };
  return { dtype, shape, data: new Uint32Array(buffer) };
}

type Fail = (expected: string, found: string) => never;

/** The header is a Python dictionary literal whose three keys and their kinds of value are fixed by the format. */
function parseHeader(bytes: Uint8Array, fail: Fail): { dtype: NpyType; shape: number[] } {
  // Real headers are some hundred bytes; the limit keeps a damaged length from becoming a huge string.
  if (bytes.length > 1 << 20) fail("a header below 1 MB", `one of ${bytes.length} bytes`);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1] ?? fail("a header with a simple 'descr'", text.trim());
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1] ?? fail("'fortran_order'", text.trim());
  const sizes = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1] ?? fail("a header with a 'shape'", text.trim());
  const dtype = descr.slice(1);
  if (descr[0] !== "<" || !(dtype === "f2" || dtype === "f4" || dtype === "f8" || dtype === "u4")) {
    return fail("values of type <f2, <f4, <f8 or <u4", descr);
  }
  const shape = sizes.match(/\d+/g)?.map(Number) ?? [];
  if (order === "True" && shape.length > 1) fail("C order (numpy.ascontiguousarray)", "Fortran order");
  return { dtype, shape };
}

function countValues(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) throw new WinnowError("shape", `expected sizes from 0, got ${size}`);
    count *= size;
  }
  return count;
}

function showShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
