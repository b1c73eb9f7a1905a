import * as v from "valibot";
import { WinnowError } from "../errors.ts";
import type { SelectionRecord } from "../records.ts";
import { readConfig, snakeCased } from "../selection/readConfig.ts";

const words = v.pipe(v.string(), v.maxLength(1_000));
const path = v.pipe(v.string(), v.maxLength(32_000));
const row = v.pipe(v.number(), v.integer(), v.minValue(0));
const image = v.object({ row, id: words, path });

const selectionSchema = v.object({
  format: v.literal("winnow-selection"),
  version: v.literal(1),
  id: words,
  name: words,
  created: v.pipe(v.string(), v.isoTimestamp()),
  program_version: words,
  model_sha256: v.nullable(words),
  head_hash: words,
  /** k-center greedy over the embedding, or as `config` says. */
  method: v.picklist(["k-center", "configuration"]),
  /** What was asked for, in the words of docs/project-folder.md. */
  config: v.optional(v.unknown()),
  requested: row,
  already_chosen: v.array(image),
  /** The only rows that were chosen among; absent: all. */
  among: v.optional(v.array(row)),
  /** Images of the project when it was made. */
  image_count: v.optional(row),
  /** In how many of them coverage was measured. */
  measured_on: v.optional(row),
  /** The round of an active-learning loop whose batch it is: the labels' id, from 1, the strategy. */
  loop: v.optional(v.object({ labels: words, round: row, strategy: words })),
  /** What would have come next, in that order. */
  next: v.optional(v.array(image)),
  /** In pick order. */
  picks: v.array(
    v.object({
      ...image.entries,
      /** Largest distance of any image to its nearest chosen one after this pick. */
      radius: v.number(),
      /** The same for random picks. */
      random_radius: v.nullable(v.number()),
      /** Mean distance of all images to their nearest chosen one after this pick, and after as many random ones. */
      mean_distance: v.optional(v.number()),
      random_mean_distance: v.optional(v.number()),
      /** Row of the nearest image among those chosen before; null for the very first. */
      nearest_chosen: v.nullable(row),
      distance: v.number(),
      /** Each strategy's factor when it was taken, in the order of the configuration. */
      factors: v.optional(v.array(v.nullable(v.number()))),
    }),
  ),
});

/** What a record's rows are in the project that it belongs to. */
export interface RecordContext {
  modelSha256: string | null;
  image(row: number): { id: string; path: string };
}

type SelectionJson = v.InferOutput<typeof selectionSchema>;

/** A selection record as JSON: everything that is needed to run it again and to say why an image was chosen. */
export const selectionText = (record: SelectionRecord, context: RecordContext): string =>
  `${JSON.stringify(selectionJson(record, context), null, 1)}\n`;

/** What {@link selectionText} writes, as a value. */
export function selectionJson(record: SelectionRecord, { modelSha256, image: imageAt }: RecordContext): SelectionJson {
  const named = (at: number) => ({ row: at, ...imageAt(at) });
  return {
    format: "winnow-selection",
    version: 1,
    id: record.id,
    name: record.name,
    created: new Date(record.createdAt).toISOString(),
    program_version: record.programVersion,
    model_sha256: modelSha256,
    head_hash: record.headHash,
    method: record.config ? "configuration" : "k-center",
    ...(record.config && { config: snakeCased(record.config) }),
    requested: record.requested,
    already_chosen: Array.from(record.alreadyChosen, named),
    ...(record.among && { among: Array.from(record.among) }),
    ...(record.imageCount !== undefined && { image_count: record.imageCount }),
    ...(record.measuredOn !== undefined && { measured_on: record.measuredOn }),
    ...(record.loop && { loop: record.loop }),
    ...(record.next && { next: Array.from(record.next, named) }),
    picks: Array.from(record.rows, (at, i) => ({
      ...named(at),
      radius: record.radii[i]!,
      random_radius: record.randomRadii[i] ?? null,
      ...(record.means && { mean_distance: record.means[i]! }),
      ...(record.randomMeans && { random_mean_distance: record.randomMeans[i]! }),
      nearest_chosen: record.nearestChosen[i]! < 0 ? null : record.nearestChosen[i]!,
      distance: record.pickDistances[i]!,
      ...factorsOf(record, i),
    })),
  };
}

