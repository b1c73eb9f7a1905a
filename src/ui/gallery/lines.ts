import type { Section } from "../../core/explore/arrangement.ts";

export const cellGap = 8;
/** Height of a heading with the space around it. */
export const headingHeight = 40;
/** Browsers cannot scroll further than this many pixels (Firefox: 17.9 million). */
const highestScroll = 15_000_000;

export interface CellGeometry {
  columns: number;
  /** Height of a cell and the gap below it, in whole CSS pixels: the virtual list rounds what it measures. */
  rowHeight: number;
}

/**
 * How `count` square cells of at least `wanted` pixels fill a width. At least two columns, so that it stays a grid. Of
 * very many images the cells are smaller than wanted, so that the last one can be scrolled to.
 */
export function cellGeometry(width: number, wanted: number, count: number): CellGeometry {
  const fitting = Math.floor((width + cellGap) / (wanted + cellGap));
  let columns = Math.max(2, fitting);
  const sideOf = (n: number): number => Math.max(1, Math.floor((width - cellGap * (n - 1)) / n));
  while (width > 0 && Math.ceil(count / columns) * (sideOf(columns) + cellGap) > highestScroll) columns++;
  return { columns, rowHeight: sideOf(columns) + cellGap };
}

/** What stands in one line of the gallery. */
export type Line = { kind: "heading"; section: Section } | { kind: "cells"; start: number; end: number };

interface Block extends Section {
  /** Numbers of its first line, and of its first line of cells among all lines of cells. */
  line: number;
  cellLine: number;
}

/** The gallery as lines of cells, with a heading before each section when there are any. */
export class Lines {
  readonly count: number;
  private readonly blocks: Block[] = [];
  private readonly cellLines: number;
  private readonly headings: number;

  constructor(
    /** Images in all sections together. */
    readonly images: number,
    readonly columns: number,
    readonly rowHeight: number,
    sections: readonly Section[],
  ) {
    this.headings = sections.length > 0 ? 1 : 0;
    let line = 0;
    let cellLine = 0;
    for (const section of sections.length > 0 ? sections : [{ name: null, start: 0, count: images }]) {
      this.blocks.push({ ...section, line, cellLine });
      const own = Math.ceil(section.count / columns);
      line += own + this.headings;
      cellLine += own;
    }
    this.count = line;
    this.cellLines = cellLine;
  }

  /** Without headings: all lines are equally high. */
  get isPlain(): boolean {
    return this.headings === 0;
  }

  at(line: number): Line {
    const block = this.blockBy("line", line);
    const within = line - block.line - this.headings;
    return within < 0 ? { kind: "heading", section: block } : this.cellsOf(block, within);
  }

  height(line: number): number {
    return this.headings > 0 && this.blockBy("line", line).line === line ? headingHeight : this.rowHeight;
  }

  /** The line in which a place of the order stands. */
  lineOf(place: number): number {
    const block = this.blockBy("start", place);
    return block.line + this.headings + Math.floor((place - block.start) / this.columns);
  }

  /** The first place at or after a distance from the top. */
  placeAt(top: number): number {
    const block = this.blocks.findLast((one) => this.topOf(one) <= top) ?? this.blocks[0]!;
    const within = Math.max(0, Math.floor((top - this.topOf(block) - this.headings * headingHeight) / this.rowHeight));
    return Math.min(block.start + block.count - 1, block.start + within * this.columns);
  }

  /** Distance from the top of the line that a place stands in. */
  topOfPlace(place: number): number {
    const block = this.blockBy("start", place);
    const within = Math.floor((place - block.start) / this.columns);
    return this.topOf(block) + this.headings * headingHeight + within * this.rowHeight;
  }

  /** Where a key moves the focus from a place; null for a key that does not move. */
  placeAfterKey(key: string, place: number, linesOnScreen: number): number | null {
    const screen = Math.max(1, linesOnScreen - 1);
    const moves: Readonly<Record<string, () => number>> = {
      ArrowLeft: () => Math.max(0, place - 1),
      ArrowRight: () => Math.min(this.images - 1, place + 1),
      ArrowUp: () => this.vertically(place, -1) ?? place,
      ArrowDown: () => this.vertically(place, 1) ?? place,
      PageUp: () => this.vertically(place, -screen) ?? 0,
      PageDown: () => this.vertically(place, screen) ?? this.images - 1,
      Home: () => 0,
      End: () => this.images - 1,
    };
    const move = moves[key];
    return move === undefined || this.images === 0 ? null : move();
  }

  /** The place in the same column some lines of cells away, the last one of a shorter line; null beyond the ends. */
  private vertically(place: number, by: number): number | null {
    const from = this.blockBy("start", place);
    const within = Math.floor((place - from.start) / this.columns);
    const column = (place - from.start) % this.columns;
    const to = from.cellLine + within + by;
    if (to < 0 || to >= this.cellLines) return null;
    const block = this.blockBy("cellLine", to);
    const { start, end } = this.cellsOf(block, to - block.cellLine);
    return Math.min(end - 1, start + column);
  }

  private cellsOf({ start, count }: Section, within: number): { kind: "cells"; start: number; end: number } {
    const first = start + within * this.columns;
    return { kind: "cells", start: first, end: Math.min(start + count, first + this.columns) };
  }

  private topOf(block: Block): number {
    const headings = this.headings * this.blocks.indexOf(block);
    return headings * headingHeight + block.cellLine * this.rowHeight;
  }

  /** The last block that begins at or before a number. */
  private blockBy(key: "line" | "cellLine" | "start", at: number): Block {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.blocks[middle]![key] <= at) low = middle;
      else high = middle - 1;
    }
    return this.blocks[low]!;
  }
}
