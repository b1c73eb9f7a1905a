import type { Kernels } from "../../kernels/load.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import { neighbourGraph } from "../knn/neighbourGraph.ts";
import { type Matrix, matrix, normaliseRows } from "../matrix.ts";
import { groupOfPoints, type ObjectPoints, type PointGroups, pointsOfUnits } from "../objects/objectPoints.ts";
import type { Task } from "../task.ts";
import type { UnitPoints } from "./chosenPoints.ts";
import type { BalancePart, Columns, CoveragePart, DiversityPart, StaticColumn } from "./columns.ts";
import type { ClassCounts, SelectionData } from "./problem.ts";

/** What is chosen among: single images, or sequences of frames that are taken together. All arrays are by unit. */
export interface Play {
  size: number;
  /** The images of each unit, in order. */
  members: readonly Uint32Array[] | null;
  /** The image of each unit where units are single images; null: unit i is row i. */
  rows: Uint32Array | null;
  allowed: Uint8Array;
  /** Units that count as chosen, ascending. */
  chosen: Uint32Array;
  statics: StaticColumn[];
  diversity: PlayedDiversity[];
  coverage: PlayedCoverage[];
  balance: BalancePart[];
}

/** The same points for all strategies that look at the same. */
export type PlayedDiversity = Omit<DiversityPart, "objects"> & { points: UnitPoints };

export type PlayedCoverage = Omit<CoveragePart, "objects" | "demand"> & {
  /** Of the points. */
  graph(k: number): Task<KnnGraph>;
  /** By point; null: 1 for all. */
  demand: Float64Array | null;
  /** As in {@link UnitPoints}. */
  first: Uint32Array | null;
};

/** The images of a unit. */
export const rowsOfUnit = ({ members, rows }: Play, unit: number): Uint32Array =>
  members ? members[unit]! : Uint32Array.of(rows ? rows[unit]! : unit);

/**
 * @param inPlay rows that are chosen among, cover and are covered, ascending; null: all
 * @param length images that are taken together; 1 for single ones
 */
export function playOf(
  kernels: Kernels,
  data: SelectionData,
  columns: Columns,
  alreadyChosen: Uint32Array,
  inPlay: Uint32Array | null,
  length: number,
): Play {
  const { statics, balance, allowed } = columns;
  const rows = inPlay ?? Uint32Array.from({ length: data.rows }, (_, row) => row);
  if (inPlay === null && length === 1) {
    const images = { embeddings: data.embeddings, first: null };
    return {
      size: data.rows,
      members: null,
      rows: null,
      allowed,
      chosen: alreadyChosen.slice().sort(),
      statics,
      ...playedPoints(
        kernels,
        columns,
        images,
        (objects) => objects,
        (k) => data.graph(k),
      ),
      balance,
    };
  }
  const members = length > 1 ? sequences(data, rows, length) : null;
  const units: readonly Uint32Array[] = members ?? Array.from(rows, (row) => Uint32Array.of(row));
  const mean = (values: Float64Array): Float64Array =>
    Float64Array.from(units, (unit) => unit.reduce((sum, row) => sum + values[row]!, 0) / unit.length);
  const total = (values: Float64Array): Float64Array =>
    Float64Array.from(units, (unit) => unit.reduce((sum, row) => sum + values[row]!, 0));
  const embeddings = meanEmbeddings(data.embeddings, units);
  const before = new Set(alreadyChosen);
  const asUnits = {
    ...columns,
    coverage: columns.coverage.map((part) => ({ ...part, demand: part.demand && total(part.demand) })),
  };
  return {
    size: units.length,
    members,
    rows: members ? null : rows,
    allowed: Uint8Array.from(units, (unit) => (unit.every((row) => allowed[row] === 1) ? 1 : 0)),
    chosen: Uint32Array.from(units.keys()).filter((unit) => units[unit]!.some((row) => before.has(row))),
    statics: statics.map((column) => ({ ...column, values: mean(column.values), raw: total(column.raw) })),
    ...playedPoints(
      kernels,
      asUnits,
      { embeddings, first: null },
      (objects) => pointsOfUnits(objects, units),
      (k) => neighbourGraph(kernels, embeddings, k),
    ),
    balance: balance.map((part) => ({ ...part, counts: countsOf(part.counts, units) })),
  };
}

/** What strategies of distances look at: the units themselves or their objects. */
function playedPoints(
  kernels: Kernels,
  { diversity, coverage }: Pick<Columns, "diversity" | "coverage">,
  images: UnitPoints,
  pointsOf: (objects: ObjectPoints) => PointGroups,
  graphOfImages: (k: number) => Task<KnnGraph>,
): Pick<Play, "diversity" | "coverage"> {
  const found = new Map<ObjectPoints, PointGroups>();
  const played = (objects: ObjectPoints): PointGroups => {
    const points = found.get(objects) ?? pointsOf(objects);
    found.set(objects, points);
    return points;
  };
  return {
    diversity: diversity.map(({ objects, ...part }) => ({ ...part, points: objects ? played(objects) : images })),
    coverage: coverage.map(({ objects, demand, ...part }) => {
      if (objects === null) return { ...part, demand, graph: graphOfImages, first: null };
      const points = played(objects);
      return {
        ...part,
        demand:
          demand &&
          Float64Array.from(
            groupOfPoints({ first: points.first, points: points.embeddings.rows }),
            (unit) => demand[unit]!,
          ),
        graph: (k) => neighbourGraph(kernels, points.embeddings, k),
        first: points.first,
      };
    }),
  };
}

/** Consecutive images of each folder in path order, `length` at a time; what is left over at a folder's end is not chosen. */
function sequences({ path }: SelectionData, rows: Uint32Array, length: number): Uint32Array[] {
  const byFolder = new Map<string, number[]>();
  for (const row of rows) {
    const folder = path(row).replace(/[^/]*$/, "");
    const list = byFolder.get(folder);
    if (list) list.push(row);
    else byFolder.set(folder, [row]);
  }
  const found: Uint32Array[] = [];
  for (const list of byFolder.values()) {
    const names = new Map(list.map((row) => [row, path(row)]));
    list.sort((a, b) => (names.get(a)! < names.get(b)! ? -1 : names.get(a)! > names.get(b)! ? 1 : a - b));
    for (let i = 0; i + length <= list.length; i += length) found.push(Uint32Array.from(list.slice(i, i + length)));
  }
  return found;
}

/** Mean embeddings of length 1; of single images a copy. */
function meanEmbeddings({ data, cols }: Matrix, units: readonly Uint32Array[]): Matrix {
  const out = new Float32Array(units.length * cols);
  let averaged = false;
  for (const [u, unit] of units.entries()) {
    for (const row of unit) {
      for (let c = 0; c < cols; c++) out[u * cols + c] = out[u * cols + c]! + data[row * cols + c]! / unit.length;
    }
    averaged ||= unit.length > 1;
  }
  const means = matrix(out, units.length, cols);
  return averaged ? normaliseRows(means) : means;
}

function countsOf({ names, first, classes, counts }: ClassCounts, units: readonly Uint32Array[]): ClassCounts {
  const places = units.map((unit) => [...unit].flatMap((row) => range(first[row]!, first[row + 1]!)));
  const starts = new Uint32Array(units.length + 1);
  for (const [i, list] of places.entries()) starts[i + 1] = starts[i]! + list.length;
  const all = places.flat();
  return {
    names,
    first: starts,
    classes: Uint32Array.from(all, (place) => classes[place]!),
    counts: Float64Array.from(all, (place) => counts[place]!),
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
