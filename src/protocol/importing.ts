import type { SetHead } from "../core/annotations/heldSet.ts";
import type { MetadataField } from "../core/annotations/metadataField.ts";
import type { PackedColumns } from "../core/annotations/packedColumns.ts";
import type { FormatName } from "../core/format/annotations/formats.ts";
import type { ImportChoices, ImportSummary } from "../core/format/annotations/imported.ts";
import type { TableMapping, TablePreview } from "../core/format/annotations/tableMapping.ts";
import type { Progress } from "../core/task.ts";

/** Files that hold labels, predictions or metadata. */
export interface GivenFiles {
  /** Of the file or the folder, for people. */
  name: string;
  /** Paths are relative, with forward slashes; hostile text. */
  files: readonly { path: string; blob: Blob }[];
}

/** The images of the project, by row. */
export interface GivenImages {
  paths: readonly string[];
  /** Pixels; 0: not known. */
  widths: Uint32Array;
  heights: Uint32Array;
}

export interface ReadRequest {
  files: GivenFiles;
  images: GivenImages;
  format: FormatName;
  choices: ImportChoices;
  /** Of a table's columns. */
  mapping?: TableMapping;
  /** Milliseconds since 1970. */
  at: number;
}

/** A set as it crosses: its columns packed, their buffers handed over. */
export interface PackedSet {
  about: Omit<SetHead, "content" | "since" | "corrections">;
  columns: PackedColumns;
}

export interface ReadResult {
  sets: PackedSet[];
  metadata: MetadataField[];
  summary: ImportSummary;
}

/** What some files are. */
export interface FoundFormat {
  /** Null: nothing that is known. */
  format: FormatName | null;
  /** The beginning of a table; null for other formats. */
  table: TablePreview | null;
}

/** Reads annotations and metadata, so that the page stays awake. Nothing is stored by it. */
export interface ImportService {
  /** @param format what a person says it is; absent: it is found out */
  look(files: GivenFiles, format?: FormatName): Promise<FoundFormat>;
  /** What files are that nobody gave for an import; null unless it is certain. */
  lookBeside(files: GivenFiles): Promise<FormatName | null>;
  /** @throws WinnowError `shape`, `config` or `empty` that names the file, `cancelled` */
  read(task: string, request: ReadRequest, progress: (progress: Progress) => void): Promise<ReadResult>;
  cancel(task: string): Promise<void>;
}
