import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { version } from "../../../package.json";
import { WinnowError } from "../../core/errors.ts";
import { fileList } from "../../core/format/fileList.ts";
import { neighbourGraph } from "../../core/knn/neighbourGraph.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { ObjectPoints } from "../../core/objects/objectPoints.ts";
import type { EmbeddingReader } from "../../core/projectFolder/embeddingReader.ts";
import { readSelection } from "../../core/projectFolder/selectionJson.ts";
import type { SelectionRecord } from "../../core/records.ts";
import { RowSet } from "../../core/rowSet.ts";
import { againText, nextNamed, olderConfig } from "../../core/selection/again.ts";
import { rowsToChooseAmong } from "../../core/selection/chooseAmong.ts";
import type { SelectionConfig } from "../../core/selection/config.ts";
import { fieldData } from "../../core/selection/fieldData.ts";
import { selectMeasured } from "../../core/selection/measured.ts";
import type { SelectionData } from "../../core/selection/problem.ts";
import { readConfig } from "../../core/selection/readConfig.ts";
import { excludedTag } from "../../core/tags.ts";
import type { Kernels } from "../../kernels/load.ts";
import { chosenSpace } from "../chosenSpace.ts";
import { fileError, writeWhole } from "../nodeFolder.ts";
import { withProject } from "../openProject.ts";
import { PathIndex } from "../pathIndex.ts";
import { contentsOf, fieldsOfContents, type ProjectContents } from "../projectContents.ts";
import { objectsNamed } from "../storedObjects.ts";
import type { Surroundings } from "../surroundings.ts";
import { embeddingOf } from "./adapt.ts";

export interface SelectOptions {
  /** Images to choose, or a share of all with a percent sign; instead of a configuration. */
  n?: { count: number } | { share: number };
  /** A file with a selection configuration, or a selection record to be run again; instead of `n`. */
  config?: string;
  preselected?: string;
  minDistance?: number;
  /** Choose among images that are tagged as excluded too. */
  withExcluded?: boolean;
  seed: number;
  /** Id or name of the embedding to choose by; the project's own when left out. */
  space?: string;
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
  /** Why it ended early; “” when it did not. */
  stopped: string;
  /** Images left out for want of a value, and the like. */
  notes: string[];
  record: string;
}

/**
 * `winnow select`: the most diverse images by k-center over the embedding, or what a configuration asks for, in pick
 * order.
 * @returns the chosen paths, and what `--json` prints
 */