function factorsOf({ config, factors }: SelectionRecord, pick: number): { factors?: (number | null)[] } {
  if (!config || !factors) return {};
  const each = config.strategies.length;
  const own = Array.from(factors.subarray(pick * each, (pick + 1) * each));
  return { factors: own.map((factor) => (Number.isFinite(factor) ? factor : null)) };
}

/**
 * Reads what {@link selectionText} wrote.
 * @param rows images of the project
 * @throws WinnowError `shape` that names the file
 */
export function readSelection(text: string, file: string, rows: number): SelectionRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const json = checked(value, file);
  const { picks, already_chosen } = json;
  const outside = [...picks, ...already_chosen, ...(json.next ?? [])].find((one) => one.row >= rows);
  if (json.among?.some((one) => one >= rows)) {
    throw new WinnowError("shape", `“${file}” was made among more than ${rows} images.`, { file });
  }
  if (outside) throw new WinnowError("shape", `“${file}”: there is no row ${outside.row} among ${rows}.`, { file });
  return recordOf(json);
}

/**
 * A selection that was made in a copy of the project, with the rows that its images have here. Images that are not here
 * are left out.
 * @param value what {@link selectionJson} made
 * @param rowOf the row of an image's id; undefined for one that is not here
 * @throws WinnowError `shape` that names the file
 */
export function readForeignSelection(
  value: unknown,
  file: string,
  rowOf: (id: string) => number | undefined,
): SelectionRecord {
  const { among, image_count, ...json } = checked(value, file);
  const here = new Map<number, number>();
  const all = [...json.picks, ...json.already_chosen, ...(json.next ?? [])];
  for (const { id, row: theirs } of all) {
    const own = rowOf(id);
    if (own !== undefined) here.set(theirs, own);
  }
  const moved = <T extends { row: number }>(images: readonly T[]): T[] =>
    images.flatMap((one) => (here.has(one.row) ? [{ ...one, row: here.get(one.row)! }] : []));
  // Among which images it was chosen is told by rows alone: that means something only where they are the same.
  const isSame = all.every(({ row: theirs }) => here.get(theirs) === theirs);
  return recordOf({
    ...json,
    already_chosen: moved(json.already_chosen),
    ...(json.next && { next: moved(json.next) }),
    picks: moved(json.picks).map((pick) => ({
      ...pick,
      nearest_chosen: pick.nearest_chosen === null ? null : (here.get(pick.nearest_chosen) ?? null),
    })),
    ...(isSame && among && { among }),
    ...(isSame && image_count !== undefined && { image_count }),
  });
}

function checked(value: unknown, file: string): SelectionJson {
  const parsed = v.safeParse(selectionSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue) ?? "it";
  throw new WinnowError("shape", `“${file}” is damaged: ${place} should be ${issue.expected}.`, { file });
}

function recordOf({ picks, already_chosen, created, ...json }: SelectionJson): SelectionRecord {
  const hasMeans = picks.length > 0 && picks.every((pick) => pick.mean_distance !== undefined);
  return {
    id: json.id,
    name: json.name,
    createdAt: Date.parse(created),
    requested: json.requested,
    alreadyChosen: Uint32Array.from(already_chosen, (one) => one.row),
    rows: Uint32Array.from(picks, (one) => one.row),
    radii: Float32Array.from(picks, ({ radius }) => radius),
    randomRadii: Float32Array.from(picks.map(({ random_radius }) => random_radius).filter((radius) => radius !== null)),
    nearestChosen: Int32Array.from(picks, ({ nearest_chosen }) => nearest_chosen ?? -1),
    pickDistances: Float32Array.from(picks, ({ distance }) => distance),
    ...(hasMeans && { means: Float32Array.from(picks, (pick) => pick.mean_distance ?? Number.NaN) }),
    ...(hasMeans && { randomMeans: Float32Array.from(picks, (pick) => pick.random_mean_distance ?? Number.NaN) }),
    ...(json.measured_on !== undefined && { measuredOn: json.measured_on }),
    ...(json.image_count !== undefined && { imageCount: json.image_count }),
    ...(json.loop && { loop: json.loop }),
    ...(json.next && { next: Uint32Array.from(json.next, (one) => one.row) }),
    headHash: json.head_hash,
    programVersion: json.program_version,
    ...(json.among && { among: Uint32Array.from(json.among) }),
    ...(json.config !== undefined && {
      config: readConfig(json.config),
      factors: Float64Array.from(picks.flatMap(({ factors = [] }) => factors.map((factor) => factor ?? Number.NaN))),
    }),
  };
}
