import { deleteDB, type IDBPDatabase, openDB } from "idb";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ImageTable } from "../../../src/core/imageTable.ts";
import type { ImageRecord } from "../../../src/core/records.ts";
import { ImageRecords } from "../../../src/store/imageRecords.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { databaseName, type ProjectSchema } from "../../../src/store/schema.ts";
import { someMeasures } from "../../fixtures/measures.ts";
import { imageRecord, projectInfo } from "../../fixtures/records.ts";

const id = crypto.randomUUID();
const packRows = 5_000;
const batchRows = 999;
/** Two whole packs, and chunks that lie across their borders. */
const rows = batchRows * Math.ceil((2.2 * packRows) / batchRows);
let store: ProjectStore;
let images: ImageRecords;
let database: IDBPDatabase<ProjectSchema>;

const recordOf = (row: number): ImageRecord =>
  imageRecord(row, {
    path: `folder ${row % 7}/${row}.jpg`,
    width: 10 + (row % 3),
    bytes: row,
    modifiedAt: 5 * row,
    takenAt: row % 2 ? 7 : null,
  });
const same = (table: ImageTable, other: (row: number) => ImageRecord): void => {
  expect(table.length).toBe(rows);
  for (let row = 0; row < rows; row += 37) expect(table.at(row)).toEqual(other(row));
  for (const row of [packRows - 1, packRows, 2 * packRows, rows - 1]) expect(table.at(row)).toEqual(other(row));
};
const packs = async (): Promise<boolean[]> =>
  await Promise.all([0, 1, 2].map(async (part) => (await store.derived(`images.${part}`)) !== null));

beforeAll(async () => {
  store = await ProjectStore.open(id);
  await store.create(projectInfo(id, { unfinished: true }));
  database = await openDB<ProjectSchema>(databaseName(id));
  images = new ImageRecords(database, packRows);
  for (let firstRow = 0; firstRow < rows; firstRow += batchRows) {
    await store.append(
      {
        firstRow,
        records: Array.from({ length: batchRows }, (_, i) => recordOf(firstRow + i)),
        features: { rows: batchRows, cols: 0, data: new Uint16Array(0) },
        thumbnails: Array.from({ length: batchRows }, () => null),
      },
      1,
    );
  }
});
afterAll(async () => {
  database.close();
  store.close();
  await deleteDB(databaseName(id));
});

it("reads all images, whatever of them is packed", async () => {
  same(await images.table(rows), recordOf);
  expect(await images.packNext()).toBe(true);
  expect(await packs()).toEqual([true, false, false]);
  same(await images.table(rows), recordOf);
  expect(await images.packNext()).toBe(true);
  // The rest is no whole pack yet.
  expect(await images.packNext()).toBe(false);
  expect(await packs()).toEqual([true, true, false]);
  same(await images.table(0), recordOf);
});

it("keeps the order of the packed paths, and takes in those that are packed later", async () => {
  while (await images.packNext());
  expect((await images.table(rows)).pathOrder.length).toBe(0);
  await images.packOrder();
  const { paths, pathOrder } = await images.table(rows);
  const sorted = [...paths.keys()].slice(0, 2 * packRows).sort((a, b) => (paths[a]! < paths[b]! ? -1 : 1));
  expect([...pathOrder]).toEqual(sorted);
});

it("never shows a pack of records that have changed since", async () => {
  while (await images.packNext());
  const measures = { ...someMeasures(), dark: 0.25 };
  const measured = [3, packRows - 1];
  await images.putMeasures(new Map(measured.map((row) => [row, measures])));
  expect(await packs()).toEqual([false, true, false]);
  const now = (row: number): ImageRecord => ({ ...recordOf(row), ...(measured.includes(row) && { measures }) });
  const table = await images.table(rows);
  same(table, now);
  expect(table.measures.measured).toBe(2);
  expect(await images.packNext()).toBe(true);
  const packed = await images.table(rows);
  same(packed, now);
  expect(packed.at(3).measures?.dark).toBe(0.25);
});
