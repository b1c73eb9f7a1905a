import type { SelectionInput, SelectionStrategy } from "../selection/config.ts";

/** How the batches of an active-learning loop are chosen. */
export interface LoopStrategy {
  id: string;
  title: string;
  /** When it helps; measured in `npm run bench -- selection`. */
  help: string;
  /** The first batch: nothing is known of the classes yet. */
  first: SelectionStrategy[];
  /** @param uncertainty the score of a probe trained on what is labelled */
  next(uncertainty: SelectionInput): SelectionStrategy[];
}

const embeddings = { type: "EMBEDDINGS" } as const;
const diversity: SelectionStrategy = { input: embeddings, strategy: { type: "DIVERSITY" } };
const typicality: SelectionStrategy = { input: embeddings, strategy: { type: "TYPICALITY" } };
const weights = (input: SelectionInput): SelectionStrategy => ({ input, strategy: { type: "WEIGHTS" } });

/** The first is the default. */
export const loopStrategies: readonly LoopStrategy[] = [
  {
    id: "uncertain-diverse-typical",
    title: "Uncertain, diverse, typical",
    help: "What the probe is unsure of, far from what is labelled, in the middle of a crowd. Sound on most collections; where most classes are very rare, CORAL finds more.",
    first: [diversity, typicality],
    next: (uncertainty) => [diversity, typicality, weights(uncertainty)],
  },
  {
    id: "diverse-typical",
    title: "Diverse but typical",
    help: "Far from what is labelled, in the middle of a crowd, whatever the probe says. Good while labels are few.",
    first: [diversity, typicality],
    next: () => [diversity, typicality],
  },
  {
    id: "coral",
    title: "Uncertain and diverse (CORAL)",
    help: "What the probe is unsure of, far from what is labelled. Finds rare classes; slow where classes are even.",
    first: [diversity],
    next: (uncertainty) => [diversity, weights(uncertainty)],
  },
  {
    id: "uncertain-representative",
    title: "Uncertain and representative",
    help: "Stands for as many images as possible that the probe is unsure of. The fewest labels where classes are even.",
    first: [{ input: embeddings, strategy: { type: "COVERAGE" } }],
    next: (demand) => [{ input: embeddings, strategy: { type: "COVERAGE", demand } }],
  },
  {
    id: "uncertain",
    title: "Uncertain only",
    help: "What the probe is unsure of. Many of a batch are alike.",
    first: [diversity, typicality],
    next: (uncertainty) => [weights(uncertainty)],
  },
];

export const loopStrategyOf = (id: string): LoopStrategy =>
  loopStrategies.find((strategy) => strategy.id === id) ?? loopStrategies[0]!;
