/** Pure, and the same in pages, workers and Node, but no part of ECMAScript: the core's type settings do not know it. */
const { TextEncoder } = globalThis as unknown as { TextEncoder: new () => { encode(text: string): Uint8Array } };

/** A piece of a protocol-buffer message: fields, one after the other. */
export type Part = Uint8Array;

export function joinParts(parts: readonly Part[]): Part {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A field with a whole number of −2⁵³ to 2⁵³. */
export const numberField = (field: number, value: number): Part => joinParts([varint(field * 8), varint(value)]);

/** A length-delimited field: a message of these parts, or bytes. */
export function messageField(field: number, ...parts: readonly Part[]): Part {
  const body = joinParts(parts);
  return joinParts([varint(field * 8 + 2), varint(body.length), body]);
}

export const textField = (field: number, value: string): Part => messageField(field, new TextEncoder().encode(value));

/** Negative numbers are ten bytes, as 64 bits in two's complement. */
function varint(value: number): Part {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(left & 127n) + (left >= 128n ? 128 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Uint8Array.from(bytes);
}
