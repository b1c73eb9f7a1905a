import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { version } from "../../../package.json";
import { WinnowError } from "../../core/errors.ts";
import { fileFields, tagField } from "../../core/explore/fileFields.ts";
import { fileList } from "../../core/format/fileList.ts";
import { ImageTable } from "../../core/imageTable.ts";
import { neighbourGraph } from "../../core/knn/neighbourGraph.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { ProjectReader } from "../../core/projectFolder/projectReader.ts";
import type { SelectionRecord } from "../../core/records.ts";
import { RowSet } from "../../core/rowSet.ts";
import { coverageOf, radiiOf } from "../../core/select/coverage.ts";
import { randomRows } from "../../core/select/random.ts";
import type { SelectionConfig } from "../../core/selection/config.ts";
import { fieldData } from "../../core/selection/fieldData.ts";
import type { SelectionData } from "../../core/selection/problem.ts";
import { readConfig } from "../../core/selection/readConfig.ts";
import { selectImages } from "../../core/selection/selectImages.ts";
import type { Kernels } from "../../kernels/load.ts";
import { fileError, writeWhole } from "../nodeFolder.ts";
import { withProject } from "../openProject.ts";
import { PathIndex } from "../pathIndex.ts";
import type { Surroundings } from "../surroundings.ts";
import { embeddingOf } from "./adapt.ts";

export interface SelectOptions {
  /** Images to choose, or a share of all with a percent sign; instead of a configuration. */
  n?: { count: number } | { share: number };
  /** A file with a selection configuration; instead of `n`. */
  config?: string;
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
    const { head, embeddings } = await embeddingOf(reader, project);
    const index = await PathIndex.of(reader);
    const before = options.preselected ? index.match(await lines(options.preselected)) : { rows: [], unmatched: [] };
    if (before.unmatched.length > 0) {
      terminal.say(
        `${before.unmatched.length} lines of ${options.preselected} match no image, the first: ${before.unmatched[0]}`,
      );
    }
    const alreadyChosen = Uint32Array.from(new Set(before.rows)).sort();
    const config = options.config === undefined ? plainConfig(options) : await configOf(options.config);
    const loaded = await kernels();
    terminal.start("Selecting");
    const data = await projectData(reader, embeddings, loaded);
    const picks = await terminal.drive(selectImages(loaded, data, config, { alreadyChosen, among: null }));
    for (const note of picks.notes) terminal.say(note);
    const coverage = await terminal.drive(coverageOf(loaded, embeddings, picks.rows, alreadyChosen));
    const random = randomRows(embeddings.rows, picks.rows.length, alreadyChosen, options.seed);
    const randomRadii = await terminal.drive(radiiOf(loaded, embeddings, random, alreadyChosen));
    const record: SelectionRecord = {
      id: randomUUID(),
      name: `Selection of ${picks.rows.length}`,
      createdAt: Date.now(),
      requested: picks.requested,
      alreadyChosen,
      randomRadii,
      headHash: head.hash,
      programVersion: version,
      rows: picks.rows,
      ...coverage,
      config,
      factors: picks.factors,
    };
    const paths = Array.from(picks.rows, (row) => index.path(row));
    if (options.out !== undefined) await writeWhole(options.out, fileList(paths));
    const file = await writer.putSelection(record, {
      modelSha256: reader.manifest.model?.sha256 ?? null,
      image: (row) => ({ id: index.id(row), path: index.path(row) }),
    });
    if (picks.stopped !== "") {
      const [first = "", ...rest] = picks.stopped;
      const asked = config.nSamples === -1 ? "" : `; you asked for ${picks.requested}`;
      terminal.say(`${first.toUpperCase()}${rest.join("")}${asked}.`);
    }
    return {
      paths,
      result: {
        selected: paths.length,
        requested: picks.requested,
        already_chosen: alreadyChosen.length,
        radius: coverage.radii.at(-1) ?? null,
        random_radius: randomRadii.at(-1) ?? null,
        unmatched: before.unmatched,
        stopped: picks.stopped,
        notes: picks.notes,
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

async function configOf(file: string): Promise<SelectionConfig> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new WinnowError("config", `“${file}” is no JSON: ${error.message}`, { file });
    throw fileError(error, file);
  }
  try {
    return readConfig(value);
  } catch (error) {
    if (error instanceof WinnowError) throw new WinnowError(error.code, `“${file}”: ${error.message}`, { file });
    throw error;
  }
}

/** The project's images as the engine looks at them: the same fields as on the page. */
async function projectData(reader: ProjectReader, embeddings: Matrix, kernels: Kernels): Promise<SelectionData> {
  const images = new ImageTable();
  const tagged = new Map<string, number[]>();
  const labels: string[] = [];
  for await (const page of reader.images()) {
    for (const { record, tags, label } of page) {
      images.append(record);
      labels.push(label);
      for (const tag of tags) {
        const rows = tagged.get(tag);
        if (rows) rows.push(record.row);
        else tagged.set(tag, [record.row]);
      }
    }
  }
  const tags = new Map([...tagged].map(([name, rows]) => [name, RowSet.of(rows)]));
  const names = [...new Set(labels)].filter((label) => label !== "").sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const label = {
    id: "label",
    title: "Label",
    kind: "category" as const,
    names,
    ofRow: Int32Array.from(labels, (one) => place.get(one) ?? -1),
  };
  const stored = await reader.graph(embeddings);
  return fieldData({
    embeddings,
    *graph(k) {
      return stored && stored.k >= Math.min(k, embeddings.rows - 1)
        ? stored
        : yield* neighbourGraph(kernels, embeddings, k);
    },
    paths: images.paths,
    fields: [...fileFields(images), tagField(tags), ...(names.length > 0 ? [label] : [])],
    tags,
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
