import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { adapt } from "../../../src/cli/commands/adapt.ts";
import { check } from "../../../src/cli/commands/check.ts";
import { embed } from "../../../src/cli/commands/embed.ts";
import { embedSpace } from "../../../src/cli/commands/embedSpace.ts";
import { exportProject } from "../../../src/cli/commands/exportProject.ts";
import { map } from "../../../src/cli/commands/map.ts";
import { select } from "../../../src/cli/commands/select.ts";
import { similar } from "../../../src/cli/commands/similar.ts";
import { spaceLines, spaces } from "../../../src/cli/commands/spaces.ts";
import { NodeFolder } from "../../../src/cli/nodeFolder.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import { readNpy } from "../../../src/core/format/npy.ts";
import { ProjectReader } from "../../../src/core/projectFolder/projectReader.ts";
import { Random } from "../../../src/core/random.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

const images = 12;
let folder: string;
let photos: string;
let project: string;
let tokens: string;
let said: string;
let abort: AbortController;
let surroundings: Surroundings;
const settings = { method: "head", dim: 8, passes: 1 } as const;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "winnow-spaces-"));
  photos = join(folder, "photos");
  project = join(folder, "p.winnow");
  tokens = join(folder, "tokens.onnx");
  mkdirSync(photos);
  writeFileSync(tokens, onnxModels.tokens());
  writeFileSync(join(folder, "dynamic.onnx"), onnxModels.dynamic());
  said = "";
  abort = new AbortController();
  surroundings = surroundingsOf(abort.signal, (text) => {
    said += text;
  });
  await photograph(0, images);
  await embed([photos], { project, model: join(folder, "dynamic.onnx"), size: 64, threads: 1 }, surroundings);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Pictures of coloured patches, each different. */
async function photograph(from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) {
    const random = new Random(i + 1);
    const patches = Uint8Array.from({ length: 8 * 8 * 3 }, () => random.below(256));
    await sharp(patches, { raw: { width: 8, height: 8, channels: 3 } })
      .resize(80)
      .png()
      .toFile(join(photos, `${String(i).padStart(2, "0")}.png`));
  }
}

const fill = (space = "second", more: object = {}) =>
  embedSpace([photos], { project, model: tokens, space, threads: 1, ...more }, surroundings);
const npy = (name: string) => readNpy(readFileSync(join(project, name)), name);

