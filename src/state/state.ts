import type { ComparedPair } from "../core/annotations/boxErrorFields.ts";
import type { HeldMetadata, HeldSet } from "../core/annotations/heldSet.ts";
import type { Vocabulary } from "../core/classifier/classifier.ts";
import type { Section } from "../core/explore/arrangement.ts";
import { Facets } from "../core/explore/facets.ts";
import type { Field } from "../core/explore/field.ts";
import type { Filter } from "../core/explore/filter.ts";
import type { AskedObject } from "../core/explore/viewText.ts";
import type { ImageTable } from "../core/imageTable.ts";
import { defaultHead, type HeadSettings } from "../core/linalg/head.ts";
import type { HeadReport } from "../core/linalg/headReport.ts";
import type { OwnModel } from "../core/model/ownModel.ts";
import { type FoundIssues, nothingFound } from "../core/quality/issueFinder.ts";
import { defaultQuality, type QualitySettings } from "../core/quality/qualitySettings.ts";
import type { Problem, ProjectSummary, SelectionRecord } from "../core/records.ts";
import type { MapQuality } from "../core/reduce/trustworthiness.ts";
import type { RowSet } from "../core/rowSet.ts";
import type { CoverageCurves } from "../core/selection/measured.ts";
import type { TagStyles } from "../core/tags.ts";
import type { ContributionDraft } from "./contributionDraft.ts";
import type { Duplicates } from "./duplicates.ts";
import type { ImportDraft } from "./importDraft.ts";
import type { FoundLabelIssues, LearnedProbe } from "./learned.ts";
import type { BundledModel, SpaceSummary } from "./modelSummaries.ts";
import { initialDraft, type SelectDraft } from "./selectDraft.ts";

export type JobStatus = "running" | "paused" | "done" | "failed" | "cancelled";

/** One piece of long work in the jobs bar. Kept a few seconds after `done`, until dismissed after `failed`. */
export interface Job {
  id: string;
  /** What is being done, in one or two words: “Embedding”, “UMAP”. */
  name: string;
  status: JobStatus;
  done: number;
  /** 0 while unknown. */
  total: number;
  /** What `done` counts, plural: “images”, “epochs”. */
  unit: string;
  /** Per second over the last seconds of real work; null until it is known. */
  rate: number | null;
  /** Seconds; null until it is known. */
  secondsLeft: number | null;
  /** How it runs, or why it failed: “WASM · 2 sessions”. */
  note: string;
  canPause: boolean;
  canCancel: boolean;
}

/** A short message to the person; errors stay until dismissed. */
export interface Notice {
  id: string;
  kind: "info" | "error";
  text: string;
  action?: { label: string; run: () => void };
}

/** How far the page is kept in this browser; unknown also where there are no service workers. Bytes. */
export type Offline =
  | { kind: "unknown" }
  | { kind: "keeping"; done: number; total: number }
  | { kind: "ready" }
  | { kind: "failed"; reason: string };

export interface HeadState {
  settings: HeadSettings;
  /** `dim` numbers for each of `rows` images; null before the first fit. */
  fitted: { report: HeadReport; dim: number; rows: number } | null;
}

export type Projection = "PCA" | "t-SNE" | "UMAP";
/** A field's id, or the order of picks in the shown selection. */
export type SortBy = string | "pick";
/** A field's id, or one of these. */
export type ColourBy = string | "chosen" | "density" | "none";
export type Theme = "system" | "light" | "dark";
/** Work that takes the whole window below the top bar, in the place of gallery, map and panels. */
export type ScreenName = "report" | "duplicates" | "label-issues" | "box-issues" | "active-learning" | "models";

/** An image that was dropped or pasted to search with; it is not kept. */
export interface OutsideImage {
  name: string;
  thumbnail: Blob;
  /** f32 of the model's width. */
  features: Float32Array;
}

/** Images that a ranking goes by. */
export interface Examples {
  /** Rows that results should be like. */
  positives: readonly number[];
  /** Rows that they should not be like. */
  negatives: readonly number[];
  /** Counts among the positives. */
  outside: OutsideImage | null;
}

