import type { AnnotationSet, TaskType } from "../../core/annotations/annotationSet.ts";
import { type FormatName, formatTitles } from "../../core/format/annotations/formats.ts";
import { countOf } from "../text/quantities.ts";

const typeWords: Readonly<Record<TaskType, string>> = {
  classification: "classes",
  "object-detection": "boxes",
  "instance-segmentation": "instances",
  "semantic-segmentation": "masks",
  "keypoint-detection": "keypoints",
};

/** “labels · boxes”. */
export const kindOf = ({ role, type }: AnnotationSet): string => `${role} · ${typeWords[type]}`;

export const isDrawable = ({ boxes, shapes }: AnnotationSet): boolean => boxes !== null || shapes !== null;

/** “713 images, 1,204 annotations”. */
export function amountOf({ known, classOf }: AnnotationSet): string {
  const images = known.reduce((sum, one) => sum + one, 0);
  return images === classOf.length
    ? countOf(images, "image")
    : `${countOf(images, "image")}, ${countOf(classOf.length, "annotation")}`;
}

/** Where it came from, in words, without the file's name. */
export const sourceWords = ({ source }: AnnotationSet): string =>
  source.format in formatTitles
    ? formatTitles[source.format as FormatName]
    : (madeWords[source.format] ?? source.format);

const madeWords: Readonly<Record<string, string>> = {
  hand: "Made here by hand",
  automatic: "Made here by the bundled model",
  model: "Made here by a model",
  visitors: "Sent by visitors",
};

/** By class how many instances there are. */
export function classCounts({ classes, classOf }: AnnotationSet): Uint32Array {
  const counts = new Uint32Array(classes.length);
  for (const id of classOf) counts[id]!++;
  return counts;
}
