import UTIF from "utif2";
import { decodeJpegSamples } from "../jpegSamples.ts";
import { photometrics, type TiffBlock, type TiffLayout } from "./layout.ts";

/** The fax decoders of utif2, which its types leave out. `from` and `to` are places in bytes. */
interface FaxDecoders {
  _decodeG2(
    data: Uint8Array,
    from: number,
    length: number,
    out: Uint8Array,
    to: number,
    width: number,
    fill: number,
  ): void;
  _decodeG3(
    data: Uint8Array,
    from: number,
    length: number,
    out: Uint8Array,
    to: number,
    width: number,
    fill: number,
    twoDimensional: boolean,
  ): void;
  _decodeG4(
    data: Uint8Array,
    from: number,
    length: number,
    out: Uint8Array,
    to: number,
    width: number,
    fill: number,
  ): void;
}

/** Fax compressions (2, 3, 4) and JPEG (7). */
export function unpackWithCodec(packed: Uint8Array, needed: number, block: TiffBlock, layout: TiffLayout): Uint8Array {
  if (layout.compression === 7) return jpegBlock(packed, layout);
  const out = new Uint8Array(needed);
  const fax = UTIF.decode as unknown as FaxDecoders;
  const { width } = block;
  if (layout.compression === 2) fax._decodeG2(packed, 0, packed.length, out, 0, width, layout.fillOrder);
  else if (layout.compression === 4) fax._decodeG4(packed, 0, packed.length, out, 0, width, layout.fillOrder);
  else fax._decodeG3(packed, 0, packed.length, out, 0, width, layout.fillOrder, (layout.faxOptions & 1) === 1);
  return out;
}

/** A block is a JPEG of its own whose tables may stand in the directory; the TIFF says what its colours are. */
function jpegBlock(packed: Uint8Array, { jpegTables, photometric }: TiffLayout): Uint8Array {
  const tables = (jpegTables ?? []).slice(2, -2);
  const transform = photometric === photometrics.yCbCr ? 1 : 0;
  const adobe = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform];
  const front = [0xff, 0xd8, ...adobe, ...tables];
  const whole = new Uint8Array(front.length + packed.length - 2);
  whole.set(front);
  whole.set(packed.subarray(2), front.length);
  return decodeJpegSamples(whole).data;
}
