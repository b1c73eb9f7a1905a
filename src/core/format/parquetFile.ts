import { type AsyncBuffer, type FileMetaData, parquetMetadata } from "hyparquet";
import type { FileBytes } from "../projectFolder/folderFiles.ts";
import { checkMetadata, guardedParquet } from "./parquetGuard.ts";

/** A Parquet file, ready to be read. */
export interface ParquetFile {
  file: AsyncBuffer;
  metadata: FileMetaData;
}

/** Two marks and the length of its description of itself. */
const leastBytes = 12;

/**
 * Reads what a Parquet file says of itself.
 * @param firstBytes read from the end at first
 * @throws Error that says what is wrong; the same later from reading `file`
 */
export async function openParquetFile(bytes: FileBytes, firstBytes = 1 << 19): Promise<ParquetFile> {
  const { size } = bytes;
  let end = await bytes.slice(Math.max(0, size - firstBytes), size);
  if (end.length < leastBytes || String.fromCharCode(...end.subarray(-4)) !== "PAR1") {
    throw new Error("it does not end as a Parquet file does");
  }
  const length = new DataView(end.buffer, end.byteOffset).getUint32(end.length - 8, true);
  if (length > size - leastBytes) throw new Error("it is shorter than it says");
  if (length + 8 > end.length) end = await bytes.slice(size - length - 8, size);
  checkMetadata(end.subarray(end.length - 8 - length, end.length - 8));
  // Kinds of columns on a globe are not ours, and reading them never ends for a negative count.
  const metadata = parquetMetadata(end, { geoparquet: false });
  const file: AsyncBuffer = {
    byteLength: size,
    slice: async (start, end = size) => (await bytes.slice(start, end)).buffer,
  };
  return { file: guardedParquet(file, metadata), metadata };
}
