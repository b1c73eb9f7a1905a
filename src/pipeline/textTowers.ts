import { transfer } from "comlink";
import { Connection } from "../bridge/connection.ts";
import { spawnEmbedWorker } from "../bridge/workers.ts";
import { WinnowError } from "../core/errors.ts";
import { towerOf } from "../core/model/graphParts.ts";
import { imagePart } from "../core/model/imagePart.ts";
import type { OwnModel } from "../core/model/ownModel.ts";
import { readTextTower, requireSameWidth, type TextTower, takesTokens, widthOf } from "../core/model/textTower.ts";
import { readTokenizerFile } from "../core/model/tokenizerFile.ts";
import type { EmbedService, TextRequest } from "../protocol/embedding.ts";
import { type ChosenModelFiles, weightsBeside } from "./chosenModelFiles.ts";

/** A text that every tokenizer knows words of: what a tower makes of it shows that it runs. */
const trialText = "a photo";

/** Where a model's store keeps the text tower; no path that a model names begins so. */
const kept = { tower: "\0text", tokenizer: "\0tokenizer", config: "\0tokenizer_config", weights: "\0text/" };

/** A text tower as it is stored with its model: what is said of it, and its files. */
export interface StoredTower {
  text: TextTower;
  files: Map<string, Blob>;
}

/** Reads a file that is stored with a model; null for one that is not there. */
export type ReadStored = (name: string) => Promise<Blob | null>;

/**
 * The text tower among the files that were chosen for a model; null when none of them belongs to one. It has turned a
 * text into numbers once.
 * @param model what it belongs to, with its own file as `stored` reads it
 * @throws WinnowError `model` or `config` that says what is wrong with the files, or which one is missing
 */
export async function chosenTower(
  model: Omit<OwnModel, "text">,
  chosen: ChosenModelFiles,
  stored: ReadStored,
): Promise<StoredTower | null> {
  const { text: own, tokenizer, tokenizerConfig } = chosen;
  if (own === null && tokenizer === null) return null;
  const within = own === null;
  const name = own?.file.name ?? model.name;
  if (within && !takesTokens(model.file)) {
    throw new WinnowError(
      "model",
      `“${tokenizer?.name}” goes with a text tower: choose its .onnx file together with it. “${model.name}” takes images only.`,
    );
  }
  if (tokenizer === null) {
    throw new WinnowError(
      "model",
      `“${name}” is a text tower: choose its tokenizer.json together with it. It lies beside the model that you exported.`,
      { file: name },
    );
  }
  readTokenizerFile(tokenizer, tokenizerConfig);
  const files = new Map<string, Blob>([[kept.tokenizer, new Blob([tokenizer.text])]]);
  if (tokenizerConfig) files.set(kept.config, new Blob([tokenizerConfig.text]));
  if (own) {
    files.set(kept.tower, own.file);
    for (const [path, file] of weightsBeside(own, chosen.all)) files.set(kept.weights + path, file);
  }
  const onnx = own?.onnx ?? model.file;
  const text: TextTower = {
    name,
    bytes: [...files.values()].reduce((sum, { size }) => sum + size, 0),
    within,
    externalFiles: onnx.externalFiles,
    spec: readTextTower(onnx, name),
    tokenizer: tokenizer.name,
    configured: tokenizerConfig !== null,
  };
  const width = await trialWidth({ ...model, text }, async (path) => files.get(path) ?? (await stored(path)));
  const image = imagePart(model.file).outputs.find((output) => output.name === model.spec.output);
  const imageWidth = image && model.spec.pooling === "none" ? widthOf(image) : null;
  if (imageWidth !== null) requireSameWidth({ name, width }, { name: model.name, width: imageWidth });
  return { text, files };
}

/** Numbers that a tower gives a text: it is run once, and ended. */
async function trialWidth(model: OwnModel, stored: ReadStored): Promise<number> {
  const connection = textWorker(() => textRequest(model, stored));
  try {
    const { row } = await connection.call((remote) => remote.embedText(trialText));
    return row.length;
  } finally {
    connection.close();
  }
}

/** A worker for a text tower, which loads it with the first text, and again after a rest. The caller closes it. */
export function textWorker(
  request: () => Promise<TextRequest>,
  { idleMs, spawn = spawnEmbedWorker }: { idleMs?: number; spawn?: (name: string) => Worker } = {},
): Connection<EmbedService> {
  const setUp = async (remote: EmbedService): Promise<void> => {
    const all = await request();
    // The page keeps no copy.
    const buffers = [all.model, ...(all.externalData ?? []).map(({ data }) => data)];
    await remote.loadText(transfer(all, buffers));
  };
  return new Connection<EmbedService>(spawn, "text", setUp, idleMs);
}

/**
 * A model's text tower as a worker takes it.
 * @throws WinnowError `model` when the model has none, or its files are gone
 */
export async function textRequest({ name, text }: OwnModel, stored: ReadStored): Promise<TextRequest> {
  if (!text) {
    throw new WinnowError("model", `“${name}” has no text tower: choose its file and tokenizer on the Models screen.`);
  }
  const read = async (path: string): Promise<Blob> => {
    const blob = await stored(path);
    if (blob) return blob;
    throw new WinnowError("model", `The text tower “${text.name}” is not in this browser any more: choose it again.`);
  };
  const bytes = await (await read(text.within ? "" : kept.tower)).arrayBuffer();
  const externalData = await Promise.all(
    text.externalFiles.map(async (path) => {
      const blob = await read(text.within ? path : kept.weights + path);
      return { path, data: await blob.arrayBuffer() };
    }),
  );
  return {
    model: text.within ? towerOf(new Uint8Array(bytes), text.spec.output).buffer : bytes,
    ...(externalData.length > 0 && { externalData }),
    spec: text.spec,
    tokenizer: { name: text.tokenizer, text: await (await read(kept.tokenizer)).text() },
    config: text.configured ? { name: "tokenizer_config.json", text: await (await read(kept.config)).text() } : null,
  };
}
