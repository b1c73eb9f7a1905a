import { WinnowError } from "../core/errors.ts";
import { type OnnxFile, readOnnxFile } from "../core/model/onnxFile.ts";
import { isTextTower } from "../core/model/textTower.ts";
import { isForTokenizer, requireTokenizerSize, type TextFile } from "../core/model/tokenizerFile.ts";

/** An ONNX file that was chosen, read as far as it says what it is. */
export interface ChosenOnnx {
  file: File;
  bytes: ArrayBuffer;
  onnx: OnnxFile;
}

/** What the files that a person chose together are for. */
export interface ChosenModelFiles {
  /** All of them, among which are those that hold weights. */
  all: readonly File[];
  /** What takes images, perhaps with its text tower in the same file. */
  image: ChosenOnnx | null;
  /** A text tower in a file of its own. */
  text: ChosenOnnx | null;
  tokenizer: TextFile | null;
  tokenizerConfig: TextFile | null;
  /** What says how images become the model's input. */
  preprocessing: { name: string; value: unknown } | null;
  classNames: File | null;
}

/** A page cannot hold a larger file in one piece. */
const mostBytes = 2 ** 31;
/** A tokenizer's older form, which its tokenizer.json holds again: no class names. */
const vocabularyLists = /^(merges|vocab)\.txt$/i;

/**
 * Tells files by what is in them, in whatever order they were chosen.
 * @throws WinnowError `model` for an ONNX file that is wrong, too large or one too many; `config` for JSON that is none
 */
export async function sortModelFiles(files: readonly File[]): Promise<ChosenModelFiles> {
  requireSizes(files);
  const [image, text] = await readTowers(files);
  let tokenizer: TextFile | null = null;
  let tokenizerConfig: TextFile | null = null;
  const others: { name: string; value: unknown }[] = [];
  for (const file of files) {
    if (!/\.json$/i.test(file.name)) continue;
    requireTokenizerSize(file.name, file.size);
    const content = await file.text();
    const value = parsed(file.name, content);
    const is = isForTokenizer(value, file.name);
    if (is === "tokenizer") tokenizer = { name: file.name, text: content };
    else if (is === "config") tokenizerConfig = { name: file.name, text: content };
    else if (is === null) others.push({ name: file.name, value });
  }
  // A model's own config.json comes with many downloads, and says less than what lies beside it.
  const preprocessing = others.find(({ name }) => !/^config\.json$/i.test(name)) ?? others[0] ?? null;
  const lists = files.filter(({ name }) => /\.txt$/i.test(name));
  const classNames = lists.find(({ name }) => tokenizer === null || !vocabularyLists.test(name)) ?? null;
  return { all: files, image, text, tokenizer, tokenizerConfig, preprocessing, classNames };
}

/**
 * Files that hold a model's weights, by the path that the model calls them.
 * @throws WinnowError `model` that names one that was not chosen
 */
export function weightsBeside({ file, onnx }: ChosenOnnx, all: readonly File[]): Map<string, File> {
  return new Map(
    onnx.externalFiles.map((path) => {
      const beside = all.find(({ name }) => name === path.split(/[\\/]/).at(-1));
      if (beside) return [path, beside];
      throw new WinnowError("model", `“${file.name}” keeps its weights in “${path}”: choose both files together.`, {
        file: file.name,
      });
    }),
  );
}

function requireSizes(files: readonly File[]): void {
  for (const { name, size } of files) {
    if (size < mostBytes) continue;
    throw new WinnowError(
      "model",
      `“${name}” has ${(size / 1e9).toFixed(1)} GB; a page can load files of less than 2 GB. Export the model with half-precision weights, or with its weights in several files.`,
    );
  }
}

async function readTowers(files: readonly File[]): Promise<[image: ChosenOnnx | null, text: ChosenOnnx | null]> {
  const towers: [ChosenOnnx | null, ChosenOnnx | null] = [null, null];
  const onnx = files.filter(({ name }) => /\.onnx$/i.test(name));
  for (const file of onnx) {
    const bytes = await file.arrayBuffer();
    const read: ChosenOnnx = { file, bytes, onnx: readOnnxFile(new Uint8Array(bytes), file.name) };
    const place = isTextTower(read.onnx) ? 1 : 0;
    if (towers[place] !== null) {
      const names = onnx.map(({ name }) => `“${name}”`).join(", ");
      throw new WinnowError(
        "model",
        `Choose one model at a time, with the files that belong to it; these are ${onnx.length}: ${names}.`,
      );
    }
    towers[place] = read;
  }
  return towers;
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WinnowError("config", `“${name}” is no JSON.`, { file: name }, { cause });
  }
}
