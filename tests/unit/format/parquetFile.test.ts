import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { openParquetFile } from "../../../src/core/format/parquetFile.ts";

/** The same 240 rows by pyarrow 26 (data pages 1 and 2, dictionaries or differences), Polars 2.1 and DuckDB 2.0, a few kilobytes each. */
const folder = new URL("../../fixtures/parquet/", import.meta.url);
const written = new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(new URL(name, folder)))]));

const rowsOf = async (bytes: Uint8Array): Promise<Record<string, unknown>[]> =>
  await parquetReadObjects(
    await openParquetFile({
      size: bytes.length,
      slice: async (start, end) => bytes.slice(start, end),
      text: async () => "",
    }),
  );

describe("a Parquet file", () => {
  it.each([...written])("that others wrote is read: %s", async (_, bytes) => {
    const rows = await rowsOf(bytes);
    expect(rows).toHaveLength(240);
    for (const [i, row] of rows.entries()) {
      expect(row.path).toBe(`images/${String(i).padStart(4, "0")}.jpg`);
      expect(row.label ?? null).toBe(i % 7 === 3 ? null : ["cat", "dog", "owl"][(i * i) % 3]);
      expect(row.checked ?? null).toBe(i % 5 === 0 ? null : i % 2 === 0);
      expect(row.score ?? null).toBe(i % 11 === 0 ? null : i / 240);
      const box = Array.from({ length: i % 5 }, (_, k) => i % (k + 1));
      expect(row.box ?? null).toEqual(i % 13 === 0 ? null : box);
    }
  });

  it("that is damaged anywhere ends in rows or an error, and soon", { timeout: 60_000 }, async () => {
    const broken = fc.record({
      name: fc.constantFrom(...written.keys()),
      changes: fc.array(fc.tuple(fc.nat(9_999), fc.oneof(fc.constant(255), fc.nat(255))), {
        minLength: 1,
        maxLength: 3,
      }),
    });
    await fc.assert(
      fc.asyncProperty(broken, async ({ name, changes }) => {
        const bytes = written.get(name)!.slice();
        for (const [place, value] of changes) bytes[Math.floor((place / 10_000) * bytes.length)] = value;
        // Of the processor, which a busy machine does not change.
        const before = process.cpuUsage();
        await rowsOf(bytes).catch((error) => expect(error).toBeInstanceOf(Error));
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1e6).toBeLessThan(2);
      }),
      { numRuns: 500 },
    );
  });

  it("whose levels are said to be 134 million is refused before they are made", async () => {
    const names = Array.from({ length: 64 }, (_, i) => String(i).padEnd(i === 0 ? 255 : 3, "x"));
    const file = new Uint8Array(
      parquetWriteBuffer({
        columnData: [{ name: "path", data: names, type: "STRING", nullable: true }],
        codec: "UNCOMPRESSED",
      }),
    );
    expect(await rowsOf(file)).toHaveLength(64);
    // A run of 64 levels that are 1, and the length 255 of the first name.
    const at = file.findIndex((_, i) => [128, 1, 1, 255, 0].every((byte, k) => file[i + k] === byte));
    expect(at).toBeGreaterThan(0);
    file.set([254, 255, 255], at);
    await expect(rowsOf(file)).rejects.toThrow("a run is longer than its page");
  });

  it("whose compressed page goes back instead of on, or starts with an empty run, is refused", async () => {
    const changed = (name: string, at: number, from: number, to: number): Promise<unknown> => {
      const bytes = written.get(name)!.slice();
      expect(bytes[at]).toBe(from);
      bytes[at] = to;
      return rowsOf(bytes);
    };
    // A literal of 2³² - 1,024 bytes, which the library takes for a negative length; a copy from elsewhere in a page.
    await expect(changed("polars.parquet", 2773, 1, 255)).rejects.toThrow("a page copies from before its start");
    await expect(changed("arrow-v1.parquet", 3052, 6, 7)).rejects.toThrow("a run is empty");
  });

  it("that has one column twice is refused, with nothing left behind that fails later", async () => {
    const columnData = ["aa", "ab"].map((name) => ({ name, data: ["x", "y"], type: "STRING" as const }));
    const text = Buffer.from(parquetWriteBuffer({ columnData })).toString("latin1");
    const file = new Uint8Array(Buffer.from(text.replaceAll("ab", "aa"), "latin1"));
    await expect(rowsOf(file)).rejects.toThrow('the column ["aa"] is there twice');
  });
});
