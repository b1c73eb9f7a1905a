import * as v from "valibot";
import { WinnowError } from "../errors.ts";
import type { HeadSettings } from "../linalg/head.ts";
import type { HeadReport } from "../linalg/headReport.ts";
import { modelSpecSchema } from "../model/modelSpec.ts";
import { type TagStyle, type TagStyles, tagColours } from "../tags.ts";
import { qualitySchema } from "./qualityJson.ts";

/** What this program writes and the newest it reads. */
export const formatVersion = 1;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Names and the like: hostile text, but not megabytes of it. */
const words = v.pipe(v.string(), v.maxLength(1_000));

const reportSchema = v.object({
  effective_rank: v.number(),
  column_spread: v.number(),
  neighbour_similarity: v.number(),
  random_similarity: v.number(),
  fitted_rows: count,
});

/** What is stored of an embedding besides its features. */
const embeddingShape = {
  head: v.nullable(
    v.object({
      method: v.picklist(["head", "pca", "raw"]),
      dim: count,
      passes: count,
      /** Images whose augmented views took part; absent: none. */
      augmented: v.optional(count),
      features: count,
      hash: words,
      rows: count,
      /** Images that the project held when the head was fitted. */
      fitted_total: count,
      report: reportSchema,
    }),
  ),
  knn: v.nullable(v.object({ k: count, recall: v.number() })),
  maps: v.record(
    v.picklist(["pca", "umap", "tsne"]),
    v.object({
      seed: v.number(),
      trustworthiness: v.number(),
      neighbours_kept: v.number(),
      k: count,
      measured: count,
      recall: v.number(),
    }),
  ),
};

const preprocessingShape = {
  size: count,
  mean: v.number(),
  scale: v.number(),
  crop: words,
  resize: words,
  /** All of it; absent in what an older version wrote. */
  spec: v.optional(modelSpecSchema),
};
const modelShape = { id: words, name: words, sha256: words, preprocessing: v.object(preprocessingShape) };

/** A further embedding: its features lie in a file of their own, as does what was made of them. */
const spaceSchema = v.object({
  id: v.pipe(words, v.regex(/^[\w-]{1,80}$/)),
  name: words,
  model: v.object({ ...modelShape, preprocessing: v.object({ ...preprocessingShape, spec: modelSpecSchema }) }),
  /** Numbers an image. */
  features: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
  signed_features: v.boolean(),
  /** The first images, all or fewer, that have them. */
  rows: count,
  /** What was made of the features; absent in what an older version wrote. */
  head: v.optional(embeddingShape.head, null),
  knn: v.optional(embeddingShape.knn, null),
  maps: v.optional(embeddingShape.maps, {}),
});
export type SpaceEntry = v.InferOutput<typeof spaceSchema>;

/** Features of the objects of a set of labels or predictions. */
const objectsSchema = v.object({
  /** Id of the set. */
  set: v.pipe(words, v.maxLength(1_000)),
  /** Id of the further embedding; "" for the project's own. */
  space: v.pipe(words, v.regex(/^[\w-]{0,80}$/)),
  /** Numbers an object. */
  features: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
});
export type ObjectsEntry = v.InferOutput<typeof objectsSchema>;

