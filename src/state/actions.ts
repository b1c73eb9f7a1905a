import type { LabelFilter, LabelRanking } from "../core/active/labelErrors.ts";
import type { SuspiciousBox } from "../core/annotations/boxErrors.ts";
import type { BoxThresholds } from "../core/annotations/boxThresholds.ts";
import type { ClassTerm } from "../core/classifier/words.ts";
import type { FieldValue } from "../core/collaboration/changesFile.ts";
import type { Condition, Filter } from "../core/explore/filter.ts";
import type { AskedSearch } from "../core/explore/viewText.ts";
import type { HeadSettings } from "../core/linalg/head.ts";
import type { EmbeddingComparison } from "../core/model/compareEmbeddings.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import type { OwnModel } from "../core/model/ownModel.ts";
import type { PublicationChoice } from "../core/publication/publicationParts.ts";
import type { AdjustableCheck } from "../core/quality/qualitySettings.ts";
import type { SelectionConfig } from "../core/selection/config.ts";
import type { TagStyle } from "../core/tags.ts";
import type { AnnotationExportKind } from "../pipeline/annotationExport.ts";
import type { ExifFact, PublicationSizes } from "../pipeline/project.ts";
import type { StorageUse } from "../pipeline/storageUse.ts";
import type { ImportChange } from "./importing.ts";
import type { TriedModel } from "./modelTrials.ts";
import type { ObjectActions } from "./objectActions.ts";
import type { SelectDraft } from "./selectDraft.ts";
import type { ColourBy, Drawing, Examples, Notice, Projection, ScreenName, SortBy, Theme } from "./state.ts";

export type { ExifFact, PublicationSizes } from "../pipeline/project.ts";
export type { StorageUse } from "../pipeline/storageUse.ts";
export type { TriedEmbedding, TriedModel, TriedPredictions } from "./modelTrials.ts";

export type MarkMode = "replace" | "add" | "subtract" | "toggle";

export type ExportKind =
  | "file-list"
  | "csv"
  | "json"
  | "embeddings-npy"
  | "tensorboard"
  | "embedding-atlas"
  | "images-folder"
  | "images-zip"
  | "problems-csv"
  | "issues-csv";

/**
 * Of which images: all (and, for copies and lists, the chosen), all that are not excluded, what the filter leaves, what
 * is marked.
 */
export type ExportScope = "all" | "cleaned" | "shown" | "marked";

export interface SelectOptions {
  /** A word for the selection's name; “” for none. */
  title: string;
  config: SelectionConfig;
  /** Rows that count as chosen and are not chosen again. */
  alreadyChosen: Iterable<number>;
  /** Chooses among what the filter leaves. */
  onlyShown: boolean;
  /** Choose among excluded images too. */
  withExcluded: boolean;
}

export interface LoopOptions {
  /** The id of the labels that the batch is to get. */
  labels: string;
  /** One of `loopStrategies`. */
  strategy: string;
  /** How many images. */
  batch: number;
  /** The probe gives each class the same weight. */
  balanced: boolean;
}

export interface LabelIssueOptions {
  /** The id of the labels. */
  labels: string;
  /** The id of predictions with probabilities; null: the probe, cross-validated. */
  source: string | null;
  filter: LabelFilter;
  ranking: LabelRanking;
}

/** A model to try: an own one, or the bundled one, whose file is not asked for. */
export type TriableModel = Pick<OwnModel, "sha256" | "name"> & { file: OwnModel["file"] | null };

/**
 * Everything a person can do. Each call returns at once or resolves when it is done; failures become notices or
 * problems in the state and never reject, unless the docstring says so.
 */
export interface Actions extends ObjectActions {
  // sources
  /** Opens the directory picker where there is one. Resolves to false where there is none: click the input instead. */
  openFolder(): Promise<boolean>;
  /**
   * As `openFolder`, for the folder of the open project's images, which has been moved, renamed or changed: images are
   * tied to its files by their content.
   */
  findFolder(): Promise<boolean>;
  /** The same with the files of an `<input>`. */
  findFolderIn(files: ArrayLike<File>): void;
  /** Files from an `<input>`; `webkitRelativePath` is kept. */
  addFiles(files: ArrayLike<File>): void;
  /** A drop. Must be called synchronously inside the `drop` event handler. */
  drop(data: DataTransfer): void;
  openSample(): void;

