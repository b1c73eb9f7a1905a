import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AsyncQueue } from "../../../src/pipeline/asyncQueue.ts";
import { inGroups } from "../../../src/pipeline/inGroups.ts";
import { inOrder } from "../../../src/pipeline/inOrder.ts";

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i;
}
const turns = (count: number): Promise<void> =>
  count === 0 ? Promise.resolve() : Promise.resolve().then(() => turns(count - 1));
const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe("inOrder", () => {
  it("keeps the order whatever finishes first, and never runs more than the window", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        async (delays, ahead) => {
          let running = 0;
          let most = 0;
          const results = inOrder(numbers(delays.length), ahead, async (i) => {
            most = Math.max(most, ++running);
            await turns(delays[i]!);
            running--;
            return i * 2;
          });
          expect(await collect(results)).toEqual(delays.map((_, i) => i * 2));
          expect(most).toBeLessThanOrEqual(ahead);
        },
      ),
    );
  });

  it("gives what came before a failure, then the failure, and leaves nothing running", async () => {
    const seen: number[] = [];
    let running = 0;
    const results = inOrder(numbers(10), 4, async (i) => {
      running++;
      await turns(10 - i);
      running--;
      if (i === 5) throw new Error("five");
      return i;
    });
    await expect(
      (async () => {
        for await (const i of results) seen.push(i);
      })(),
    ).rejects.toThrow("five");
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(running).toBe(0);
  });

  it("passes on a failure of the items themselves", async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.fail(new Error("no list"));
    await expect(collect(inOrder(queue, 3, async (i) => i))).rejects.toThrow("no list");
  });

  it("does not start work far ahead of a slow consumer", async () => {
    let started = 0;
    const results = inOrder(numbers(100), 5, async (i) => {
      started++;
      return i;
    });
    await results.next();
    await turns(50);
    expect(started).toBeLessThanOrEqual(6);
    await results.return(undefined);
    expect(started).toBeLessThanOrEqual(6);
  });
});

describe("inGroups", () => {
  it("begins small, keeps order, loses nothing", async () => {
    const groups = await collect(inGroups(numbers(30), 8));
    expect(groups.map((group) => group.length)).toEqual([1, 2, 4, 8, 8, 7]);
    expect(groups.flat()).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });
});

describe("AsyncQueue", () => {
  it("hands over everything pushed before and after the consumer came", async () => {
    const queue = new AsyncQueue<number>();
    for (let i = 0; i < 5000; i++) queue.push(i);
    const all = collect(queue);
    await turns(3);
    for (let i = 5000; i < 9000; i++) queue.push(i);
    queue.end();
    expect(await all).toEqual(Array.from({ length: 9000 }, (_, i) => i));
  });
});
