/** Sorting names as people do (2 before 10) is too slow for more texts than this. */
const naturalTexts = 20_000;

const plain = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The indices of texts in their order, equal ones by index: as people sort up to 20,000 of them, by code units above.
 * @param known what {@link plainOrder} gave for the first texts: only the others are sorted then, and taken in
 */
export function textOrder(texts: readonly string[], known?: Uint32Array): Uint32Array {
  if (texts.length > naturalTexts) return plainOrder(texts, known);
  const { compare } = new Intl.Collator("en", { numeric: true });
  return sorted(Array.from(texts.keys()), texts, compare);
}

/** The indices of texts by code units, equal ones by index. @param known of the first texts */
export function plainOrder(texts: readonly string[], known: Uint32Array = new Uint32Array(0)): Uint32Array {
  const added = sorted(
    Array.from({ length: Math.max(0, texts.length - known.length) }, (_, i) => known.length + i),
    texts,
    plain,
  );
  if (known.length === 0 || known.length > texts.length) return known.length === 0 ? added : plainOrder(texts);
  const order = new Uint32Array(texts.length);
  let [from, next] = [0, 0];
  for (let place = 0; place < order.length; place++) {
    const takesKnown =
      next === added.length || (from < known.length && plain(texts[known[from]!]!, texts[added[next]!]!) <= 0);
    order[place] = takesKnown ? known[from++]! : added[next++]!;
  }
  return order;
}

/** An array's own sort uses the runs that are in order already; that of a typed array does not. */
const sorted = (indices: number[], texts: readonly string[], compare: (a: string, b: string) => number): Uint32Array =>
  Uint32Array.from(indices.sort((a, b) => compare(texts[a]!, texts[b]!) || a - b));
