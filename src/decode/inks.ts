/**
 * Cyan, magenta, yellow and black as red, green and blue, as browsers do it: without a profile.
 * @param inks interleaved, 0…255
 * @param inverted whether 255 is no ink
 * @returns RGBA
 */
export function inksToColours(inks: Uint8Array, inverted: boolean): Uint8ClampedArray {
  const out = new Uint8ClampedArray(inks.length);
  const flip = inverted ? 0 : 255;
  for (let i = 0; i < inks.length; i += 4) {
    const light = (inks[i + 3]! ^ flip) / 255;
    for (let c = 0; c < 3; c++) out[i + c] = (inks[i + c]! ^ flip) * light;
    out[i + 3] = 255;
  }
  return out;
}
