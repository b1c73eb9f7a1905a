/** A file's bytes, read in parts. */
export interface FileBytes {
  readonly size: number;
  /** Bytes `start … end − 1`; the caller owns them. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The whole file as UTF-8. */
  text(): Promise<string>;
}

/** What a file is written from: bytes, or text that is stored as UTF-8, in order. */
export type FileChunks = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** Where a project folder is read from: a folder on disk, chosen files, a static host. Paths have forward slashes. */
export interface FolderReader {
  /** Null when there is no such file. */
  open(path: string): Promise<FileBytes | null>;
}

/** Where a project folder is written to. */
export interface FolderWriter {
  /** Writes aside, then puts the file in its place: whoever looks sees the old file or the new one, whole. */
  write(path: string, chunks: FileChunks): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  remove(path: string): Promise<void>;
}
