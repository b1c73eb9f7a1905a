import { boxesAt, type ObjectBoxes, objectsOfRow } from "./objectBoxes.ts";

/** Objects of some images, by the boxes that they had. */
export interface ObjectPart {
  /** Rows of the project, each once. */
  rows: Uint32Array;
  /** By row of `rows`: how many objects. */
  counts: Uint32Array;
  /** By object: x, y, width, height. */
  boxes: Float32Array;
}

/** Where the objects of an image stand. */
export interface ObjectPlace {
  /** Number of the part. */
  part: number;
  /** First object in it. */
  first: number;
  count: number;
}

/** Objects of which something is known, as long as their boxes are those that they had. */
export class KnownObjects {
  private readonly parts: ObjectPart[] = [];
  private readonly places = new Map<number, ObjectPlace>();

  /** @param parts the later one counts where two tell of an image */
  constructor(parts: Iterable<ObjectPart> = []) {
    for (const part of parts) this.add(part);
  }

  get partCount(): number {
    return this.parts.length;
  }

  add(part: ObjectPart): void {
    let first = 0;
    for (const [i, row] of part.rows.entries()) {
      const count = part.counts[i]!;
      this.places.set(row, { part: this.parts.length, first, count });
      first += count;
    }
    this.parts.push(part);
  }

  /** Where the objects of a row are; null where they are not known with the boxes that they have now. */
  find(set: ObjectBoxes, row: number, objects: readonly number[]): ObjectPlace | null {
    const place = this.places.get(row);
    if (!place || place.count !== objects.length) return null;
    const had = this.parts[place.part]!.boxes;
    const boxes = boxesAt(set, objects);
    for (let i = 0; i < boxes.length; i++) if (boxes[i] !== had[4 * place.first + i]) return null;
    return place;
  }
}

/** How much of a set's objects is known. */
export interface ObjectCounts {
  objects: number;
  /** Images that have any. */
  images: number;
  /** Rows with objects of which nothing is known, ascending. */
  unknownRows: Uint32Array;
  /** Objects in these rows. */
  unknownObjects: number;
}

export function countObjects(set: ObjectBoxes, known: KnownObjects): ObjectCounts {
  const unknownRows: number[] = [];
  const counts = { objects: 0, images: 0, unknownObjects: 0 };
  for (let row = 0; row + 1 < set.first.length; row++) {
    const objects = objectsOfRow(set, row);
    if (objects.length === 0) continue;
    counts.objects += objects.length;
    counts.images++;
    if (known.find(set, row, objects) !== null) continue;
    unknownRows.push(row);
    counts.unknownObjects += objects.length;
  }
  return { ...counts, unknownRows: Uint32Array.from(unknownRows) };
}
