import type { AnnotationSet } from "../../annotations/annotationSet.ts";
import type { MetadataField } from "../../annotations/metadataField.ts";
import type { FolderReader } from "../../projectFolder/folderFiles.ts";
import type { FormatName } from "./formats.ts";

/** What a person gave to import: some files, or a folder with all that is in it. */
export interface ImportFiles extends FolderReader {
  /** Of the file or the folder, for people. */
  readonly name: string;
  /** All files, relative, with forward slashes; hostile text. */
  readonly paths: readonly string[];
}

/** The images of the project that an import is for. */
export interface ProjectImages {
  /** By row. */
  readonly paths: readonly string[];
  /** Pixels of the upright image; 0: not known. */
  width(row: number): number;
  height(row: number): number;
}

/** Of a long list its beginning: a file may be wrong in every line. */
export interface Bounded<T> {
  count: number;
  first: T[];
}

/** A row, line or entry of a file that was left out. */
export interface BadRow {
  file: string;
  /** From 1; null where the format has no lines: then `reason` names the entry. */
  line: number | null;
  reason: string;
}

/** What an import would do, before anything is written. */
export interface ImportSummary {
  format: FormatName;
  file: string;
  /** Images that something is said of. */
  matched: number;
  /** Paths that no image has. */
  unmatched: Bounded<string>;
  /** Paths that several images end with. */
  ambiguous: Bounded<string>;
  badRows: Bounded<BadRow>;
  /** Instances in all sets together. */
  instances: number;
  /** By set and class, in the order of the classes. */
  classes: { name: string; count: number }[];
  /** Boxes that reached out of their image and were cut. */
  clipped: number;
  /** Images that were named more than once; the last time counts. */
  duplicates: number;
  /** What else a person should know. */
  notes: string[];
}

/** Everything that a file says of the project's images. Nothing is stored yet. */
export interface Imported {
  sets: AnnotationSet[];
  metadata: MetadataField[];
  summary: ImportSummary;
}

/** What a person can decide of an import; all else follows from the file. */
export interface ImportChoices {
  /** Of the set, for people; default: the file's or the task's name. */
  name?: string;
  role?: AnnotationSet["role"];
}

/** What a reader works with besides the file. */
export interface ImportContext {
  images: ProjectImages;
  choices: ImportChoices;
  /** Milliseconds since 1970. */
  at: number;
  /** Called every megabyte or some hundred files; a rejection ends the import. `total` in the same unit as `done`. */
  progress?(done: number, total: number): void | Promise<void>;
}
