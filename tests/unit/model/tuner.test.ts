import { describe, expect, it } from "vitest";
import {
  type Arrangement,
  arrange,
  arrangements,
  type Tuning,
  tuningText,
} from "../../../src/core/model/arrangement.ts";
import { Tuner } from "../../../src/core/model/tuner.ts";

describe("arrangements", () => {
  it("share cores between sessions and threads", () => {
    expect(arrange({ cores: 1, isolated: true })).toEqual({ sessions: 1, threads: 1 });
    expect(arrange({ cores: 2, isolated: true })).toEqual({ sessions: 2, threads: 1 });
    expect(arrange({ cores: 16, isolated: true })).toEqual({ sessions: 4, threads: 4 });
    expect(arrange({ cores: 16, isolated: false })).toEqual({ sessions: 4, threads: 1 });
  });

  it("give large models fewer sessions, so that the page's memory holds them", () => {
    expect(arrange({ cores: 8, isolated: true }, 90e6)).toEqual({ sessions: 2, threads: 4 });
    expect(arrange({ cores: 8, isolated: true }, 1.5e9)).toEqual({ sessions: 1, threads: 8 });
    expect(arrangements({ cores: 8, isolated: true }, 1.5e9)).toEqual([{ sessions: 1, threads: 8 }]);
  });

  it("that are worth a measurement have half and twice the sessions", () => {
    expect(arrangements({ cores: 1, isolated: true })).toEqual([{ sessions: 1, threads: 1 }]);
    expect(arrangements({ cores: 2, isolated: true })).toEqual([
      { sessions: 2, threads: 1 },
      { sessions: 1, threads: 2 },
    ]);
    expect(arrangements({ cores: 16, isolated: true })).toEqual([
      { sessions: 4, threads: 4 },
      { sessions: 8, threads: 2 },
      { sessions: 2, threads: 8 },
    ]);
  });

  it("are said in words", () => {
    expect(tuningText({ sessions: 2, threads: 1, batch: 8, rate: 31.4 })).toBe(
      "2 sessions × 1 thread, 8 images at a time: 31 images/s",
    );
    expect(tuningText({ sessions: 1, threads: 4, batch: 1, rate: 0.43 })).toBe(
      "1 session × 4 threads, 1 image at a time: 0.4 images/s",
    );
  });
});

const two: Arrangement = { sessions: 2, threads: 1 };
const one: Arrangement = { sessions: 1, threads: 2 };

/** Makes calls of the given rate of all sessions together until it is decided; returns what was tried, with the calls. */
function play(tuner: Tuner, rateOf: (tuning: Tuning) => number): { tried: string[]; measuredMs: number } {
  const tried: string[] = [];
  let measuredMs = 0;
  for (let call = 0; tuner.trying; call++) {
    if (call > 1_000) throw new Error("it never ends");
    const { sessions, threads, batch } = tuner.trying;
    const name = `${sessions}×${threads}, ${batch}`;
    if (tried.at(-1) !== name) tried.push(name);
    const milliseconds = (1000 * batch * sessions) / rateOf(tuner.trying);
    measuredMs += milliseconds / sessions;
    tuner.note({ images: batch, milliseconds, busy: true });
  }
  return { tried, measuredMs };
}

describe("Tuner", () => {
  it("tries every arrangement, then batch sizes with the best, and keeps the fastest", () => {
    const tuner = new Tuner([two, one], [8, 16, 4]);
    const { tried } = play(tuner, ({ sessions, batch }) => (sessions === 1 ? 60 : 40) + (batch === 16 ? 10 : 0));
    expect(tried).toEqual(["2×1, 8", "1×2, 8", "1×2, 16", "1×2, 4"]);
    expect(tuner.best).toEqual({ ...one, batch: 16, rate: 70 });
  });

  it("stays with what is usual for a gain that may be chance", () => {
    const tuner = new Tuner([two, one], [8, 16]);
    play(tuner, ({ sessions, batch }) => (sessions === 1 ? 41 : 40) + (batch === 16 ? 1 : 0));
    expect(tuner.best).toMatchObject({ ...two, batch: 8 });
  });

  it("measures about two seconds in all, and a slow model only as it is", () => {
    const fast = play(new Tuner([two, one], [8, 16, 4]), () => 400);
    expect(fast.measuredMs).toBeLessThan(2_500);
    const slow = new Tuner([two, one], [8, 16, 4]);
    expect(play(slow, () => 4).tried).toEqual(["2×1, 8"]);
    expect(slow.best).toEqual({ ...two, batch: 8, rate: 4 });
  });

  it("counts neither a session's first call nor groups of another size", () => {
    const tuner = new Tuner([two], [8]);
    tuner.note({ images: 8, milliseconds: 9_000, busy: true });
    tuner.note({ images: 8, milliseconds: 9_000, busy: true });
    tuner.note({ images: 3, milliseconds: 9_000, busy: true });
    play(tuner, () => 20);
    expect(tuner.best?.rate).toBeCloseTo(20);
  });

  it("waits for calls that keep all sessions busy, and gives up another arrangement that decoding starves", () => {
    const tuner = new Tuner([two, one], [8]);
    for (let i = 0; i < 100; i++) tuner.note({ images: 8, milliseconds: 100, busy: false });
    expect(tuner.trying).toMatchObject(two);
    while (tuner.trying?.sessions === 2) tuner.note({ images: 8, milliseconds: 400, busy: true });
    expect(tuner.trying).toMatchObject(one);
    for (let i = 0; i < 100; i++) tuner.note({ images: 8, milliseconds: 1, busy: false });
    expect(tuner.trying).toBeNull();
    expect(tuner.best).toEqual({ ...two, batch: 8, rate: 40 });
  });

  it("leaves out what does not work", () => {
    const tuner = new Tuner([two, one], [8]);
    while (tuner.trying?.sessions === 2) tuner.note({ images: 8, milliseconds: 400, busy: true });
    tuner.skip();
    expect(tuner.trying).toBeNull();
    expect(tuner.best).toMatchObject(two);
  });
});
