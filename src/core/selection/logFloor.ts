/** Factors count as at least this, so that a zero never makes everything equal. */
export const leastFactor = 1e-9;

/** ln of a factor. */
export const logFloor = (factor: number): number => Math.log(Math.max(leastFactor, factor));
