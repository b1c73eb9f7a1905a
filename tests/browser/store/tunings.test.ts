import { beforeEach, expect, it } from "vitest";
import { type KeptTuning, keepTuning, readTuning, type TunedModel } from "../../../src/store/tunings.ts";

const key = "winnow-tunings";
const model: TunedModel = { sha256: "ab".repeat(32), size: 224, cores: 8, isolated: true };
const tuning: KeptTuning = { sessions: 4, threads: 2, batch: 8, rate: 31.4, provider: "wasm", runtime: "1.30.0" };
beforeEach(() => localStorage.removeItem(key));

it("a tuning is remembered for its model, size and machine", () => {
  expect(readTuning(model)).toBeNull();
  keepTuning(model, tuning);
  keepTuning({ ...model, size: 160 }, { ...tuning, rate: 60 });
  keepTuning(model, { ...tuning, rate: 40 });
  expect(readTuning(model)).toEqual({ ...tuning, rate: 40 });
  expect(readTuning({ ...model, size: 160 })?.rate).toBe(60);
  for (const other of [{ cores: 4 }, { isolated: false }, { sha256: "cd".repeat(32) }, { size: 96 }]) {
    expect(readTuning({ ...model, ...other })).toBeNull();
  }
});

it.each([
  "not JSON",
  "7",
  "[1, null, []]",
  JSON.stringify([["abababababababab 224 8 isolated", { ...tuning, sessions: 0 }]]),
  JSON.stringify([["abababababababab 224 8 isolated", { ...tuning, batch: 1e9 }]]),
  JSON.stringify([["abababababababab 224 8 isolated", { ...tuning, provider: "cuda" }]]),
])("what is no tuning is not believed, and is written over: %s", (text) => {
  localStorage.setItem(key, text);
  expect(readTuning(model)).toBeNull();
  keepTuning(model, tuning);
  expect(readTuning(model)).toEqual(tuning);
});

it("only the latest are kept", () => {
  for (let cores = 1; cores <= 60; cores++) keepTuning({ ...model, cores }, tuning);
  expect(readTuning({ ...model, cores: 60 })).toEqual(tuning);
  expect(readTuning({ ...model, cores: 1 })).toBeNull();
});
