import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adapt } from "../../../src/cli/commands/adapt.ts";
import { check } from "../../../src/cli/commands/check.ts";
import { embed } from "../../../src/cli/commands/embed.ts";
import { vectors } from "../../../src/cli/commands/vectors.ts";
import { defaultHead } from "../../../src/core/linalg/head.ts";
import { issueColumns } from "../../../src/core/quality/issuesCsv.ts";
import { allChecks } from "../../../src/core/quality/issueTable.ts";
import { Random } from "../../../src/core/random.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "winnow-check-"));
const photos = join(folder, "photos");
const project = join(folder, "p.winnow");
const out = join(folder, "issues.csv");
const surroundings = surroundingsOf();
const usual = 14;

/** A picture of coloured patches, another for each seed. */
function picture(seed: number, side = 120): Sharp {
  const random = new Random(seed);
  const patches = Uint8Array.from({ length: 12 * 12 * 3 }, () => random.below(256));
  return sharp(patches, { raw: { width: 12, height: 12, channels: 3 } }).resize(side, side, { kernel: "nearest" });
}

beforeAll(async () => {
  mkdirSync(photos);
  const save = (name: string, image: Sharp) => image.png().toFile(join(photos, name));
  for (let seed = 0; seed < usual; seed++) await save(`usual-${seed}.png`, picture(seed));
  await save("dark.png", picture(50).linear(0.1, 0));
  await save("flat.png", sharp({ create: { width: 120, height: 120, channels: 3, background: "#f7f7f7" } }));
  await save("large.png", picture(51, 900));
  await save("strip.png", picture(52).resize(300, 60, { fit: "fill" }));
  await save("grey.png", picture(53).greyscale().toColourspace("srgb"));
  await save("a-copy.png", picture(3));
  // The same pixels in another file.
  const lossless = await picture(4).webp({ lossless: true }).toBuffer();
  writeFileSync(join(photos, "=other.webp"), lossless);
  await embed([photos], { project, threads: 1 }, surroundings);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table = (): Map<string, Record<string, string>> => {
  const { data } = Papa.parse(readFileSync(out, "utf8").trim());
  const [names = [], ...lines] = data;
  return new Map(lines.map((line) => [line[0]!, Object.fromEntries(line.map((cell, i) => [names[i]!, cell]))]));
};

describe("winnow check", () => {
  it("writes a line an image with every check, and counts what it found", async () => {
    const { result } = await check(project, { out }, surroundings);
    const rows = table();
    expect(readFileSync(out, "utf8").split("\r\n")[0]).toBe(issueColumns.join(","));
    expect(rows.size).toBe(usual + 7);
    const flagged = (name: string): string[] =>
      [...rows.values()].filter((row) => row[`is_${name}`] === "1").map((row) => row.path!);
    expect(flagged("dark")).toEqual(["dark.png"]);
    expect(flagged("light")).toEqual(["flat.png"]);
    expect(flagged("low_information")).toEqual(["flat.png"]);
    expect(flagged("odd_aspect_ratio")).toEqual(["strip.png"]);
    expect(flagged("odd_size")).toEqual(["large.png"]);
    expect(flagged("grayscale")).toEqual(["flat.png", "grey.png"]);
    // Text that a spreadsheet would run is escaped.
    expect(flagged("exact_duplicate")).toEqual(["'=other.webp", "a-copy.png", "usual-3.png", "usual-4.png"]);
    const groupOf = (path: string): string => rows.get(path)!.duplicate_group!;
    expect(groupOf("a-copy.png")).toBe(groupOf("usual-3.png"));
    expect(groupOf("'=other.webp")).toBe(groupOf("usual-4.png"));
    expect(groupOf("a-copy.png")).not.toBe(groupOf("usual-4.png"));
    expect(groupOf("usual-0.png")).toBe("");
    expect(rows.get("a-copy.png")!.exact_duplicate_score).toBe("0.5");
    // Without labels there is nothing to check of them.
    for (const row of rows.values()) {
      expect([row.label_score, row.is_label, row.suggested_label]).toEqual(["", "", ""]);
      expect(Number(row.outlier_score)).toBeGreaterThan(0);
    }
    expect(result).toMatchObject({ images: rows.size, unmeasured: 0, out });
    for (const name of allChecks) {
      if (name !== "label") expect(result.issues[name], name).toBe(flagged(name).length);
    }
    expect(result.flagged).toBe(
      [...rows.values()].filter((row) => allChecks.some((name) => row[`is_${name}`] === "1")).length,
    );
  });

  it("takes other thresholds, and prints the table where no file is named", async () => {
    const { csv, result } = await check(project, { threshold: { odd_aspect_ratio: 0.1, dark: 0 } }, surroundings);
    expect(result.issues).toMatchObject({ odd_aspect_ratio: 0, dark: 0, light: 1 });
    expect([...csv].join("").split("\r\n").length).toBe(usual + 7 + 2);
  });

  it("does with one image, and with a project that came without its features", async () => {
    const one = join(folder, "one.winnow");
    await embed([join(photos, "dark.png")], { project: one, threads: 1 }, surroundings);
    expect((await check(one, { out }, surroundings)).result).toMatchObject({
      images: 1,
      flagged: 1,
      duplicate_groups: 0,
    });
    const bare = join(folder, "bare.winnow");
    cpSync(project, bare, { recursive: true });
    await adapt(bare, defaultHead, surroundings);
    rmSync(join(bare, "features.npy"));
    const { result } = await check(bare, { out }, surroundings);
    expect(result).toMatchObject({ images: usual + 7, duplicate_groups: 2, issues: { exact_duplicate: 4, dark: 1 } });
  });

  it("leaves quality empty where there are no pixels", async () => {
    const file = join(folder, "v.f32");
    const random = new Random(5);
    writeFileSync(
      file,
      Float32Array.from({ length: 40 * 8 }, () => random.normal()),
    );
    const other = join(folder, "v.winnow");
    await vectors(file, { project: other, cols: 8 }, surroundings);
    const { result } = await check(other, { out }, surroundings);
    expect(result).toMatchObject({ images: 40, unmeasured: 40, issues: { dark: 0, odd_size: 0 } });
    const [first] = table().values();
    expect([first!.dark_score, first!.is_dark, first!.odd_aspect_ratio_score, first!.is_odd_size]).toEqual([
      "",
      "",
      "",
      "",
    ]);
    expect(first!.outlier_score).not.toBe("");
  });
});
