/**
 * Control characters, line and paragraph separators, bidirectional controls, invisible spaces, tag characters and
 * halves of surrogate pairs: everything in a file name that would change how the name around it reads without being
 * seen. The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need them.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

export interface TextPart {
  text: string;
  /** True where `text` names a character that cannot be seen, as “U+202E”. */
  unseen: boolean;
}

/** Splits text into what can be shown as it is and the names of what cannot. */
export function revealUnseen(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(unseen)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), unseen: false });
    const code = match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    parts.push({ text: `U+${code}`, unseen: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), unseen: false });
  return parts;
}

/** The same as one string, for tooltips and other places that take no elements. */
export const revealedText = (text: string): string =>
  revealUnseen(text)
    .map((part) => (part.unseen ? `⟨${part.text}⟩` : part.text))
    .join("");