describe("a further embedding on the command line", () => {
  it("is added, listed, adapted and used by every command that looks at embeddings", async () => {
    const made = await fill();
    expect(made).toMatchObject({ name: "second", added: images, known: 0, from_thumbnails: 0, features: 8 });
    const before = await spaces(project, surroundings);
    expect(before).toMatchObject({
      images,
      spaces: [
        { id: "", name: "dynamic.onnx", features: 8, dimensions: null, adapted: false },
        { id: made.space, name: "second", images, dimensions: null, preprocessing: { pooling: "cls", size: 64 } },
      ],
    });
    await expect(map(project, { method: "PCA", seed: 1, space: "second" }, surroundings)).rejects.toThrow(
      `“second” has no embedding yet. Run: winnow adapt ${project} --space ${made.space}`,
    );

    expect(await adapt(project, { ...settings, space: "second" }, surroundings)).toMatchObject({ rows: images });
    // Only what was asked for: the project's own embedding is not made by that.
    await expect(similar(project, { to: ["00.png"], k: 3 }, surroundings)).rejects.toThrow("has no embedding yet");
    await adapt(project, settings, surroundings);

    // The same features in a project of their own give the same of everything.
    const alone = join(folder, "alone.winnow");
    await embed([photos], { project: alone, model: tokens, threads: 1 }, surroundings);
    await adapt(alone, settings, surroundings);
    const both = [
      { project, space: "second" },
      { project: alone, space: undefined },
    ] as const;
    const [further, own] = await Promise.all(
      both.map(async ({ project: at, space }) => {
        const named = space === undefined ? {} : { space };
        const out = join(folder, `out-${space}`);
        const chosen = await select(at, { n: { count: 5 }, seed: 1, ...named }, surroundings);
        const near = await similar(at, { to: ["03.png"], k: 5, ...named }, surroundings);
        const laidOut = await map(at, { method: "PCA", seed: 1, ...named }, surroundings);
        const checked = await check(at, named, surroundings);
        await exportProject(at, { format: "npy", out, ...named }, surroundings);
        return {
          paths: chosen.paths,
          near,
          trustworthiness: laidOut.trustworthiness,
          csv: [...checked.csv].join(""),
          embeddings: readNpy(readFileSync(join(out, "embeddings.npy")), "embeddings.npy").data,
        };
      }),
    );
    expect(further?.paths).toEqual(own?.paths);
    expect(further?.near).toEqual(own?.near);
    expect(further?.trustworthiness).toEqual(own?.trustworthiness);
    expect(further?.embeddings).toEqual(own?.embeddings);
    expect((await select(project, { n: { count: 5 }, seed: 1 }, surroundings)).paths).not.toEqual(further?.paths);
    // Near duplicates are told by the features of the project's own model, everything else by the embedding.
    const columns = (csv: string | undefined) =>
      csv?.split("\n").map((line) => line.split(",").filter((_, i) => !nearDuplicates.has(header(csv)[i]!)));
    const header = (csv: string) => csv.split("\n")[0]!.split(",");
    const nearDuplicates = new Set(["near_duplicate_score", "is_near_duplicate", "duplicate_group"]);
    expect(columns(further?.csv)).toEqual(columns(own?.csv));
    expect(await spaces(project, surroundings)).toMatchObject({
      spaces: [
        { adapted: true, maps: [] },
        { adapted: true, dimensions: 8, maps: ["pca"] },
      ],
    });
    expect(spaceLines(images, (await spaces(project, surroundings)).spaces)[1]).toBe(
      `second: --space ${made.space} · 64 px, crop · 8 features · 12 images · 8 numbers · maps pca`,
    );
  });

  it("says which images it lacks after new ones came, and takes just those", async () => {
    await fill();
    await adapt(project, { ...settings, space: "second" }, surroundings);
    const before = npy(`spaces/${(await fill()).space}.npy`).data.slice();
    await photograph(images, images + 3);
    said = "";
    const grown = await embed(
      [photos],
      { project, model: join(folder, "dynamic.onnx"), size: 64, threads: 1 },
      surroundings,
    );
    expect(grown.lacking).toMatchObject([{ name: "second", missing: 3 }]);
    expect(said).toContain("“second” lacks 3 images now");
    await expect(similar(project, { to: ["00.png"], k: 3, space: "second" }, surroundings)).rejects.toThrow(
      `“second” lacks 3 of 15 images. Run: winnow embed`,
    );
    const filled = await fill();
    expect(filled).toMatchObject({ added: 3, known: images });
    const after = npy(`spaces/${filled.space}.npy`);
    expect(after.shape).toEqual([15, 8]);
    expect(after.data.slice(0, before.length)).toEqual(before);
    await expect(similar(project, { to: ["00.png"], k: 3, space: "second" }, surroundings)).rejects.toThrow(
      "3 images have come to “second” since its embedding was made",
    );
  });

  it("goes on where it was interrupted, and after a crash takes in the batches that were whole", async () => {
    surroundings.terminal.progress = ({ done }) => {
      if (done >= 8) abort.abort();
    };
    await photograph(images, 40);
    await embed(
      [photos],
      { project, model: join(folder, "dynamic.onnx"), size: 64, threads: 1 },
      { ...surroundings, terminal: surroundingsOf().terminal },
    );
    await expect(fill()).rejects.toMatchObject({ code: "cancelled" });
    const [, interrupted] = (await spaces(project, surroundings)).spaces;
    expect(interrupted!.images).toBeGreaterThan(0);
    expect(interrupted!.images).toBeLessThan(40);
    expect(readdirSync(join(project, "spaces"))).toEqual([`${interrupted!.id}.npy`]);

    // As a run leaves it that was killed: one whole batch, one that was being written, one from before.
    const incoming = join(project, "spaces", `${interrupted!.id}.incoming`);
    mkdirSync(incoming);
    const part = (row: number) => join(incoming, `${String(row).padStart(9, "0")}.part`);
    const rows = new Uint16Array(2 * 8).fill(15_360);
    writeFileSync(part(interrupted!.images), rows);
    writeFileSync(part(0), rows);
    writeFileSync(`${part(interrupted!.images + 2)}.writing-1`, rows.subarray(3));
    surroundings = surroundingsOf();
    const again = await fill();
    expect(again).toMatchObject({ known: interrupted!.images + 2, added: 40 - interrupted!.images - 2 });
    const { data, shape } = npy(`spaces/${again.space}.npy`);
    expect(shape).toEqual([40, 8]);
    expect(data.slice(interrupted!.images * 8, (interrupted!.images + 2) * 8)).toEqual(rows);
    expect(readdirSync(join(project, "spaces"))).toEqual([`${again.space}.npy`]);
  });

  it("takes the thumbnail of an image whose original is gone, and says so; without any original it ends", async () => {
    rmSync(join(photos, "05.png"));
    expect(await fill()).toMatchObject({ added: images, from_thumbnails: 1 });
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    cpSync(join(photos, "00.png"), join(elsewhere, "other.png"));
    await expect(
      embedSpace([elsewhere], { project, model: tokens, space: "third", size: 32, threads: 1 }, surroundings),
    ).rejects.toMatchObject({ code: expect.stringMatching(/vanished|model/) });
  });

  it("names what there is when it is asked for something else", async () => {
    const { space } = await fill();
    for (const run of [
      () => map(project, { method: "PCA", seed: 1, space: "secnod" }, surroundings),
      () => select(project, { n: { count: 2 }, seed: 1, space: "secnod" }, surroundings),
      () => check(project, { space: "secnod" }, surroundings),
      () => exportProject(project, { format: "npy", out: folder, space: "secnod" }, surroundings),
    ]) {
      await expect(run()).rejects.toThrow(
        `There is no embedding “secnod” in this project. There are: “dynamic.onnx” (without --space), “second” (${space}).`,
      );
    }
    // Another preprocessing is another embedding; the same under another name is the same.
    await expect(fill("second", { mean: 0, scale: 1 })).rejects.toThrow(`“second” was made with tokens at 64 pixels`);
    said = "";
    expect(await fill("zweite")).toMatchObject({ space, name: "second", added: 0 });
    expect(said).toContain("The project has this embedding already, as “second”");
    await expect(fill("own", { model: join(folder, "dynamic.onnx"), size: 64 })).rejects.toThrow("leave --space out");
    await expect(embed([photos], { project, model: tokens, threads: 1 }, surroundings)).rejects.toThrow(
      "give this one a name of its own with --space",
    );
  });

  it("is fitted with augmented views of the originals, the same ones every time", async () => {
    await fill();
    const views = { ...settings, space: "second", augmented: 8, images: [photos], model: tokens, threads: 1 };
    const plain = await adapt(project, { ...settings, space: "second" }, surroundings);
    const first = await adapt(project, views, surroundings);
    expect(first).toMatchObject({ augmented: 8, rows: images });
    expect(first.head_hash).not.toBe(plain.head_hash);
    expect((await adapt(project, views, surroundings)).head_hash).toBe(first.head_hash);
    const { manifest } = await ProjectReader.open(new NodeFolder(project));
    expect(manifest.spaces![0]!.head).toMatchObject({ augmented: 8, hash: first.head_hash });
    expect(plain.augmented).toBe(0);

    // Of an image that is gone there are none; where all are gone nothing is fitted.
    for (let i = 0; i < 5; i++) rmSync(join(photos, `0${i}.png`));
    said = "";
    const fewer = await adapt(project, { ...views, augmented: images }, surroundings);
    expect(fewer.augmented).toBe(images - 5);
    expect(said).toContain("5 images are not in the folders or have changed: they have no views.");
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    await expect(adapt(project, { ...views, images: [elsewhere] }, surroundings)).rejects.toMatchObject({
      code: "vanished",
    });
    const own = { ...views, model: join(folder, "dynamic.onnx") };
    await expect(adapt(project, own, surroundings)).rejects.toThrow("“second” was made with tokens at 64 pixels");
    await expect(adapt(project, { ...settings, augmented: 8 }, surroundings)).rejects.toThrow("say with --images");
    expect((await spaces(project, surroundings)).spaces[1]!.dimensions).toBe(8);
  });
});
