import { afterEach, describe, expect, it } from "vitest";
import { Connection } from "../../src/bridge/connection.ts";
import { Pool } from "../../src/bridge/pool.ts";
import { isWinnowError } from "../../src/core/errors.ts";
import type { FragileService } from "../fixtures/fragile.worker.ts";

const spawn = (name: string): Worker =>
  new Worker(new URL("../fixtures/fragile.worker.ts", import.meta.url), { type: "module", name });

const opened: { close(): void }[] = [];
const connect = (): Connection<FragileService> => {
  const connection = new Connection<FragileService>(spawn, "fragile");
  opened.push(connection);
  return connection;
};
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

describe("Connection", () => {
  it("answers, and carries errors with code and detail", async () => {
    const connection = connect();
    expect(await connection.call((remote) => remote.double(21))).toBe(42);
    const error = await connection.call((remote) => remote.fail("a.jpg")).catch((thrown: unknown) => thrown);
    expect(isWinnowError(error, "unreadable")).toBe(true);
    expect(error).toMatchObject({ message: "cannot read a.jpg", detail: { path: "a.jpg" } });
  });

  it("rejects every call in flight when the worker ends by itself, and starts a fresh one", async () => {
    const connection = connect();
    await connection.call((remote) => remote.double(1));
    const waiting = connection.call((remote) => remote.never());
    const dying = connection.call((remote) => remote.die());
    await expect(waiting).rejects.toMatchObject({ code: "worker-died" });
    await expect(dying).rejects.toMatchObject({ code: "worker-died" });
    expect(await connection.call((remote) => remote.double(2))).toBe(4);
  });

  it("ends a worker that hangs", async () => {
    const connection = connect();
    await connection.call((remote) => remote.double(1));
    await expect(connection.call((remote) => remote.hang(), { timeoutMs: 300 })).rejects.toMatchObject({
      code: "worker-died",
    });
    expect(await connection.call((remote) => remote.double(3))).toBe(6);
  });

  it("gives up waiting when aborted, and works on", async () => {
    const connection = connect();
    const controller = new AbortController();
    const waiting = connection.call((remote) => remote.never(), { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    expect(await connection.call((remote) => remote.double(4))).toBe(8);
  });

  it("ends a worker that nobody calls, never one that works, and starts another when it is wanted", async () => {
    const workers: string[] = [];
    const idleMs = 150;
    const connection = new Connection<FragileService>(
      (name) => {
        workers.push(name);
        return spawn(name);
      },
      "resting",
      undefined,
      idleMs,
    );
    opened.push(connection);
    const isAlive = async (name: string): Promise<boolean> =>
      ((await navigator.locks.query()).held ?? []).some((lock) => lock.name?.includes(name));
    await connection.call((remote) => remote.double(1));
    const controller = new AbortController();
    const working = connection.call((remote) => remote.never(), { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 3 * idleMs));
    expect(await isAlive(workers[0]!)).toBe(true);
    controller.abort();
    await expect(working).rejects.toMatchObject({ code: "cancelled" });
    await expect.poll(() => isAlive(workers[0]!)).toBe(false);
    expect(await connection.call((remote) => remote.double(2))).toBe(4);
    expect(workers).toHaveLength(2);
  });

  it("rejects a call that was about to start when it is closed", async () => {
    const connection = connect();
    await connection.call((remote) => remote.double(1));
    const starting = connection.call((remote) => remote.double(2));
    connection.close();
    await expect(starting).rejects.toMatchObject({ code: "cancelled" });
  });

  it("says so when a worker cannot be loaded", async () => {
    const connection = new Connection<FragileService>(
      (name) => new Worker("/no-such-worker.js", { type: "module", name }),
      "missing",
    );
    opened.push(connection);
    await expect(connection.call((remote) => remote.double(1))).rejects.toMatchObject({ code: "worker-died" });
  });
});

describe("Pool", () => {
  it("runs as many calls at a time as it has workers, in order, past a death", async () => {
    const pool = new Pool<FragileService>(spawn, "fragile", 2);
    opened.push(pool);
    await pool.warmUp();
    const results = await Promise.allSettled([
      pool.run((remote) => remote.double(1)),
      pool.run((remote) => remote.die()),
      pool.run((remote) => remote.double(3)),
      pool.run((remote) => remote.fail("x")),
      pool.run((remote) => remote.double(5)),
    ]);
    expect(results.map((result) => (result.status === "fulfilled" ? result.value : result.reason.code))).toEqual([
      2,
      "worker-died",
      6,
      "unreadable",
      10,
    ]);
  });
});
