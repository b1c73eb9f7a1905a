import { availableParallelism } from "node:os";
import { updatedSet } from "../../core/annotations/updatedSet.ts";
import { toWinnowError, WinnowError } from "../../core/errors.ts";
import { setId } from "../../core/format/annotations/setNames.ts";
import { squareOf } from "../../core/model/modelSpec.ts";
import { spaceId } from "../../core/model/ownModel.ts";
import {
  keepsProbabilities,
  type PredictedRows,
  predictedRows,
  type SaidOfImage,
  setOfPredictions,
} from "../../core/model/predictedRows.ts";
import type { ImageRecord } from "../../core/records.ts";
import { inOrder } from "../../pipeline/inOrder.ts";
import { unpredicted } from "../../pipeline/predicting.ts";
import type { Source } from "../../sources/source.ts";
import { decodeWithSharp } from "../decodeWithSharp.ts";
import { NodeModel } from "../nodeModel.ts";
import { diskSource } from "../nodeSource.ts";
import { withProject } from "../openProject.ts";
import { contentsOf } from "../projectContents.ts";
import type { Surroundings } from "../surroundings.ts";

export interface PredictOptions {
  model: string;
  preprocessing?: string;
  classes?: string;
  name?: string;
  size?: number;
  threads?: number;
}

/** What `--json` prints. */
export interface PredictResult {
  /** Id of the prediction task. */
  set: string;
  predicted: number;
  /** Images of which this model had said something before. */
  known: number;
  instances: number;
  /** Images that are not in the folders, or have changed since they were embedded. */
  missing: { path: string; reason: string }[];
}

/** Images a session call takes. */
const imagesPerCall = 8;

/**
 * `winnow predict`: what a classifier or detector says of the project's images becomes a prediction task. What it has
 * said when it is interrupted is kept, and the next run goes on there.
 */
export async function predict(
  project: string,
  folders: readonly string[],
  { name, ...options }: PredictOptions,
  { terminal, signal, modelFile }: Surroundings,
): Promise<PredictResult> {
  const source = await diskSource(folders);
  const threads = options.threads ?? availableParallelism();
  const { model: file, ...choice } = options;
  const model = await NodeModel.load({ ...choice, file, predicts: true, threads, bundled: modelFile });
  return await withProject(project, terminal, async ({ reader, writer }) => {
    const { images, sets } = await contentsOf(reader);
    const { spec, sha256, name: modelName } = model.manifest;
    const { predicts } = spec;
    if (!predicts) throw new WinnowError("internal", "a model that predicts was asked for");
    const title = name ?? modelName.replace(/\.onnx$/i, "");
    const about = {
      id: setId(title),
      name: title,
      source: { format: "model", file: modelName, at: Date.now(), model: spaceId(sha256, spec) },
    };
    const before = sets.find(({ id }) => id === about.id) ?? null;
    if (before && before.source.format !== "model") {
      throw new WinnowError("config", `The project has a set called “${before.name}” already: give another --name.`);
    }
    const rows = unpredicted(images.length, before, [], about.source.model);
    const result = { set: about.id, predicted: 0, known: images.length - rows.length, instances: 0 };
    const missing: PredictResult["missing"] = [];
    const parts: PredictedRows[] = [];
    terminal.start("Predicting");
    let waiting: { image: ImageRecord; rgb: Uint8Array }[] = [];
    const run = async (): Promise<void> => {
      if (waiting.length === 0) return;
      const found = await model.predict(waiting.map(({ rgb }) => rgb));
      const said: SaidOfImage[] = waiting.map(({ image }, i) => ({ image, said: found[i]! }));
      const classes = found[0]?.probabilities?.length ?? 0;
      const part = predictedRows(said, spec, keepsProbabilities(images.length, classes));
      parts.push(part);
      result.predicted += waiting.length;
      result.instances += part.classOf.length;
      waiting = [];
    };
    const each = async function* () {
      for (const row of rows) if (!signal.aborted) yield images.at(row);
    };
    for await (const decoded of inOrder(each(), threads + 1, (image) => decodedAgain(source, image, squareOf(spec)))) {
      if ("reason" in decoded) missing.push(decoded);
      else waiting.push(decoded);
      if (waiting.length >= imagesPerCall) await run();
      terminal.progress({ done: result.predicted + missing.length, total: rows.length }, "images");
    }
    await run();
    await model.close();
    if (parts.length > 0) {
      const set = setOfPredictions(parts, predicts, about);
      await writer.putAnnotations(before ? updatedSet(before, set) : set);
      const others = sets.filter(({ id }) => id !== about.id);
      await writer.keepAnnotations([...others, set]);
    }
    if (signal.aborted) throw new WinnowError("cancelled", "Interrupted.");
    return { ...result, missing };
  });
}

/** A model's input of an image of the project, or why there is none. */
async function decodedAgain(
  source: Source,
  image: ImageRecord,
  square: ReturnType<typeof squareOf>,
): Promise<{ image: ImageRecord; rgb: Uint8Array } | { path: string; reason: string }> {
  const { path } = image;
  try {
    const file = await (await source.find(path)).open();
    const decoded = await decodeWithSharp({ file, path, ...square });
    if (decoded.kind === "image" && decoded.sha256 === image.sha256) return { image, rgb: decoded.rgb };
    return { path, reason: "The file has changed since it was embedded." };
  } catch (error) {
    return { path, reason: toWinnowError(error).message };
  }
}
