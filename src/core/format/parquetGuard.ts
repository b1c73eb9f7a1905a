import { type AsyncBuffer, type FileMetaData, parquetSchema, type SchemaElement, snappyUncompress } from "hyparquet";
import { ParquetBytes, type Struct, type ThriftValue } from "./parquetBytes.ts";
import { checkDeltas, checkDeltaTexts, checkPrefixedRuns, checkRuns, checkSnappy } from "./parquetEncodings.ts";

/** Values of a row group, all columns together, and of its inflated pages; more fits into no browser's memory. */
const mostValues = 1 << 27;
const mostBytes = 1 << 30;

/** By their numbers in the format. */
const pages = { data: 0, dictionary: 2, dataV2: 3 } as const;
const encodings = { plainDictionary: 2, rle: 3, delta: 5, deltaLength: 6, deltaText: 7, dictionary: 8 } as const;

interface Chunk {
  start: number;
  end: number;
  codec: string;
  isBoolean: boolean;
  mostRepeated: number;
  mostDefined: number;
  /** Values that it says it has and that no page has shown yet. */
  values: number;
  /** What its row group may still have. */
  left: { values: number; bytes: number };
}

/**
 * A Parquet file whose pages are looked at before the library decodes them, which takes their numbers at their word: a
 * run that says it is 2³¹ values long would fill memory, a negative one would never end. Reading throws an Error that
 * says what is wrong. Each part of a file is looked at once: its bytes are taken not to change while it is open. Format:
 * https://parquet.apache.org/docs/file-format/
 */
export function guardedParquet(file: AsyncBuffer, metadata: FileMetaData): AsyncBuffer {
  const chunks = chunksOf(metadata);
  const checked = async (start: number, end: number): Promise<ArrayBuffer> => {
    const buffer = await file.slice(start, end);
    for (const chunk of chunks) {
      if (chunk.start < start || chunk.end > end) continue;
      checkChunk(new Uint8Array(buffer, chunk.start - start, chunk.end - chunk.start), chunk);
      chunks.delete(chunk);
    }
    return buffer;
  };
  return {
    byteLength: file.byteLength,
    slice(start, end = file.byteLength) {
      const buffer = checked(start, end);
      // The library asks for several parts at once and forgets the others when one fails.
      buffer.catch(() => undefined);
      return buffer;
    },
  };
}

/**
 * Looks at a file's description of itself before the library reads it, which has no end to the digits of a number.
 * @throws Error that says what is wrong
 */
export function checkMetadata(bytes: Uint8Array): void {
  new ParquetBytes(bytes).struct();
}

function chunksOf(metadata: FileMetaData): Set<Chunk> {
  const chunks = new Set<Chunk>();
  const tree = parquetSchema(metadata);
  for (const group of metadata.row_groups) {
    const left = { values: mostValues, bytes: mostBytes };
    const seen = new Set<string>();
    for (const { meta_data: column } of group.columns) {
      if (!column) continue;
      // As the library counts: levels of repetition with the root's, levels of definition without.
      const elements: SchemaElement[] = [tree.element];
      let node = tree;
      for (const name of column.path_in_schema) {
        const child = node.children.find(({ element }) => element.name === name);
        if (!child) throw new Error(`there is no column ${column.path_in_schema.join(".")}`);
        elements.push(child.element);
        node = child;
      }
      // Of these the library would forget one in the middle of reading it, with its errors.
      const path = JSON.stringify(column.path_in_schema);
      if (node.children.length > 0 || seen.has(path)) throw new Error(`the column ${path} is there twice, or a group`);
      seen.add(path);
      if (column.num_values < group.num_rows) throw new Error(`the column ${path} has fewer values than rows`);
      const start = Number(column.dictionary_page_offset || column.data_page_offset);
      chunks.add({
        start,
        end: start + Number(column.total_compressed_size),
        codec: column.codec,
        isBoolean: column.type === "BOOLEAN",
        mostRepeated: elements.filter(({ repetition_type: type }) => type === "REPEATED").length,
        mostDefined: elements.slice(1).filter(({ repetition_type: type }) => type !== "REQUIRED").length,
        values: Number(column.num_values),
        left,
      });
    }
  }
  return chunks;
}

