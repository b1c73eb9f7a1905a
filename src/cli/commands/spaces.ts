import type { ModelSpec } from "../../core/model/modelSpec.ts";
import type { EmbeddingEntry, Manifest } from "../../core/projectFolder/manifest.ts";
import { ownSpaceName } from "../chosenSpace.ts";
import { withProject } from "../openProject.ts";
import type { Surroundings } from "../surroundings.ts";

/** One embedding of a project. */
export interface SpaceSummary {
  /** What `--space` takes; “” for the project's own. */
  id: string;
  name: string;
  /** What made its features; null for vectors that came from elsewhere. */
  model: { name: string; sha256: string } | null;
  /** How images were fed to the model; null where an older version did not say. */
  preprocessing: ModelSpec | null;
  /** Numbers an image that the model gives; null where the project came without them. */
  features: number | null;
  /** Images that have features. */
  images: number;
  /** Numbers an embedding; null before `winnow adapt`. */
  dimensions: number | null;
  /** The embedding is of all images. */
  adapted: boolean;
  /** Projections that are stored. */
  maps: string[];
}

/** `winnow spaces`: the embeddings of a project, its own first. @returns also how many images it has */
export async function spaces(
  project: string,
  { terminal }: Surroundings,
): Promise<{ images: number; spaces: SpaceSummary[] }> {
  return await withProject(project, terminal, async ({ reader }) => {
    const { manifest, rows } = reader;
    const own: SpaceSummary = {
      id: "",
      name: ownSpaceName(manifest),
      ...madeBy(manifest.model),
      features: (await reader.features())?.cols ?? manifest.head?.features ?? null,
      images: rows,
      ...made(manifest, rows),
    };
    const further = (manifest.spaces ?? []).map(
      (entry): SpaceSummary => ({
        id: entry.id,
        name: entry.name,
        ...madeBy(entry.model),
        features: entry.features,
        images: entry.rows,
        ...made(entry, rows),
      }),
    );
    return { images: rows, spaces: [own, ...further] };
  });
}

function madeBy(model: Manifest["model"]): Pick<SpaceSummary, "model" | "preprocessing"> {
  if (model === null) return { model: null, preprocessing: null };
  return { model: { name: model.name, sha256: model.sha256 }, preprocessing: model.preprocessing.spec ?? null };
}

const made = ({ head, maps }: EmbeddingEntry, rows: number): Pick<SpaceSummary, "dimensions" | "adapted" | "maps"> => ({
  dimensions: head?.dim ?? null,
  adapted: head !== null && head.rows === rows,
  maps: Object.keys(maps),
});

/** The summaries for a person, a line each. */
export function spaceLines(images: number, all: readonly SpaceSummary[]): string[] {
  return all.map(({ id, name, preprocessing, features, images: own, dimensions, adapted, maps }) => {
    const parts = [
      id === "" ? "the project's own" : `--space ${id}`,
      preprocessing ? `${preprocessing.size} px, ${preprocessing.resize}` : null,
      features === null ? "no features" : `${features} features`,
      own < images ? `${own} of ${images} images` : `${images} images`,
      dimensions === null ? "not adapted" : `${dimensions} numbers${adapted ? "" : ", not of all images"}`,
      maps.length > 0 ? `maps ${maps.join(", ")}` : null,
    ];
    return `${name}: ${parts.filter((part) => part !== null).join(" · ")}`;
  });
}
