import { access, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { WinnowError } from "../core/errors.ts";
import { towerOf } from "../core/model/graphParts.ts";
import type { OnnxFile } from "../core/model/onnxFile.ts";
import { codeOf, fileError } from "./nodeFolder.ts";

/** A model's file, read as far as it says what it is. */
export interface ReadModel {
  path: string;
  bytes: Uint8Array;
  file: OnnxFile;
  /** The output that is wanted: of a file with two towers only what makes it is run. */
  output: string;
  threads: number;
}

/**
 * Starts the native runtime on a model.
 * @throws WinnowError `model` when weights are missing or the file cannot be run
 */
export async function startSession({
  path,
  bytes,
  file,
  output,
  threads,
}: ReadModel): Promise<{ session: InferenceSession; Tensor: typeof OrtTensor }> {
  for (const name of file.externalFiles) await requireExternal(path, name);
  const isPart = (file.needs?.get(output)?.length ?? file.inputs.length) < file.inputs.length;
  if (isPart && file.externalFiles.length > 0) {
    throw new WinnowError(
      "model",
      `“${path}” holds two towers and keeps its weights in “${file.externalFiles[0]}”: export each tower into a file of its own.`,
    );
  }
  const { InferenceSession: Session, Tensor } = await import("onnxruntime-node");
  const options = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  } as const;
  try {
    // By its path the runtime finds the files beside it.
    const session = isPart
      ? await Session.create(towerOf(bytes, output), options)
      : await Session.create(path, options);
    return { session, Tensor };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new WinnowError("model", `“${path}” cannot be run: ${words}`, { path }, { cause });
  }
}

/** A file's bytes. @throws WinnowError that names the file and why it cannot be read */
export async function readOrThrow(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** The weights beside a model must be there, and nowhere else: a model is a file of somebody else. */
async function requireExternal(model: string, name: string): Promise<void> {
  if (name !== basename(name) || name === "..") {
    throw new WinnowError("model", `“${model}” keeps weights in “${name}”, outside its own folder.`);
  }
  try {
    await access(join(dirname(model), name));
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw fileError(error, join(dirname(model), name));
    throw new WinnowError("model", `“${model}” keeps its weights in “${name}”: put that file beside it.`);
  }
}
