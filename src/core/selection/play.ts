import type { Kernels } from "../../kernels/load.ts";
import type { KnnGraph } from "../knn/knnGraph.ts";
import { neighbourGraph } from "../knn/neighbourGraph.ts";
import { type Matrix, matrix, normaliseRows } from "../matrix.ts";
import type { Task } from "../task.ts";
import type { BalancePart, Columns, CoveragePart, DiversityPart, StaticColumn } from "./columns.ts";
import type { ClassCounts, SelectionData } from "./problem.ts";

/** What is chosen among: single images, or sequences of frames that are taken together. All arrays are by unit. */
export interface Play {
  size: number;
  /** The images of each unit, in order. */
  members: readonly Uint32Array[] | null;
  /** The image of each unit where units are single images; null: unit i is row i. */
  rows: Uint32Array | null;
  embeddings: Matrix;
  graph(k: number): Task<KnnGraph>;
  allowed: Uint8Array;
  /** Units that count as chosen, ascending. */
  chosen: Uint32Array;
  statics: StaticColumn[];
  diversity: DiversityPart[];
  coverage: CoveragePart[];
  balance: BalancePart[];
}

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
  const { statics, diversity, coverage, balance, allowed } = columns;
  const rows = inPlay ?? Uint32Array.from({ length: data.rows }, (_, row) => row);
  if (inPlay === null && length === 1) {
    return {
      size: data.rows,
      members: null,
      rows: null,
      embeddings: data.embeddings,
      graph: (k) => data.graph(k),
      allowed,
      chosen: alreadyChosen.slice().sort(),
      statics,
      diversity,
      coverage,
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
  return {
    size: units.length,
    members,
    rows: members ? null : rows,
    embeddings,
    graph: (k) => neighbourGraph(kernels, embeddings, k),
    allowed: Uint8Array.from(units, (unit) => (unit.every((row) => allowed[row] === 1) ? 1 : 0)),
    chosen: Uint32Array.from(units.keys()).filter((unit) => units[unit]!.some((row) => before.has(row))),
    statics: statics.map((column) => ({ ...column, values: mean(column.values), raw: total(column.raw) })),
    diversity,
    coverage: coverage.map((part) => ({ ...part, demand: part.demand && total(part.demand) })),
    balance: balance.map((part) => ({ ...part, counts: countsOf(part.counts, units) })),
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
