import type { Shape } from "../../annotations/annotationSet.ts";
import { boxAround } from "./boxes.ts";
import { numbersOf, own } from "./jsonStream.ts";
import { boxOfRuns, countsFromText, runsProblem, transposedRuns } from "./runs.ts";

/** An outline with the box around it; a text says why it cannot be used. */
export type Segment = { shape: Shape; box: number[] } | string;

/** COCO's `segmentation`: polygons, or run lengths by column, compressed or not. Null: there is none. */
export function cocoSegment(value: unknown): Segment | null {
  if (Array.isArray(value)) return value.length === 0 ? null : polygons(value);
  const size = numbersOf(own(value, "size"));
  const counts = own(value, "counts");
  if (size === null && counts === undefined) return null;
  if (size?.length !== 2) return "its mask has no size";
  const [height, width] = size as [number, number];
  const lengths = typeof counts === "string" ? countsFromText(counts) : numbersOf(counts);
  if (lengths === null) return "its mask is neither run lengths nor compressed ones";
  const problem = runsProblem(lengths, width, height);
  if (problem !== "") return problem;
  const shape = { kind: "runs" as const, width, height, counts: transposedRuns(lengths, width, height) };
  return { shape, box: boxOfRuns(shape) ?? [0, 0, 0, 0] };
}

function polygons(value: readonly unknown[]): Segment {
  const rings = (typeof value[0] === "number" ? [value] : value).map(numbersOf);
  if (!rings.every((ring) => ring !== null && ring.length >= 6 && ring.length % 2 === 0)) {
    return "its polygons are not lists of x, y of at least three points";
  }
  const whole = rings as number[][];
  return { shape: { kind: "polygons", rings: whole.map((ring) => Float32Array.from(ring)) }, box: boxAround(whole) };
}

/**
 * COCO's keypoints x, y, v in turn. Of labels v is 0 (not labelled), 1 (hidden: ½) or 2 (visible: 1); of predictions it
 * is a confidence. Null when they are none.
 */
export function cocoKeypoints(value: unknown, predicted: boolean): Shape | null {
  const numbers = numbersOf(value);
  if (numbers === null || numbers.length === 0 || numbers.length % 3 !== 0) return null;
  const points = Float32Array.from(numbers);
  for (let i = 0; i < points.length; i += 3) {
    const v = points[i + 2]!;
    if (!predicted && v === 0) points.fill(Number.NaN, i, i + 3);
    else points[i + 2] = Math.min(1, Math.max(0, predicted ? v : v / 2));
  }
  return { kind: "keypoints", points };
}
