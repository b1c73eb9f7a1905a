/** A WebAssembly.Memory, or anything that has a buffer and can grow by pages of 64 KiB. */
export interface RawMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

const pageBytes = 65_536;
/** A line of the processor's cache; also more than any vector load needs. */
const alignment = 64;

interface Gap {
  at: number;
  bytes: number;
}

/**
 * Blocks of the memory that kernels work on. The first page belongs to the threads. A view is good until the next
 * {@link alloc}, because growing may replace the buffer; make it where it is used.
 */
export class KernelMemory {
  /** Free blocks in ascending order; none touches the next. */
  private readonly gaps: Gap[] = [];
  private readonly sizes = new Map<number, number>();

  constructor(readonly raw: RawMemory) {
    const end = raw.buffer.byteLength;
    if (end > pageBytes) this.gaps.push({ at: pageBytes, bytes: end - pageBytes });
  }

  /**
   * A block of zeros, aligned to 64 bytes.
   * @returns its byte offset
   * @throws RangeError when the memory cannot grow that far (4 GiB at most)
   */
  alloc(bytes: number): number {
    const size = Math.max(1, Math.ceil(bytes / alignment)) * alignment;
    let index = this.gaps.findIndex((gap) => gap.bytes >= size);
    if (index < 0) {
      this.grow(size);
      index = this.gaps.length - 1;
    }
    const gap = this.gaps[index]!;
    const { at } = gap;
    if (gap.bytes === size) this.gaps.splice(index, 1);
    else this.gaps[index] = { at: at + size, bytes: gap.bytes - size };
    this.sizes.set(at, size);
    new Uint8Array(this.raw.buffer, at, size).fill(0);
    return at;
  }

  /** Gives a block back. */
  free(at: number): void {
    const bytes = this.sizes.get(at);
    if (bytes === undefined) throw new RangeError(`no block of kernel memory begins at ${at}`);
    this.sizes.delete(at);
    let index = this.gaps.findIndex((gap) => gap.at > at);
    if (index < 0) index = this.gaps.length;
    this.gaps.splice(index, 0, { at, bytes });
    for (const left of [index, index - 1]) {
      const [gap, next] = [this.gaps[left], this.gaps[left + 1]];
      if (!gap || !next || gap.at + gap.bytes !== next.at) continue;
      this.gaps.splice(left, 2, { at: gap.at, bytes: gap.bytes + next.bytes });
    }
  }

  /** Bytes that are in use. */
  get used(): number {
    return [...this.sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  f32(at: number, length: number): Float32Array {
    return new Float32Array(this.raw.buffer as ArrayBuffer, at, length);
  }

  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.raw.buffer as ArrayBuffer, at, length);
  }

  i32(at: number, length: number): Int32Array {
    return new Int32Array(this.raw.buffer as ArrayBuffer, at, length);
  }

  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.raw.buffer as ArrayBuffer, at, length);
  }

  u8(at: number, length: number): Uint8Array {
    return new Uint8Array(this.raw.buffer as ArrayBuffer, at, length);
  }

  /** Makes the last gap at least this large. */
  private grow(size: number): void {
    const end = this.raw.buffer.byteLength;
    const last = this.gaps.at(-1);
    const inTail = last !== undefined && last.at + last.bytes === end ? last.bytes : 0;
    const pages = Math.ceil((size - inTail) / pageBytes);
    try {
      this.raw.grow(pages);
    } catch (cause) {
      const megabytes = Math.ceil(size / 1_000_000);
      throw new RangeError(`The computation needs ${megabytes} MB more memory than this machine gives.`, { cause });
    }
    const grown = this.raw.buffer.byteLength - end;
    if (inTail > 0) this.gaps[this.gaps.length - 1] = { at: last!.at, bytes: inTail + grown };
    else this.gaps.push({ at: Math.max(end, pageBytes), bytes: grown - Math.max(0, pageBytes - end) });
  }
}

/** The plain kernels' memory: a buffer that is replaced by a larger one when it grows. */
export class PlainMemory implements RawMemory {
  buffer = new ArrayBuffer(pageBytes);

  grow(pages: number): number {
    const before = this.buffer.byteLength;
    const larger = new ArrayBuffer(before + pages * pageBytes);
    new Uint8Array(larger).set(new Uint8Array(this.buffer));
    this.buffer = larger;
    return before / pageBytes;
  }
}

/** Blocks that are given back together: `using` a list where a computation ends in several places. */
export class Blocks {
  private readonly held: number[] = [];

  constructor(readonly memory: KernelMemory) {}

  /** See {@link KernelMemory.alloc}. */
  alloc(bytes: number): number {
    const at = this.memory.alloc(bytes);
    this.held.push(at);
    return at;
  }

  /** Gives one of the blocks back before the others. */
  release(at: number): void {
    this.memory.free(at);
    this.held.splice(this.held.indexOf(at), 1);
  }

  free(): void {
    for (const at of this.held.splice(0)) this.memory.free(at);
  }
}
