import type { Kernels } from "../../kernels/load.ts";
import { WinnowError } from "../errors.ts";
import { neighbourGraph } from "../knn/neighbourGraph.ts";
import { largestOfGroups, meanOfGroups, type ObjectPoints } from "../objects/objectPoints.ts";
import { similarityTo } from "../select/similarity.ts";
import { typicality } from "../select/typicality.ts";
import type { Task } from "../task.ts";
import type { SelectionConfig, SelectionInput, SelectionStrategy } from "./config.ts";
import { applyThreshold, inputNumbers, leaveOutUnknown, leaveOutWithoutObjects } from "./narrowing.ts";
import { placeOf, within } from "./place.ts";
import type { ClassCounts, SelectionData } from "./problem.ts";

const typicalNeighbours = 20;
const coveringNeighbours = 30;

/** The most neighbours that any strategy looks at; 0 when none needs a graph. */
export const neighboursOf = ({ strategies }: SelectionConfig): number =>
  strategies.reduce((most, { strategy }) => {
    if (strategy.type === "TYPICALITY") return Math.max(most, strategy.numNearestNeighbors ?? typicalNeighbours);
    return strategy.type === "COVERAGE" ? Math.max(most, strategy.numNearestNeighbors ?? coveringNeighbours) : most;
  }, 0);

/** What does not depend on what is chosen: one column of numbers, by row. */
export interface StaticColumn {
  strategy: number;
  strength: number;
  /** 0 and up. */
  values: Float64Array;
  /** As they were given: what sums are made of. */
  raw: Float64Array;
  maxSum: number | null;
  range: { minSum: number; maxSum: number } | null;
}

export interface DiversityPart {
  strategy: number;
  strength: number;
  minDistance: number;
  /** What is far apart; null: the images. */
  objects: ObjectPoints | null;
}

export interface CoveragePart {
  strategy: number;
  strength: number;
  neighbours: number;
  /** By row, 0 and up; null: 1 for all. Of objects: each has the demand of its image. */
  demand: Float64Array | null;
  /** What covers and is covered; null: the images. */
  objects: ObjectPoints | null;
}

export interface BalancePart {
  strategy: number;
  strength: number;
  counts: ClassCounts;
  /** By class; null: as in the input. */
  target: Float64Array | null;
}

/** A configuration with its data: what the greedy choice works on. */
export interface Columns {
  /** By row: 1 where an image may be chosen. */
  allowed: Uint8Array;
  statics: StaticColumn[];
  diversity: DiversityPart[];
  coverage: CoveragePart[];
  balance: BalancePart[];
  notes: string[];
}

/**
 * Looks up what every strategy needs and lets thresholds filter.
 * @param allowed by row, 1 where an image may be chosen as far as is known; changed
 * @throws WinnowError `config` that names the strategy: no such data, a weight that is all zero or not finite, an empty
 *   query set, a threshold that leaves nothing
 */
export function* columnsOf(
  kernels: Kernels,
  data: SelectionData,
  { strategies }: SelectionConfig,
  allowed: Uint8Array,
): Task<Columns> {
  const columns: Columns = { allowed, statics: [], diversity: [], coverage: [], balance: [], notes: [] };
  for (const [index, one] of strategies.entries()) {
    const { input, strategy } = one;
    const { strength = 1 } = strategy;
    const place = placeOf(index, one);
    const part = { strategy: index, strength };
    const addStatic = (values: Float64Array, raw = values): StaticColumn => {
      const column = { ...part, values, raw, maxSum: null, range: null };
      columns.statics.push(column);
      return column;
    };
    const objects =
      input.type === "EMBEDDINGS" && input.task !== undefined ? objectsIn(data, input.task, place, columns) : null;
    switch (strategy.type) {
      case "DIVERSITY":
        columns.diversity.push({ ...part, minDistance: strategy.stoppingConditionMinimumDistance ?? 0, objects });
        break;
      case "COVERAGE": {
        const demand = strategy.demand ? demandOf(data, strategy.demand, place, columns) : null;
        columns.coverage.push({
          ...part,
          neighbours: strategy.numNearestNeighbors ?? coveringNeighbours,
          demand,
          objects,
        });
        break;
      }
      case "WEIGHTS": {
        const raw = valuesOf(data, strategies, index, place, columns);
        const column = addStatic(weightsOf(raw, place, columns), raw);
        column.maxSum = strategy.stoppingConditionMaxSum ?? null;
        column.range = strategy.targetRange ?? null;
        break;
      }
      case "THRESHOLD":
        applyThreshold(strategy, valuesOf(data, strategies, index, place, columns), allowed, place);
        break;
      case "SIMILARITY": {
        const tag = input.type === "EMBEDDINGS" ? (input.tagName ?? "") : "";
        const query = Uint32Array.from(within(place, () => data.tagged(tag)));
        if (query.length === 0) throw new WinnowError("config", `${place}: no image has the tag “${tag}”.`);
        addStatic(yield* similarities(kernels, data, objects, query, place));
        break;
      }
      case "TYPICALITY": {
        const k = strategy.numNearestNeighbors ?? typicalNeighbours;
        const values = yield* typicalities(kernels, data, objects, k);
        const least = strategy.stoppingConditionMinimumTypicality ?? 0;
        for (let row = 0; row < data.rows; row++) if (values[row]! < least) allowed[row] = 0;
        addStatic(values);
        break;
      }
      case "BALANCE":
        columns.balance.push({ ...part, ...balanceOf(data, input, strategy, place) });
    }
  }
  return columns;
}

