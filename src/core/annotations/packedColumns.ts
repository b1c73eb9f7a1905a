import type { Shape } from "./annotationSet.ts";
import type { SetColumns } from "./setColumns.ts";

/**
 * A set's columns without an object an instance: half a million outlines are four arrays, which a worker hands over and
 * a database stores without touching each of them.
 */
export interface PackedColumns extends Omit<SetColumns, "shapes"> {
  /** By instance a code of {@link kinds}; null: there are no shapes. */
  shapeKinds: Uint8Array | null;
  /** In turn: of polygons how many rings and the numbers of each; of keypoints their numbers; of runs width, height, runs. */
  shapeSizes: Uint32Array | null;
  shapeNumbers: Float32Array | null;
  shapeRuns: Uint32Array | null;
}

const kinds = { none: 0, polygons: 1, keypoints: 2, runs: 3 } as const;

export function packedColumns({ shapes, ...columns }: SetColumns): PackedColumns {
  if (shapes === null) {
    return { ...columns, shapeKinds: null, shapeSizes: null, shapeNumbers: null, shapeRuns: null };
  }
  const shapeKinds = Uint8Array.from(shapes, (shape) => (shape ? kinds[shape.kind] : kinds.none));
  const sizes: number[] = [];
  let numbers = 0;
  let runs = 0;
  for (const shape of shapes) {
    if (shape === null) continue;
    if (shape.kind === "runs") {
      sizes.push(shape.width, shape.height, shape.counts.length);
      runs += shape.counts.length;
    } else if (shape.kind === "keypoints") {
      sizes.push(shape.points.length);
      numbers += shape.points.length;
    } else {
      sizes.push(shape.rings.length);
      for (const ring of shape.rings) {
        sizes.push(ring.length);
        numbers += ring.length;
      }
    }
  }
  const shapeNumbers = new Float32Array(numbers);
  const shapeRuns = new Uint32Array(runs);
  let number = 0;
  let run = 0;
  const keep = (values: Float32Array): void => {
    shapeNumbers.set(values, number);
    number += values.length;
  };
  for (const shape of shapes) {
    if (shape === null) continue;
    if (shape.kind === "runs") {
      shapeRuns.set(shape.counts, run);
      run += shape.counts.length;
    } else if (shape.kind === "keypoints") keep(shape.points);
    else shape.rings.forEach(keep);
  }
  return { ...columns, shapeKinds, shapeSizes: Uint32Array.from(sizes), shapeNumbers, shapeRuns };
}

/** What {@link packedColumns} packed; the shapes are views of the packed arrays. */
export function unpackedColumns(packed: PackedColumns): SetColumns {
  const { shapeKinds, shapeSizes, shapeNumbers, shapeRuns, ...columns } = packed;
  if (!shapeKinds || !shapeSizes || !shapeNumbers || !shapeRuns) return { ...columns, shapes: null };
  let size = 0;
  let number = 0;
  let run = 0;
  const next = (): number => shapeSizes[size++]!;
  const numbers = (length: number): Float32Array => {
    number += length;
    return shapeNumbers.subarray(number - length, number);
  };
  const shapes = Array.from(shapeKinds, (kind): Shape | null => {
    if (kind === kinds.keypoints) return { kind: "keypoints", points: numbers(next()) };
    if (kind === kinds.polygons) {
      return { kind: "polygons", rings: Array.from({ length: next() }, () => numbers(next())) };
    }
    if (kind !== kinds.runs) return null;
    const width = next();
    const height = next();
    const length = next();
    run += length;
    return { kind: "runs", width, height, counts: shapeRuns.subarray(run - length, run) };
  });
  return { ...columns, shapes };
}

/** The buffers to hand over to another thread; each once. */
export const buffersOf = (packed: PackedColumns): ArrayBuffer[] => [
  ...new Set(
    Object.values(packed).flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [])),
  ),
];
