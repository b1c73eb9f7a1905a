/** What a strategy goes by. */
export type SelectionInput =
  /** The embedding; `tagName` is the query set of SIMILARITY, `task` asks for object crops. */
  | { type: "EMBEDDINGS"; tagName?: string; task?: string }
  | { type: "SCORES"; task: string; score: string }
  | { type: "METADATA"; key: string }
  | { type: "PREDICTIONS"; task: string; name: "CLASS_DISTRIBUTION" | "CATEGORY_COUNT"; categories?: string[] }
  | { type: "RANDOM"; randomSeed?: number };

export type ThresholdOperation = "SMALLER" | "SMALLER_EQUAL" | "BIGGER" | "BIGGER_EQUAL";

/** How a strategy judges images. All may have `strength`, default 1; negative inverts. */
export type SelectionRule = { strength?: number } & (
  | { type: "DIVERSITY"; stoppingConditionMinimumDistance?: number }
  | { type: "COVERAGE"; numNearestNeighbors?: number; demand?: SelectionInput }
  | { type: "WEIGHTS"; stoppingConditionMaxSum?: number; targetRange?: { minSum: number; maxSum: number } }
  | { type: "THRESHOLD"; threshold: number; operation: ThresholdOperation }
  | { type: "BALANCE"; target?: Record<string, number>; distribution: "TARGET" | "UNIFORM" | "INPUT" }
  | { type: "SIMILARITY" }
  | { type: "TYPICALITY"; numNearestNeighbors?: number; stoppingConditionMinimumTypicality?: number }
);

export interface SelectionStrategy {
  input: SelectionInput;
  strategy: SelectionRule;
}

/** What is to be chosen: LightlyOne's vocabulary, with Winnow's additions (specs/selection.md). */
export interface SelectionConfig {
  /** Images to choose; −1: another condition stops. Exactly one of this and `proportionSamples`. */
  nSamples?: number;
  /** Share of all images, above 0 up to 1. */
  proportionSamples?: number;
  strategies: SelectionStrategy[];
  /** How strategies are combined: the largest product of factors (default), or LightlyStudio's sums over the set. */
  combination?: "product" | "cumulative";
  /** Consecutive frames that are chosen as one. */
  selectedSequenceLength?: number;
  /** Only images whose path it matches, a regular expression. */
  pathExpression?: string;
}
