import { decodeFloat16 } from "../core/float16.ts";
import type { AugmentedViews } from "../core/linalg/separatingDirections.ts";
import { matrix } from "../core/matrix.ts";
import type { DerivedValues } from "./derived.ts";

/** Features of augmented views of some images, f16 bits; the views of an image one after the other. */
export interface ViewsPart {
  /** Of the images. */
  rows: Uint32Array;
  /** rows.length · perImage × cols. */
  data: Uint16Array;
}

/** What there is of views: which images, and how they lie in the parts. */
interface ViewsHead {
  rows: Uint32Array;
  perImage: number;
  cols: number;
  parts: number;
}

const headKey = "views";

/** Augmented views of the images of a space, in the order in which they were made. */
export class StoredViews {
  private constructor(
    private readonly values: DerivedValues,
    private head: ViewsHead,
  ) {}

  /** Views of another number an image, or of other features, are as if they were not there. */
  static async open(values: DerivedValues, perImage: number, cols: number): Promise<StoredViews> {
    const found = (await values.derived(headKey)) as ViewsHead | null;
    const fits = found?.perImage === perImage && found.cols === cols;
    return new StoredViews(values, fits ? found : { rows: new Uint32Array(0), perImage, cols, parts: 0 });
  }

  /** Images that have views. */
  get rows(): Uint32Array {
    return this.head.rows;
  }

  /** Adds the views of further images. */
  async add({ rows, data }: ViewsPart): Promise<void> {
    const { head } = this;
    await this.values.putDerived(`${headKey}.${head.parts}`, { rows, data } satisfies ViewsPart);
    const all = new Uint32Array(head.rows.length + rows.length);
    all.set(head.rows);
    all.set(rows, head.rows.length);
    // Written last: a part of an interrupted write is not looked at.
    this.head = { ...head, rows: all, parts: head.parts + 1 };
    await this.values.putDerived(headKey, this.head);
  }
}

/** Views of the first so many images that have them; null when none has. */
export async function readViews(values: DerivedValues, images: number): Promise<AugmentedViews | null> {
  const head = (await values.derived(headKey)) as ViewsHead | null;
  const wanted = Math.min(images, head?.rows.length ?? 0);
  if (head === null || wanted === 0) return null;
  const width = head.perImage * head.cols;
  const data = new Float32Array(wanted * width);
  let taken = 0;
  for (let part = 0; part < head.parts && taken < wanted; part++) {
    const stored = (await values.derived(`${headKey}.${part}`)) as ViewsPart | null;
    if (stored === null) return null;
    const count = Math.min(stored.rows.length, wanted - taken);
    data.set(decodeFloat16(stored.data.subarray(0, count * width)), taken * width);
    taken += count;
  }
  return { features: matrix(data, wanted * head.perImage, head.cols), perImage: head.perImage };
}