function checkChunk(bytes: Uint8Array, chunk: Chunk): void {
  const reader = new ParquetBytes(bytes);
  while (reader.offset < bytes.length - 1) {
    const header = reader.struct();
    const [type, size, compressed] = [header.get(1), header.get(2), header.get(3)].map(count) as [
      number,
      number,
      number,
    ];
    const about = header.get({ [pages.data]: 5, [pages.dictionary]: 7, [pages.dataV2]: 8 }[type] ?? -1);
    if (!(about instanceof Map)) throw new Error("a page is of an unknown kind");
    const values = count(about.get(1));
    chunk.left.values -= values;
    chunk.left.bytes -= size;
    if (chunk.left.values < 0 || chunk.left.bytes < 0) throw new Error("a group of rows is too large");
    if (type !== pages.dictionary) chunk.values -= values;
    if (chunk.values < 0) throw new Error("a column has more values than it says");
    const page = reader.bytes(compressed);
    if (type === pages.data) checkPage(inflated(page, size, chunk.codec), values, count(about.get(2)), chunk);
    else if (type === pages.dataV2) checkPageV2(page, size, values, about, chunk);
    // The values of a dictionary are as many as its bytes hold, or an error.
    else if (values > size) throw new Error("a dictionary has more values than bytes");
    else if (chunk.codec === "SNAPPY") checkSnappy(page, size);
  }
}

function checkPage(page: Uint8Array, values: number, encoding: number, chunk: Chunk): void {
  const reader = new ParquetBytes(page);
  const { mostRepeated, mostDefined } = chunk;
  if (mostRepeated > 0) checkPrefixedRuns(reader, widthOf(mostRepeated), values);
  const present = mostDefined > 0 ? checkPrefixedRuns(reader, widthOf(mostDefined), values, mostDefined) : values;
  if (!isRuns(encoding)) checkValues(reader, encoding, present, chunk);
  else if (chunk.isBoolean) checkPrefixedRuns(reader, 1, present);
  else if (!reader.isAtEnd) {
    const width = reader.byte();
    // Without bits all are 0, which the library knows without runs.
    if (width > 0) checkRuns(reader, width, present);
  }
}

function checkPageV2(page: Uint8Array, size: number, values: number, about: Struct, chunk: Chunk): void {
  const [nulls, defined, repeated] = [about.get(2), about.get(5), about.get(6)].map(count) as [number, number, number];
  if (nulls > values) throw new Error("a page has more nulls than values");
  if (chunk.mostRepeated > 0) checkRuns(new ParquetBytes(page), widthOf(chunk.mostRepeated), values);
  if (chunk.mostDefined > 0) checkRuns(new ParquetBytes(page).skipped(repeated), widthOf(chunk.mostDefined), values);
  const rest = page.subarray(chunk.mostDefined > 0 ? repeated + defined : repeated);
  const codec = about.get(7) === false ? "UNCOMPRESSED" : chunk.codec;
  const reader = new ParquetBytes(inflated(rest, count(size - defined - repeated), codec));
  const encoding = count(about.get(4));
  const present = values - nulls;
  if (!isRuns(encoding)) checkValues(reader, encoding, present, chunk);
  else if (encoding === encodings.rle) checkPrefixedRuns(reader, 1, present);
  else if (!reader.isAtEnd) checkRuns(reader, reader.byte(), present);
}

const isRuns = (encoding: number): boolean =>
  [encodings.plainDictionary, encodings.rle, encodings.dictionary].includes(encoding as never);

/** Values in other encodings are as many as was said, or the bytes end before. */
function checkValues(reader: ParquetBytes, encoding: number, values: number, chunk: Chunk): void {
  if (encoding === encodings.delta || encoding === encodings.deltaLength) checkDeltas(reader, values);
  if (encoding !== encodings.deltaText) return;
  chunk.left.bytes -= checkDeltaTexts(reader, values);
  if (chunk.left.bytes < 0) throw new Error("a group of rows is too large");
}

function inflated(page: Uint8Array, size: number, codec: string): Uint8Array {
  if (codec !== "SNAPPY") return page;
  checkSnappy(page, size);
  const bytes = new Uint8Array(size);
  snappyUncompress(page, bytes);
  return bytes;
}

const widthOf = (most: number): number => 32 - Math.clz32(most);

function count(value: ThriftValue | undefined): number {
  if (typeof value !== "number" || value < 0) throw new Error(`a count is ${value}`);
  return value;
}
