import type { Machine, MeasuredTuning } from "../core/model/arrangement.ts";
import type { Provider } from "../protocol/embedding.ts";

/** What was measured, and with what: another provider or runtime is measured anew. */
export interface KeptTuning extends MeasuredTuning {
  provider: Provider;
  /** The runtime's version. */
  runtime: string;
}

/** Which model at which size, on which machine. */
export interface TunedModel extends Machine {
  /** Of the model's file. */
  sha256: string;
  /** Side of its input in pixels. */
  size: number;
}

const storageKey = "winnow-tunings";
/** Older ones are forgotten. */
const mostKept = 40;

const keyOf = ({ sha256, size, cores, isolated }: TunedModel): string =>
  [sha256.slice(0, 16), size, cores, isolated ? "isolated" : "shared"].join(" ");

/** What is written there may be of another version, or of another hand. */
function readAll(): [key: string, tuning: KeptTuning][] {
  let value: unknown;
  try {
    value = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.filter(isEntry) : [];
}

function isEntry(value: unknown): value is [string, KeptTuning] {
  if (!Array.isArray(value) || typeof value[0] !== "string") return false;
  const { sessions, threads, batch, rate, provider, runtime } = (value[1] ?? {}) as Partial<KeptTuning>;
  const small = (one: unknown): boolean => Number.isInteger(one) && (one as number) >= 1 && (one as number) <= 1_024;
  return (
    [sessions, threads, batch].every(small) &&
    Number.isFinite(rate) &&
    typeof runtime === "string" &&
    (provider === "wasm" || provider === "webgpu")
  );
}

/** What was measured of a model in this browser, or null. */
export function readTuning(model: TunedModel): KeptTuning | null {
  const key = keyOf(model);
  return readAll().find(([one]) => one === key)?.[1] ?? null;
}

export function keepTuning(model: TunedModel, tuning: KeptTuning): void {
  const key = keyOf(model);
  const others = readAll().filter(([one]) => one !== key);
  localStorage.setItem(storageKey, JSON.stringify([...others, [key, tuning]].slice(-mostKept)));
}
