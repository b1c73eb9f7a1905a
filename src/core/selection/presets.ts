import type { SelectionStrategy } from "./config.ts";

/** What a preset still needs to be told. */
export type PresetNeed = "category" | "tag" | null;

/** A ready-made selection. */
export interface SelectionPreset {
  id: string;
  title: string;
  /** When it helps; measured in specs/selection.md, *What helps*. */
  help: string;
  needs: PresetNeed;
  /** @param by the id of a category field or the name of a tag, as `needs` says */
  strategies(by: string): SelectionStrategy[];
}

const embeddings = { type: "EMBEDDINGS" } as const;
const diversity: SelectionStrategy = { input: embeddings, strategy: { type: "DIVERSITY" } };
const typicality: SelectionStrategy = { input: embeddings, strategy: { type: "TYPICALITY" } };

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
    help: "Far from what is chosen, and in the middle of a crowd. A good first batch to label.",
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
    strategies: (key) => [
      { input: { type: "METADATA", key }, strategy: { type: "BALANCE", distribution: "UNIFORM" } },
      diversity,
    ],
  },
  {
    id: "similar",
    title: "Similar to a tag",
    help: "Like the images with a tag, yet unlike each other. Finds more of what you have found.",
    needs: "tag",
    strategies: (tagName) => [{ input: { type: "EMBEDDINGS", tagName }, strategy: { type: "SIMILARITY" } }, diversity],
  },
];
