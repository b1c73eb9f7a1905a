import type { ImageMeasures } from "./quality/measures.ts";
import type { SelectionConfig } from "./selection/config.ts";

/** One image of a project. `row` is its place in the feature matrix and never changes. */
export interface ImageRecord {
  row: number;
  /** The first 128 bits of the SHA-256 of the bytes, in hex. Equal bytes have equal ids. */
  id: string;
  /** Path relative to the dropped folder, with forward slashes; hostile text. */
  path: string;
  /** Pixels, after EXIF orientation. */
  width: number;
  height: number;
  /** Size of the file. */
  bytes: number;
  sha256: string;
  /** Milliseconds since 1970 from the file system; 0 when unknown. */
  modifiedAt: number;
  /** Capture time from EXIF, milliseconds since 1970 in the camera's own clock read as UTC; null when absent. */
  takenAt: number | null;
  /** Absent where there are no pixels (vectors) and in projects from before they were measured. */
  measures?: ImageMeasures;
}

/** One file that could not become an image, in words for a person. */
export interface Problem {
  path: string;
  reason: string;
}

/** What a project is, without its images. */
export interface ProjectSummary {
  id: string;
  name: string;
  createdAt: number;
  /** Last time something was written. */
  updatedAt: number;
  imageCount: number;
  /** Stored bytes of features and thumbnails together. */
  storedBytes: number;
  /** Files that were listed and skipped because they are not images. */
  ignoredCount: number;
  /** True while an ingest has listed files that are not stored yet. */
  unfinished: boolean;
  /** Address of the published project folder that this is a copy of; absent in projects of this browser. */
  published?: string;
}

/**
 * A finished selection: which rows, in which order, and how it can be repeated.
 * `radii[i]` is the largest distance of any image to its nearest chosen one after pick `i` (Euclidean on unit
 * vectors, 0…2); `randomRadii` the same for random picks of the same size.
 */
export interface SelectionRecord {
  id: string;
  name: string;
  createdAt: number;
  /** Picks asked for; `rows.length` may be smaller when there were fewer images left. */
  requested: number;
  /** Rows that counted as already chosen, not part of `rows`. */
  alreadyChosen: Uint32Array;
  rows: Uint32Array;
  radii: Float32Array;
  randomRadii: Float32Array;
  /** For each pick its nearest image among those chosen before it; −1 for the very first. */
  nearestChosen: Int32Array;
  /** For each pick its distance to that image at the moment it was taken; 0 for the very first. */
  pickDistances: Float32Array;
  /** Hash of the head that made the embedding. */
  headHash: string;
  programVersion: string;
  /** The only rows that were chosen among, ascending; absent: all. */
  among?: Uint32Array;
  /** What was asked for; absent for plain k-center of an older version. */
  config?: SelectionConfig;
  /** picks × strategies: each strategy's factor when the pick was taken; NaN for one that has none. */
  factors?: Float64Array;
  /** After each pick the mean distance of all images to their nearest chosen one; absent in older records. */
  means?: Float32Array;
  /** The same for random picks. */
  randomMeans?: Float32Array;
  /** In how many images coverage was measured, a random sample where it is fewer than all; absent: in all. */
  measuredOn?: number;
  /** Rows that would have come next. */
  next?: Uint32Array;
  /** Images of the project when it was made; absent in older records. */
  imageCount?: number;
  /** The round of an active-learning loop whose batch it is, from 1; the labels that it is to get, and the strategy's id. */
  loop?: { labels: string; round: number; strategy: string };
}
