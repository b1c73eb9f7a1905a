import type { Vocabulary } from "../../core/classifier/classifier.ts";
import { type ClassTerm, classTerms } from "../../core/classifier/words.ts";
import type { Field } from "../../core/explore/field.ts";

/** Something that what was typed could mean. */
export type Suggestion =
  | { kind: "path"; text: string }
  /** Any words, as a text tower reads them. */
  | { kind: "text"; text: string }
  /** How to get a model that reads words. */
  | { kind: "models" }
  | { kind: "class"; term: ClassTerm }
  | { kind: "value"; field: string; fieldTitle: string; value: string };

export interface SuggestionGroup {
  title: string;
  items: Suggestion[];
}

const mostClasses = 6;
const mostValues = 6;
/** Fields whose values people look for by name. */
const namedFields = new Set(["tag", "folder", "cluster", "selection", "label"]);

/** What of a search depends on the models. */
interface Understood {
  /** The classes of the bundled model; null where it has not looked at the images. */
  vocabulary: Vocabulary | null;
  /** The text tower that reads any words; null: none does. */
  textTower: string | null;
}

/** What a search box offers for what was typed, the likeliest first; empty for nothing. */
export function suggestionsFor(
  typed: string,
  fields: readonly Field[],
  { vocabulary, textTower }: Understood,
): SuggestionGroup[] {
  const wanted = typed.trim();
  if (wanted === "") return [];
  const lower = wanted.toLowerCase();
  const values: Suggestion[] = fields
    .filter((field) => namedFields.has(field.id))
    .flatMap((field) => {
      if (field.kind === "number" || field.kind === "text") return [];
      const names = field.names.filter((name) => name.toLowerCase().includes(lower));
      return names
        .slice(0, mostValues)
        .map((value): Suggestion => ({ kind: "value", field: field.id, fieldTitle: field.title, value }));
    });
  const classes = vocabulary ? classTerms(vocabulary, wanted, mostClasses) : [];
  const shown: Suggestion[] = classes.map((term) => ({ kind: "class", term }));
  if (textTower !== null) shown.unshift({ kind: "text", text: wanted });
  const hint: Suggestion[] = textTower === null ? [{ kind: "models" }] : [];
  return [
    { title: "Images by what they show", items: shown },
    { title: "Images that have", items: values.slice(0, mostValues) },
    { title: "Images by name", items: [{ kind: "path", text: wanted } satisfies Suggestion] },
    { title: "Images by any words", items: hint },
  ].filter(({ items }) => items.length > 0);
}

export function suggestionKey(suggestion: Suggestion): string {
  switch (suggestion.kind) {
    case "path":
    case "text":
    case "models":
      return suggestion.kind;
    case "class":
      return `class ${suggestion.term.word} ${suggestion.term.classes[0]}`;
    case "value":
      return `${suggestion.field} ${suggestion.value}`;
  }
}
