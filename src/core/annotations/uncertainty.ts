/** How unsure a distribution over classes is, each 0 (sure) … 1. */
export interface Uncertainties {
  leastConfidence: number;
  margin: number;
  entropy: number;
}

/**
 * Least confidence (1 − max p)/(1 − 1/C), margin 1 − (p₁ − p₂) and entropy (−Σ p log₂ p)/log₂ C of the probabilities
 * `values[start … start + count − 1]`, which sum to 1. One probability alone stands for [p, 1 − p]. NaN where one of
 * them is. (Settles, “Active Learning Literature Survey”, 2009.)
 */
export function uncertaintiesOf(values: ArrayLike<number>, start: number, count: number): Uncertainties {
  let first = 0;
  let second = 0;
  let bits = 0;
  const take = (p: number): void => {
    if (p > first) {
      second = first;
      first = p;
    } else if (p > second) second = p;
    if (p > 0) bits -= p * Math.log2(p);
  };
  for (let i = 0; i < count; i++) {
    const p = values[start + i]!;
    // NaN never compares, so it has to be looked for: the maximum of the rest would look like a distribution.
    if (Number.isNaN(p)) return { leastConfidence: Number.NaN, margin: Number.NaN, entropy: Number.NaN };
    take(p);
  }
  if (count === 1) take(1 - values[start]!);
  const classes = Math.max(2, count);
  return {
    leastConfidence: (1 - first) / (1 - 1 / classes),
    margin: 1 - (first - second),
    entropy: bits / Math.log2(classes),
  };
}

/** Natural-log entropy of a distribution, 0 … ln C: FiftyOne's hardness, and the H of mistakenness. */
export function naturalEntropy(values: ArrayLike<number>, start: number, count: number): number {
  let nats = 0;
  for (let i = 0; i < count; i++) {
    const p = values[start + i]!;
    if (p > 0) nats -= p * Math.log(p);
    else if (Number.isNaN(p)) return Number.NaN;
  }
  return nats;
}
