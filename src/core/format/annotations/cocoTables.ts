import { own, textOf } from "./jsonStream.ts";
import type { ImportLedger } from "./ledger.ts";

/** What the numbers of a COCO file stand for, when it is read to its end. */
export interface CocoIndex {
  /** By image as first named: the row, or −1. */
  rowOf: Int32Array;
  /** Images that the file lists, and so says something of, if only that nothing is there. */
  known: number[];
  classes: string[];
  /** By category as first named; −1: the file does not list it. */
  classOf: Int32Array;
  /** By class, the category's number in the file. */
  classIds: number[];
}

/** The images and categories of COCO files, which may be listed after the annotations that name them. */
export class CocoTables {
  private readonly images = new Map<string, number>();
  private readonly fileNames = new Map<number, string>();
  private readonly categories = new Map<string, number>();
  private readonly names = new Map<number, string>();
  private stemsByNumber: Map<number, string> | null = null;

  constructor(private readonly ledger: ImportLedger) {}

  image(value: unknown, number: number, file: string): void {
    const name = textOf(own(value, "file_name")) || textOf(own(value, "path")) || textOf(own(value, "coco_url"));
    const id = placeOf(this.images, own(value, "id"));
    if (id < 0 || name === "") this.ledger.bad(null, `image ${number + 1}: it has no id or no file_name`, file);
    else this.fileNames.set(id, name);
  }

  category(value: unknown, number: number, file: string): void {
    const id = placeOf(this.categories, own(value, "id"));
    const name = textOf(own(value, "name"));
    if (id < 0 || name === "") this.ledger.bad(null, `category ${number + 1}: it has no id or no name`, file);
    else this.names.set(id, name);
  }

  /** A number for an image id, whether it is listed or not; −1 for none. */
  imageOf(id: unknown): number {
    return placeOf(this.images, id);
  }

  categoryOf(id: unknown): number {
    return placeOf(this.categories, id);
  }

  finish(): CocoIndex {
    const { rowOf, known } = this.rows();
    return { rowOf, known, ...this.classes() };
  }

  private rows(): { rowOf: Int32Array; known: number[] } {
    const rowOf = new Int32Array(this.images.size).fill(-1);
    const listed = this.fileNames.size > 0;
    const lastOf = new Map<number, number>();
    for (const [id, place] of this.images) {
      const name = this.fileNames.get(place);
      if (listed && name === undefined) {
        this.ledger.bad(null, `annotations name the image ${id.slice(0, 80)}, which the file does not list`);
        continue;
      }
      const row = name === undefined ? this.rowOfId(id) : this.ledger.rowOf(name);
      if (row < 0) continue;
      const before = lastOf.get(row);
      if (before !== undefined) {
        this.ledger.duplicate();
        rowOf[before] = -1;
      }
      lastOf.set(row, place);
      rowOf[place] = row;
    }
    return { rowOf, known: [...this.fileNames.keys()] };
  }

  /** Results without a list of images: their ids are names, or numbers that stand in names with zeros before them. */
  private rowOfId(id: string): number {
    return this.ledger.rowOfFirst([], [/^\d+$/.test(id) ? this.numbered(id) : id]);
  }

  private numbered(id: string): string {
    this.stemsByNumber ??= new Map(
      this.ledger.images.paths.flatMap((path) => {
        const digits = /(\d+)\.[^./]*$/.exec(path)?.[1];
        return digits === undefined ? [] : [[Number(digits), path] as const];
      }),
    );
    return this.stemsByNumber.get(Number(id)) ?? id;
  }

  private classes(): Pick<CocoIndex, "classes" | "classOf" | "classIds"> {
    const listed = this.names.size > 0;
    if (!listed) this.ledger.remark("There is no list of categories: classes are called by their numbers.");
    const entries = [...this.categories].sort(([a], [b]) => Number(a) - Number(b));
    const classOf = new Int32Array(entries.length).fill(-1);
    const classes: string[] = [];
    const classIds: number[] = [];
    const places = new Map<string, number>();
    for (const [id, place] of entries) {
      const name = listed ? this.names.get(place) : id;
      if (name === undefined) {
        this.ledger.bad(null, `annotations name the category ${id.slice(0, 80)}, which the file does not list`);
        continue;
      }
      let known = places.get(name);
      if (known === undefined) {
        known = classes.push(name) - 1;
        classIds.push(Number(id));
        places.set(name, known);
      }
      classOf[place] = known;
    }
    return { classes, classOf, classIds };
  }
}

/** Ids are numbers or text; `1` and `"1"` are the same. */
function placeOf(places: Map<string, number>, id: unknown): number {
  const text = textOf(id);
  if (text === "") return -1;
  const known = places.get(text);
  if (known !== undefined) return known;
  places.set(text, places.size);
  return places.size - 1;
}
