import { toWinnowError, WinnowError } from "../core/errors.ts";
import { encodeFloat16 } from "../core/float16.ts";
import type { ImageTable } from "../core/imageTable.ts";
import { squareOf } from "../core/model/modelSpec.ts";
import type { Problem } from "../core/records.ts";
import type { Source } from "../sources/source.ts";
import type { ImageChange } from "../store/imageChanges.ts";
import type { ProjectStore } from "../store/projectStore.ts";
import type { Supervision } from "./analyst.ts";
import type { Engine } from "./engine.ts";
import { compareFolder, type FolderComparison } from "./folderComparison.ts";
import { putMissingRows } from "./missingRows.ts";

/** Changed files that are embedded and stored together. */
const imagesPerWrite = 8;
const decodeTimeoutMs = 60_000;

/** How many images of the project a folder holds, and how; what was done about it. */
export interface Refound {
  found: number;
  moved: number;
  /** Embedded anew. */
  changed: number;
  missing: number;
  /** Changed files that cannot be read as an image any more; the image stays as it was. */
  problems: Problem[];
  /** Files of the folder that are no image of the project. */
  others: number;
}

export interface RefindingOptions {
  store: ProjectStore;
  engine: Engine;
  images: ImageTable;
  source: Source;
  /** Whether another source of the project has a file under this path. */
  elsewhere(path: string): Promise<boolean>;
}

/**
 * Ties a project's images to the files of a folder: moved ones get their new path, changed ones are embedded anew, those
 * that are nowhere are noted as missing. Rows stay, and with them tags, labels and selections. What is done is stored as
 * it comes; broken off, it goes on the next time.
 * @throws WinnowError `empty` when the folder holds none of the images; `model` where changed files cannot be embedded;
 *   `cancelled`, `permission`, `storage-full`
 */
export async function findFolderAgain(options: RefindingOptions, supervision: Supervision): Promise<Refound> {
  const { store, images, source, elsewhere } = options;
  const compared = await compareFolder(images, source, supervision);
  const { found, moved, changed } = compared;
  if (found.length + moved.length === 0) {
    throw new WinnowError(
      "empty",
      `None of the project's ${images.length} images is in “${source.name}”, by name or by content. Nothing was changed.`,
    );
  }
  const missing: number[] = [];
  for (const row of compared.missing) if (!(await elsewhere(images.path(row)))) missing.push(row);
  await store.changeImages(renamed(images, compared));
  const problems = await embedAgain(options, changed, supervision);
  await putMissingRows(store, missing);
  return {
    found: found.length,
    moved: moved.length,
    changed: changed.length - problems.length,
    missing: missing.length,
    problems,
    others: compared.others,
  };
}

/** New paths and times; also the times of files that a copy has given another one, so that they are known at once. */
function renamed(images: ImageTable, { found, moved }: FolderComparison): ImageChange[] {
  const touched = found.filter(({ row, modifiedAt }) => images.at(row).modifiedAt !== modifiedAt);
  return [
    ...touched.map(({ row, modifiedAt }) => ({ record: { ...images.at(row), modifiedAt } })),
    ...moved.map(({ row, file }) => ({
      record: { ...images.at(row), path: file.path, modifiedAt: file.modifiedAt },
    })),
  ];
}

/** @returns what could not be read */
async function embedAgain(
  { store, engine, images }: RefindingOptions,
  changed: FolderComparison["changed"],
  { signal, progress }: Supervision,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  if (changed.length === 0) return problems;
  const square = squareOf(engine.manifest.spec);
  await engine.use(async (decoders, embedder) => {
    for (let first = 0; first < changed.length; first += imagesPerWrite) {
      const part = changed.slice(first, first + imagesPerWrite);
      const decoded = await Promise.all(
        part.map(async ({ row, file }) => {
          try {
            const blob = await file.open();
            const outcome = await decoders.run((remote) => remote.decode({ file: blob, path: file.path, ...square }), {
              signal,
              timeoutMs: decodeTimeoutMs,
            });
            if (outcome.kind === "image") return { row, file, outcome };
            return outcome.kind === "problem" ? outcome.reason : "It is not an image any more.";
          } catch (error) {
            const { code, message } = toWinnowError(error);
            if (code === "cancelled" || code === "permission") throw error;
            return message;
          }
        }),
      );
      for (const [i, result] of decoded.entries()) {
        if (typeof result !== "string") continue;
        const problem = { path: part[i]!.file.path, reason: `This file has changed and was not taken over: ${result}` };
        problems.push(problem);
        await store.putProblem(problem);
      }
      const fresh = decoded.filter((result) => typeof result !== "string");
      if (fresh.length > 0) {
        const features = encodeFloat16(
          await embedder.embed(
            fresh.map(({ outcome }) => outcome.rgb),
            signal,
          ),
        );
        const cols = features.length / fresh.length;
        await store.changeImages(
          fresh.map(({ row, file, outcome }, i) => {
            const { sha256, width, height, bytes, takenAt, measures, thumbnail } = outcome;
            const id = sha256.slice(0, 32);
            const { path, modifiedAt } = file;
            return {
              record: { ...images.at(row), id, path, width, height, bytes, sha256, modifiedAt, takenAt, measures },
              pixels: { features: features.slice(i * cols, (i + 1) * cols), thumbnail },
            };
          }),
        );
      }
      progress({ done: Math.min(changed.length, first + imagesPerWrite), total: changed.length });
    }
  });
  return problems;
}
