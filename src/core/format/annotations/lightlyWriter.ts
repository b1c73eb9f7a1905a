import { type MetadataField, metadataValue } from "../../annotations/metadataField.ts";
import { type AnnotationExport, boxOf, type ExportFile, knownRows, plainNumber, stemPaths } from "./exportFile.ts";
import type { ProjectImages } from "./imported.ts";
import { polygonRuns } from "./polygonRuns.ts";

/** LightlyOne's prediction folder with one task, called by the set's id. An outline becomes a mask. */
export function* lightlyPredictionFiles(given: AnnotationExport): Generator<ExportFile> {
  const { set, images } = given;
  const rows = knownRows(given);
  const stems = stemPaths(given, rows);
  const categories = set.classes.map((name, id) => ({ id, name }));
  const file = (path: string, value: unknown): ExportFile => ({ path, chunks: [`${JSON.stringify(value)}\n`] });
  yield file("predictions/tasks.json", [set.id]);
  yield file(`predictions/${set.id}/schema.json`, { task_type: set.type, categories });
  for (const [i, row] of rows.entries()) {
    const predictions = Array.from({ length: set.first[row + 1]! - set.first[row]! }, (_, at) =>
      predictionOf(given, row, set.first[row]! + at),
    );
    yield file(`predictions/${set.id}/${stems[i]}.json`, { file_name: images.paths[row]!, predictions });
  }
}

function predictionOf({ set, images }: AnnotationExport, row: number, at: number): object {
  const score = set.scores?.[at] ?? Number.NaN;
  const width = set.classes.length;
  const own = set.probabilities?.subarray(at * width, (at + 1) * width);
  const box = boxOf(set, at);
  const shape = set.shapes?.[at] ?? null;
  const runs =
    shape?.kind === "runs"
      ? shape.counts
      : shape?.kind === "polygons"
        ? polygonRuns(shape.rings, images.width(row), images.height(row))
        : null;
  return {
    category_id: set.classOf[at]!,
    ...(box && { bbox: box }),
    // A label is certain.
    score: Number.isNaN(score) ? 1 : plainNumber(score),
    ...(own && !Number.isNaN(own[0]) && { probabilities: Array.from(own, plainNumber) }),
    ...(runs && { segmentation: Array.from(runs) }),
    ...(shape?.kind === "keypoints" && {
      keypoints: Array.from(shape.points, (value) => (Number.isNaN(value) ? 0 : plainNumber(value))),
    }),
  };
}

const dataTypes = {
  number: ["NUMERIC_FLOAT", 0],
  boolean: ["CATEGORICAL_BOOLEAN", false],
  category: ["CATEGORICAL_STRING", ""],
  date: ["CATEGORICAL_DATETIME", ""],
} as const;

/** LightlyOne's metadata folder. Keys with a point inside would be paths there; the point becomes an underscore. */
export function* lightlyMetadataFiles(
  metadata: readonly MetadataField[],
  images: ProjectImages,
  rows: readonly number[],
): Generator<ExportFile> {
  const paths = metadata.map(({ key }) => key.replaceAll(".", "_"));
  const schema = metadata.map(({ key, kind }, i) => {
    const [valueDataType, defaultValue] = dataTypes[kind];
    return { name: key, path: paths[i], defaultValue, valueDataType };
  });
  yield { path: "metadata/schema.json", chunks: [`${JSON.stringify(schema, null, 1)}\n`] };
  const stems = stemPaths({ images }, rows);
  for (const [i, row] of rows.entries()) {
    const values = metadata.flatMap((field, at) => {
      const value = metadataValue(field, row);
      return value === null ? [] : [[paths[at]!, value] as const];
    });
    const about = { file_name: images.paths[row]!, type: "image", metadata: Object.fromEntries(values) };
    yield { path: `metadata/${stems[i]}.json`, chunks: [`${JSON.stringify(about)}\n`] };
  }
}
