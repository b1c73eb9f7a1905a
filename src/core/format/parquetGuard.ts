import { type AsyncBuffer, type FileMetaData, parquetSchema, type SchemaElement, snappyUncompress } from "hyparquet";

/** Values of a row group, all columns together, and of its inflated pages; more fits into no browser's memory. */
const mostValues = 1 << 27;
const mostBytes = 1 << 30;
/** Writers fill the last bit-packed run up to whole groups of 8; the largest run of groups has a header of one byte. */
const longestPadding = 512;
const deepestHeader = 8;

/** By their numbers in the format. */
const pages = { data: 0, dictionary: 2, dataV2: 3 } as const;
const encodings = { plainDictionary: 2, rle: 3, dictionary: 8 } as const;

interface Chunk {
  start: number;
  end: number;
  codec: string;
  isBoolean: boolean;
  mostRepeated: number;
  mostDefined: number;
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

function chunksOf(metadata: FileMetaData): Set<Chunk> {
  const chunks = new Set<Chunk>();
  const tree = parquetSchema(metadata);
  for (const group of metadata.row_groups) {
    const left = { values: mostValues, bytes: mostBytes };
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
      const start = Number(column.dictionary_page_offset || column.data_page_offset);
      chunks.add({
        start,
        end: start + Number(column.total_compressed_size),
        codec: column.codec,
        isBoolean: column.type === "BOOLEAN",
        mostRepeated: elements.filter(({ repetition_type: type }) => type === "REPEATED").length,
        mostDefined: elements.slice(1).filter(({ repetition_type: type }) => type !== "REQUIRED").length,
        left,
      });
    }
  }
  return chunks;
}

function checkChunk(bytes: Uint8Array, chunk: Chunk): void {
  const reader = new Reader(bytes);
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
    const page = reader.bytes(compressed);
    if (type === pages.data) checkPage(inflated(page, size, chunk.codec), values, count(about.get(2)), chunk);
    else if (type === pages.dataV2) checkPageV2(page, size, values, about, chunk);
    // The values of a dictionary are as many as its bytes hold, or an error.
    else if (values > size) throw new Error("a dictionary has more values than bytes");
  }
}

function checkPage(page: Uint8Array, values: number, encoding: number, chunk: Chunk): void {
  const reader = new Reader(page);
  for (const most of [chunk.mostRepeated, chunk.mostDefined]) {
    if (most > 0) checkPrefixedRuns(reader, widthOf(most), values);
  }
  if (isRuns(encoding) && chunk.isBoolean) checkPrefixedRuns(reader, 1, values);
  else if (isRuns(encoding) && !reader.isAtEnd) checkRuns(reader, reader.byte(), values);
}

function checkPageV2(page: Uint8Array, size: number, values: number, about: Struct, chunk: Chunk): void {
  const [nulls, defined, repeated] = [about.get(2), about.get(5), about.get(6)].map(count) as [number, number, number];
  if (nulls > values) throw new Error("a page has more nulls than values");
  if (chunk.mostRepeated > 0) checkRuns(new Reader(page), widthOf(chunk.mostRepeated), values);
  if (chunk.mostDefined > 0) checkRuns(new Reader(page).skipped(repeated), widthOf(chunk.mostDefined), values);
  const rest = page.subarray(chunk.mostDefined > 0 ? repeated + defined : repeated);
  const codec = about.get(7) === false ? "UNCOMPRESSED" : chunk.codec;
  const reader = new Reader(inflated(rest, count(size - defined - repeated), codec));
  const encoding = count(about.get(4));
  if (encoding === encodings.rle) checkPrefixedRuns(reader, 1, values - nulls);
  else if (isRuns(encoding) && !reader.isAtEnd) checkRuns(reader, reader.byte(), values - nulls);
}

/** Values in other encodings are as many as was said, or the bytes end before. */
const isRuns = (encoding: number): boolean => (Object.values(encodings) as number[]).includes(encoding);

/** Runs with their length in bytes before them, which the library does not stop at. */
function checkPrefixedRuns(reader: Reader, width: number, values: number): void {
  if (reader.isAtEnd) return;
  const length = reader.length();
  checkRuns(reader, width, values);
  reader.skipped(length);
}

/** Run lengths and bit-packed groups, one after the other, until all values are there. The reader stays where it is. */
function checkRuns({ rest }: Reader, width: number, values: number): void {
  if (width > 32) throw new Error(`a value has ${width} bits`);
  const reader = new Reader(rest);
  for (let seen = 0; seen < values && !reader.isAtEnd; ) {
    const header = reader.varint();
    const packed = header % 2 === 1;
    const length = packed ? Math.floor(header / 2) * 8 : header / 2;
    if (length > values - seen + longestPadding) throw new Error("a run is longer than its page");
    // Some writers leave out the last bytes of a group.
    reader.skipped(packed ? (length * width) / 8 : Math.ceil(width / 8));
    seen += length;
  }
}

function inflated(page: Uint8Array, size: number, codec: string): Uint8Array {
  if (codec !== "SNAPPY") return page;
  const bytes = new Uint8Array(size);
  snappyUncompress(page, bytes);
  return bytes;
}

const widthOf = (most: number): number => 32 - Math.clz32(most);

function count(value: ThriftValue | undefined): number {
  if (typeof value !== "number" || value < 0) throw new Error(`a count is ${value}`);
  return value;
}

type Struct = ReadonlyMap<number, ThriftValue>;
type ThriftValue = number | boolean | Struct | null;

/** Bytes from front to back: varints, and structs in Thrift's compact protocol. */
class Reader {
  offset = 0;
  private readonly view: DataView;

  constructor(private readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get left(): number {
    return this.data.length - this.offset;
  }

  get isAtEnd(): boolean {
    return this.left <= 0;
  }

  byte(): number {
    if (this.isAtEnd) throw new Error("a page ends too early");
    return this.data[this.offset++]!;
  }

  bytes(size: number): Uint8Array {
    if (size > this.left) throw new Error("a page ends too early");
    this.offset += size;
    return this.data.subarray(this.offset - size, this.offset);
  }

  get rest(): Uint8Array {
    return this.data.subarray(this.offset);
  }

  /** Goes on, also past the end. */
  skipped(size: number): this {
    this.offset += size;
    return this;
  }

  length(): number {
    if (this.left < 4) throw new Error("a page ends too early");
    this.offset += 4;
    return this.view.getUint32(this.offset - 4, true);
  }

  /** At most 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (value >= 2 ** 32) throw new Error("a number is too large");
      if (byte < 0x80) return value;
    }
  }

  /** Of a page header: numbers, flags and structs; of everything else only where it ends. */
  struct(deep = 0): Struct {
    if (deep > deepestHeader) throw new Error("a page's header never ends");
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ; ) {
      const head = this.byte();
      const type = head & 15;
      if (type === 0) return fields;
      id = head >> 4 ? id + (head >> 4) : zigzag(this.varint());
      fields.set(id, this.value(type, deep));
    }
  }

  private value(type: number, deep: number): ThriftValue {
    if (type === 1 || type === 2) return type === 1;
    if (type === 3) return this.byte();
    if (type === 4 || type === 5) return zigzag(this.varint());
    if (type === 12) return this.struct(deep + 1);
    if (type === 6) while (this.byte() >= 0x80);
    else if (type === 7) this.bytes(8);
    else if (type === 8) this.bytes(this.varint());
    else throw new Error("a page's header has a field of an unknown type");
    return null;
  }
}

const zigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
