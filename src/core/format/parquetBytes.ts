/** Structs and lists lie within each other at most so deep; those of the format do half of it. */
const deepest = 16;

export type Struct = ReadonlyMap<number, ThriftValue>;
export type ThriftValue = number | boolean | Struct | null;

/** Bytes of a Parquet file from front to back: varints, and structs in Thrift's compact protocol. */
export class ParquetBytes {
  offset = 0;

  constructor(private readonly data: Uint8Array) {}

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

  /** Of `size` bytes, the lowest first. */
  unsigned(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value += this.byte() * 2 ** (8 * i);
    return value;
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

  /** At most 64 bits with a sign, of which the last 32 are returned. */
  long(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift > 63n) throw new Error("a number is too large");
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(32, (value >> 1n) ^ -(value & 1n)));
    }
  }

  /** Numbers, flags and structs; of everything else only where it ends. */
  struct(deep = 0): Struct {
    if (deep > deepest) throw new Error("a description in it is too deep");
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
    if (type === 6) this.long();
    else if (type === 7) this.bytes(8);
    else if (type === 8) this.bytes(this.varint());
    else if (type === 9) this.list(deep + 1);
    else throw new Error("a description in it has a field of an unknown type");
    return null;
  }

  private list(deep: number): void {
    if (deep > deepest) throw new Error("a description in it is too deep");
    const head = this.byte();
    const type = head & 15;
    const size = head >> 4 === 15 ? this.varint() : head >> 4;
    // A flag is a byte here, not a part of its field's type.
    for (let i = 0; i < size; i++) this.value(type === 1 || type === 2 ? 3 : type, deep);
  }
}

const zigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
