import { WinnowError } from "../errors.ts";
import { type NpyHeader, type NpyType, npyHeader, readNpyHeader, VALUE_BYTES } from "../format/npy.ts";
import type { FileBytes } from "./folderFiles.ts";

/** No header of ours is longer, and NumPy's are far shorter. */
const headerBytes = 4_096;

/** A matrix in a `.npy` file whose rows are read as they are needed. */
export interface RowsFile {
  dtype: NpyType;
  rows: number;
  cols: number;
  /** Values of rows `first … end − 1` as they stand in the file, (end − first) · cols. */
  read(first: number, end: number): Promise<Uint16Array | Float32Array | Float64Array | Uint32Array>;
}

/**
 * Opens a two-dimensional `.npy` file.
 * @param atLeast rows that must be there; further ones are left over from an interrupted write and are not counted
 * @throws WinnowError `shape` that names the file, what was expected and what was found
 */
export async function openRows(
  file: FileBytes,
  name: string,
  dtypes: readonly NpyType[],
  atLeast?: number,
): Promise<RowsFile> {
  const head = await file.slice(0, Math.min(file.size, headerBytes));
  const header = readNpyHeader(head, file.size, name);
  const { dtype, shape } = requireMatrix(header, name, dtypes);
  const [rows, cols] = shape;
  if (atLeast !== undefined && rows < atLeast) {
    throw new WinnowError("shape", `“${name}”: expected ${atLeast} rows, found ${rows}.`, {
      file: name,
      expected: atLeast,
      found: rows,
    });
  }
  const rowBytes = cols * VALUE_BYTES[dtype];
  return {
    dtype,
    rows: atLeast ?? rows,
    cols,
    read: async (first, end) => {
      const { buffer } = await file.slice(header.dataStart + first * rowBytes, header.dataStart + end * rowBytes);
      if (buffer.byteLength !== (end - first) * rowBytes) {
        throw new WinnowError("shape", `“${name}” ended while it was read.`, { file: name });
      }
      if (dtype === "f2") return new Uint16Array(buffer);
      if (dtype === "f8") return new Float64Array(buffer);
      return dtype === "f4" ? new Float32Array(buffer) : new Uint32Array(buffer);
    },
  };
}

function requireMatrix(
  { dtype, shape }: NpyHeader,
  name: string,
  dtypes: readonly NpyType[],
): { dtype: NpyType; shape: readonly [number, number] } {
  if (!dtypes.includes(dtype)) {
    const expected = dtypes.map((one) => `<${one}`).join(" or ");
    throw new WinnowError("shape", `“${name}”: expected values of type ${expected}, found <${dtype}.`, { file: name });
  }
  const [rows, cols] = shape;
  if (shape.length !== 2 || rows === undefined || cols === undefined) {
    throw new WinnowError("shape", `“${name}”: expected rows × columns, found the shape (${shape.join(", ")}).`, {
      file: name,
    });
  }
  // Any number of rows without columns fits into a file of no bytes.
  if (cols === 0 && rows > 0) {
    throw new WinnowError("shape", `“${name}”: expected rows of at least one value, found ${rows} empty ones.`, {
      file: name,
    });
  }
  return { dtype, shape: [rows, cols] };
}

/** A matrix as the chunks of a `.npy` file; `parts` must hold rows · cols values together. */
export async function* npyChunks(
  dtype: NpyType,
  rows: number,
  cols: number,
  parts: Iterable<ArrayBufferView> | AsyncIterable<ArrayBufferView>,
): AsyncGenerator<Uint8Array> {
  yield npyHeader(dtype, [rows, cols]);
  let bytes = 0;
  for await (const { buffer, byteOffset, byteLength } of parts) {
    bytes += byteLength;
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
  const expected = rows * cols * VALUE_BYTES[dtype];
  if (bytes !== expected) throw new WinnowError("shape", `expected ${expected} bytes of rows, got ${bytes}`);
}