  // projects
  /** As `openFolder`, for the folder of a project that was saved or made by the command line. */
  openProjectFolder(): Promise<boolean>;
  /** Saves the open project as a folder, or as a zip where the browser cannot write folders. Call it from a click. */
  saveProjectFolder(): void;
  /** Saves everything of the open project in one file. Call it from a click. */
  backUpProject(): void;
  /** Opens what `backUpProject` saved, from an `<input>`, as a new project. */
  restoreBackup(files: ArrayLike<File>): void;
  /** What takes how much of this browser's storage. Rejects with a `WinnowError`. */
  storageUse(): Promise<StorageUse>;
  /** Asks the browser to keep what is stored even when the disk gets short. */
  keepStorage(): Promise<StorageUse["keeping"]>;
  openProject(id: string): void;
  /** Opens a project folder that lies on this page's own host. Resolves once it is shown, or could not be; never rejects. */
  openPublished(url: string): Promise<void>;
  /** Back to the start screen; a running ingest stops and can be resumed. */
  closeProject(): void;
  renameProject(id: string, name: string): void;
  deleteProject(id: string): void;
  /** Where another tab changes the project: has it hand that over to this one. */
  writeHere(): void;
  /** Continues an interrupted ingest; asks for permission where needed (call it from a click). */
  resumeIngest(): void;

  /** Takes the measures of images that were never measured from their originals, or of all; call it from a click. */
  measureAgain(): void;
  /** Moves the files of excluded images into the subfolder “winnow-rejects” of their folder. Call it from a click. */
  moveRejects(): void;
  /** Moves back what was moved last. Call it from a click. */
  moveRejectsBack(): void;

  // jobs, notices
  pauseJob(id: string): void;
  resumeJob(id: string): void;
  cancelJob(id: string): void;
  dismissJob(id: string): void;
  dismissNotice(id: string): void;
  /** Says something to the person for a few seconds. */
  tell(text: string): void;
  /** As `tell`, with something to do about it; stays until it is taken or closed. */
  offer(text: string, action: NonNullable<Notice["action"]>): void;

  // looking
  mark(rows: Iterable<number>, mode: MarkMode): void;
  /** Marks everything between the focused cell and `row` in gallery order. */
  markRange(row: number, mode: "replace" | "add"): void;
  /** Marks everything that the filter leaves. */
  markAll(): void;
  /** Marks what is not marked among everything that the filter leaves. */
  invertMarks(): void;
  focus(row: number): void;
  enlarge(open: boolean): void;
  setFilter(filter: Filter): void;
  /** Puts a condition in the place of the field's present one; null takes it away. */
  setCondition(field: string, condition: Condition | null): void;
  /** Asks for a value of a field (null: rows without one) besides those asked for, or no longer. */
  toggleValue(field: string, value: string | null): void;
  clearFilter(): void;
  setGroupBy(field: string | null): void;
  setSort(by: SortBy, descending: boolean): void;
  setCellSize(pixels: number): void;
  setProjection(projection: Projection): void;
  /** Makes the embedding anew with these settings; needs no image but for augmented views. Call it from a click. */
  refit(settings: HeadSettings): void;
  /** Computes the map of the current projection again. */
  recomputeMap(): void;
  setColourBy(by: ColourBy): void;
  setTheme(theme: Theme): void;
  /** Opens a screen in the place of gallery, map and panels; null goes back to them. */
  openScreen(screen: ScreenName | null): void;

  // searching
  /** Ranks all images by examples; those that are left out stay as they are. Without positives the search ends. */
  findSimilar(examples: Partial<Examples>): void;
  /** Ranks by an image that is not in the project, and is not kept. */
  findLikeFile(file: Blob, name: string): void;
  /** Ranks by the probability that the bundled model gives to a word's classes. */
  findWord(term: ClassTerm): void;
  /** Ranks by how well images match any words, where the model of the embedding in view has a text tower. */
  findText(text: string): void;
  /** What an address asks for. */
  search(asked: AskedSearch): void;
  clearSearch(): void;
  /** The images most like a row, nearest first, with their cosines; empty before there is an embedding of it. */
  neighbours(row: number, k: number): Promise<{ row: number; cosine: number }[]>;
  /** The distance under which images are near duplicates, 0.1…0.5; null: the usual one. Groups follow at once. */
  setDuplicateThreshold(distance: number | null): void;
  /** Moves a check's threshold, kept with the project; null: back to its default. */
  setThreshold(check: AdjustableCheck, threshold: number | null): void;
  /** Finds clusters, near duplicates and predicted classes, where that was cancelled before. */
  explore(): void;

