import { cocoFiles } from "./cocoWriter.ts";
import { cvatFiles } from "./cvatWriter.ts";
import type { AnnotationExport, ExportFile } from "./exportFile.ts";
import { fiftyoneFiles } from "./fiftyoneWriter.ts";
import { labelboxFiles } from "./labelboxWriter.ts";
import { labelStudioFiles } from "./labelStudioWriter.ts";
import { lightlyPredictionFiles } from "./lightlyWriter.ts";
import { tableFiles } from "./tableWriter.ts";
import { vocFiles } from "./vocWriter.ts";
import { yoloFiles } from "./yoloWriter.ts";

/** What a set of annotations can be written as. */
export const annotationFormats = [
  "table",
  "coco",
  "yolo",
  "voc",
  "label-studio",
  "cvat",
  "labelbox",
  "fiftyone",
  "lightly",
] as const;

export type AnnotationFormat = (typeof annotationFormats)[number];

/** For people. */
export const annotationFormatTitles: Readonly<Record<AnnotationFormat, string>> = {
  table: "CSV",
  coco: "COCO",
  yolo: "YOLO folder",
  voc: "Pascal VOC",
  "label-studio": "Label Studio tasks",
  cvat: "CVAT",
  labelbox: "Labelbox rows",
  fiftyone: "FiftyOne",
  lightly: "Lightly predictions",
};

const writers: Readonly<Record<AnnotationFormat, (given: AnnotationExport) => Generator<ExportFile>>> = {
  table: tableFiles,
  coco: cocoFiles,
  yolo: yoloFiles,
  voc: vocFiles,
  "label-studio": labelStudioFiles,
  cvat: cvatFiles,
  labelbox: labelboxFiles,
  fiftyone: fiftyoneFiles,
  lightly: lightlyPredictionFiles,
};

/**
 * The files of a set in some format, one after the other; their content is made as it is asked for.
 * @throws WinnowError `config` where a format cannot hold what the set says
 */
export const annotationFiles = (format: AnnotationFormat, given: AnnotationExport): Generator<ExportFile> =>
  writers[format](given);

/** The format that a set came in, or the nearest to it. */
export function formatOfOrigin({ set }: Pick<AnnotationExport, "set">): AnnotationFormat {
  const { format } = set.source;
  if (format === "coco" || format === "yolo" || format === "voc" || format === "fiftyone") return format;
  if (format === "lightly-predictions") return "lightly";
  return set.type === "classification" ? "table" : "coco";
}
