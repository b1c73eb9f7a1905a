import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { adapt } from "../../../src/cli/commands/adapt.ts";
import { embed } from "../../../src/cli/commands/embed.ts";
import { map } from "../../../src/cli/commands/map.ts";
import { select } from "../../../src/cli/commands/select.ts";
import { similar } from "../../../src/cli/commands/similar.ts";
import { vectors } from "../../../src/cli/commands/vectors.ts";
import { IncomingImages } from "../../../src/cli/incomingImages.ts";
import { NodeFolder } from "../../../src/cli/nodeFolder.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import { readNpy, writeNpy } from "../../../src/core/format/npy.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { Random } from "../../../src/core/random.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

let folder: string;
let photos: string;
let project: string;
let said: string;
let abort: AbortController;
let surroundings: Surroundings;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "winnow-cli-"));
  photos = join(folder, "photos");
  project = join(folder, "p.winnow");
  mkdirSync(photos);
  said = "";
  abort = new AbortController();
  surroundings = surroundingsOf(abort.signal, (text) => {
    said += text;
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Pictures of coloured noise, each different. */
async function photograph(...names: string[]): Promise<void> {
  for (const name of names) {
    const random = new Random(Array.from(name).reduce((sum, one) => sum * 31 + one.charCodeAt(0), 7));
    const side = 40;
    const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i % 3) * random.below(86));
    mkdirSync(join(photos, name, ".."), { recursive: true });
    await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
      .jpeg()
      .toFile(join(photos, name));
  }
}

const run = () => embed([photos], { project, threads: 1 }, surroundings);
const npy = (name: string) => readNpy(readFileSync(join(project, name)), name);
async function paths(): Promise<string[]> {
  const all: string[] = [];
  for await (const page of (await ProjectReader.open(new NodeFolder(project))).images()) {
    all.push(...page.map(({ record }) => record.path));
  }
  return all;
}

describe("winnow embed", () => {
  it("embeds folders in the page's order, counts what it leaves out, and adds only what is new", async () => {
    await photograph("b/2.jpg", "b/1.jpg", "a.jpg", "Z.jpg");
    writeFileSync(join(photos, "notes.txt"), "nothing");
    writeFileSync(join(photos, "broken.jpg"), "nothing");
    const first = await run();
    expect(first).toMatchObject({ added: 4, known: 0, ignored: 1, problems: [{ path: "broken.jpg" }] });
    expect(await paths()).toEqual(["Z.jpg", "a.jpg", "b/1.jpg", "b/2.jpg"]);
    expect(npy("features.npy")).toMatchObject({ dtype: "f2", shape: [4, 1280] });
    const before = npy("features.npy").data.slice();

    expect(await run()).toMatchObject({ added: 0, known: 4 });
    await photograph("A.jpg");
    expect(await run()).toMatchObject({ added: 1, known: 4 });
    // Rows never move: what is new comes after.
    expect(await paths()).toEqual(["Z.jpg", "a.jpg", "b/1.jpg", "b/2.jpg", "A.jpg"]);
    expect(npy("features.npy").data.slice(0, before.length)).toEqual(before);
    const pack = await (await ProjectReader.open(new NodeFolder(project))).thumbnailPack(0);
    expect((await sharp(pack[4]!).metadata()).width).toBe(40);
  });

  it("leaves a whole project behind when it is interrupted, and goes on from there", async () => {
    await photograph(...Array.from({ length: 30 }, (_, i) => `${String(i).padStart(2, "0")}.jpg`));
    const terminal = surroundings.terminal;
    terminal.progress = ({ done }) => {
      if (done >= 8) abort.abort();
    };
    await expect(run()).rejects.toMatchObject({ code: "cancelled" });
    const interrupted = (await paths()).length;
    expect(interrupted).toBeGreaterThan(0);
    expect(interrupted).toBeLessThan(30);
    expect(readdirSync(project).sort()).toEqual(["features.npy", "images.parquet", "project.json", "thumbnails"]);

    terminal.progress = () => undefined;
    abort = new AbortController();
    const again = { ...surroundings, signal: abort.signal };
    expect(await embed([photos], { project, threads: 1 }, again)).toMatchObject({ added: 30 - interrupted });
    const whole = join(folder, "whole.winnow");
    await embed([photos], { project: whole, threads: 1 }, again);
    expect(await paths()).toHaveLength(30);
    const inOneGo = readNpy(readFileSync(join(whole, "features.npy")), "features.npy").data as Uint16Array;
    const inTwo = npy("features.npy").data as Uint16Array;
    // Another batch may round the last bit of a half float otherwise.
    expect(inTwo.filter((value, i) => Math.abs(value - inOneGo[i]!) > 2)).toHaveLength(0);
  });

  it("after a crash takes in the batches that were whole and nothing of the one in flight", async () => {
    await photograph("1.jpg", "2.jpg", "3.jpg");
    await run();
    const files = new NodeFolder(project);
    const incoming = await IncomingImages.open(files, await ProjectReader.open(files));
    const [record] = [...incoming.known()];
    const batch = (row: number) => ({
      firstRow: row,
      records: [{ ...record!, row, path: `crashed-${row}.jpg` }],
      features: { rows: 1, cols: 1280, data: new Uint16Array(1280).fill(row) },
      thumbnails: [null],
    });
    await incoming.append(batch(3));
    await incoming.append(batch(4));
    // The batch in flight: half a file, and one that was not renamed yet.
    const part = readFileSync(join(project, "incoming/000000004.part"));
    writeFileSync(join(project, "incoming/000000005.part"), part.subarray(0, part.length - 1));
    writeFileSync(join(project, "incoming/000000006.part.writing-0a1b2c3d"), part);

    expect((await adapt(project, { method: "raw", dim: 1, passes: 1 }, surroundings)).rows).toBe(5);
    expect(said).toContain("2 images of an interrupted run");
    expect((await paths()).slice(3)).toEqual(["crashed-3.jpg", "crashed-4.jpg"]);
    expect(npy("features.npy").data[4 * 1280]).toBe(4);
    expect(existsSync(join(project, "incoming"))).toBe(false);
  });

  it("says what is wrong with a folder, a model or a project, and leaves nothing behind", async () => {
    await expect(embed([join(folder, "nowhere")], { project }, surroundings)).rejects.toThrow(/nowhere” is not there/);
    await expect(run()).rejects.toThrow(/There are no images in/);
    writeFileSync(join(photos, "empty.jpg"), "");
    await expect(run()).rejects.toThrow(/None of the 1 files.*The file is empty/s);
    const model = join(folder, "model.onnx");
    writeFileSync(model, "not a model");
    await expect(embed([photos], { project, model }, surroundings)).rejects.toThrow(
      /model.onnx” is a text file, not an ONNX model/,
    );
    await expect(embed([photos], { project, model: "missing.onnx" }, surroundings)).rejects.toThrow(/is not there/);
    rmSync(project, { recursive: true, force: true });
    await photograph("a.jpg");
    await run();
    await photograph("b.jpg");
    // The same weights at another size are another space.
    await expect(embed([photos], { project, size: 160 }, surroundings)).rejects.toThrow(/at 224 pixels, not .* at 160/);
    writeFileSync(join(project, ".winnow-lock"), String(process.ppid));
    await expect(run()).rejects.toThrow(/is working on/);
    writeFileSync(join(project, ".winnow-lock"), "999999999");
    expect(await run()).toMatchObject({ added: 1 });
  });
});

