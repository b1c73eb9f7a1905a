import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { expect, it } from "vitest";
import { check } from "../../../src/cli/commands/check.ts";
import { importAnnotations } from "../../../src/cli/commands/importAnnotations.ts";
import { vectors } from "../../../src/cli/commands/vectors.ts";
import { writeNpy } from "../../../src/core/format/npy.ts";
import { clothing } from "../../fixtures/clothing.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";

it("winnow check names labels that the other photographs contradict, and what they should be", async () => {
  const folder = mkdtempSync(join(tmpdir(), "winnow-labels-"));
  try {
    const { x, labels, classes } = clothing();
    const project = join(folder, "p.winnow");
    const surroundings = surroundingsOf();
    writeFileSync(join(folder, "v.npy"), writeNpy({ dtype: "f4", shape: [x.rows, x.cols], data: x.data }));
    await vectors(join(folder, "v.npy"), { project }, surroundings);
    // Without labels the columns are empty.
    const bare = await check(project, {}, surroundings);
    expect(bare.result.issues.label).toBeUndefined();

    const pathOf = (row: number): string => `row-${String(row).padStart(3, "0")}`;
    const wrong = Array.from({ length: 30 }, (_, i) => i * 23);
    const given = labels.map((label, row) => (wrong.includes(row) ? (label + 3) % classes.length : label));
    const csv = Array.from(given, (label, row) => `${pathOf(row)},${classes[label]}`).join("\n");
    writeFileSync(join(folder, "labels.csv"), `path,label\n${csv}\n`);
    await importAnnotations(project, [join(folder, "labels.csv")], {}, surroundings);
    const out = join(folder, "issues.csv");
    const { result } = await check(project, { out }, surroundings);
    const [names = [], ...lines] = Papa.parse(readFileSync(out, "utf8").trim()).data;
    const [flag, score, suggestion] = ["is_label", "label_score", "suggested_label"].map((name) => names.indexOf(name));
    const flagged = lines.flatMap((line, row) => (line[flag!] === "1" ? [row] : []));
    expect(result.issues.label).toBe(flagged.length);
    const found = wrong.filter((row) => flagged.includes(row));
    expect(found.length).toBeGreaterThanOrEqual(0.7 * wrong.length);
    const right = found.filter((row) => lines[row]![suggestion!] === classes[labels[row]!]);
    expect(right.length).toBeGreaterThanOrEqual(0.8 * found.length);
    for (const [row, line] of lines.entries()) {
      expect(Number(line[score!])).toBeGreaterThanOrEqual(0);
      expect(line[suggestion!] !== "").toBe(flagged.includes(row));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
