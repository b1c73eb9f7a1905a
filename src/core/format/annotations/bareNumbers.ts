const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const space = 0x20;

/**
 * JSON as Python's `json` writes it may hold NaN, Infinity and −Infinity, which no JSON parser reads. This filter puts
 * empty text (`""` and spaces) in their place, byte for byte, so that a reader finds no number there.
 */
export class BareNumbers {
  private inText = false;
  private escaped = false;
  /** Bytes of such a word that have passed; 0: outside of one. */
  private word = 0;
  private heldMinus = false;

  /** @param bytes the next part of the file; changed in place */
  pass(bytes: Uint8Array): Uint8Array {
    const input = this.heldMinus ? withMinus(bytes) : bytes;
    this.heldMinus = false;
    for (let i = 0; i < input.length; i++) {
      const byte = input[i]!;
      if (this.inText) {
        if (this.escaped) this.escaped = false;
        else if (byte === backslash) this.escaped = true;
        else if (byte === quote) this.inText = false;
      } else if (byte === quote) this.inText = true;
      else if (this.word > 0 && isLetter(byte)) input[i] = this.word++ === 1 ? quote : space;
      else {
        this.word = 0;
        if (byte !== 0x4e && byte !== 0x49) continue;
        this.word = 1;
        input[i] = quote;
        if (i > 0 && input[i - 1] === minus) input[i - 1] = space;
      }
    }
    if (this.inText || input.at(-1) !== minus) return input;
    this.heldMinus = true;
    return input.subarray(0, input.length - 1);
  }
}

const isLetter = (byte: number): boolean => (byte >= 0x61 && byte <= 0x7a) || byte === 0x4e;

function withMinus(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + 1);
  out[0] = minus;
  out.set(bytes, 1);
  return out;
}
