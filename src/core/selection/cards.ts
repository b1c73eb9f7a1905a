import type { Field, NumberField } from "../explore/field.ts";
import { quantiles } from "../quantiles.ts";
import type { SelectionStrategy } from "./config.ts";
import { inputOf, scoreFields } from "./inputFields.ts";

/** What a strategy is called on its card. */
export type CardKind =
  | "Diversity"
  | "Coverage"
  | "Weights"
  | "Threshold"
  | "Balance"
  | "Similarity"
  | "Typicality"
  | "Random";

/** In the order of the menu, each with the line that explains it. */
export const cardHelp: Readonly<Record<CardKind, string>> = {
  Diversity: "Prefers images far from everything chosen so far.",
  Coverage: "Prefers images that stand for many others not covered yet.",
  Weights: "Prefers images with a high value.",
  Threshold: "Leaves out images before anything is chosen.",
  Balance: "Prefers images whose class is short of its share.",
  Similarity: "Prefers images like those with a tag.",
  Typicality: "Prefers images in the middle of a crowd of similar ones.",
  Random: "Prefers images by lot: the same seed, the same order.",
};

export const cardKinds = Object.keys(cardHelp) as CardKind[];

export function kindOf({ input, strategy }: SelectionStrategy): CardKind {
  if (input.type === "RANDOM" && strategy.type === "WEIGHTS") return "Random";
  return `${strategy.type[0]}${strategy.type.slice(1).toLowerCase()}` as CardKind;
}

/** What strategies can go by in a project. */
export interface CardChoices {
  numbers: readonly NumberField[];
  categories: readonly Field[];
  tags: readonly string[];
  /** Sets of annotations with boxes, whose objects strategies can go by. */
  objects: readonly { id: string; name: string }[];
}

/** Why a card cannot be added yet; null where it can. */
export function cardNeed(kind: CardKind, { numbers, categories, tags }: CardChoices): string | null {
  if ((kind === "Weights" || kind === "Threshold") && numbers.length === 0) return "needs a number to go by";
  if (kind === "Balance" && categories.length === 0) return "needs a folder, tag, label or other class";
  return kind === "Similarity" && tags.length === 0 ? "needs a tag on a few images" : null;
}

const embeddings = { type: "EMBEDDINGS" } as const;

/** A new strategy with defaults that make sense in the project; ask {@link cardNeed} first. */
export function newStrategy(kind: CardKind, choices: CardChoices): SelectionStrategy {
  const numbers = [...scoreFields(choices.numbers), ...choices.numbers];
  const all: readonly Field[] = [...choices.numbers, ...choices.categories];
  switch (kind) {
    case "Weights":
      return { input: inputOf(numbers[0]!, all), strategy: { type: "WEIGHTS" } };
    case "Threshold":
      return {
        input: inputOf(numbers[0]!, all),
        strategy: { type: "THRESHOLD", threshold: usualThreshold(numbers[0]!), operation: "BIGGER_EQUAL" },
      };
    case "Balance":
      return {
        input: inputOf(choices.categories[0]!, all),
        strategy: { type: "BALANCE", distribution: "UNIFORM" },
      };
    case "Similarity":
      return { input: { ...embeddings, tagName: choices.tags[0]! }, strategy: { type: "SIMILARITY" } };
    case "Random":
      return { input: { type: "RANDOM", randomSeed: 1 }, strategy: { type: "WEIGHTS" } };
    case "Diversity":
      return { input: embeddings, strategy: { type: "DIVERSITY" } };
    case "Coverage":
      return { input: embeddings, strategy: { type: "COVERAGE" } };
    case "Typicality":
      return { input: embeddings, strategy: { type: "TYPICALITY" } };
  }
}

/** The median, in three digits: a threshold that leaves about half. */
export function usualThreshold({ values }: NumberField): number {
  const known = Float64Array.from(values.filter((value) => Number.isFinite(value)));
  if (known.length === 0) return 0;
  return Number(quantiles(known, [0.5])[0]!.toPrecision(3));
}
