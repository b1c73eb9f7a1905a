import { expect } from "vitest";

/** Asserts until it holds. A second, the default, is short for two cores that also build and serve the page. */
export const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 15_000 });
