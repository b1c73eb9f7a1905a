import type { AnnotationSet } from "./annotationSet.ts";
import type { KeptBox } from "./keptBox.ts";
import type { MetadataField } from "./metadataField.ts";
import { columnsOf, type SetColumns } from "./setColumns.ts";

/** Labels that a person changed at once. */
export interface Correction {
  /** Ascending. */
  rows: Uint32Array;
  /** By row of `rows` the class there was; −1: none. */
  before: Int32Array;
  /** The class there is since; −1: none. */
  after: Int32Array;
  /** What suggested it, for people: “label issues”; “” when nothing did. */
  by: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A set of annotations as a project holds it. */
export interface HeldSet extends AnnotationSet {
  /** Names its columns where they are stored: other columns have another name. */
  content: string;
  /** When a set of this id first came in; sets are listed in this order. */
  since: number;
  /** Oldest first. */
  corrections: readonly Correction[];
  /** Boxes that were suspicious and that a person found right; absent in what an older version stored. */
  keptBoxes?: readonly KeptBox[];
}

/** All of a set but its columns. */
export type SetHead = Omit<HeldSet, keyof SetColumns>;

export function headOf(set: HeldSet): SetHead {
  const { id, name, role, type, classes, source, content, since, corrections, keptBoxes } = set;
  return { id, name, role, type, classes, source, content, since, corrections, ...(keptBoxes && { keptBoxes }) };
}

export const heldSet = (head: SetHead, columns: SetColumns): HeldSet => ({ ...head, ...columnsOf(columns) });

/** A column of metadata as a project holds it. */
export type HeldMetadata = MetadataField & { content: string };

/** Labels first, each in the order in which they came. */
export const inOrder = <T extends Pick<HeldSet, "role" | "since" | "id">>(sets: Iterable<T>): T[] =>
  [...sets].sort(
    (a, b) => Number(a.role !== "labels") - Number(b.role !== "labels") || a.since - b.since || (a.id < b.id ? -1 : 1),
  );

/** The labels that exports and the project folder call `label`: the first that give an image one class. */
export const primaryLabels = <T extends Pick<AnnotationSet, "role" | "type">>(sets: readonly T[]): T | null =>
  sets.find(({ role, type }) => role === "labels" && type === "classification") ?? null;

/** What the column `label` says of a row: its class, several joined by a semicolon; “” where there is none. */
export function labelText(set: AnnotationSet | null, row: number): string {
  if (set === null) return "";
  const ids = set.classOf.subarray(set.first[row] ?? 0, set.first[row + 1] ?? 0);
  return Array.from(ids, (id) => set.classes[id]!).join(";");
}