  // models and further embeddings
  /** Reads which models this browser has. */
  loadModels(): void;
  /**
   * Keeps a model with the files that belong to it, feeds the selected one as a JSON file says, or gives it a
   * text tower.
   * @returns the model's hash; null without a project. Rejects with what is wrong with the files.
   */
  addModelFiles(files: readonly File[], selected: string | null): Promise<string | null>;
  changeModelSpec(sha256: string, spec: ModelSpec): void;
  deleteModel(sha256: string): void;
  /** What a model makes of an image of the project (by row) or from outside, and of a sample. Null without a project. */
  tryModel(model: TriableModel, spec: ModelSpec, image: number | File, signal: AbortSignal): Promise<TriedModel | null>;
  /** Embeds the project with a further model, as a job, and looks at the result. */
  addSpace(model: TriableModel, spec: ModelSpec): void;
  /** Runs a classifier or detector over the images that it has said nothing of yet, as a job: a prediction task. */
  predictWith(model: TriableModel, spec: ModelSpec): void;
  /** Brings a prediction task to the images that it says nothing of, with the model that made it; call it from a click. */
  predictNew(set: string): void;
  /** Goes on embedding the images that a further embedding lacks; call it from a click. */
  fillSpace(id: string): void;
  /** Embeds a draft's images at full size, as a further embedding, and then looks at that. */
  embedInFull(): void;
  /** Whether new projects are made of smaller images: quicker, and a little less exact. */
  setDraftMode(on: boolean): void;
  /** How fast a model was measured to be here, in words; null before that. */
  speedOf(model: Pick<OwnModel, "sha256">, spec: ModelSpec): string | null;
  /** Measures it again; null when it was cancelled or failed. */
  measureSpeed(model: Pick<OwnModel, "sha256" | "name">, spec: ModelSpec): Promise<string | null>;
  /** Looks at another embedding of the project; "": at the first. */
  switchSpace(id: string): void;
  deleteSpace(id: string): void;
  /** How far two embeddings agree, and which knows a set of labels better. Null without a project. */
  compareSpaces(spaces: readonly [string, string], labels: string | null): Promise<EmbeddingComparison | null>;

  // selections
  /** Changes what is asked for next; nothing is chosen yet. */
  changeDraft(change: Partial<SelectDraft>): void;
  /** Chooses images by a configuration. A run that is cancelled offers what it has picked. */
  select(options: SelectOptions): void;
  /** Goes on where a selection ended: as many more by the same configuration, with its images as already chosen. */
  continueSelection(id: string): void;
  /** Takes into a selection what would have come next. */
  growSelection(id: string, more: number): void;
  /** Runs a selection again and says whether it gives the same images; what it gives otherwise is a new one. */
  repeatSelection(id: string): void;
  showSelection(id: string | null): void;
  deleteSelection(id: string): void;
  renameSelection(id: string, name: string): void;
  /** Downloads a selection: its record as JSON, or its paths. */
  exportSelection(id: string, kind: "record" | "list"): void;

