import type { Vocabulary } from "./classifier.ts";

/** Something of the classifier's vocabulary that can be searched for. */
export interface ClassTerm {
  /** “dog”, “teapot”. */
  word: string;
  classes: Uint16Array;
}

/**
 * Terms that what was typed could mean, the best first: groups and classes whose name is it, starts with it, has a word
 * that starts with it.
 */
export function classTerms({ names, groups }: Vocabulary, typed: string, most: number): ClassTerm[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [];
  // People write “dogs” and mean “dog”.
  const singular = wanted.length > 3 && wanted.endsWith("s") ? wanted.slice(0, -1) : wanted;
  const found: { term: ClassTerm; rank: number }[] = [];
  const offer = (term: ClassTerm, isGroup: boolean): void => {
    const name = term.word.toLowerCase();
    const rank = Math.min(rankOf(name, wanted), rankOf(name, singular));
    if (rank < 3) found.push({ term, rank: 2 * rank + (isGroup ? 0 : 1) });
  };
  for (const { word, classes } of groups) offer({ word, classes }, true);
  for (const [c, word] of names.entries()) offer({ word, classes: Uint16Array.of(c) }, false);
  return found
    .sort((a, b) => a.rank - b.rank || a.term.word.length - b.term.word.length)
    .slice(0, most)
    .map(({ term }) => term);
}

function rankOf(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(` ${wanted}`) || name.includes(`-${wanted}`) ? 2 : 3;
}
