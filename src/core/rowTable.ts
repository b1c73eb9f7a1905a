/** Rows by something that they have, through a table with open addresses; of equal ones the first row stays. */
export class RowTable {
  private places: Int32Array;
  private count = 0;

  /**
   * @param rows how many are expected; more may come
   * @param hashOf 32 bits that are equal for equal rows
   */
  constructor(
    rows: number,
    private readonly hashOf: (row: number) => number,
  ) {
    this.places = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, rows * 2)))).fill(-1);
  }

  /**
   * @param equals whether a row that is there is equal to this one
   * @returns the first of the rows that are equal to it: itself when it is the first
   */
  add(row: number, equals: (other: number) => boolean): number {
    if (this.count * 2 >= this.places.length) this.grow();
    const at = this.placeOf(this.hashOf(row), equals);
    if (this.places[at] !== -1) return this.places[at]!;
    this.places[at] = row;
    this.count++;
    return row;
  }

  /** The first row of a hash that is what is looked for. */
  find(hash: number, isIt: (row: number) => boolean): number | undefined {
    const row = this.places[this.placeOf(hash, isIt)]!;
    return row === -1 ? undefined : row;
  }

  private placeOf(hash: number, isIt: (row: number) => boolean): number {
    const mask = this.places.length - 1;
    let at = hash & mask;
    while (this.places[at] !== -1 && !isIt(this.places[at]!)) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const before = this.places;
    this.places = new Int32Array(before.length * 2).fill(-1);
    // All that are there differ.
    for (const row of before) if (row !== -1) this.places[this.placeOf(this.hashOf(row), () => false)] = row;
  }
}