export interface Search extends Examples {
  /** By images, by a word of the bundled model's classes, by any words that the model's text tower reads, or by an object. */
  kind: "examples" | "words" | "text" | "object";
  /** The words, or what the object is; “” for examples. */
  title: string;
  /** What objects are ranked by; null for searches of images. */
  object: AskedObject | null;
  /** By row: cosine of the embedding or of the features, −1…1, or probability, 0…1. */
  values: Float32Array;
}

/** Which sets are drawn over images, and what of them. */
export interface Drawing {
  shown: boolean;
  /** Classes that are left out, by their names. */
  hidden: ReadonlySet<string>;
  /** Instances of a lower score are left out; those without a score are drawn. */
  leastScore: number;
}

/** Why the open project's ingest has stopped and what would continue it. */
export type Interruption =
  /** The folder's handle is stored, the browser wants a click before it may be read again. */
  | { kind: "permission"; source: string }
  /** There is no handle (a file input was used): the person must choose the folder again. */
  | { kind: "choose-again"; source: string }
  /** The disk quota is used up. */
  | { kind: "storage-full"; source: string }
  /** The person cancelled it, or it failed; a notice says why. */
  | { kind: "stopped"; source: string };

/** Everything the screens show. Ids, rows and small typed arrays; never pixels, never the embedding matrix. */
export interface WinnowState {
  /** False until the list of projects has been read. */
  ready: boolean;
  /** Recent projects, newest first. */
  projects: readonly ProjectSummary[];
  /** The open project, or null on the start screen. */
  project: ProjectSummary | null;
  /** The open project's images; the same object while it is open. Watch `imagesVersion`, not its identity. */
  images: ImageTable;
  imagesVersion: number;
  problems: readonly Problem[];
  /** Images whose files were nowhere when their folder was last looked for. */
  missing: RowSet;
  interruption: Interruption | null;
  /** Another tab has the project open and changes it; this one shows what happens there. */
  following: boolean;
  jobs: readonly Job[];
  notices: readonly Notice[];
  /** Free-standing facts for the status line: execution provider, threads. */
  runtime: string;
  online: boolean;
  /** Whether the page is kept for work without a network. */
  offline: Offline;
  /** A host of somebody else whose project a link wants to open, until the person answers; null for none. */
  elsewhere: { origin: string; answer: (open: boolean) => void } | null;

  /** Rows the person has marked by click, range or lasso. */
  marked: RowSet;
  /** The row shown in details and moved by the arrow keys; −1 for none. */
  focused: number;
  /** True while the large view is open on `focused`. */
  enlarged: boolean;
  tags: ReadonlyMap<string, RowSet>;
  /** Colour and key of every tag. */
  tagStyles: TagStyles;
  /** Labels and predictions: the sets in order, labels first. */
  annotations: readonly HeldSet[];
  /** What was learned from labels: predicts every image; null for none. */
  probe: LearnedProbe | null;
  /** Labels that are probably wrong; null until they have been looked for. */
  labelIssues: FoundLabelIssues | null;
  /** Imported columns, by their keys' order. */
  metadata: readonly HeldMetadata[];
  /** By a set's id what of it is drawn; a set that is not in it is drawn whole. */
  drawings: ReadonlyMap<string, Drawing>;
  /** The import that is being prepared; null: none. */
  importing: ImportDraft | null;
  /** Visitors' changes that are being imported; null while none are. */
  contributing: ContributionDraft | null;
  /** What undo would take back: “tag “cat” on 3 images”; null when there is nothing. */
  undoTitle: string | null;
  redoTitle: string | null;

  /** All selections of the project, oldest first. */
  selections: readonly SelectionRecord[];
  /** The selection that gallery, map and export show; null for none. */
  shown: SelectionRecord | null;
  /** Pick rank from 1 by row of `shown`. */
  ranks: ReadonlyMap<number, number>;
  /** The next selection, as it is being put together. */
  draft: SelectDraft;
  /** How far a selection that runs has come; null when none does. */
  choosing: { picked: number; total: number; curves: CoverageCurves } | null;

