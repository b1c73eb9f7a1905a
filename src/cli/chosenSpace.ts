import { WinnowError } from "../core/errors.ts";
import type { EmbeddingReader } from "../core/projectFolder/embeddingReader.ts";
import type { Manifest, SpaceEntry } from "../core/projectFolder/manifest.ts";
import type { ProjectReader } from "../core/projectFolder/projectReader.ts";

/** The embedding of a project that a command works on. */
export interface ChosenSpace {
  reader: EmbeddingReader;
  /** Empty for the project's own. */
  id: string;
  name: string;
  /** What made its features; null for vectors that came from elsewhere. */
  model: Manifest["model"];
  /** What names it in a command line; empty for the project's own. */
  option: "" | ` --space ${string}`;
}

/** What a project's own embedding is called. */
export const ownSpaceName = ({ model }: Pick<Manifest, "model">): string => model?.name ?? "Vectors";

/**
 * The embedding that `--space` names.
 * @param wanted its id or its name; left out: the project's own
 * @throws WinnowError `config` that lists what there is, when there is no such embedding or several have the name
 */
export function chosenSpace(reader: ProjectReader, wanted: string | undefined): ChosenSpace {
  const { manifest } = reader;
  const own: ChosenSpace = {
    reader: reader.own,
    id: "",
    name: ownSpaceName(manifest),
    model: manifest.model,
    option: "",
  };
  if (wanted === undefined) return own;
  const entry = spaceNamed(manifest, wanted);
  if (entry) {
    const { id, name } = entry;
    return { reader: reader.space(entry), id, name, model: entry.model, option: ` --space ${id}` };
  }
  if (wanted === own.name) return own;
  const list = [
    `“${own.name}” (without --space)`,
    ...(manifest.spaces ?? []).map(({ id, name }) => `“${name}” (${id})`),
  ].join(", ");
  throw new WinnowError("config", `There is no embedding “${wanted}” in this project. There are: ${list}.`, { wanted });
}

/**
 * A further embedding by its id, else by its name; null when there is none.
 * @throws WinnowError `config` when several have the name
 */
export function spaceNamed({ spaces = [] }: Manifest, wanted: string): SpaceEntry | null {
  const byId = spaces.find(({ id }) => id === wanted);
  if (byId) return byId;
  const named = spaces.filter(({ name }) => name === wanted);
  if (named.length > 1) {
    const ids = named.map(({ id }) => id).join(", ");
    throw new WinnowError("config", `${named.length} embeddings are called “${wanted}”: name one by its id: ${ids}.`);
  }
  return named[0] ?? null;
}

/** @throws WinnowError `empty` when the embedding lacks features of some of the project's images */
export function requireWhole({ reader, name, option }: ChosenSpace, { rows }: ProjectReader, project: string): void {
  if (reader.rows >= rows) return;
  throw new WinnowError(
    "empty",
    `“${name}” lacks ${rows - reader.rows} of ${rows} images. Run: winnow embed FOLDER --project ${project} --model FILE${option}`,
  );
}
