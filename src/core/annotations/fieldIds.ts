import type { AnnotationSet } from "./annotationSet.ts";

/** The classes that a set found in each image are the field with this id. */
export const classFieldId = ({ role, id }: Pick<AnnotationSet, "role" | "id">): string =>
  `${role === "labels" ? "label" : "prediction"}:${id}`;
/** How often a set found a class, or anything, is the number field with this id. */
export const countFieldId = (set: string, name?: string): string =>
  `count:${set}${name === undefined ? "" : `/${name}`}`;
/** A score of a set is the number field with this id. */
export const scoreFieldId = (set: string, score: string): string => `score:${set}/${score}`;

/** What is probably wrong with the boxes of labels, as a set of predictions sees it, is the field with this id. */
export const boxIssuesFieldId = (set: string): string => `box_issues:${set}`;

/** Whether a field comes from labels, predictions or metadata: what tables of images have as further columns. */
export const isSaidField = (id: string): boolean => /^(?:label|prediction|count|score|box_issues|meta):/.test(id);
