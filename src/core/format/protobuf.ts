import { decodeText } from "./decodeText.ts";

/** One field of a protocol-buffer message. */
export interface WireField {
  number: number;
  /** Of a varint; 0 for other fields. */
  value: number;
  /** Of a length-delimited field: a view of the message. */
  bytes: Uint8Array | null;
}

/** A message that ends in the middle or is none. Who reads it says which file that was. */
export class BrokenMessage extends Error {
  override readonly name = "BrokenMessage";
}

/**
 * The fields of one protocol-buffer message, in file order; fixed-width ones are skipped.
 * @throws BrokenMessage
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const key = varint(message, cursor);
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, value: varint(message, cursor), bytes: null };
        break;
      case 1:
        cursor.at += 8;
        break;
      case 2: {
        const length = varint(message, cursor);
        if (cursor.at + length > message.length) throw new BrokenMessage("a field is longer than its message");
        yield { number, value: 0, bytes: message.subarray(cursor.at, cursor.at + length) };
        cursor.at += length;
        break;
      }
      case 5:
        cursor.at += 4;
        break;
      default:
        throw new BrokenMessage("a field of unknown type");
    }
  }
  if (cursor.at > message.length) throw new BrokenMessage("a number is cut off");
}

/** The numbers of a packed field. */
export function* packed(bytes: Uint8Array): Generator<number> {
  const cursor = { at: 0 };
  while (cursor.at < bytes.length) yield varint(bytes, cursor);
}

/** Exact up to 2⁵³, which no length or dimension reaches. */
function varint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new BrokenMessage("a number is cut off");
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

/** UTF-8 text of a field, at most `most` characters of it: names may be anything. */
export const wireText = (bytes: Uint8Array | null, most = 1_000): string =>
  decodeText((bytes ?? new Uint8Array(0)).subarray(0, 4 * most)).slice(0, most);
