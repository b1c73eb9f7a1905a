import type { Pixels } from "../../core/image/resample.ts";
import { turned } from "../../core/image/turned.ts";
import { photometrics, type TiffBlock, type TiffLayout, tiffLayout } from "./layout.ts";
import { unpackBlock } from "./unpack.ts";

/**
 * The first page of a TIFF as RGBA on white, orientation applied; 16 bits a sample lose their lower half.
 * @throws WinnowError `unreadable` with the reason for a person
 */
export async function decodeTiff(bytes: Uint8Array): Promise<Pixels> {
  const layout = tiffLayout(bytes);
  const { width, height } = layout;
  const data = new Uint8ClampedArray(width * height * 4);
  const planes = Math.max(...layout.blocks.map(({ plane }) => plane)) + 1;
  const perPlane = layout.blocks.length / planes;
  for (let place = 0; place < perPlane; place++) {
    const samples: Uint8Array[] = [];
    for (let plane = 0; plane < planes; plane++) {
      const block = layout.blocks[plane * perPlane + place]!;
      const unpacked = await unpackBlock(bytes, block, layout);
      samples.push(asBytes(unpacked, block, layout));
    }
    paint(data, layout, layout.blocks[place]!, samples);
  }
  return turned({ data, width, height, channels: 4 }, layout.orientation);
}

/** A sample a byte: the predictor undone, small samples taken apart, of 16 bits the upper half. */
function asBytes(data: Uint8Array, block: TiffBlock, layout: TiffLayout): Uint8Array {
  const { bits, blockSamples, predictor } = layout;
  const perRow = block.width * blockSamples;
  const rowBytes = Math.ceil((perRow * bits) / 8);
  // A palette's samples are numbers, not shades.
  const scale = layout.photometric === photometrics.palette ? 1 : 255 / (2 ** bits - 1);
  const out = bits === 8 ? data : new Uint8Array(perRow * block.height);
  for (let y = 0; y < block.height; y++) {
    const row = data.subarray(y * rowBytes, (y + 1) * rowBytes);
    const to = y * perRow;
    if (bits === 16) {
      const [high, low] = layout.littleEndian ? [1, 0] : [0, 1];
      const sums = new Uint16Array(blockSamples);
      for (let i = 0; i < perRow; i++) {
        let value = (row[2 * i + high]! << 8) | row[2 * i + low]!;
        if (predictor === 2) {
          value = (value + sums[i % blockSamples]!) & 0xffff;
          sums[i % blockSamples] = value;
        }
        out[to + i] = value >> 8;
      }
    } else if (bits === 8) {
      if (predictor === 2) for (let i = blockSamples; i < perRow; i++) row[i] = row[i]! + row[i - blockSamples]!;
    } else {
      for (let i = 0; i < perRow; i++) {
        const bit = i * bits;
        out[to + i] = ((row[bit >> 3]! >> (8 - bits - (bit & 7))) & (2 ** bits - 1)) * scale;
      }
    }
  }
  return out;
}

/** Puts a block's pixels in their place; what stands out over the image is left out. */
function paint(out: Uint8ClampedArray, layout: TiffLayout, block: TiffBlock, planes: readonly Uint8Array[]): void {
  const { width, height, blockSamples, alpha } = layout;
  const colour = colourOf(layout, (at, n) => (blockSamples === 1 ? planes[n]![at]! : planes[0]![at + n]!));
  const alphaPlane = alpha && (blockSamples === 1 ? planes[alpha.sample]! : planes[0]!.subarray(alpha.sample));
  const rgb = new Uint8ClampedArray(3);
  for (let y = 0; y < Math.min(block.height, height - block.top); y++) {
    let to = ((block.top + y) * width + block.left) * 4;
    for (let x = 0; x < Math.min(block.width, width - block.left); x++, to += 4) {
      const at = (y * block.width + x) * blockSamples;
      colour(at, rgb);
      const opacity = alphaPlane ? alphaPlane[at]! / 255 : 1;
      const white = 255 * (1 - opacity);
      const strength = alpha?.multiplied ? 1 : opacity;
      out[to] = rgb[0]! * strength + white;
      out[to + 1] = rgb[1]! * strength + white;
      out[to + 2] = rgb[2]! * strength + white;
      out[to + 3] = 255;
    }
  }
}

/** Fills in red, green and blue of the pixel whose samples begin at a place. */
function colourOf(
  { photometric, palette, bits }: TiffLayout,
  sample: (at: number, n: number) => number,
): (at: number, rgb: Uint8ClampedArray) => void {
  const grey = (rgb: Uint8ClampedArray, value: number): void => {
    rgb[0] = value;
    rgb[1] = value;
    rgb[2] = value;
  };
  switch (photometric) {
    case photometrics.whiteIsZero:
      return (at, rgb) => grey(rgb, 255 - sample(at, 0));
    case photometrics.blackIsZero:
      return (at, rgb) => grey(rgb, sample(at, 0));
    case photometrics.palette: {
      const entries = 2 ** bits;
      return (at, rgb) => {
        for (let n = 0; n < 3; n++) rgb[n] = (palette?.[n * entries + sample(at, 0)] ?? 0) >> 8;
      };
    }
    case photometrics.cmyk:
      return (at, rgb) => {
        for (let n = 0; n < 3; n++) rgb[n] = ((255 - sample(at, n)) * (255 - sample(at, 3))) / 255;
      };
    default:
      return (at, rgb) => {
        for (let n = 0; n < 3; n++) rgb[n] = sample(at, n);
      };
  }
}
