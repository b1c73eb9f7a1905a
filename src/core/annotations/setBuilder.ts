import { WinnowError } from "../errors.ts";
import type { AnnotationSet, Shape } from "./annotationSet.ts";
import { FloatArena, GrowingColumn } from "./growingColumn.ts";

/** One thing that is said of an image. */
export interface NewInstance {
  /** From {@link AnnotationSetBuilder.classOf}. */
  class: number;
  /** 0…1; absent or NaN: none is given. */
  score?: number;
  /** x, y, width, height in pixels of the upright image. */
  box?: ArrayLike<number>;
  /** One a class, summing to 1; only where all classes are known before the first instance. */
  probabilities?: ArrayLike<number>;
  shape?: Shape;
}

/** What the rows and classes of a builder turn out to be; −1 leaves out. */
export interface MovedRows {
  rowOf: Int32Array;
  classOf: Int32Array;
  classes: readonly string[];
}

/** 512 MB of probabilities; beyond it a browser's memory ends. */
const mostProbabilities = 1 << 27;
/** More is a column that is no class. */
const mostClasses = 100_000;

/**
 * Makes a set of annotations from instances in any order of rows. Nothing of it is visible before {@link finish}, so a
 * reader that throws in the middle leaves nothing half done.
 */
export class AnnotationSetBuilder {
  private readonly names: string[] = [];
  private readonly ids = new Map<string, number>();
  private readonly rowOf = new GrowingColumn((length) => new Uint32Array(length));
  private readonly classes = new GrowingColumn((length) => new Uint32Array(length));
  private readonly scores = new GrowingColumn((length) => new Float32Array(length));
  private readonly boxes = new GrowingColumn((length) => new Float32Array(length));
  private readonly shapes: (Shape | null)[] = [];
  private readonly arena = new FloatArena();
  private probabilities: GrowingColumn<Float32Array> | null = null;
  private probabilityClasses = 0;
  /** By row: 1 + the number of its first instance that still counts; 0: nothing is known of it. */
  private from = new Uint32Array(1_024);
  private knownRows = 0;

  /** @param classes known beforehand, in their order; further ones are added as they come */
  constructor(classes: readonly string[] = []) {
    for (const name of classes) this.classOf(name);
  }

  get instances(): number {
    return this.rowOf.length;
  }

  /** Images that something is said of. */
  get images(): number {
    return this.knownRows;
  }

  get classNames(): readonly string[] {
    return this.names;
  }

  /** @returns the class of a name, made when it is new */
  classOf(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    if (this.names.length >= mostClasses) {
      throw new WinnowError(
        "shape",
        `There are more than ${mostClasses} different classes; “${name.slice(0, 80)}” is one too many. Is this the column of the classes?`,
      );
    }
    this.ids.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }

  has(row: number): boolean {
    return (this.from[row] ?? 0) > 0;
  }

  /** Says of a row that it was looked at, if only to find nothing in it. */
  know(row: number): void {
    if (row >= this.from.length) {
      const larger = new Uint32Array(Math.max(row + 1, this.from.length * 2));
      larger.set(this.from);
      this.from = larger;
    }
    if (this.from[row]! > 0) return;
    this.from[row] = 1;
    this.knownRows++;
  }

  /** Takes back what was said of a row: what comes now replaces it. */
  startOver(row: number): void {
    this.know(row);
    this.from[row] = this.rowOf.length + 1;
  }

  add(row: number, { class: id, score, box, probabilities, shape }: NewInstance): void {
    this.know(row);
    const at = this.rowOf.length;
    this.rowOf.push(row);
    this.classes.push(id);
    this.scores.push(score ?? Number.NaN);
    if (box) this.boxes.append(box);
    else this.boxes.fill(Number.NaN, 4);
    this.shapes.push(shape ? this.kept(shape) : null);
    if (probabilities) this.addProbabilities(at, probabilities);
    else this.probabilities?.fill(Number.NaN, this.probabilityClasses);
  }

