import { groupColours } from "../colour/grouping.ts";

/** The CSS custom property of a class's colour, by its place in the set's list. */
export const classColour = (id: number): `--${string}` => `--group-${(id % groupColours) + 1}`;

/** All of them. */
export const classColourNames: readonly `--${string}`[] = Array.from({ length: groupColours }, (_, id) =>
  classColour(id),
);
