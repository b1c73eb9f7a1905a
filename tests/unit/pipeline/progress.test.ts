import { describe, expect, it } from "vitest";
import { Gate } from "../../../src/pipeline/gate.ts";
import { RateMeter } from "../../../src/pipeline/rate.ts";

describe("RateMeter", () => {
  it("tells the rate of the last seconds and leaves pauses out", () => {
    let now = 0;
    const meter = new RateMeter(() => now);
    expect(meter.perSecond).toBeNull();
    for (let i = 0; i <= 50; i++, now += 100) meter.add(i);
    expect(meter.perSecond).toBeCloseTo(10, 5);
    meter.pause();
    now += 60_000;
    meter.resume();
    meter.add(51);
    expect(meter.perSecond).toBeCloseTo(10, 5);
    for (let i = 52; i < 2052; i++, now += 10) meter.add(i);
    expect(meter.perSecond).toBeGreaterThan(95);
  });
});

describe("Gate", () => {
  it("holds work while paused and lets it go on", async () => {
    const gate = new Gate(new AbortController().signal);
    await gate.pass();
    gate.pause();
    let passed = false;
    const waiting = gate.pass().then(() => {
      passed = true;
    });
    await Promise.resolve();
    expect(passed).toBe(false);
    gate.resume();
    await waiting;
    expect(passed).toBe(true);
  });

  it("ends a wait as cancelled", async () => {
    const controller = new AbortController();
    const gate = new Gate(controller.signal);
    gate.pause();
    const waiting = gate.pass();
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    await expect(gate.pass()).rejects.toMatchObject({ code: "cancelled" });
  });
});