  /** @throws WinnowError `shape` when there are too many of them for any memory */
  private addProbabilities(at: number, values: ArrayLike<number>): void {
    if (this.probabilities === null) {
      this.probabilityClasses = values.length;
      this.probabilities = new GrowingColumn((length) => new Float32Array(length));
      this.probabilities.fill(Number.NaN, at * values.length);
    }
    if (values.length !== this.probabilityClasses) {
      throw new RangeError(`expected ${this.probabilityClasses} probabilities, got ${values.length}`);
    }
    if (this.probabilities.length + values.length > mostProbabilities) {
      throw new WinnowError(
        "shape",
        `Probabilities of ${values.length} classes for more than ${at} images do not fit into memory. Leave them out, or import fewer images at a time.`,
      );
    }
    this.probabilities.append(values);
  }

  private kept(shape: Shape): Shape {
    if (shape.kind === "polygons") return { kind: "polygons", rings: shape.rings.map((ring) => this.arena.copy(ring)) };
    return shape.kind === "keypoints" ? { kind: "keypoints", points: this.arena.copy(shape.points) } : shape;
  }

  /**
   * The set, its instances in the order of rows, those of one row in the order in which they came.
   * @param moved for files that say only at their end which image and which class a number stands for
   */
  finish(about: Pick<AnnotationSet, "id" | "name" | "role" | "type" | "source">, moved?: MovedRows): AnnotationSet {
    const given = this.rowOf.view();
    const classIds = this.classes.view();
    const rowAt = (row: number): number => (moved ? (moved.rowOf[row] ?? -1) : row);
    const known = this.knownAs(rowAt);
    const rows = known.length;
    const rowOfInstance = Int32Array.from(given, (row, at) => {
      const counts = at + 1 >= this.from[row]! && (!moved || (moved.classOf[classIds[at]!] ?? -1) >= 0);
      return counts ? rowAt(row) : -1;
    });
    const first = new Uint32Array(rows + 1);
    for (const row of rowOfInstance) if (row >= 0) first[row + 1]!++;
    for (let row = 0; row < rows; row++) first[row + 1]! += first[row]!;
    const order = new Uint32Array(first[rows]!);
    const next = first.slice();
    for (const [at, row] of rowOfInstance.entries()) if (row >= 0) order[next[row]!++] = at;
    const scores = ordered(this.scores.view(), order, 1);
    const boxes = ordered(this.boxes.view(), order, 4);
    const shapes = Array.from(order, (at) => this.shapes[at] ?? null);
    const classes = moved ? moved.classes : [...this.names];
    return {
      ...about,
      classes,
      known,
      first,
      classOf: Uint32Array.from(order, (at) => (moved ? moved.classOf[classIds[at]!]! : classIds[at]!)),
      scores: scores.some((score) => !Number.isNaN(score)) ? scores : null,
      boxes: boxes.some((value) => !Number.isNaN(value)) ? boxes : null,
      probabilities: this.orderedProbabilities(order, classes.length),
      shapes: shapes.some((shape) => shape !== null) ? shapes : null,
    };
  }

  private knownAs(rowAt: (row: number) => number): Uint8Array {
    let rows = 0;
    for (const [row, value] of this.from.entries()) if (value > 0) rows = Math.max(rows, rowAt(row) + 1);
    const known = new Uint8Array(rows);
    for (const [row, value] of this.from.entries()) if (value > 0 && rowAt(row) >= 0) known[rowAt(row)] = 1;
    return known;
  }

  /** Classes that came later than the probabilities have the probability 0. */
  private orderedProbabilities(order: Uint32Array, classes: number): Float32Array | null {
    if (this.probabilities === null) return null;
    const had = this.probabilityClasses;
    const values = this.probabilities.view();
    if (had === classes) return ordered(values, order, classes);
    const out = new Float32Array(order.length * classes);
    for (const [i, at] of order.entries()) {
      const own = values.subarray(at * had, (at + 1) * had);
      out.set(own, i * classes);
      if (Number.isNaN(own[0])) out.fill(Number.NaN, i * classes, (i + 1) * classes);
    }
    return out;
  }
}

function ordered(values: Float32Array, order: Uint32Array, width: number): Float32Array {
  const out = new Float32Array(order.length * width);
  for (let i = 0; i < order.length; i++) {
    const at = order[i]! * width;
    for (let c = 0; c < width; c++) out[i * width + c] = values[at + c]!;
  }
  return out;
}
