import { boxesAt, type ObjectBoxes, objectsOfRow } from "./objectBoxes.ts";
import type { KnownObjects, ObjectPart } from "./objectPart.ts";

/** f16 bits of what stands where an instance has no features. */
const halfNaN = 0x7e00;
/** Images that are read or written together. */
const imagesAtATime = 1_024;

/** Parts with their features, f16 bits, objects × numbers of the model. */
export interface PartWithFeatures {
  part: ObjectPart;
  features: Uint16Array;
}

/**
 * Features of all instances of a set in their order, instances × cols as f16 bits; NaN for those that have none.
 * @param featuresOf features of a part by its number
 */
export async function* instanceRows(
  set: ObjectBoxes,
  known: KnownObjects,
  featuresOf: (part: number) => Promise<Uint16Array>,
  cols: number,
): AsyncGenerator<Uint16Array> {
  const rows = set.first.length - 1;
  let at = -1;
  let features = new Uint16Array(0);
  for (let from = 0; from < rows; from += imagesAtATime) {
    const to = Math.min(rows, from + imagesAtATime);
    const start = set.first[from]!;
    const out = new Uint16Array((set.first[to]! - start) * cols).fill(halfNaN);
    for (let row = from; row < to; row++) {
      const objects = objectsOfRow(set, row);
      const place = objects.length > 0 ? known.find(set, row, objects) : null;
      if (place === null) continue;
      if (place.part !== at) features = (await featuresOf(place.part)) as Uint16Array<ArrayBuffer>;
      at = place.part;
      for (const [i, instance] of objects.entries()) {
        const source = (place.first + i) * cols;
        out.set(features.subarray(source, source + cols), (instance - start) * cols);
      }
    }
    if (out.length > 0) yield out;
  }
}

/**
 * The parts that {@link instanceRows} wrote: images of which every object has features.
 * @param read features of instances from … to − 1
 */
export async function* partsOfRows(
  set: ObjectBoxes,
  read: (from: number, to: number) => Promise<Uint16Array>,
  cols: number,
): AsyncGenerator<PartWithFeatures> {
  const rows = set.first.length - 1;
  for (let from = 0; from < rows; from += imagesAtATime) {
    const to = Math.min(rows, from + imagesAtATime);
    const start = set.first[from]!;
    if (set.first[to] === start) continue;
    const values = await read(start, set.first[to]!);
    const whole: { row: number; objects: number[] }[] = [];
    for (let row = from; row < to; row++) {
      const objects = objectsOfRow(set, row);
      const isKnown = (instance: number): boolean => {
        const at = (instance - start) * cols;
        return values.subarray(at, at + cols).every(isFinite16);
      };
      if (objects.length > 0 && objects.every(isKnown)) whole.push({ row, objects });
    }
    if (whole.length === 0) continue;
    const objects = whole.flatMap((image) => image.objects);
    const features = new Uint16Array(objects.length * cols);
    for (const [i, instance] of objects.entries()) {
      const source = (instance - start) * cols;
      features.set(values.subarray(source, source + cols), i * cols);
    }
    yield {
      part: {
        rows: Uint32Array.from(whole, ({ row }) => row),
        counts: Uint32Array.from(whole, (image) => image.objects.length),
        boxes: boxesAt(set, objects),
      },
      features,
    };
  }
}

const isFinite16 = (half: number): boolean => (half & 0x7c00) !== 0x7c00;
