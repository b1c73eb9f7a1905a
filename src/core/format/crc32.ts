/** Remainders of all bytes for the reflected polynomial of ISO 3309, which zip, gzip and PNG use. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** CRC-32 of bytes, unsigned. `before` is the CRC-32 of what came before them; 0 at the beginning. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let remainder = ~before;
  for (let i = 0; i < bytes.length; i++) remainder = (remainder >>> 8) ^ REMAINDERS[(remainder ^ bytes[i]!) & 0xff]!;
  return ~remainder >>> 0;
}
