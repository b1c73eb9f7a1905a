import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { featureCosines } from "../../core/select/featureCosines.ts";
import { chosenSpace, requireWhole } from "../chosenSpace.ts";
import { embedText } from "../nodeText.ts";
import { withProject } from "../openProject.ts";
import { PathIndex } from "../pathIndex.ts";
import type { Surroundings } from "../surroundings.ts";
import { featuresOf } from "./adapt.ts";

export interface WordsOptions {
  /** What the images should show. */
  words: string;
  /** The text tower of the model that the project was embedded with. */
  text: string;
  tokenizer?: string;
  k: number;
  /** A further embedding, by name or id; the project's own when left out. */
  space?: string;
}

/** `winnow similar --words`: the images that match words best, as the page ranks them; ties go to the lower row. */
export async function similarToWords(
  project: string,
  { words, text, tokenizer, k, space }: WordsOptions,
  { terminal }: Surroundings,
): Promise<{ images: { path: string; similarity: number }[]; cut: boolean }> {
  return await withProject(project, terminal, async ({ reader }) => {
    const chosen = chosenSpace(reader, space);
    requireWhole(chosen, reader, project);
    const features = await featuresOf(chosen);
    const { row: vector, cut } = await embedText(words, { file: text, tokenizer, threads: availableParallelism() });
    terminal.start("Comparing");
    const progress = (now: { done: number; total: number }) => terminal.progress(now, "images");
    const values = await featureCosines(features, vector, `“${basename(text)}”`, terminal.drive, progress);
    const index = await PathIndex.of(reader);
    const rows = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
    return { images: rows.slice(0, k).map((row) => ({ path: index.path(row), similarity: values[row]! })), cut };
  });
}
