import type { BoxThresholds } from "../../core/annotations/boxThresholds.ts";
import { duplicatePairs } from "../../core/cluster/duplicatePairs.ts";
import { nearDuplicates } from "../../core/cluster/nearDuplicates.ts";
import { outliers } from "../../core/cluster/outliers.ts";
import { WinnowError } from "../../core/errors.ts";
import { ImageTable } from "../../core/imageTable.ts";
import type { KnnGraph } from "../../core/knn/knnGraph.ts";
import { neighbourGraph } from "../../core/knn/neighbourGraph.ts";
import { adapt } from "../../core/linalg/adapt.ts";
import { defaultHead } from "../../core/linalg/head.ts";
import type { Matrix } from "../../core/matrix.ts";
import { qualityFromJson } from "../../core/projectFolder/qualityJson.ts";
import { duplicateChecks } from "../../core/quality/duplicateChecks.ts";
import { exactDuplicates } from "../../core/quality/exactDuplicates.ts";
import { imageHashes } from "../../core/quality/imageHashes.ts";
import { issueRows, qualityChecks, type Thresholds } from "../../core/quality/issues.ts";
import { issuesCsv } from "../../core/quality/issuesCsv.ts";
import { allChecks, type Check, type IssueTable, rowsWithIssues } from "../../core/quality/issueTable.ts";
import { boxThresholds, imageThreshold, type QualitySettings } from "../../core/quality/qualitySettings.ts";
import type { Drive } from "../../core/task.ts";
import type { Kernels } from "../../kernels/load.ts";
import { type ChosenSpace, chosenSpace, requireWhole } from "../chosenSpace.ts";
import { writeWhole } from "../nodeFolder.ts";
import { withProject } from "../openProject.ts";
import type { Surroundings } from "../surroundings.ts";
import { featuresOf } from "./adapt.ts";
import { labelCheck } from "./labelCheck.ts";

export interface CheckOptions {
  out?: string;
  threshold?: Partial<Thresholds>;
  /** Id or name of the embedding in which neighbours are looked for; the project's own when left out. */
  space?: string;
  boxThreshold?: Partial<BoxThresholds>;
}

/** What `--json` prints. */
export interface CheckResult {
  images: number;
  /** Images whose pixels were never measured: their quality columns are empty. */
  unmeasured: number;
  /** Images with at least one issue. */
  flagged: number;
  /** Flagged images by check; a check that was not made is absent. */
  issues: Partial<Record<Check, number>>;
  duplicate_groups: number;
  thresholds: Thresholds;
  box_thresholds: BoxThresholds;
  out: string | null;
}

/** Neighbours that duplicates and outliers are looked for among. */
const neighbours = 20;

/** `winnow check`: quality, duplicates, outliers, labels. @returns the table for stdout without --out, and the summary */
export async function check(
  project: string,
  { out, threshold, boxThreshold, space }: CheckOptions,
  { terminal, kernels }: Surroundings,
): Promise<{ csv: Iterable<string>; result: CheckResult }> {
  return await withProject(project, terminal, async ({ reader }) => {
    const moved = qualityFromJson(reader.manifest.quality);
    const thresholds = { ...thresholdsOf(moved), ...threshold };
    const boxes = { ...boxThresholds(moved), ...boxThreshold };
    const { near_duplicate: near, outlier: far } = moved.thresholds;
    if (reader.rows === 0) throw new WinnowError("empty", `There are no images in “${project}”.`);
    const images = new ImageTable();
    for await (const page of reader.images()) for (const { record } of page) images.append(record);
    const unmeasured = images.length - images.measures.measured;
    if (unmeasured > 0) {
      terminal.say(
        `${unmeasured} of ${images.length} images come from an older Winnow and were never measured; their quality columns stay empty. Embed their folder into a new project to measure them.`,
      );
    }
    const chosen = chosenSpace(reader, space);
    requireWhole(chosen, reader, project);
    terminal.start("Neighbours");
    const { graph, embeddings } = await neighboursOf(chosen, reader.rows, await kernels(), terminal.drive);
    terminal.start("Checking");
    const exact = exactDuplicates(images);
    const hashes = imageHashes(images.measures, images.length);
    const hasFeatures = (await reader.features()) !== null;
    const pairs = hasFeatures
      ? await duplicatePairs({ graph, features: await featuresOf({ reader: reader.own }), hashes }, terminal.drive)
      : null;
    if (pairs === null) terminal.say("This project came without its features, so only exact duplicates are found.");
    const groups = pairs
      ? nearDuplicates(pairs, { same: exact, ...(near !== undefined && { threshold: near }) })
      : exact;
    const { scores, flagged: usual } = await terminal.drive(outliers(graph));
    const flagged = far === undefined ? usual : Uint32Array.from(scores.keys()).filter((row) => scores[row]! < far);
    terminal.start("Labels");
    const labels = await labelCheck(reader, embeddings, await kernels(), terminal.drive, boxes);
    const table: IssueTable = {
      paths: images.paths,
      checks: {
        ...issueRows(images, thresholds),
        ...duplicateChecks(exact, groups, images.length),
        outlier: { scores, flagged },
        ...(labels && { label: labels.checked }),
      },
      groups,
      suggestedLabels: labels?.suggested ?? null,
    };
    if (out !== undefined) await writeWhole(out, issuesCsv(table));
    const issues: CheckResult["issues"] = {};
    for (const name of allChecks) {
      const found = table.checks[name];
      if (found) issues[name] = found.flagged.length;
    }
    return {
      csv: issuesCsv(table),
      result: {
        images: images.length,
        unmeasured,
        flagged: rowsWithIssues(table).length,
        issues,
        duplicate_groups: groups.length,
        thresholds,
        box_thresholds: boxes,
        out: out ?? null,
      },
    };
  });
}

const thresholdsOf = (moved: QualitySettings): Thresholds =>
  Object.fromEntries(qualityChecks.map((name) => [name, imageThreshold(moved, name)])) as Thresholds;

/**
 * The neighbours of all images in the embedding, where that is of all of them; otherwise in the one that `winnow adapt`
 * would make, which is not kept.
 */
async function neighboursOf(
  chosen: ChosenSpace,
  rows: number,
  kernels: Kernels,
  drive: Drive,
): Promise<{ graph: KnnGraph; embeddings: Matrix }> {
  const stored = await chosen.reader.embedding();
  if (stored?.embeddings.rows === rows) {
    const { embeddings } = stored;
    const graph = await chosen.reader.graph(embeddings);
    if (graph && graph.k >= Math.min(neighbours, rows - 1)) return { graph, embeddings };
    return { graph: await drive(neighbourGraph(kernels, embeddings, neighbours)), embeddings };
  }
  const { embeddings } = await adapt(kernels, await featuresOf(chosen), defaultHead, drive);
  return { graph: await drive(neighbourGraph(kernels, embeddings, neighbours)), embeddings };
}
