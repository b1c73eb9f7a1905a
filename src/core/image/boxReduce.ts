import type { Pixels } from "./resample.ts";

/**
 * Shrinks an image by a whole factor as its rows arrive, averaging each `factor` × `factor` square (the last square of
 * a line or column averages what there is). Lets a huge image be read in bands without holding its pixels.
 */
export class BoxReducer {
  readonly width: number;
  readonly height: number;
  private readonly sums: Float64Array;
  private readonly out: Uint8Array;
  private nextRow = 0;

  constructor(
    private readonly sourceWidth: number,
    private readonly sourceHeight: number,
    private readonly factor: number,
  ) {
    this.width = Math.ceil(sourceWidth / factor);
    this.height = Math.ceil(sourceHeight / factor);
    this.sums = new Float64Array(this.width * 3);
    this.out = new Uint8Array(this.width * this.height * 3);
  }

  /** Takes the next rows, top to bottom. The band's width must be the source's. */
  addBand(band: Pixels): void {
    if (band.width !== this.sourceWidth)
      throw new RangeError(`expected ${this.sourceWidth} columns, got ${band.width}`);
    const { data, channels } = band;
    for (let y = 0, from = 0; y < band.height; y++) {
      for (let x = 0, cell = 0, left = this.factor; x < this.sourceWidth; x++, from += channels) {
        this.sums[cell] = this.sums[cell]! + data[from]!;
        this.sums[cell + 1] = this.sums[cell + 1]! + data[from + 1]!;
        this.sums[cell + 2] = this.sums[cell + 2]! + data[from + 2]!;
        if (--left === 0) {
          left = this.factor;
          cell += 3;
        }
      }
      this.nextRow++;
      if (this.nextRow % this.factor === 0 || this.nextRow === this.sourceHeight) this.flush();
    }
  }

  /** The shrunk image, interleaved RGB; complete once all rows were added. */
  finish(): Pixels {
    if (this.nextRow !== this.sourceHeight)
      throw new RangeError(`expected ${this.sourceHeight} rows, got ${this.nextRow}`);
    return { data: this.out, width: this.width, height: this.height, channels: 3 };
  }

  private flush(): void {
    const row = Math.ceil(this.nextRow / this.factor) - 1;
    const rows = this.nextRow - row * this.factor;
    for (let x = 0; x < this.width; x++) {
      const columns = Math.min(this.factor, this.sourceWidth - x * this.factor);
      const area = rows * columns;
      const to = (row * this.width + x) * 3;
      for (let c = 0; c < 3; c++) this.out[to + c] = Math.round(this.sums[x * 3 + c]! / area);
    }
    this.sums.fill(0);
  }
}
