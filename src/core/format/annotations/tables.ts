import { parquetReadObjects } from "hyparquet";
import { WinnowError } from "../../errors.ts";
import type { FileBytes } from "../../projectFolder/folderFiles.ts";
import { unescapeFormula } from "../csvRows.ts";
import { decodedText, decodeText } from "../decodeText.ts";
import { openParquetFile } from "../parquetFile.ts";
import { delimitedRows, delimiterOf } from "./delimitedText.ts";
import { fileChunks, fileStart } from "./fileChunks.ts";
import type { ImportContext } from "./imported.ts";
import { streamJson } from "./jsonStream.ts";
import type { TableRow } from "./tableReader.ts";

/** A table in a file: its columns, and its rows a part at a time. */
export interface Table {
  columns: readonly string[];
  rows(progress?: ImportContext["progress"]): AsyncIterable<TableRow[]>;
}

export type TableFormat = "csv" | "json" | "jsonl" | "parquet";

/** Bytes looked at to find out delimiter and columns. */
const startBytes = 1 << 18;
/** Lines of JSON Lines whose keys make the columns. */
const keyLines = 1_000;
const parquetRows = 4_096;
/** A longer line is no image's. */
const longestLine = 32 << 20;
/** More is no table of images. */
const mostColumns = 20_000;

/** @throws WinnowError `shape` when it is no such table */
export async function openTable(file: FileBytes, name: string, format: TableFormat): Promise<Table> {
  const table = await { csv: openCsv, json: openJsonList, jsonl: openJsonLines, parquet: openParquet }[format](
    file,
    name,
  );
  if (table.columns.length === 0) throw new WinnowError("empty", `“${name}” holds no table.`, { file: name });
  if (table.columns.length > mostColumns) {
    throw new WinnowError("shape", `“${name}” has ${table.columns.length} columns; ${mostColumns} is the most.`, {
      file: name,
    });
  }
  return table;
}

async function openCsv(file: FileBytes): Promise<Table> {
  const delimiter = delimiterOf(decodeText(await fileStart(file, startBytes)));
  const parts = (progress?: ImportContext["progress"]) =>
    delimitedRows(decodedText(fileChunks(file, progress)), delimiter);
  let columns: string[] = [];
  for await (const rows of parts()) {
    if (rows[0] === undefined) continue;
    columns = rows[0].cells.map(unescapeFormula);
    break;
  }
  return {
    columns,
    async *rows(progress) {
      let header = true;
      for await (const part of parts(progress)) {
        const rows = header ? part.slice(1) : part;
        if (part.length > 0) header = false;
        yield rows.map(({ line, cells, problem }) => ({ line, problem, values: cells.map(unescapeFormula) }));
      }
    },
  };
}

/** Lines with a JSON object each; keys inside of keys are named `a.b`. */
async function openJsonLines(file: FileBytes): Promise<Table> {
  const lines = (progress?: ImportContext["progress"]) => textLines(decodedText(fileChunks(file, progress)));
  const places = new Map<string, number>();
  let looked = 0;
  for await (const part of lines()) {
    for (const { text } of part) {
      const value = jsonObject(text);
      if (value) for (const key of flatKeys(value).keys()) if (!places.has(key)) places.set(key, places.size);
      if (++looked === keyLines) break;
    }
    if (looked >= keyLines) break;
  }
  const columns = [...places.keys()];
  return {
    columns,
    async *rows(progress) {
      for await (const part of lines(progress)) {
        yield part.map(({ line, text }): TableRow => {
          const value = jsonObject(text);
          if (value === null) return { line, values: [], problem: "it is no JSON object" };
          const flat = flatKeys(value);
          return { line, problem: "", values: columns.map((column) => flat.get(column)) };
        });
      }
    },
  };
}

/** A list of JSON objects; as lines of them, but in one file. */
async function openJsonList(file: FileBytes, name: string): Promise<Table> {
  const places = new Map<string, number>();
  await streamJson(file, name, ["$.*"], ({ value }) => {
    if (!isObject(value) || places.size > mostColumns) return;
    for (const key of flatKeys(value).keys()) if (!places.has(key)) places.set(key, places.size);
  });
  const columns = [...places.keys()];
  return {
    columns,
    async *rows(progress) {
      const rows: TableRow[] = [];
      await streamJson(
        file,
        name,
        ["$.*"],
        ({ value, key }) => {
          const flat = isObject(value) ? flatKeys(value) : null;
          const problem = flat === null ? `entry ${Number(key) + 1} is no JSON object` : "";
          rows.push({ line: null, problem, values: columns.map((column) => flat?.get(column)) });
        },
        progress,
      );
      yield rows;
    },
  };
}

async function openParquet(file: FileBytes, name: string): Promise<Table> {
  const damaged = (cause: unknown): WinnowError =>
    new WinnowError(
      "shape",
      `“${name}” is no whole Parquet table: ${cause instanceof Error ? cause.message.slice(0, 200) : "it cannot be read"}.`,
      { file: name },
      { cause },
    );
  const parquet = await openParquetFile(file).catch((cause: unknown) => Promise.reject(damaged(cause)));
  const total = Number(parquet.metadata.num_rows);
  const columns = topColumns(parquet.metadata.schema);
  return {
    columns,
    async *rows(progress) {
      for (let rowStart = 0; rowStart < total; rowStart += parquetRows) {
        await progress?.(rowStart, total);
        const rowEnd = Math.min(total, rowStart + parquetRows);
        let rows: Record<string, unknown>[];
        try {
          rows = await parquetReadObjects({ ...parquet, rowStart, rowEnd });
        } catch (cause) {
          throw damaged(cause);
        }
        yield rows.map((row, i) => ({
          line: rowStart + i + 1,
          problem: "",
          values: columns.map((column) => (Object.hasOwn(row, column) ? row[column] : undefined)),
        }));
      }
    },
  };
}

/** The schema is a tree in depth-first order; the columns are the children of its root. */
function topColumns(schema: readonly { name: string; num_children?: number }[]): string[] {
  const columns: string[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let i = 0; i < (schema[at]?.num_children ?? 0); i++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) columns.push(schema[at]!.name);
  return columns;
}

/** The lines of a text that are not empty, with their numbers. */
async function* textLines(parts: AsyncIterable<string>): AsyncGenerator<{ line: number; text: string }[]> {
  let rest = "";
  let line = 0;
  for await (const part of parts) {
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > longestLine)
      throw new WinnowError("shape", `Line ${line + lines.length + 1} never ends: this is no JSON Lines file.`);
    yield lines.map((text) => ({ line: ++line, text })).filter(({ text }) => text.trim() !== "");
  }
  if (rest.trim() !== "") yield [{ line: ++line, text: rest }];
}

function jsonObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object's values, those of objects inside it named `outer.inner`; not deeper than a person would look. */
export function flatKeys(value: object, prefix = "", deepest = 4): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [key, one] of Object.entries(value)) {
    const inner = typeof one === "object" && one !== null && !Array.isArray(one) && deepest > 0;
    if (!inner) flat.set(prefix + key, one);
    else for (const [name, deep] of flatKeys(one, `${prefix}${key}.`, deepest - 1)) flat.set(name, deep);
  }
  return flat;
}
