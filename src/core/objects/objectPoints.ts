import { type Matrix, matrix } from "../matrix.ts";
import { type ObjectBoxes, objectsOfRow } from "./objectBoxes.ts";
import type { KnownObjects, ObjectPart } from "./objectPart.ts";

/** Points of which each image, or each unit that is chosen as one, has none or some. */
export interface PointGroups {
  /** Groups + 1: where each group's points begin. */
  first: Uint32Array;
  /** L2-normalised, points × dim. */
  embeddings: Matrix;
}

/** The objects of a project's images as points, by row. */
export interface ObjectPoints extends PointGroups {
  /** By point: its instance in the set of annotations. */
  instances: Uint32Array;
  /** Images with objects that have no embedding yet. */
  unknown: number;
}

/** A part with the embeddings of its objects, objects × dim. */
export interface EmbeddedPart extends ObjectPart {
  embeddings: Float32Array;
}

/** The objects of a set whose embeddings are known, in the order of rows and instances. */
export function objectPoints(
  set: ObjectBoxes,
  known: KnownObjects,
  parts: readonly Pick<EmbeddedPart, "embeddings">[],
  { rows, dim }: { rows: number; dim: number },
): ObjectPoints {
  const first = new Uint32Array(rows + 1);
  const instances: number[] = [];
  const found: Float32Array[] = [];
  let unknown = 0;
  for (let row = 0; row < rows; row++) {
    const objects = objectsOfRow(set, row);
    if (objects.length > 0) {
      const place = known.find(set, row, objects);
      if (place === null) unknown++;
      else {
        const { embeddings } = parts[place.part]!;
        found.push(embeddings.subarray(place.first * dim, (place.first + place.count) * dim));
        instances.push(...objects);
      }
    }
    first[row + 1] = instances.length;
  }
  const data = new Float32Array(instances.length * dim);
  let at = 0;
  for (const own of found) {
    data.set(own, at);
    at += own.length;
  }
  return {
    first,
    instances: Uint32Array.from(instances),
    embeddings: matrix(data, instances.length, dim),
    unknown,
  };
}

/** By point: its group. */
export function groupOfPoints({ first, points }: Pick<PointGroups, "first"> & { points: number }): Uint32Array {
  const groups = new Uint32Array(points);
  for (let group = 0; group + 1 < first.length; group++) groups.fill(group, first[group]!, first[group + 1]!);
  return groups;
}

/** By group: the largest value of its points; NaN where it has none. */
export function largestOfGroups({ first }: Pick<PointGroups, "first">, values: ArrayLike<number>): Float64Array {
  const largest = new Float64Array(first.length - 1).fill(Number.NaN);
  for (let group = 0; group < largest.length; group++) {
    for (let i = first[group]!; i < first[group + 1]!; i++) {
      if (!(largest[group]! >= values[i]!)) largest[group] = values[i]!;
    }
  }
  return largest;
}

/** By group: the mean of its points; NaN where it has none. */
export function meanOfGroups({ first }: Pick<PointGroups, "first">, values: ArrayLike<number>): Float64Array {
  const means = new Float64Array(first.length - 1);
  for (let group = 0; group < means.length; group++) {
    let sum = 0;
    for (let i = first[group]!; i < first[group + 1]!; i++) sum += values[i]!;
    means[group] = sum / (first[group + 1]! - first[group]!);
  }
  return means;
}

/** The points of some rows, those of each unit together. */
export function pointsOfUnits({ first, embeddings }: PointGroups, units: readonly Uint32Array[]): PointGroups {
  const { data, cols } = embeddings;
  const starts = new Uint32Array(units.length + 1);
  for (const [u, unit] of units.entries()) {
    starts[u + 1] = unit.reduce((sum, row) => sum + first[row + 1]! - first[row]!, starts[u]!);
  }
  const own = new Float32Array(starts[units.length]! * cols);
  let at = 0;
  for (const unit of units) {
    for (const row of unit) {
      const part = data.subarray(first[row]! * cols, first[row + 1]! * cols);
      own.set(part, at);
      at += part.length;
    }
  }
  return { first: starts, embeddings: matrix(own, starts[units.length]!, cols) };
}
