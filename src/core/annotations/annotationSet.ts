/** What a set of annotations says of an image. Instance segmentation has boxes too. */
export type TaskType =
  | "classification"
  | "object-detection"
  | "instance-segmentation"
  | "semantic-segmentation"
  | "keypoint-detection";

/** The outline of one instance, in pixels of the upright image. */
export type Shape =
  /** Closed rings: x, y in turn. */
  | { kind: "polygons"; rings: readonly Float32Array[] }
  /** Row-major run lengths over width × height pixels, beginning with zeros (outside). */
  | { kind: "runs"; width: number; height: number; counts: Uint32Array }
  /** x, y, confidence 0…1 in turn; NaN: a point that is not there. */
  | { kind: "keypoints"; points: Float32Array };

/**
 * What people or a model said of the images of a project: one label field or one prediction task. Columns over all
 * instances; `first[row] … first[row + 1]` are those of a row. Immutable: a change makes a new set that shares columns.
 */
export interface AnnotationSet {
  /** Short and stable; stands in field ids and in configurations (`task`). */
  id: string;
  /** For people. */
  name: string;
  /** What people say is right, or what a model guesses. */
  role: "labels" | "predictions";
  type: TaskType;
  classes: readonly string[];
  /** By row: 1 where the set says something, if only that there is nothing. Rows past its end: 0. */
  known: Uint8Array;
  /** `known.length` + 1 places. */
  first: Uint32Array;
  /** By instance: index into `classes`. */
  classOf: Uint32Array;
  /** By instance: confidence 0…1, NaN where none is given; null: nobody gave any. */
  scores: Float32Array | null;
  /** By instance: x, y, width, height in pixels of the upright image; null for a classification. */
  boxes: Float32Array | null;
  /** Instances × classes, each row sums to 1, NaN where none is given; null: nobody gave any. */
  probabilities: Float32Array | null;
  /** By instance; null: there are none. */
  shapes: readonly (Shape | null)[] | null;
  /**
   * Where it came from, for people and for writing it back: the format's name and the file's, when (milliseconds since
   * 1970), by class the number it had there, where it had one, and of predictions that were made here which model made
   * them in which way (`spaceId`), or from which probability on.
   */
  source: {
    format: string;
    file: string;
    at: number;
    classIds?: readonly number[];
    model?: string;
    threshold?: number;
  };
}

/** How many instances a row has. */
export const instancesOf = ({ first }: AnnotationSet, row: number): number =>
  row + 1 < first.length ? first[row + 1]! - first[row]! : 0;

/** The class of a row's first instance, an index into `classes`; −1 where there is none. */
export const classOfRow = (set: AnnotationSet, row: number): number =>
  instancesOf(set, row) > 0 ? set.classOf[set.first[row]!]! : -1;
