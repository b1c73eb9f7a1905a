/** One listed file; nothing of its content is read until `open()`. */
export interface SourceFile {
  /**
   * Relative to the source, with forward slashes. When the source is one folder (dropped, picked, chosen with a
   * `webkitdirectory` input, or the only folder inside a zip), paths begin with that folder's *content*: dropping
   * `clothing` gives `test/hat/x.jpg`. When several things were dropped together their names are kept: `hat/x.jpg`,
   * `more.zip/y.jpg`, `z.jpg`. All paths of one source are different. Hostile text.
   */
  readonly path: string;
  /** Size of the file; for a file in a zip what the zip says it unpacks to. 0 when it could not be asked. */
  readonly bytes: number;
  /** Milliseconds since 1970; 0 when unknown. */
  readonly modifiedAt: number;
  /**
   * The content. Rejects with a `WinnowError` that names the path: `vanished` when the file is gone or has changed,
   * `permission` when the browser wants a click first, `unreadable` for everything else (a broken, encrypted or
   * oversized zip entry, a refusal of the operating system).
   */
  open(): Promise<Blob>;
}

/** What is stored in IndexedDB to find the source again. `files` cannot be found again: the person must choose. */
export type SourceRef =
  | { kind: "directory"; handle: FileSystemDirectoryHandle }
  | { kind: "handles"; handles: FileSystemHandle[] }
  | { kind: "zip"; handle: FileSystemFileHandle | null; name: string }
  | { kind: "files"; name: string }
  | { kind: "sample" };

/** Somewhere files come from. */
export interface Source {
  /** For the project's name: the folder's name, the zip's without its extension. */
  readonly name: string;
  readonly ref: SourceRef;
  /**
   * All files, folder by folder, names in code-unit order; equal for every way to open the same folder. Streamed and
   * never busy for more than about 16 ms at a time. System files (see `isSystemFile`) are included. A file or a
   * subfolder that cannot be listed is yielded as a file whose `open()` rejects with the reason.
   *
   * Throws `permission` when the browser wants a click before the source may be read, `vanished` when the source itself
   * is gone, `unreadable` for a broken zip, `cancelled` when `signal` aborts.
   */
  list(signal: AbortSignal): AsyncIterable<SourceFile>;
  /** The file that `list` would yield under this path, without listing. Rejects as `open()` does. */
  find(path: string): Promise<SourceFile>;
  /** Lets go of what is held; later calls of `list` and `find` throw. May be called again. */
  close(): Promise<void>;
}