export async function select(
  project: string,
  options: SelectOptions,
  { terminal, kernels }: Surroundings,
): Promise<{ paths: string[]; result: SelectResult }> {
  return await withProject(project, terminal, async ({ reader, writer }) => {
    const chosen = chosenSpace(reader, options.space);
    const embedding = await embeddingOf(chosen, reader, project);
    const { head, embeddings } = embedding;
    const index = await PathIndex.of(reader);
    const before = options.preselected ? index.match(await lines(options.preselected)) : { rows: [], unmatched: [] };
    if (before.unmatched.length > 0) {
      terminal.say(
        `${before.unmatched.length} lines of ${options.preselected} match no image, the first: ${before.unmatched[0]}`,
      );
    }
    const { config, record: repeated } =
      options.config === undefined
        ? { config: plainConfig(options), record: null }
        : await configOf(options.config, embeddings.rows);
    const alreadyChosen = Uint32Array.from(new Set([...(repeated?.alreadyChosen ?? []), ...before.rows])).sort();
    const contents = await contentsOf(reader);
    const excluded = (options.withExcluded ? null : contents.tags.get(excludedTag)) ?? RowSet.empty;
    // A record that is run again says itself among which images.
    const among = repeated ? (repeated.among ?? null) : rowsToChooseAmong(null, excluded, embeddings.rows);
    if (!repeated && excluded.size > 0) {
      terminal.say(`${excluded.size} excluded images are left out; --with-excluded chooses among them too.`);
    }
    const loaded = await kernels();
    terminal.start("Selecting");
    const objects = await objectsNamed(config, contents.sets, reader, chosen.id, embedding, loaded);
    const data = await projectData(contents, chosen.reader, embeddings, objects, loaded);
    const { stopped, notes, ...picks } = await terminal.drive(
      selectMeasured(loaded, data, config, { alreadyChosen, among, beyond: nextNamed }, { seed: options.seed }),
    );
    for (const note of notes) terminal.say(note);
    const record: SelectionRecord = {
      id: randomUUID(),
      name: `Selection of ${picks.rows.length}`,
      createdAt: Date.now(),
      alreadyChosen,
      ...(among && { among }),
      imageCount: embeddings.rows,
      headHash: head.hash,
      programVersion: version,
      ...picks,
      config,
    };
    if (repeated) {
      terminal.say(againText(repeated, picks.rows, { headHash: head.hash, imageCount: embeddings.rows }));
    }
    const paths = Array.from(picks.rows, (row) => index.path(row));
    if (options.out !== undefined) await writeWhole(options.out, fileList(paths));
    const file = await writer.putSelection(record, {
      modelSha256: chosen.model?.sha256 ?? null,
      image: (row) => ({ id: index.id(row), path: index.path(row) }),
    });
    if (stopped !== "") {
      const [first = "", ...rest] = stopped;
      const asked = config.nSamples === -1 ? "" : `; you asked for ${picks.requested}`;
      terminal.say(`${first.toUpperCase()}${rest.join("")}${asked}.`);
    }
    return {
      paths,
      result: {
        selected: paths.length,
        requested: picks.requested,
        already_chosen: alreadyChosen.length,
        radius: picks.radii.at(-1) ?? null,
        random_radius: picks.randomRadii.at(-1) ?? null,
        unmatched: before.unmatched,
        stopped,
        notes,
        record: file,
      },
    };
  });
}

function plainConfig({ n, minDistance }: SelectOptions): SelectionConfig {
  if (n === undefined) throw new WinnowError("config", "Say how many: --n 500, --n 5%, or --config selection.json.");
  const strategy = {
    type: "DIVERSITY" as const,
    ...(minDistance !== undefined && { stoppingConditionMinimumDistance: minDistance }),
  };
  return {
    ...("count" in n ? { nSamples: n.count } : { proportionSamples: n.share }),
    strategies: [{ input: { type: "EMBEDDINGS" }, strategy }],
  };
}

/** A configuration, or a selection record that is to be run again: what it counted as chosen counts. */
async function configOf(
  file: string,
  rows: number,
): Promise<{ config: SelectionConfig; record: SelectionRecord | null }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw fileError(error, file);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new WinnowError("config", `“${file}” is no JSON: ${said}`, { file });
  }
  if (typeof value === "object" && value !== null && "format" in value && value.format === "winnow-selection") {
    const record = readSelection(text, file, rows);
    return { config: record.config ?? olderConfig(record), record };
  }
  try {
    return { config: readConfig(value), record: null };
  } catch (error) {
    if (error instanceof WinnowError) throw new WinnowError(error.code, `“${file}”: ${error.message}`, { file });
    throw error;
  }
}

/** The project's images as the engine looks at them: the same fields as on the page. */
async function projectData(
  contents: ProjectContents,
  reader: EmbeddingReader,
  embeddings: Matrix,
  objects: ReadonlyMap<string, ObjectPoints>,
  kernels: Kernels,
): Promise<SelectionData> {
  const stored = await reader.graph(embeddings);
  return fieldData({
    embeddings,
    *graph(k) {
      return stored && stored.k >= Math.min(k, embeddings.rows - 1)
        ? stored
        : yield* neighbourGraph(kernels, embeddings, k);
    },
    paths: contents.images.paths,
    fields: fieldsOfContents(contents),
    objects,
    ...(contents.sets.length > 0 && { sets: contents.sets }),
    tags: contents.tags,
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
