import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { SetHead } from "../core/annotations/heldSet.ts";
import type { Change } from "../core/changes.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { Manifest } from "../core/projectFolder/manifest.ts";
import type { QualitySettings } from "../core/quality/qualitySettings.ts";
import type { ImageRecord, Problem, SelectionRecord } from "../core/records.ts";
import type { TagStyle } from "../core/tags.ts";

/** What is known of a project besides its images. One record, key `info`. */
export interface ProjectInfo {
  id: string;
  name: string;
  createdAt: number;
  updatedAt: number;
  /** What made the features; empty for vectors that came from elsewhere. */
  modelId: string;
  /** The model as a project folder described it; absent in projects that were made here with the bundled model. */
  model?: Manifest["model"];
  /** Features may be negative. Absent in projects of the bundled model: they cannot. */
  signedFeatures?: boolean;
  imageCount: number;
  storedBytes: number;
  ignoredCount: number;
  /** True from the first listed file until an ingest has come to its end. */
  unfinished: boolean;
  /** What else embeds the project's images, besides the model above. Absent: nothing. */
  spaces?: SpaceInfo[];
  /** Id of the space that is looked at; absent or "": that of the model above. */
  space?: string;
  /** Where the images came from, to continue or to read originals: sources' own storable references. */
  sources: unknown[];
  /** True while it is being read from a project folder or a backup: if that breaks off it is not whole. */
  arriving?: boolean;
  /** Address of the published project folder that this is a copy of; absent in projects of this browser. */
  published?: string;
  /** What a person set of the checks; absent where everything is at its default. */
  quality?: QualitySettings;
}

/** A further embedding of a project's images: one model with one way to feed it. */
export interface SpaceInfo {
  /** Follows from the model's file and its preprocessing, so that the same space has the same id in every project. */
  id: string;
  name: string;
  model: NonNullable<Manifest["model"]> & { preprocessing: { spec: ModelSpec } };
  /** Numbers that the model gives an image. */
  featureCount: number;
  /** Features may be negative. */
  signed: boolean;
}

/** Features of consecutive rows, f16 bits, rows × cols. Written once, with the records of the same rows. */
export interface FeatureChunk {
  rows: number;
  cols: number;
  data: Uint16Array;
}

export interface StoredThumbnail {
  type: string;
  bytes: ArrayBuffer;
}

/** Anything that can be computed again from the features: head, embedding, maps. */
export interface Derived {
  key: string;
  value: unknown;
}

/** `undone`: it has been taken back and can be done again. */
export interface StoredChange extends Change {
  undone: boolean;
}

/** One database a project, so that deleting a project gives its space back at once. */
export interface ProjectSchema extends DBSchema {
  meta: { key: string; value: ProjectInfo };
  /** Key: first row of the chunk. */
  records: { key: number; value: ImageRecord[] };
  features: { key: number; value: FeatureChunk };
  /** Key: row. */
  thumbnails: { key: number; value: StoredThumbnail };
  /** Key: path. */
  problems: { key: string; value: Problem };
  /** Key: tag name; sorted rows. */
  tags: { key: string; value: Uint32Array };
  /** Key: tag name. */
  tagStyles: { key: string; value: TagStyle };
  selections: { key: string; value: SelectionRecord };
  /** What a person did, to take back and do again. Key: its number, from 1, without gaps. */
  history: { key: number; value: StoredChange };
  derived: { key: string; value: Derived };
  /** Sets of labels and predictions. Key: the set's id. */
  annotations: { key: string; value: SetHead };
  /** Columns of metadata: the name of what is in them. Key: the column's. */
  metadata: { key: string; value: string };
  /** What is in sets and columns, as `store/contents` cuts it. Key: its name and the number of the part. */
  contents: { key: [string, number]; value: unknown };
  /** Features of the further spaces, as `features`. Key: the space's id and the first row of the chunk. */
  spaceFeatures: { key: [string, number]; value: FeatureChunk };
}

type Upgrade = IDBPTransaction<ProjectSchema, StoreNames<ProjectSchema>[], "versionchange">;

/**
 * Step i brings a database from version i to i + 1. Steps are only ever appended, so that every older database opens:
 * `tests/browser/store/migration.test.ts` opens one of each version.
 */
export const migrations: readonly ((database: IDBPDatabase<ProjectSchema>, transaction: Upgrade) => void)[] = [
  (database) => {
    for (const name of ["meta", "records", "features", "thumbnails", "problems", "tags", "selections"] as const) {
      database.createObjectStore(name);
    }
  },
  // Version 2 keeps what was computed (head, embedding, maps), so that a reload does not compute it again.
  (database) => {
    database.createObjectStore("derived");
  },
  // Version 3 keeps what a person did, so that undo survives a reload, and how tags look.
  (database) => {
    database.createObjectStore("tagStyles");
    database.createObjectStore("history");
  },
  // Version 4 keeps labels, predictions and metadata.
  (database) => {
    for (const name of ["annotations", "metadata", "contents"] as const) database.createObjectStore(name);
  },
  // Version 5 keeps features of further models.
  (database) => {
    database.createObjectStore("spaceFeatures");
  },
];

const databasePrefix = "winnow-project-";

export const databaseName = (projectId: string): string => databasePrefix + projectId;

/** The project whose database has this name; null for any other database. */
export const projectIdOf = (name: string): string | null =>
  name.startsWith(databasePrefix) ? name.slice(databasePrefix.length) : null;
