import type { AnnotationSet } from "../../annotations/annotationSet.ts";
import { WinnowError } from "../../errors.ts";
import type { ProjectImages } from "./imported.ts";
import { withoutEnding } from "./pathMatcher.ts";

/** A file of an export. Its chunks are at most about a megabyte and are made as they are asked for. */
export interface ExportFile {
  /** Relative, with forward slashes. */
  path: string;
  chunks: Iterable<string | Uint8Array>;
}

/** What writers of annotations are given. */
export interface AnnotationExport {
  set: AnnotationSet;
  images: ProjectImages;
  /** Rows to write, in order; those that the set says nothing of are left out where a format can tell. */
  rows: readonly number[];
}

/** Some hundred kilobytes a piece. */
const linesPerChunk = 1_024;

/** Rows that a set says something of. */
export const knownRows = ({ set, rows }: AnnotationExport): number[] => rows.filter((row) => set.known[row]);

/** A JSON list in pieces, an entry a line. */
export function* jsonList(entries: Iterable<unknown>, before = "[", after = "]\n"): Generator<string> {
  let text = before;
  let count = 0;
  for (const entry of entries) {
    text += `${count === 0 ? "\n" : ",\n"}${JSON.stringify(entry)}`;
    if (++count % linesPerChunk === 0) {
      yield text;
      text = "";
    }
  }
  yield `${text}\n${after}`;
}

/** Lines in pieces; each gets its line feed. */
export function* inLines(lines: Iterable<string>): Generator<string> {
  let pending: string[] = [];
  for (const line of lines) {
    pending.push(line, "\n");
    if (pending.length >= 2 * linesPerChunk) {
      yield pending.join("");
      pending = [];
    }
  }
  if (pending.length > 0) yield pending.join("");
}

/**
 * An image's path without its ending, for formats with a file an image.
 * @throws WinnowError `config` where two images would have the same file
 */
export function stemPaths({ images }: Pick<AnnotationExport, "images">, rows: readonly number[]): string[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const stem = withoutEnding(images.paths[row]!);
    const other = seen.get(stem);
    seen.set(stem, row);
    if (other === undefined) return stem;
    throw new WinnowError(
      "config",
      `“${images.paths[other]}” and “${images.paths[row]}” differ only in their ending, and this format has one file for both. Export as COCO or CSV.`,
    );
  });
}

/**
 * Numbers in text: as many digits as a 32-bit float has, so that what is read is what was written.
 */
export const plainNumber = (value: number): number => Number(value.toPrecision(9));

/** A row's box. */
export function boxOf({ boxes }: AnnotationSet, at: number): [number, number, number, number] | null {
  if (!boxes || Number.isNaN(boxes[4 * at])) return null;
  const [x = 0, y = 0, width = 0, height = 0] = boxes.subarray(4 * at, 4 * at + 4);
  return [plainNumber(x), plainNumber(y), plainNumber(width), plainNumber(height)];
}

/** @throws WinnowError `config` when a set has no boxes */
export function requireBoxes({ set }: AnnotationExport, format: string): void {
  if (set.boxes !== null || set.classOf.length === 0) return;
  throw new WinnowError(
    "config",
    `${format} holds boxes, and “${set.name}” has none. Export it as CSV, JSON, COCO or Label Studio tasks.`,
  );
}

/** A text inside of XML, also in attributes; characters that XML cannot hold become “\uFFFD”. */
export const xmlText = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this pattern is for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff](?![\udc00-\udfff])/g, "\uFFFD")
    .replace(/[&<>"'\t\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
