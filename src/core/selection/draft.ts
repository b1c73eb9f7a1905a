import type { SelectionConfig, SelectionStrategy } from "./config.ts";

/** How many images: a number, a share of all, or as many as a stopping condition lets through. */
export interface Amount {
  by: "count" | "share" | "until";
  /** NaN while what is typed is no number. */
  count: number;
  percent: number;
}

/** A strategy as a card: `key` tells cards apart while they are moved. */
export interface DraftStrategy extends SelectionStrategy {
  key: number;
}

/** A configuration that is being put together; it may be wrong for a while. */
export interface ConfigDraft {
  amount: Amount;
  strategies: readonly DraftStrategy[];
  /** What has no card. */
  rest: Pick<SelectionConfig, "combination" | "selectedSequenceLength" | "pathExpression">;
}

export function configOfDraft({ amount, strategies, rest }: ConfigDraft): SelectionConfig {
  const { by, count, percent } = amount;
  return {
    ...(by === "share" ? { proportionSamples: percent / 100 } : { nSamples: by === "until" ? -1 : count }),
    strategies: strategies.map(({ input, strategy }) => ({ input, strategy })),
    ...rest,
  };
}

/** The cards of a configuration; a card that stands where one stood keeps its key. */
export function draftOfConfig(config: SelectionConfig, before: ConfigDraft): ConfigDraft {
  const { nSamples, proportionSamples, strategies, ...rest } = config;
  const amount: Amount =
    nSamples === undefined
      ? { ...before.amount, by: "share", percent: Number(((proportionSamples ?? 0) * 100).toPrecision(12)) }
      : nSamples < 0
        ? { ...before.amount, by: "until" }
        : { ...before.amount, by: "count", count: nSamples };
  return { amount, strategies: keyed(strategies, before.strategies), rest };
}

/** Strategies as cards. */
export function keyed(strategies: readonly SelectionStrategy[], before: readonly DraftStrategy[]): DraftStrategy[] {
  let free = before.reduce((most, { key }) => Math.max(most, key), 0);
  return strategies.map((one, i) => ({ ...one, key: before[i]?.key ?? ++free }));
}

/** Strategies with one taken out of its place and put into another. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from);
  rest.splice(to, 0, list[from]!);
  return rest;
}

/** A sentence of the engine as it is said beside cards: “strategies[0].strategy.threshold” is “Strategy 1: threshold”. */
export const besideCards = (message: string): string =>
  message
    .replace(
      /strategies\[(\d+)\]\.(?:strategy|input)\.([a-z_.]+)/g,
      (_, i: string, key: string) => `Strategy ${Number(i) + 1}: ${key}`,
    )
    .replace(/strategies\[(\d+)\](?:\.(?:strategy|input))?/g, (_, i: string) => `Strategy ${Number(i) + 1}`)
    .replace("is NaN, expected number", "is not a number");
