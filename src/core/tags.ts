/** How a tag looks and which key gives it. */
export interface TagStyle {
  /** Index of a group colour, 0 … {@link tagColours} − 1. */
  colour: number;
  /** The digit key that gives and takes it, 1–9; null for none. */
  key: number | null;
}

/** As many hues as stay apart for most eyes. */
export const tagColours = 10;
const digitKeys = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The tag of images that are to be left out: selections and exports respect it. */
export const excludedTag = "excluded";
/** The tag of images that were looked at among their duplicates and are to stay. */
export const keptTag = "kept duplicates";

export type TagStyles = ReadonlyMap<string, TagStyle>;

/** The name as it is stored: without blanks at its ends, accents in one form; empty when there is nothing left. */
export const tagName = (typed: string): string => typed.trim().normalize("NFC");

/** What a new tag gets: the least used colour and the first key that is free. */
export function nextTagStyle(styles: TagStyles): TagStyle {
  const uses = new Uint32Array(tagColours);
  const taken = new Set<number | null>();
  for (const { colour, key } of styles.values()) {
    uses[colour]!++;
    taken.add(key);
  }
  return { colour: uses.indexOf(Math.min(...uses)), key: digitKeys.find((key) => !taken.has(key)) ?? null };
}

/**
 * A style for every tag: the stored one, or for tags that came without (an import, an older version) the next ones in
 * alphabetical order.
 */
export function styledTags(names: Iterable<string>, stored: TagStyles): TagStyles {
  const all = new Map(stored);
  for (const name of [...names].sort()) if (!all.has(name)) all.set(name, nextTagStyle(all));
  return all;
}

/** The tag that a digit key gives; null for none. */
export const tagOfKey = (styles: TagStyles, key: number): string | null =>
  [...styles].find(([, style]) => style.key === key)?.[0] ?? null;
