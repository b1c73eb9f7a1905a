/** The slider's middle is 0, half way 1, its ends 11 and −11: most of the way is near 1, where it matters. */
export const strengthAt = (position: number): number => {
  const size = (10 ** (2 * Math.abs(position)) - 1) / 9;
  const value = Number((Math.sign(position) * size).toPrecision(2));
  const nearest = [-1, 0, 1].find((stop) => Math.abs(value - stop) < 0.06);
  return nearest ?? value;
};

/** Where a strength stands on the slider, −1…1. */
export const positionOf = (strength: number): number =>
  Math.sign(strength) * Math.min(1, Math.log10(Math.abs(strength) * 9 + 1) / 2);