/** The objects of a task; images without any can not be chosen. */
function objectsIn(data: SelectionData, task: string, place: string, { allowed, notes }: Columns): ObjectPoints {
  const objects = within(place, () => data.objects(task));
  const note = leaveOutWithoutObjects(objects, allowed, data.path, place);
  if (note !== "") notes.push(note);
  if (objects.unknown > 0) {
    const images = objects.unknown === 1 ? "1 image has" : `${objects.unknown.toLocaleString("en")} images have`;
    notes.push(`${place}: ${images} boxes that are not embedded yet; “Embed objects” does it.`);
  }
  return objects;
}

/** By row the similarity to the nearest of the query's images, or of an image's objects to the nearest of their objects. */
function* similarities(
  kernels: Kernels,
  data: SelectionData,
  objects: ObjectPoints | null,
  query: Uint32Array,
  place: string,
): Task<Float64Array> {
  if (objects === null) return Float64Array.from(yield* similarityTo(kernels, data.embeddings, query));
  const { first, embeddings } = objects;
  const points: number[] = [];
  for (const row of query) for (let i = first[row]!; i < first[row + 1]!; i++) points.push(i);
  if (points.length === 0) {
    throw new WinnowError("config", `${place}: no image of the query set has an embedded object.`);
  }
  return known(largestOfGroups(objects, yield* similarityTo(kernels, embeddings, Uint32Array.from(points))));
}

/** By row how typical an image is, or the mean of its objects. */
function* typicalities(
  kernels: Kernels,
  data: SelectionData,
  objects: ObjectPoints | null,
  k: number,
): Task<Float64Array> {
  if (objects === null) return Float64Array.from(yield* typicality(yield* data.graph(k), k));
  return known(meanOfGroups(objects, yield* typicality(yield* neighbourGraph(kernels, objects.embeddings, k), k)));
}

/** Images without a value can not be chosen already: 0 for them. */
const known = (values: Float64Array): Float64Array => values.map((value) => (Number.isNaN(value) ? 0 : value));

/** What WEIGHTS and THRESHOLD go by; images without a value are counted and can not be chosen. */
function valuesOf(
  data: SelectionData,
  strategies: readonly SelectionStrategy[],
  index: number,
  place: string,
  { allowed, notes }: Columns,
): Float64Array {
  const values = within(place, () => inputNumbers(data, strategies, index));
  const note = leaveOutUnknown(values, allowed, data.path, place);
  if (note !== "") notes.push(note);
  return values;
}

/** Weights from 0 up: negative ones are mapped to 0…1. */
function weightsOf(raw: Float64Array, place: string, { allowed, notes }: Columns): Float64Array {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < raw.length; row++) {
    if (allowed[row] === 0) continue;
    least = Math.min(least, raw[row]!);
    most = Math.max(most, raw[row]!);
  }
  if (least === 0 && most === 0) {
    throw new WinnowError("config", `${place}: all weights are zero, so they tell no image from another.`);
  }
  const values = raw.map((value) => (Number.isNaN(value) ? 0 : Math.max(0, value)));
  if (!(least < 0)) return values;
  notes.push(`${place}: weights from ${least} to ${most} were mapped to 0…1, because some are negative.`);
  const span = most - least;
  return raw.map((value) => (Number.isNaN(value) ? 0 : span > 0 ? Math.max(0, (value - least) / span) : 1));
}

function demandOf(data: SelectionData, input: SelectionInput, place: string, columns: Columns): Float64Array {
  if (input.type !== "SCORES" && input.type !== "METADATA") throw new WinnowError("internal", "no such demand");
  const raw = within(place, () => data.numbers(input));
  const bad = raw.findIndex((value) => value < 0 || value === Number.POSITIVE_INFINITY);
  if (bad >= 0) {
    throw new WinnowError("config", `${place}: the demand of “${data.path(bad)}” is ${raw[bad]}, expected 0 or more.`);
  }
  const missing = raw.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (missing === raw.length) throw new WinnowError("config", `${place}: no image has a demand.`);
  if (missing > 0)
    columns.notes.push(`${place}: ${missing} images have no demand, so nothing is chosen for their sake.`);
  const demand = raw.map((value) => (Number.isNaN(value) ? 0 : value));
  if (!demand.some((value) => value > 0))
    throw new WinnowError("config", `${place}: the demand of all images is zero.`);
  return demand;
}

function balanceOf(
  data: SelectionData,
  input: SelectionInput,
  { target, distribution }: Extract<SelectionStrategy["strategy"], { type: "BALANCE" }>,
  place: string,
): Pick<BalancePart, "counts" | "target"> {
  if (input.type !== "METADATA" && input.type !== "PREDICTIONS") throw new WinnowError("internal", "no such balance");
  const counts = within(place, () => data.classes(input));
  const { names } = counts;
  if (names.length === 0) throw new WinnowError("config", `${place}: no image has a class.`);
  if (distribution === "INPUT") return { counts, target: null };
  if (distribution === "UNIFORM" || target === undefined) {
    return { counts, target: new Float64Array(names.length).fill(1 / names.length) };
  }
  const unknown = Object.keys(target).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const some = names.length > 8 ? `${names.slice(0, 8).join(", ")}, …` : names.join(", ");
    throw new WinnowError("config", `${place}: there is no class “${unknown}”. There are: ${some}.`);
  }
  // What the target does not name is one class, *other*, with the share that is left.
  const named = names.filter((name) => Object.hasOwn(target, name));
  const other = named.length;
  const placeOf = names.map((name) => (Object.hasOwn(target, name) ? named.indexOf(name) : other));
  const shares = Float64Array.from([...named.map((name) => target[name]!), 0]);
  shares[other] = Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0));
  return {
    counts: { ...counts, names: [...named, "other"], classes: counts.classes.map((c) => placeOf[c]!) },
    target: shares,
  };
}