  /** Everything that is known of every image: what can be filtered, sorted, grouped, coloured and listed by. */
  fields: readonly Field[];
  /** Fields that were computed from the embedding or by a model: clusters, scores, predicted classes. */
  computed: readonly Field[];
  /** Which images are duplicates; null before that is known, and where it cannot be. */
  duplicates: Duplicates | null;
  /** What was found of the boxes of labels, a moment after labels, predictions or thresholds changed. */
  boxErrors: readonly ComparedPair[];
  /** What a person set of the checks. */
  quality: QualitySettings;
  /** What the checks found; the field “issue” says the same. */
  issues: FoundIssues;
  filter: Filter;
  /** What the filter leaves, and the counts of every value under the other conditions. */
  facets: Facets;
  /** Changes with what is known of objects. */
  objectsVersion: number;
  /** The search in force, whose ranking is the field “similarity”; null for none. */
  search: Search | null;
  /** Words that images can be searched for; null until they are known, and for features of another model. */
  vocabulary: Vocabulary | null;
  /** The text tower that reads words for the embedding in view, by its file's name; null: there is none. Hostile text. */
  textTower: string | null;
  sortBy: SortBy;
  sortDescending: boolean;
  /** A field's id; null: the gallery is not grouped. */
  groupBy: string | null;
  /** The rows that the filter leaves, in the order of the gallery. */
  order: Uint32Array;
  /** The groups of `order`; empty when it is not grouped. */
  sections: readonly Section[];
  /** Side of a gallery cell in CSS pixels, 64–256. */
  cellSize: number;

  projection: Projection;
  /** x, y of each mapped row in turn, scaled to −1…1; rows past `xy.length / 2` have no place yet. */
  xy: Float32Array | null;
  /** The 2-D map is empty because…; null when there is one. */
  mapEmpty: string | null;
  /** How features become embeddings: what is asked for, and what the present one is like. */
  head: HeadState;
  /** How far the map can be believed; null while it is being made. */
  mapQuality: (MapQuality & { recall: number }) | null;
  colourBy: ColourBy;
  theme: Theme;
  /** The open project's embeddings besides its first. */
  spaces: readonly SpaceSummary[];
  /** Id of the embedding that is looked at; "": the first. */
  space: string;
  /** Whose the first embedding is; "" until it is known. Hostile text. */
  ownSpaceName: string;
  /** The id that it would have as a further one: its model and preprocessing; "" for vectors and until it is known. */
  ownSpaceId: string;
  /** The first embedding was made of smaller images than usual. */
  isDraft: boolean;
  /** New projects are made as drafts. */
  draftMode: boolean;
  /** The model that comes with Winnow; null until the Models screen has asked. */
  bundledModel: BundledModel | null;
  /** Models that were brought to this browser; null until the Models screen has asked. */
  models: readonly OwnModel[] | null;
  /** The screen that is open over the workspace; null for none. */
  screen: ScreenName | null;
}

export const initialProjection: Projection = "PCA";
export const initialColour: ColourBy = "folder";

/** The parts of the state that a project starts with. */
export const nothingExplored = {
  fields: [],
  computed: [],
  duplicates: null,
  boxErrors: [],
  quality: defaultQuality,
  issues: nothingFound,
  filter: [],
  facets: Facets.empty,
  objectsVersion: 0,
  search: null,
  vocabulary: null,
  textTower: null,
  probe: null,
  labelIssues: null,
  sortBy: "path",
  sortDescending: false,
  groupBy: null,
  sections: [],
  order: new Uint32Array(0),
  screen: null,
  spaces: [],
  space: "",
  ownSpaceName: "",
  ownSpaceId: "",
  isDraft: false,
} satisfies Partial<WinnowState>;

export const initialState = (images: ImageTable, empty: RowSet): WinnowState => ({
  ready: false,
  projects: [],
  project: null,
  images,
  imagesVersion: 0,
  problems: [],
  missing: empty,
  interruption: null,
  following: false,
  jobs: [],
  notices: [],
  runtime: "",
  online: true,
  offline: { kind: "unknown" },
  elsewhere: null,
  marked: empty,
  focused: -1,
  enlarged: false,
  tags: new Map(),
  tagStyles: new Map(),
  annotations: [],
  metadata: [],
  drawings: new Map(),
  importing: null,
  contributing: null,
  undoTitle: null,
  redoTitle: null,
  selections: [],
  shown: null,
  ranks: new Map(),
  draft: initialDraft,
  choosing: null,
  ...nothingExplored,
  cellSize: 104,
  projection: initialProjection,
  xy: null,
  mapEmpty: null,
  mapQuality: null,
  head: { settings: defaultHead, fitted: null },
  colourBy: initialColour,
  theme: "system",
  draftMode: false,
  bundledModel: null,
  models: null,
});
