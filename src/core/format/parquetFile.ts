import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from "hyparquet";
import type { FileBytes } from "../projectFolder/folderFiles.ts";
import { guardedParquet } from "./parquetGuard.ts";

/** A Parquet file, ready to be read. */
export interface ParquetFile {
  file: AsyncBuffer;
  metadata: FileMetaData;
}

/**
 * Reads what a Parquet file says of itself.
 * @param firstBytes read from the end at first
 * @throws Error that says what is wrong; the same later from reading `file`
 */
export async function openParquetFile(bytes: FileBytes, firstBytes?: number): Promise<ParquetFile> {
  const file: AsyncBuffer = {
    byteLength: bytes.size,
    slice: async (start, end = bytes.size) => (await bytes.slice(start, end)).buffer,
  };
  const metadata = await parquetMetadataAsync(file, firstBytes === undefined ? {} : { initialFetchSize: firstBytes });
  return { file: guardedParquet(file, metadata), metadata };
}
