import { type PackedColumns, packedColumns, unpackedColumns } from "../core/annotations/packedColumns.ts";
import type { Content } from "../core/changes.ts";

/** One value of the browser's database holds at most 133 MB; arrays longer than this are stored in parts. */
const longestArray = 32 << 20;

type Column = Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** A content as it is stored: arrays that are long are cut, and their parts follow under the next numbers. */
export interface StoredContent {
  kind: Content["kind"];
  fields: Record<string, unknown>;
  /** What was cut: its name and how many parts it has, in the order of the parts. */
  cut: { name: string; parts: number }[];
}

/** The values to store under the numbers 0, 1, …; the first is a {@link StoredContent}, the others are arrays. */
export function storedParts(content: Content, longest = longestArray): (StoredContent | Column)[] {
  const all: object = content.kind === "set" ? packedColumns(content.columns) : content.column;
  const fields: Record<string, unknown> = {};
  const cut: StoredContent["cut"] = [];
  const parts: Column[] = [];
  for (const [name, value] of Object.entries(all)) {
    if (!ArrayBuffer.isView(value) || value.byteLength <= longest) {
      // A view of a larger buffer would be stored with all of it.
      fields[name] = ArrayBuffer.isView(value) ? (value as Column).slice() : value;
      continue;
    }
    const column = value as Column;
    const step = Math.floor(longest / column.BYTES_PER_ELEMENT);
    const count = Math.ceil(column.length / step);
    for (let i = 0; i < count; i++) parts.push(column.slice(i * step, (i + 1) * step));
    cut.push({ name, parts: count });
  }
  return [{ kind: content.kind, fields, cut }, ...parts];
}

/** The content that {@link storedParts} cut; null when a part is missing. */
export function joinedParts([head, ...parts]: readonly unknown[]): Content | null {
  if (head === undefined) return null;
  const { kind, fields, cut } = head as StoredContent;
  const all = { ...fields };
  let at = 0;
  for (const { name, parts: count } of cut) {
    const own = parts.slice(at, at + count) as Column[];
    const [first] = own;
    if (!first || own.length < count) return null;
    const Type = first.constructor as new (length: number) => Column;
    const whole = new Type(own.reduce((sum, { length }) => sum + length, 0));
    let filled = 0;
    for (const part of own) {
      whole.set(part as never, filled);
      filled += part.length;
    }
    all[name] = whole;
    at += count;
  }
  return kind === "set"
    ? { kind, columns: unpackedColumns(all as unknown as PackedColumns) }
    : { kind, column: all as never };
}