const manifestSchema = v.object({
  format: v.literal("winnow-project"),
  version: v.literal(formatVersion),
  program_version: words,
  name: words,
  /** ISO 8601. */
  created: v.pipe(v.string(), v.isoTimestamp()),
  /** What made the features; null for a project of vectors that came from elsewhere. */
  model: v.nullable(v.object(modelShape)),
  /** Features may be negative: their root keeps the sign. */
  signed_features: v.boolean(),
  counts: v.object({ images: count, problems: count, ignored: count }),
  /** Columns of images.parquet. */
  columns: v.array(words),
  /** What made embeddings.npy; null when there is none. */
  head: embeddingShape.head,
  /** Of the neighbours in knn.npy; null when there is none. */
  knn: embeddingShape.knn,
  /** Files of selections/, oldest first: a static host cannot list a folder. */
  selections: v.array(v.pipe(words, v.regex(/^[\w-]+\.json$/))),
  /** How tags look; absent in what an older version wrote. */
  tags: v.optional(
    v.array(
      v.object({
        name: words,
        colour: v.pipe(count, v.maxValue(tagColours - 1)),
        key: v.nullable(v.pipe(count, v.minValue(1), v.maxValue(9))),
      }),
    ),
  ),
  /** Thresholds of the checks that a person moved; absent where none is. */
  quality: v.optional(qualitySchema),
  /** Files of labels/ and predictions/, in the order in which they came; absent in what an older version wrote. */
  annotations: v.optional(v.array(v.pipe(words, v.regex(/^(?:labels|predictions)\/[\w-]+\.parquet$/)))),
  /** Embeddings besides the first; absent in what an older version wrote. */
  spaces: v.optional(v.array(spaceSchema)),
  /** Embedded objects; absent where there are none. */
  objects: v.optional(v.array(objectsSchema)),
  /** What lies in originals/ of a publication; absent where there is nothing. */
  originals: v.optional(v.picklist(["pictures", "files"])),
  /** Keys of metadata.parquet; absent when there is none. */
  metadata: v.optional(v.array(words)),
  maps: embeddingShape.maps,
});

/** project.json. */
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Head, neighbours and maps of one embedding. */
export type EmbeddingEntry = Pick<Manifest, "head" | "knn" | "maps">;

/**
 * @param text the content of project.json
 * @throws WinnowError `unsupported` for a folder of a newer version, `shape` for anything else that is not a manifest
 */
export function readManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WinnowError("shape", "“project.json” is damaged: expected JSON.", { file: "project.json" }, { cause });
  }
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format === "winnow-project" && typeof version === "number" && version > formatVersion) {
    throw new WinnowError(
      "unsupported",
      `This project folder has format version ${version}; this Winnow reads up to ${formatVersion}. Update Winnow.`,
      { found: version, expected: formatVersion },
    );
  }
  const parsed = v.safeParse(manifestSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new WinnowError(
    "shape",
    `“project.json” is not one of a Winnow project: ${v.getDotPath(issue) ?? "it"} should be ${issue.expected}, found ${issue.received}.`,
    { file: "project.json" },
  );
}

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

export const reportToJson = (report: HeadReport): v.InferOutput<typeof reportSchema> => ({
  effective_rank: report.effectiveRank,
  column_spread: report.columnSpread,
  neighbour_similarity: report.neighbourSimilarity,
  random_similarity: report.randomSimilarity,
  fitted_rows: report.fittedRows,
});

export const reportFromJson = (json: v.InferOutput<typeof reportSchema>): HeadReport => ({
  effectiveRank: json.effective_rank,
  columnSpread: json.column_spread,
  neighbourSimilarity: json.neighbour_similarity,
  randomSimilarity: json.random_similarity,
  fittedRows: json.fitted_rows,
});

/** What a person chose of the head that a manifest describes. */
export const headSettings = ({ method, dim, passes, augmented }: NonNullable<Manifest["head"]>): HeadSettings => ({
  method,
  dim,
  passes,
  ...(augmented && { augmented }),
});

export type MapKey = keyof Manifest["maps"];

export const tagStylesToJson = (styles: TagStyles): NonNullable<Manifest["tags"]> =>
  Array.from(styles, ([name, { colour, key }]) => ({ name, colour, key }));

/** The styles of the tags that there are. */
export const tagStylesFromJson = (
  json: NonNullable<Manifest["tags"]>,
  tags: ReadonlyMap<string, unknown>,
): Map<string, TagStyle> =>
  new Map(json.filter(({ name }) => tags.has(name)).map(({ name, colour, key }) => [name, { colour, key }]));
