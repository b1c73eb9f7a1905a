import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Papa from "papaparse";
import sharp, { type Sharp } from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { check } from "../../../src/cli/commands/check.ts";
import { embed } from "../../../src/cli/commands/embed.ts";
import { hasShared, sharedFolder } from "../../fixtures/shared.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "winnow-planted-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Most are without a copy: what is near is measured against what is usual. */
const photographs = 220;
/** Copies of each kind; each kind takes other photographs. */
const copies = 8;

/** What a copy becomes, the check that must find it, and the share that it must find. */
const kinds: Record<
  string,
  { make: ((image: Sharp, width: number, height: number) => Sharp) | null; by: string; recall: number }
> = {
  darkened: { make: (image) => image.linear(0.25, 0), by: "dark", recall: 1 },
  brightened: { make: (image) => image.linear(0.04, 245), by: "light", recall: 1 },
  grey: { make: (image) => image.greyscale().toColourspace("srgb"), by: "grayscale", recall: 1 },
  "same bytes": { make: null, by: "exact_duplicate", recall: 1 },
  "same pixels": { make: (image) => image.webp({ lossless: true }), by: "exact_duplicate", recall: 1 },
  half: { make: (image, width) => image.resize(width >> 1), by: "near_duplicate", recall: 0.9 },
  cropped: {
    make: (image, width, height) =>
      image.extract({
        left: Math.round(width * 0.025),
        top: Math.round(height * 0.025),
        width: Math.floor(width * 0.95),
        height: Math.floor(height * 0.95),
      }),
    by: "near_duplicate",
    recall: 0.8,
  },
  "turned by 3°": {
    // The canvas keeps its size, so that only the corners are lost.
    make: (image, width, height) => {
      const [cos, sin] = [Math.cos(Math.PI / 60), Math.sin(Math.PI / 60)];
      const left = Math.floor((width * cos + height * sin - width) / 2);
      const top = Math.floor((height * cos + width * sin - height) / 2);
      return image.rotate(3, { background: "#000" }).extract({ left, top, width, height });
    },
    by: "near_duplicate",
    recall: 0.6,
  },
};

describe.skipIf(!hasShared)("defects planted among photographs", () => {
  it("are found by their checks, and little else is", { timeout: 300_000 }, async () => {
    const source = join(sharedFolder, "data/clothing");
    const names = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".jpg"))
      .sort()
      .filter((_, i) => i % 2 === 0)
      .slice(0, photographs);
    const photos = join(folder, "photos");
    const planted = new Map<string, string>();
    for (const [i, name] of names.entries()) {
      const plain = join(photos, `plain/${i}.jpg`);
      mkdirSync(dirname(plain), { recursive: true });
      copyFileSync(join(source, name), plain);
    }
    for (const [n, [kind, { make }]] of Object.entries(kinds).entries()) {
      mkdirSync(join(photos, "planted"), { recursive: true });
      for (let i = 0; i < copies; i++) {
        const from = join(source, names[n * copies + i]!);
        const to = `planted/${n}-${i}${kind === "same pixels" ? ".webp" : ".jpg"}`;
        planted.set(to, kind);
        if (make === null) copyFileSync(from, join(photos, to));
        else {
          const { width, height } = await sharp(from).metadata();
          const image = make(sharp(from), width, height);
          await (kind === "same pixels" ? image : image.jpeg({ quality: 95 })).toFile(join(photos, to));
        }
      }
    }
    const surroundings = surroundingsOf();
    const project = join(folder, "p.winnow");
    const out = join(folder, "issues.csv");
    await embed([photos], { project }, surroundings);
    await check(project, { out }, surroundings);
    const [columns = [], ...lines] = Papa.parse(readFileSync(out, "utf8").trim()).data;
    const rows = lines.map((line) => Object.fromEntries(line.map((cell, i) => [columns[i]!, cell])));

    const report: string[] = [];
    for (const [kind, { by, recall }] of Object.entries(kinds)) {
      const of = rows.filter((row) => planted.get(row.path!) === kind);
      expect(of).toHaveLength(copies);
      const found = of.filter((row) => row[`is_${by}`] === "1").length / copies;
      report.push(`${kind}: ${by} finds ${(found * 100).toFixed(0)} %`);
      expect(found, kind).toBeGreaterThanOrEqual(recall);
    }
    // Whatever a check flags must be planted for it, be the original of such a copy, or have the defect itself.
    for (const by of ["dark", "light", "grayscale", "exact_duplicate"]) {
      const flagged = rows.filter((row) => row[`is_${by}`] === "1");
      const wanted = flagged.filter((row) => {
        const kind = planted.get(row.path!);
        if (kind !== undefined && kinds[kind]!.by === by) return true;
        return (
          by === "exact_duplicate" &&
          rows.some((other) => planted.has(other.path!) && other.duplicate_group === row.duplicate_group)
        );
      });
      report.push(`${by}: precision ${((wanted.length / flagged.length) * 100).toFixed(0)} % of ${flagged.length}`);
      expect(wanted.length / flagged.length, by).toBeGreaterThan(0.8);
    }
    // Groups of near duplicates hold copies of one photograph.
    const groups = new Map<string, Set<string>>();
    for (const { path, duplicate_group: group } of rows) {
      if (group === "") continue;
      const [n, i] = path!.startsWith("planted/") ? path!.slice(8).split(/[-.]/).map(Number) : [];
      const photograph = n === undefined ? path!.replace(/\D/g, "") : String(n * copies + i!);
      groups.set(group!, (groups.get(group!) ?? new Set()).add(photograph));
    }
    const pure = [...groups.values()].filter((photos) => photos.size === 1).length;
    report.push(`duplicate groups: ${pure} of ${groups.size} hold one photograph only`);
    expect(pure / groups.size).toBeGreaterThan(0.9);
    console.log(report.join("\n"));
  });
});
