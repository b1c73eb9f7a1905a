import type { TagStyle } from "../../core/tags.ts";

/** The CSS custom property of a tag's colour. */
export const tagColour = ({ colour }: TagStyle): `--${string}` => `--group-${colour + 1}`;