describe("winnow adapt, select, map, similar", () => {
  const names = Array.from({ length: 24 }, (_, i) => `${"abc"[i % 3]}/${String(i).padStart(2, "0")}.jpg`);

  it("choose images in pick order, keep the record, and give the same twice", async () => {
    await photograph(...names);
    await run();
    await expect(select(project, { n: { count: 5 }, seed: 1 }, surroundings)).rejects.toThrow(/no embedding yet/);
    expect(await adapt(project, { method: "head", dim: 8, passes: 1 }, surroundings)).toMatchObject({ dim: 8 });
    expect(npy("embeddings.npy")).toMatchObject({ dtype: "f4", shape: [24, 8] });
    expect(npy("head.npy").shape).toEqual([8, 1281]);
    const out = join(folder, "chosen.txt");
    const { paths: chosen, result } = await select(project, { n: { count: 5 }, seed: 1, out }, surroundings);
    expect(chosen).toHaveLength(5);
    expect(readFileSync(out, "utf8")).toBe(`${chosen.join("\n")}\n`);
    expect((await select(project, { n: { count: 5 }, seed: 1 }, surroundings)).paths).toEqual(chosen);
    const record = JSON.parse(readFileSync(join(project, result.record), "utf8"));
    expect(record.picks.map((pick: { path: string }) => pick.path)).toEqual(chosen);

    // Earlier picks count: with them as chosen, the traversal goes on where it ended.
    const twelve = await select(project, { n: { share: 0.5 }, seed: 1 }, surroundings);
    const more = await select(project, { n: { count: 7 }, seed: 1, preselected: out }, surroundings);
    expect([...chosen, ...more.paths]).toEqual(twelve.paths);
    appendFileSync(out, "no/such.jpg\n");
    const rest = await select(project, { n: { count: 99 }, seed: 1, preselected: out }, surroundings);
    expect(rest.result).toMatchObject({ selected: 19, already_chosen: 5, unmatched: ["no/such.jpg"] });
    expect(said).toContain("Only 19 images were left");

    await photograph("new.jpg");
    await run();
    await expect(select(project, { n: { count: 5 }, seed: 1 }, surroundings)).rejects.toThrow(/1 images have come/);
  });

  it("chooses by a configuration, keeps it in the record, and gives the same again from there", async () => {
    await photograph(...names);
    await run();
    await adapt(project, { method: "head", dim: 8, passes: 1 }, surroundings);
    const file = join(folder, "selection.json");
    const choose = async (config: unknown) => {
      writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
      return await select(project, { config: file, seed: 1 }, surroundings);
    };
    const diversity = { input: { type: "EMBEDDINGS" }, strategy: { type: "DIVERSITY" } };
    const plain = await choose({ n_samples: 5, strategies: [diversity] });
    expect(plain.paths).toEqual((await select(project, { n: { count: 5 }, seed: 1 }, surroundings)).paths);

    const config = {
      n_samples: 6,
      strategies: [
        diversity,
        { input: { type: "METADATA", key: "bytes" }, strategy: { type: "WEIGHTS", strength: 0.5 } },
        { input: { type: "METADATA", key: "format" }, strategy: { type: "BALANCE", distribution: "UNIFORM" } },
        {
          input: { type: "METADATA", key: "width" },
          strategy: { type: "THRESHOLD", threshold: 1, operation: "BIGGER" },
        },
      ],
    };
    const { paths, result } = await choose(config);
    expect(paths).toHaveLength(6);
    const record = JSON.parse(readFileSync(join(project, result.record), "utf8"));
    expect(record).toMatchObject({ method: "configuration", config });
    for (const { factors } of record.picks) {
      expect(factors).toHaveLength(4);
      expect(factors.slice(0, 3).every((factor: number) => factor > 0)).toBe(true);
      expect(factors[3]).toBe(null);
    }
    expect((await choose(record.config)).paths).toEqual(paths);
    const reader = await ProjectReader.open(new NodeFolder(project));
    const read = await reader.selection(result.record.replace(/^selections\//, ""));
    expect(read.config).toMatchObject({ nSamples: 6 });
    expect(read.factors).toHaveLength(24);

    // The record itself can be run again: the same images, what it knew as chosen included.
    const again = async (file: string) => await select(project, { config: join(project, file), seed: 1 }, surroundings);
    expect((await again(result.record)).paths).toEqual(paths);
    expect(said).toContain("The same 6 images again, in the same order.");
    const listed = join(folder, "listed.txt");
    writeFileSync(listed, `${paths.join("\n")}\n`);
    const later = await select(project, { config: file, preselected: listed, seed: 1 }, surroundings);
    const repeated = await again(later.result.record);
    expect(repeated.paths).toEqual(later.paths);
    expect(repeated.result.already_chosen).toBe(6);
    const { next, image_count, measured_on, picks } = JSON.parse(readFileSync(join(project, result.record), "utf8"));
    expect([next.length, image_count, measured_on]).toEqual([18, 24, 24]);
    expect(picks.every((pick: { mean_distance: number; radius: number }) => pick.mean_distance <= pick.radius)).toBe(
      true,
    );

    await expect(choose("{")).rejects.toThrow(/is no JSON/);
    await expect(choose({ n_sample: 5, strategies: [diversity] })).rejects.toThrow(/did you mean “n_samples”/);
    const weights = (key: string) => ({ input: { type: "METADATA", key }, strategy: { type: "WEIGHTS" } });
    await expect(choose({ n_samples: 5, strategies: [weights("sharp")] })).rejects.toThrow(
      /“sharp” is not known. Numbers are: date, bytes, width/,
    );
    await expect(choose({ n_samples: 5, strategies: [weights("format")] })).rejects.toThrow(/“format” is no number/);
    const scores = { input: { type: "SCORES", task: "a", score: "b" }, strategy: { type: "WEIGHTS" } };
    await expect(choose({ n_samples: 5, strategies: [scores] })).rejects.toThrow(
      /strategies\[0\] \(WEIGHTS of SCORES “a\/b”\): there is no score “b” of a task “a”. There are: none/,
    );
    await choose({ n_samples: 500, strategies: [diversity] });
    expect(said).toContain("Only 24 images were left; you asked for 500.");
  });

  it("writes maps with their neighbours, and finds what is similar", async () => {
    await photograph(...names);
    await run();
    await adapt(project, { method: "head", dim: 8, passes: 1 }, surroundings);
    const first = await map(project, { method: "UMAP", seed: 3 }, surroundings);
    expect(first).toMatchObject({ file: "map.umap.npy", rows: 24, recall: 1 });
    expect(npy("map.umap.npy").shape).toEqual([24, 2]);
    expect(npy("knn.npy").shape).toEqual([24, 14]);
    const xy = npy("map.umap.npy").data;
    await map(project, { method: "UMAP", seed: 3 }, surroundings);
    expect(npy("map.umap.npy").data).toEqual(xy);

    const [to = ""] = names;
    const found = await similar(project, { to: [to], k: 3 }, surroundings);
    const { data } = npy("embeddings.npy");
    const all = await paths();
    const at = all.indexOf(to) * 8;
    const distance = (row: number): number =>
      Math.hypot(...Array.from({ length: 8 }, (_, c) => data[row * 8 + c]! - data[at + c]!));
    const nearest = all.map((_, row) => row).filter((row) => row * 8 !== at);
    nearest.sort((a, b) => distance(a) - distance(b));
    expect(found.map(({ path }) => path)).toEqual(nearest.slice(0, 3).map((row) => all[row]));
    // The end of a path is enough where one image has it.
    expect(await similar(project, { to: ["00.jpg"], k: 3 }, surroundings)).toEqual(found);
    await expect(similar(project, { to: ["x.jpg"], k: 3 }, surroundings)).rejects.toThrow(/no image “x.jpg”/);
  });
});

describe("winnow vectors", () => {
  const rows = 30;
  const points = (): Float32Array => {
    const random = new Random(2);
    return Float32Array.from({ length: rows * 4 }, () => random.normal());
  };
  const file = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const from = (path: string, more: { cols?: number; names?: string } = {}) =>
    vectors(path, { project, ...more }, surroundings);

  it("makes a project whose embedding is the vectors themselves, L2-normalised", async () => {
    const data = points();
    const names = file(
      "names.txt",
      new TextEncoder().encode(Array.from({ length: rows }, (_, i) => `n${i}`).join("\n")),
    );
    const path = file("v.npy", writeNpy({ dtype: "f4", shape: [rows, 4], data }));
    expect(await from(path, { names, cols: 4 })).toEqual({ rows, cols: 4 });
    const embeddings = npy("embeddings.npy").data;
    for (let row = 0; row < rows; row++) {
      const length = Math.hypot(...data.slice(row * 4, row * 4 + 4));
      for (let c = 0; c < 4; c++) expect(embeddings[row * 4 + c]).toBeCloseTo(data[row * 4 + c]! / length, 6);
    }
    const { paths: chosen } = await select(project, { n: { count: 3 }, seed: 1 }, surroundings);
    expect(chosen[0]).toBe("n0");
    expect(await adapt(project, { method: "pca", dim: 2, passes: 1 }, surroundings)).toMatchObject({ dim: 2 });
    await photograph("a.jpg");
    await expect(run()).rejects.toThrow(/made from vectors/);
    await expect(from(path)).rejects.toThrow(/is a project already/);
  });

  it("says what was expected and found, and writes nothing", async () => {
    const whole = writeNpy({ dtype: "f4", shape: [rows, 4], data: points() });
    const text = (from: string, to: string): Uint8Array => {
      const copy = Buffer.from(whole);
      copy.write(to, copy.indexOf(from), "latin1");
      return copy;
    };
    const bad = points();
    bad[4 * 7 + 1] = Number.NaN;
    const wrong: [string, Uint8Array, { cols?: number; names?: string }, RegExp][] = [
      [
        "a.npy",
        whole.slice(0, -3),
        {},
        /“.*a.npy”: expected 480 bytes of data for \[30, 4\] f4, found 477 \(truncated\)/,
      ],
      ["b.npy", text("<f4", "<i8"), {}, /expected values of type <f2, <f4, <f8 or <u4, found <i8/],
      ["c.npy", whole, { cols: 5 }, /expected 5 columns, found 4/],
      [
        "d.npy",
        writeNpy({ dtype: "f4", shape: [120], data: points() }),
        {},
        /expected float16, float32 or float64 rows × columns/,
      ],
      ["e.npy", writeNpy({ dtype: "f4", shape: [rows, 4], data: bad }), {}, /row 7 of 30.*NaN/],
      ["f.npy", new Uint8Array(5), {}, /expected a NumPy file of at least 10 bytes, found 5 bytes/],
      ["g.f32", new Uint8Array(33), { cols: 4 }, /expected a multiple of 16 bytes \(4 columns\), found 33/],
      ["h.f32", new Uint8Array(32), {}, /expected --cols/],
      ["i.bin", new Uint8Array(32), { cols: 4 }, /expected a name that ends in .npy, .f32 or .f16/],
    ];
    for (const [name, bytes, options, message] of wrong) {
      await expect(from(file(name, bytes), options), name).rejects.toThrow(message);
      expect(existsSync(project), name).toBe(false);
    }
    const names = file("names.txt", new TextEncoder().encode("a\nb\na"));
    await expect(from(file("v.npy", whole), { names })).rejects.toThrow(/expected 30 names, one a row, found 3/);
    await expect(from(join(folder, "none.npy"))).rejects.toThrow(/is not there/);
    expect(existsSync(project)).toBe(false);
  });
});
