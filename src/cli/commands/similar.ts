import { WinnowError } from "../../core/errors.ts";
import { mostSimilar } from "../../core/select/similarity.ts";
import { chosenSpace } from "../chosenSpace.ts";
import { withProject } from "../openProject.ts";
import { PathIndex } from "../pathIndex.ts";
import type { Surroundings } from "../surroundings.ts";
import { embeddingOf } from "./adapt.ts";

export interface SimilarOptions {
  to: string[];
  not?: string[];
  k: number;
  space?: string;
}

/** `winnow similar`: the images nearest to some images of the project, and far from others; nearest first. */
export async function similar(
  project: string,
  options: SimilarOptions,
  { terminal, kernels }: Surroundings,
): Promise<{ path: string; distance: number }[]> {
  return await withProject(project, terminal, async ({ reader }) => {
    const { embeddings } = await embeddingOf(chosenSpace(reader, options.space), reader, project);
    const index = await PathIndex.of(reader);
    const rowsOf = (paths: readonly string[]): number[] => {
      const { rows, unmatched } = index.match(paths);
      if (unmatched.length > 0) {
        throw new WinnowError("vanished", `There is no image “${unmatched[0]}” in “${project}”, or more than one.`);
      }
      return rows;
    };
    const examples = { positives: rowsOf(options.to), negatives: rowsOf(options.not ?? []) };
    terminal.start("Comparing");
    const found = await terminal.drive(mostSimilar(await kernels(), embeddings, examples, { k: options.k }));
    return Array.from(found.rows, (row, i) => ({ path: index.path(row), distance: found.distances[i]! }));
  });
}
