import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportProject } from "../../../src/cli/commands/exportProject.ts";
import { importAnnotations } from "../../../src/cli/commands/importAnnotations.ts";
import { map } from "../../../src/cli/commands/map.ts";
import { vectors } from "../../../src/cli/commands/vectors.ts";
import { NodeFolder } from "../../../src/cli/nodeFolder.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import { writeNpy } from "../../../src/core/format/npy.ts";
import { spriteLayout } from "../../../src/core/format/spriteLayout.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { ProjectWriter } from "../../../src/core/projectFolder/projectWriter.ts";
import { Random } from "../../../src/core/random.ts";
import { mapSeed } from "../../../src/core/reduce/embeddingMap.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

/** Another interpreter: PYTHON=/path/to/python. */
const python = process.env.PYTHON ?? "python3";
const unless = (...modules: string[]) => {
  const there = spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0;
  return { skip: !there, title: there ? "" : ` (skipped: ${python} has no ${modules.join(" or ")})` };
};

const count = 30;
const cols = 8;
const paths = Array.from({ length: count }, (_, i) => `${i % 2 ? "hat" : "bag"}/${i}.jpg`);
const random = new Random(3);
const data = Float32Array.from({ length: count * cols }, () => random.normal());
const red = (row: number): number => 20 + row * 7;
let folder: string;
let project: string;
let surroundings: Surroundings;

/** A project of 30 vectors; all but the third image have a thumbnail of one colour. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "winnow-embeddings-"));
  project = join(folder, "p.winnow");
  surroundings = surroundingsOf();
  writeFileSync(join(folder, "v.npy"), writeNpy({ dtype: "f4", shape: [count, cols], data }));
  writeFileSync(join(folder, "names.txt"), paths.join("\n"));
  await vectors(join(folder, "v.npy"), { project, names: join(folder, "names.txt") }, surroundings);
  writeFileSync(
    join(folder, "kinds.csv"),
    `path,label\n${paths.map((path) => `${path},${path.slice(0, 3)}`).join("\n")}\n`,
  );
  await importAnnotations(project, [join(folder, "kinds.csv")], {}, surroundings);
  const reader = await ProjectReader.open(new NodeFolder(project));
  const thumbnails = await Promise.all(
    paths.map(async (_, row) => {
      if (row === 2) return null;
      const background = { r: red(row), g: 80, b: 40 };
      return new Uint8Array(
        await sharp({ create: { width: 60, height: 40, channels: 3, background } })
          .jpeg()
          .toBuffer(),
      );
    }),
  );
  await new ProjectWriter(new NodeFolder(project), reader.manifest).putThumbnails(0, thumbnails);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = async (format: "tensorboard" | "embedding-atlas", only?: string[]): Promise<string> => {
  const out = mkdtempSync(join(folder, "out-"));
  if (only) writeFileSync(join(folder, "only.txt"), `${only.join("\n")}\n`);
  await exportProject(project, { format, out, ...(only && { only: join(folder, "only.txt") }) }, surroundings);
  return out;
};
const readByOthers = (kind: string, out: string) => {
  const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, "independentTables.py"), kind, out]);
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout));
};

describe("the picture of all images", () => {
  it("has room for each, and is never larger than a texture", () => {
    expect(spriteLayout(0)).toBeNull();
    expect(spriteLayout(1)).toEqual({ side: 64, columns: 1, rows: 1 });
    for (const images of [2, 30, 1_000, 16_384, 16_385, 100_000, 262_144]) {
      const { side, columns, rows } = spriteLayout(images)!;
      expect(columns * rows).toBeGreaterThanOrEqual(images);
      expect(Math.max(columns, rows) * side).toBeLessThanOrEqual(8_192);
      expect(side).toBeGreaterThanOrEqual(16);
    }
    expect(spriteLayout(262_145)).toBeNull();
  });
});

describe("TensorBoard's projector", () => {
  const { skip, title } = unless("pandas", "PIL");
  it.skipIf(skip)(`vectors, metadata and the picture belong together, read by pandas and Pillow${title}`, async () => {
    const found = readByOthers("projector", await written("tensorboard"));
    expect(found).toMatchObject({ shape: [count, cols], declared: [count, cols], paths, size: [384, 320] });
    for (const [i, value] of found.first.entries())
      expect(value).toBeCloseTo(data[i]! / Math.hypot(...data.subarray(0, cols)), 5);
    expect(found.columns.slice(0, 2)).toEqual(["path", "label"]);
    for (const [row, [r, g]] of found.middles.entries()) {
      expect(Math.abs(r - (row === 2 ? 255 : red(row)))).toBeLessThan(6);
      expect(Math.abs(g - (row === 2 ? 255 : 80))).toBeLessThan(6);
    }
  });

  it("a project without thumbnails has no picture", async () => {
    const bare = join(folder, "bare.winnow");
    await vectors(join(folder, "v.npy"), { project: bare }, surroundings);
    const out = join(folder, "bare");
    await exportProject(bare, { format: "tensorboard", out }, surroundings);
    const config = JSON.parse(readFileSync(join(out, "projector_config.json"), "utf8"));
    expect(config.embeddings[0].sprite).toBeUndefined();
  });
});

describe("Embedding Atlas", () => {
  it("needs a map, and says so", async () => {
    await expect(written("embedding-atlas")).rejects.toThrow("Run: winnow map");
    await map(project, { method: "PCA", seed: mapSeed }, surroundings);
  });

  it("gets places, labels, and neighbours among the images that are written", async () => {
    const only = paths.filter((_, row) => row % 3 > 0);
    const bytes = readFileSync(join(await written("embedding-atlas", only), "atlas.parquet"));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ path }) => path)).toEqual(only);
    expect(rows[0]).toMatchObject({ label: "hat" });
    for (const [place, { x, y, neighbors }] of rows.entries()) {
      expect(Math.abs(x as number)).toBeLessThanOrEqual(1);
      expect(Number.isFinite(y)).toBe(true);
      const { ids, distances } = neighbors as { ids: number[]; distances: number[] };
      expect(ids.length).toBeGreaterThan(0);
      expect(ids.every((id) => id >= 0 && id < only.length && id !== place)).toBe(true);
      expect([...distances].sort((a, b) => a - b)).toEqual(distances);
    }
  });

  const { skip, title } = unless("pyarrow");
  it.skipIf(skip)(`is read by pyarrow${title}`, async () => {
    const { types, rows } = readByOthers("atlas", await written("embedding-atlas"));
    expect(types).toMatchObject({ id: "string", path: "string", label: "string", x: "float", y: "float" });
    expect(types.neighbors).toMatch(/^struct<ids: list<.*int32.*>, distances: list<.*float.*>>$/);
    expect(rows).toHaveLength(count);
    expect(rows[4].neighbors.ids).toHaveLength(15);
    expect(rows[4].neighbors.distances).toHaveLength(15);
  });
});
