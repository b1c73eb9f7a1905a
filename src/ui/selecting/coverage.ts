import type { SelectionRecord } from "../../core/records.ts";

/** Rows that any selection has chosen, each once. */
export function rowsChosenEarlier(selections: readonly SelectionRecord[]): Set<number> {
  const rows = new Set<number>();
  for (const selection of selections) for (const row of selection.rows) rows.add(row);
  return rows;
}

/** What is drawn of a selection, finished or not: after each pick the radius and the mean distance, ours and random. */
export interface DrawnCurves {
  radii: Float32Array;
  randomRadii: Float32Array;
  /** Absent in older records. */
  means?: Float32Array;
  randomMeans?: Float32Array;
}

/** Why the pick of this rank (from 1) was taken, in a sentence. */
export function whyPicked(shown: SelectionRecord, ranks: ReadonlyMap<number, number>, rank: number): string {
  const judged = factorsInWords(shown, rank);
  if (judged !== "") return judged;
  const nearest = shown.nearestChosen[rank - 1] ?? -1;
  const distance = shown.pickDistances[rank - 1] ?? 0;
  if (nearest < 0) return "where it begins, the first image of the project";
  const nearestRank = ranks.get(nearest);
  const before = rank > 1 ? "everything chosen before" : "everything chosen earlier";
  const from = nearestRank === undefined ? "the nearest image chosen earlier" : `pick ${nearestRank}`;
  return `farthest from ${before}, ${distance.toFixed(2)} from ${from}`;
}

const factorWords: Readonly<Record<string, string>> = {
  DIVERSITY: "distance to the nearest chosen",
  COVERAGE: "what it adds to the coverage, as a share of the first pick",
  TYPICALITY: "typicality",
  SIMILARITY: "similarity",
  BALANCE: "balance",
  WEIGHTS: "weight",
};

/** One strategy's part in a pick. */
export interface PickFactor {
  /** The strategy's number on its card. */
  number: number;
  word: string;
  factor: number;
  strength: number;
}

/** The factors of the pick of this rank (from 1); empty for records that have none. */
export function factorsOf({ config, factors }: SelectionRecord, rank: number): PickFactor[] {
  if (!config || !factors) return [];
  const each = config.strategies.length;
  return config.strategies.flatMap(({ input, strategy: { type, strength = 1 } }, i) => {
    const factor = factors[(rank - 1) * each + i] ?? Number.NaN;
    if (!Number.isFinite(factor)) return [];
    const word = input.type === "RANDOM" ? "random number" : (factorWords[type] ?? type);
    return { number: i + 1, word, factor, strength };
  });
}

/** “largest product of distance to the nearest chosen 0.83 and typicality 0.41”; empty for k-center alone. */
function factorsInWords(record: SelectionRecord, rank: number): string {
  if (record.config?.strategies.every(({ strategy }) => strategy.type === "DIVERSITY")) return "";
  const words = factorsOf(record, rank).map(
    ({ word, factor, strength }) =>
      `${word} ${factor.toPrecision(2)}${strength === 1 ? "" : ` to the power ${strength}`}`,
  );
  if (words.length === 0) return "";
  return words.length === 1 ? `the largest by ${words[0]}` : `the largest product of ${words.join(" and ")}`;
}