  // tags
  addTag(name: string, rows: Iterable<number>): void;
  removeTag(name: string, rows: Iterable<number>): void;
  /** Gives the tag of a digit key to the marked images or the focused one, or takes it off when all have it. */
  toggleTagOfKey(key: number): void;
  /** Tags the marked images, or the focused one, “excluded”, or takes that tag off. */
  toggleExcluded(): void;
  /** Excludes some duplicates and keeps the others of their groups, as one change. */
  sortOut(keep: Iterable<number>, exclude: Iterable<number>): void;
  /** Another name; the name of another tag merges the two. */
  renameTag(name: string, to: string): void;
  deleteTag(name: string): void;
  styleTag(name: string, change: Partial<TagStyle>): void;
  // labels and predictions
  /** Begins an import of files from an `<input>`; `webkitRelativePath` is kept. Its dialog follows in `importing`. */
  importFiles(files: ArrayLike<File>): void;
  /** What the person decides about the import that is open. */
  changeImport(change: ImportChange): void;
  /** Writes what the import that is open has found; undoable in one step. */
  finishImport(): void;
  cancelImport(): void;
  /** Labels from the names of the folders that images lie in. Resolves with the set's id; "" when there is none. */
  labelsFromFolders(): Promise<string>;
  /** Predictions of the bundled model where its likeliest class is at least so likely, 0…1; undoable. */
  tagAutomatically(threshold: number): void;
  /** What of a set is drawn over images. */
  draw(set: string, change: Partial<Drawing>): void;
  /** New labels without an image yet, to be given by hand; returns their id. "" when no project is open. */
  createLabels(name: string, classes: readonly string[]): string;
  /**
   * Boxes of labels that predictions contradict, both by their ids, without those that were kept; null when that was
   * cancelled or failed.
   */
  findBoxIssues(labels: string, predictions: string): Promise<readonly SuspiciousBox[] | null>;
  /** Moves thresholds by which boxes are compared, kept with the project; null: all back to their defaults. */
  setBoxThresholds(change: Partial<BoxThresholds> | null): void;
  /** Notes that a suspicious box is right; undoable. */
  keepBox(set: string, suspicion: SuspiciousBox): void;
  /** Makes a suspicious box of the labels what the predictions say; undoable, noted as a correction by `by`. */
  acceptBox(set: string, suspicion: SuspiciousBox, by: string): void;
  /**
   * Gives images their class in some labels: one for all, or one a row; null takes the label away. A class that is new
   * joins the list. `by` says what suggested it, for the log of corrections.
   */
  setLabel(
    set: string,
    rows: readonly number[],
    classes: string | null | readonly (string | null)[],
    by?: string,
  ): void;
  renameAnnotations(id: string, name: string): void;
  deleteAnnotations(id: string): void;
  deleteMetadata(key: string): void;

  // learning
  /** New labels whose classes are some tags; returns their id. "" when no project is open. */
  labelsFromTags(tags: readonly string[]): string;
  /** Trains a probe on labels and keeps it in step with them; it predicts every image. */
  trainProbe(labels: string, balanced: boolean): void;
  /** Chooses the next batch of an active-learning loop; resolves when it is there. */
  startRound(options: LoopOptions): Promise<void>;
  /** Looks for labels that are probably wrong; resolves when they are there. */
  findLabelIssues(options: LabelIssueOptions): Promise<void>;

  undo(): void;
  redo(): void;

  // bytes
  /** The stored thumbnail; null while there is none. */
  thumbnail(row: number): Promise<Blob | null>;
  /** The original file, or its picture in a form that the browser shows. Rejects with a `WinnowError` of code `permission` or `vanished`. */
  original(row: number): Promise<Blob>;
  /** What the camera wrote into the original file. Rejects as `original`. */
  exif(row: number): Promise<ExifFact[]>;
  /** Asks for the source folder again, from a click; true when originals can be read now. */
  reconnect(): Promise<boolean>;
  /** Downloads what a set says of the images of a scope. */
  exportAnnotations(set: string, kind: AnnotationExportKind, scope: ExportScope, withExcluded?: boolean): void;
  /** Downloads a report that is made already. */
  saveReport(html: string): void;
  /** Leaves excluded images out unless told otherwise. */
  /** Saves what a visitor changed in a published project as one small file. */
  saveChanges(): void;
  /** Imports visitors' changes that are shown. @param chosen values for fields in conflict, by their keys */
  finishContributions(chosen: ReadonlyMap<string, FieldValue>): void;
  cancelContributions(): void;
  /** Bytes of what would be published, or null when that cannot be found out: a notice says why. */
  publicationSizes(): Promise<PublicationSizes | null>;
  /** Publishes all images or those shown, with this page, as a site for any static host. Call it from a click. */
  publish(choice: PublicationChoice, scope: "all" | "shown", as: "folder" | "zip"): void;
  export(kind: ExportKind, scope: ExportScope, withExcluded?: boolean): void;
}
