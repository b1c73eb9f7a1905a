import type { SelectionStrategy } from "./config.ts";

/** What a preset still needs to be told. */
export type PresetNeed = "category" | "tag" | "score" | "marked" | null;

/** What a preset is told: the input that goes by a category or score, the name of a tag. */
export interface PresetChoice {
  input?: SelectionStrategy["input"];
  tagName?: string;
}

/** A ready-made selection. */
export interface SelectionPreset {
  id: string;
  title: string;
  /** When it helps; measured in specs/selection.md, *What helps*. */
  help: string;
  needs: PresetNeed;
  strategies(by: PresetChoice): SelectionStrategy[];
}

const embeddings = { type: "EMBEDDINGS" } as const;
const diversity: SelectionStrategy = { input: embeddings, strategy: { type: "DIVERSITY" } };
const typicality: SelectionStrategy = { input: embeddings, strategy: { type: "TYPICALITY" } };
const nothing: SelectionStrategy["input"] = { type: "SCORES", task: "", score: "" };

/** The first is what is offered first. */
export const selectionPresets: readonly SelectionPreset[] = [
  {
    id: "diverse",
    title: "Diverse",
    help: "Each pick is the image farthest from all picks before it (k-center). Finds rare and odd cases.",
    needs: null,
    strategies: () => [diversity],
  },
  {
    id: "diverse-typical",
    title: "Diverse but typical",
    help: "Far from what is chosen, and in the middle of a crowd. Recommended for a first batch to label.",
    needs: null,
    strategies: () => [diversity, typicality],
  },
  {
    id: "representative",
    title: "Representative",
    help: "Each pick stands for as many others as possible. Needs the fewest labels where cases are common.",
    needs: null,
    strategies: () => [{ input: embeddings, strategy: { type: "COVERAGE" } }],
  },
  {
    id: "typical",
    title: "Typical",
    help: "The images in the densest crowds, whatever else is chosen. Shows what the collection is mostly about.",
    needs: null,
    strategies: () => [typicality],
  },
  {
    id: "outliers",
    title: "Outliers",
    help: "The images farthest from everything else. Shows what may be there by mistake.",
    needs: null,
    strategies: () => [{ input: embeddings, strategy: { type: "TYPICALITY", strength: -1 } }],
  },
  {
    id: "balanced",
    title: "Balanced",
    help: "As many of each value as of any other, and diverse within. Makes up for uneven collections.",
    needs: "category",
    strategies: ({ input = nothing }) => [{ input, strategy: { type: "BALANCE", distribution: "UNIFORM" } }, diversity],
  },
  {
    id: "uncertain-diverse-typical",
    title: "Uncertain, diverse, typical",
    help: "What a model is unsure of, spread out, without the odd ones. Recommended for the next batch to label.",
    needs: "score",
    strategies: ({ input = nothing }) => [diversity, typicality, { input, strategy: { type: "WEIGHTS" } }],
  },
  {
    id: "coral",
    title: "Uncertain and diverse (CORAL)",
    help: "What a model is unsure of, spread out. Finds what it does not know yet, rare cases too.",
    needs: "score",
    strategies: ({ input = nothing }) => [diversity, { input, strategy: { type: "WEIGHTS" } }],
  },
  {
    id: "uncertain-representative",
    title: "Uncertain and representative",
    help: "Stands for as many images as possible that a model is unsure of. Good where classes are even and labels few.",
    needs: "score",
    strategies: ({ input = nothing }) => [{ input: embeddings, strategy: { type: "COVERAGE", demand: input } }],
  },
  {
    id: "similar-marked",
    title: "Similar to these",
    help: "Like the marked images, yet unlike each other. They get a tag, so that the selection can be run again.",
    needs: "marked",
    strategies: ({ tagName = "" }) => similarTo(tagName),
  },
  {
    id: "similar",
    title: "Similar to a tag",
    help: "Like the images with a tag, yet unlike each other. Finds more of what you have found.",
    needs: "tag",
    strategies: ({ tagName = "" }) => similarTo(tagName),
  },
];

function similarTo(tagName: string): SelectionStrategy[] {
  return [{ input: { type: "EMBEDDINGS", tagName }, strategy: { type: "SIMILARITY" } }, diversity];
}

/** The preset that some strategies are, with what it was told; null for strategies of one's own. */
export function presetOf(
  strategies: readonly SelectionStrategy[],
): { preset: SelectionPreset; by: PresetChoice } | null {
  const plain = strategies.map(({ input, strategy }) => ({ input, strategy }));
  const by: PresetChoice = {};
  for (const { input, strategy } of plain) {
    if (input.type === "EMBEDDINGS" && input.tagName !== undefined) by.tagName = input.tagName;
    const goesBy = strategy.type === "COVERAGE" && strategy.demand ? strategy.demand : input;
    if (goesBy.type !== "EMBEDDINGS" && goesBy.type !== "RANDOM") by.input = goesBy;
  }
  const preset = selectionPresets.find((one) => {
    if (one.needs === "marked" || (one.needs === "score" && !isScore(by))) return false;
    return alike(one.strategies(by), plain);
  });
  return preset ? { preset, by } : null;
}

const isScore = ({ input }: PresetChoice): boolean => input?.type === "SCORES";

/** Equal but for the order of keys and for keys without a value. */
function alike(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => alike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
