import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import Papa from "papaparse";
import { hasShared, sharedFolder } from "../fixtures/shared.ts";
import { winnow } from "./commandLine.ts";
import { pickPrivateFolder, savedFiles, saveProject, writeFiles } from "./savedFolder.ts";
import {
  chooseFolder,
  closeProject,
  exported,
  exportedSet,
  imageCount,
  select,
  selectedCount,
  untilIdle,
  untilImages,
  watch,
} from "./winnowPage.ts";

const photographs = join(sharedFolder, "data/clothing");

test.describe
  .serial("the command line and the page", () => {
    test.skip(!hasShared, "needs ../shared/data/clothing");
    let folder: string;
    test.beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "winnow-project-"));
    });
    test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test("choose the same 50 photographs", async ({ page }) => {
      test.setTimeout(400_000);
      const project = join(folder, "clothing.winnow");
      const chosen = join(folder, "chosen.txt");
      expect(await winnow("embed", photographs, "--project", project)).toMatchObject({ added: 713, problems: [] });
      expect(await winnow("adapt", project)).toMatchObject({ rows: 713, dim: 96 });
      expect(await winnow("select", project, "--n", "50", "--out", chosen)).toMatchObject({ selected: 50 });

      await page.goto("/");
      await chooseFolder(page, photographs);
      await untilImages(page, 713, 240_000);
      await select(page, 50);
      const list = (await exported(page, "File list (.txt)")).toString("utf8");
      expect(list.trim().split("\n")).toEqual(readFileSync(chosen, "utf8").trim().split("\n"));

      // The bundled model tags the same: what either says of each image, and how likely it is.
      const tags = (csv: string) => {
        const [header = [], ...lines] = Papa.parse(csv.trim()).data as string[][];
        const [path, label, score] = ["path", "label", "score"].map((name) => header.indexOf(name)) as number[];
        return new Map(lines.map((line) => [line[path!]!, { label: line[label!]!, score: Number(line[score!]) }]));
      };
      const { tagged } = await winnow("predict", project, "--automatic", "--threshold", "0.5");
      await winnow("export", project, "--format", "table", "--set", "automatic", "--out", join(folder, "tags"));
      const native = tags(readFileSync(join(folder, "tags/predictions.csv"), "utf8"));
      expect(native.size).toBe(713);
      await page.getByRole("tab", { name: "Labels" }).click();
      const automatic = page.getByRole("region", { name: "Automatic tags" });
      await automatic.getByRole("button", { name: "Tag automatically" }).click({ timeout: 60_000 });
      await untilIdle(page, 60_000);
      const inPage = tags(await exportedSet(page, "Automatic tags", "CSV"));
      expect([...inPage.keys()].sort()).toEqual([...native.keys()].sort());
      // An image whose class is at the threshold may be tagged by one of the two decoders only.
      const same = [...native].filter(([path, { label, score }]) => {
        const other = inPage.get(path);
        return other?.label === label && (label === "" || Math.abs(other!.score - score) < 0.05);
      });
      expect(same.length / 713).toBeGreaterThan(0.98);
      expect([...native.values()].filter(({ label }) => label !== "")).toHaveLength(tagged as number);

      // The same for a configuration of several strategies, written in the page.
      const embeddings = { type: "EMBEDDINGS" };
      const config = {
        n_samples: 40,
        strategies: [
          { input: embeddings, strategy: { type: "DIVERSITY" } },
          { input: embeddings, strategy: { type: "TYPICALITY", strength: 0.5 } },
          { input: { type: "METADATA", key: "folder" }, strategy: { type: "BALANCE", distribution: "UNIFORM" } },
          {
            input: { type: "METADATA", key: "bytes" },
            strategy: { type: "THRESHOLD", threshold: 9000, operation: "BIGGER" },
          },
        ],
      };
      const file = join(folder, "selection.json");
      writeFileSync(file, JSON.stringify(config));
      expect(await winnow("select", project, "--config", file, "--out", chosen)).toMatchObject({ selected: 40 });
      const panel = page.getByRole("region", { name: "Select", exact: true });
      await page.getByRole("tab", { name: "Select" }).click();
      await panel.getByRole("button", { name: "Configuration" }).click();
      await panel.getByRole("textbox", { name: "Selection configuration" }).fill(JSON.stringify(config));
      await panel.getByRole("button", { name: "Select", exact: true }).click();
      await expect(page.getByRole("status", { name: "Selected count" })).toHaveText(/^40/, { timeout: 30_000 });
      const configured = (await exported(page, "File list (.txt)")).toString("utf8");
      expect(configured.trim().split("\n")).toEqual(readFileSync(chosen, "utf8").trim().split("\n"));

      // The page's record, run again by the command line, gives the same.
      const line = panel.getByRole("listitem").filter({ hasText: /^Selection 2/ });
      await line.getByRole("button", { name: "What to do with this" }).click();
      const [record] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: "Record (.json)" }).click(),
      ]);
      const again = join(folder, "again.txt");
      const recorded = await winnow("select", project, "--config", await record.path(), "--out", again);
      expect(recorded).toMatchObject({ selected: 40, already_chosen: 0 });
      expect(readFileSync(again, "utf8")).toBe(readFileSync(chosen, "utf8"));
    });

    test("the page opens the folder that the command line wrote: no image is embedded again", async ({ page }) => {
      const project = join(folder, "clothing.winnow");
      const { trustworthiness } = await winnow("map", project, "--method", "tsne");
      const seen = watch(page);
      await page.goto("/");
      await chooseFolder(page, project);
      await expect(imageCount(page)).toHaveText(/^713 /, { timeout: 20_000 });
      await expect(selectedCount(page)).toHaveText(/^40 /);
      await expect(page.getByRole("button", { name: /^Project clothing/ })).toBeVisible();
      const list = (await exported(page, "File list (.txt)")).toString("utf8");
      expect(list).toBe(readFileSync(join(folder, "chosen.txt"), "utf8"));
      await page.getByRole("combobox", { name: "Projection" }).selectOption("t-SNE");
      const quality = page.getByRole("region", { name: "Map" }).locator(".map-quality");
      await expect(quality).toContainText(`Trustworthiness ${(trustworthiness as number).toFixed(3)}`);
      await untilIdle(page, 30_000);
      // With the photographs' own folder the project goes on: all of them are known.
      await chooseFolder(page, photographs);
      await untilIdle(page, 60_000);
      await expect(imageCount(page)).toHaveText(/^713 /);
      expect(seen.errors).toEqual([]);
    });

    test("what the page saves, the command line and the page open again", async ({ page }) => {
      const seen = watch(page);
      await pickPrivateFolder(page);
      await page.goto("/");
      await chooseFolder(page, join(photographs, "validation/hat"));
      await untilImages(page, 14, 60_000);
      await select(page, 5);
      const tag = page.getByRole("textbox", { name: "Tag", exact: true });
      await page.getByRole("gridcell").first().click();
      await page.getByRole("tab", { name: "Details" }).click();
      await tag.fill("first, of all");
      await tag.press("Enter");
      const csv = (await exported(page, "CSV")).toString("utf8");
      await saveProject(page, "hat");
      // A second time the same folder is brought up to date.
      await page.getByRole("combobox", { name: "Projection" }).selectOption("UMAP");
      await expect(async () => {
        await untilIdle(page, 60_000);
        await saveProject(page, "hat");
        await untilIdle(page, 60_000);
        expect(Object.keys(await savedFiles(page))).toContain("hat.winnow/map.umap.npy");
      }).toPass({ timeout: 60_000 });
      const files = await savedFiles(page);
      writeFiles(files, folder);
      expect(Object.keys(files).filter((path) => path.startsWith("hat.winnow/selections/"))).toHaveLength(1);

      const saved = join(folder, "hat.winnow");
      const again = join(folder, "again.txt");
      await winnow("select", saved, "--n", "5", "--out", again);
      const ranked = csv.split(/\r?\n/).filter((line) => /,[1-5],[0-9a-f]{32},/.test(line));
      expect(new Set(readFileSync(again, "utf8").trim().split("\n"))).toEqual(
        new Set(ranked.map((line) => line.split(",")[0])),
      );
      await closeProject(page);
      await chooseFolder(page, saved);
      await untilImages(page, 14, 60_000);
      expect((await exported(page, "CSV")).toString("utf8")).toBe(csv);
      expect(seen.errors).toEqual([]);
    });

    test("measure the same: checks of what either embedded agree", async () => {
      const project = join(folder, "hat-too.winnow");
      await winnow("embed", join(photographs, "validation/hat"), "--project", project);
      const checked = async (from: string, name: string): Promise<string[][]> => {
        const out = join(folder, name);
        const result = await winnow("check", from, "--out", out);
        expect(result).toMatchObject({ images: 14, unmeasured: 0, out });
        return Papa.parse(readFileSync(out, "utf8").trim()).data;
      };
      const [columns = [], ...ours] = await checked(project, "command-line.csv");
      const theirs = await checked(join(folder, "hat.winnow"), "page.csv");
      expect(ours).toHaveLength(14);
      for (const row of ours) {
        const other = theirs.find(([path]) => path === row[0])!;
        for (const [i, name] of columns.entries()) {
          if (name.endsWith("_score") && row[i] !== "") {
            expect(Math.abs(Number(row[i]) - Number(other[i])), `${name} of ${row[0]}`).toBeLessThan(0.01);
          } else expect(other[i], `${name} of ${row[0]}`).toBe(row[i]);
        }
      }
      const strict = winnow("check", project, "--threshold", "dark=1", "--strict");
      await expect(strict).rejects.toMatchObject({ code: 3 });
    });
  });
