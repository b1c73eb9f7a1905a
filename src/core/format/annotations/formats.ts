/** What annotations and metadata are read from. */
export const formatNames = [
  "folders",
  "csv",
  "json",
  "jsonl",
  "parquet",
  "coco",
  "yolo",
  "voc",
  "lightly-predictions",
  "lightly-metadata",
  "fiftyone",
  "npy",
] as const;

export type FormatName = (typeof formatNames)[number];

/** For people. */
export const formatTitles: Readonly<Record<FormatName, string>> = {
  folders: "Folder names",
  csv: "CSV or TSV table",
  json: "JSON list",
  jsonl: "JSON Lines",
  parquet: "Parquet table",
  coco: "COCO",
  yolo: "YOLO folder",
  voc: "Pascal VOC",
  "lightly-predictions": "Lightly predictions",
  "lightly-metadata": "Lightly metadata",
  fiftyone: "FiftyOne JSON",
  npy: "NumPy probabilities",
};
