/**
 * The part of the platform's text decoder that the core uses. It is pure and the same in pages, workers and Node, but
 * no part of ECMAScript, so that the core's type settings do not know it.
 */
interface Decoder {
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}
const { TextDecoder } = globalThis as unknown as {
  TextDecoder: new (encoding?: string, options?: { ignoreBOM?: boolean }) => Decoder;
};

/** Bytes as text: UTF-8, or UTF-16 where a byte order mark says so; the mark is left out. Bytes that are no text become “\uFFFD”. */
export const decodeText = (bytes: Uint8Array): string => new TextDecoder(encodingOf(bytes)).decode(bytes);

/** The same for bytes that arrive in parts; a character may be cut by their border. */
export async function* decodedText(parts: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: Decoder | null = null;
  for await (const part of parts) {
    decoder ??= new TextDecoder(encodingOf(part));
    yield decoder.decode(part, { stream: true });
  }
  const rest = decoder?.decode();
  if (rest) yield rest;
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
