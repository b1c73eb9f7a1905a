import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { version } from "../../../package.json";
import { WinnowError } from "../../core/errors.ts";
import { fileList } from "../../core/format/fileList.ts";
import type { SelectionRecord } from "../../core/records.ts";
import { radiiOf } from "../../core/select/coverage.ts";
import { kCenter } from "../../core/select/kCenter.ts";
import { randomRows } from "../../core/select/random.ts";
import { fileError, writeWhole } from "../nodeFolder.ts";
import { withProject } from "../openProject.ts";
import { PathIndex } from "../pathIndex.ts";
import type { Surroundings } from "../surroundings.ts";
import { embeddingOf } from "./adapt.ts";

export interface SelectOptions {
  /** Images to choose, or a share of all with a percent sign. */
  n: { count: number } | { share: number };
  preselected?: string;
  minDistance?: number;
  seed: number;
  out?: string;
}

export interface SelectResult {
  selected: number;
  requested: number;
  already_chosen: number;
  radius: number | null;
  random_radius: number | null;
  /** Of --preselected, what matched no image. */
  unmatched: string[];
  record: string;
}

/**
 * `winnow select`: the most diverse images by k-center over the embedding, in pick order.
 * @returns the chosen paths, and what `--json` prints
 */
export async function select(
  project: string,
  options: SelectOptions,
  { terminal, kernels }: Surroundings,
): Promise<{ paths: string[]; result: SelectResult }> {
  return await withProject(project, terminal, async ({ reader, writer }) => {
    const { head, embeddings } = await embeddingOf(reader, project);
    const index = await PathIndex.of(reader);
    const before = options.preselected ? index.match(await lines(options.preselected)) : { rows: [], unmatched: [] };
    if (before.unmatched.length > 0) {
      terminal.say(
        `${before.unmatched.length} lines of ${options.preselected} match no image, the first: ${before.unmatched[0]}`,
      );
    }
    const alreadyChosen = Uint32Array.from(new Set(before.rows)).sort();
    const requested = "count" in options.n ? options.n.count : Math.round(options.n.share * embeddings.rows);
    const loaded = await kernels();
    terminal.start("Selecting");
    const { minDistance } = options;
    const picks = await terminal.drive(
      kCenter(loaded, embeddings, { n: requested, alreadyChosen, ...(minDistance !== undefined && { minDistance }) }),
    );
    const random = randomRows(embeddings.rows, picks.rows.length, alreadyChosen, options.seed);
    const randomRadii = await terminal.drive(radiiOf(loaded, embeddings, random, alreadyChosen));
    const record: SelectionRecord = {
      id: randomUUID(),
      name: `Selection of ${picks.rows.length}`,
      createdAt: Date.now(),
      requested,
      alreadyChosen,
      randomRadii,
      headHash: head.hash,
      programVersion: version,
      ...picks,
    };
    const paths = Array.from(picks.rows, (row) => index.path(row));
    if (options.out !== undefined) await writeWhole(options.out, fileList(paths));
    const file = await writer.putSelection(record, {
      modelSha256: reader.manifest.model?.sha256 ?? null,
      image: (row) => ({ id: index.id(row), path: index.path(row) }),
    });
    if (paths.length < requested && minDistance === undefined) {
      terminal.say(`Only ${paths.length} images were left to choose from; you asked for ${requested}.`);
    }
    return {
      paths,
      result: {
        selected: paths.length,
        requested,
        already_chosen: alreadyChosen.length,
        radius: picks.radii.at(-1) ?? null,
        random_radius: randomRadii.at(-1) ?? null,
        unmatched: before.unmatched,
        record: file,
      },
    };
  });
}

async function lines(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw fileError(error, file);
  }
  const all = text
    .replace(/^﻿/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  if (all.length === 0) throw new WinnowError("empty", `“${file}” holds no paths.`);
  return all;
}
