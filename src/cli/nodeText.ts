import { basename, dirname, join } from "node:path";
import { isWinnowError, WinnowError } from "../core/errors.ts";
import { readOnnxFile } from "../core/model/onnxFile.ts";
import { type EmbeddedText, rowOfText } from "../core/model/rowOfText.ts";
import { readTextTower } from "../core/model/textTower.ts";
import { Tokeniser } from "../core/model/tokeniser.ts";
import { readTokenizerFile, type TextFile } from "../core/model/tokenizerFile.ts";
import { readOrThrow, startSession } from "./nodeSession.ts";

/** A text tower that was named on the command line. */
export interface TextTowerChoice {
  /** An ONNX file: a text tower, or both towers. */
  file: string;
  /** The tokenizer.json; the one beside the tower when left out. */
  tokenizer?: string | undefined;
  threads: number;
}

const usualTokenizer = "tokenizer.json";
const usualConfig = "tokenizer_config.json";

/**
 * A text in the space of a model's images. The tokenizer_config.json beside the tokenizer counts.
 * @throws WinnowError `vanished`, `config` or `model` that names the file
 */
export async function embedText(text: string, choice: TextTowerChoice): Promise<EmbeddedText> {
  const { file: path, threads } = choice;
  const bytes = await readOrThrow(path);
  const file = readOnnxFile(bytes, basename(path));
  const spec = readTextTower(file, basename(path));
  const tokenizer = choice.tokenizer ?? join(dirname(path), usualTokenizer);
  const tokeniser = new Tokeniser(
    readTokenizerFile(await tokenizerAt(tokenizer, path), await textBeside(tokenizer, usualConfig)),
    basename(tokenizer),
  );
  const { session, Tensor } = await startSession({ path, bytes, file, output: spec.output, threads });
  try {
    return await rowOfText(text, tokeniser, spec, async (inputs) => {
      const feeds = Object.fromEntries(
        inputs.map(({ name, type, data, dims }) => [name, new Tensor(type as "int32", data as Int32Array, dims)]),
      );
      return (await session.run(feeds, [spec.output]))[spec.output];
    });
  } finally {
    await session.release();
  }
}

async function tokenizerAt(path: string, tower: string): Promise<TextFile> {
  try {
    return { name: basename(path), text: (await readOrThrow(path)).toString("utf8") };
  } catch (error) {
    if (!isWinnowError(error, "vanished")) throw error;
    throw new WinnowError(
      "vanished",
      `There is no “${path}”: name the tokenizer.json of “${basename(tower)}” with --tokenizer.`,
    );
  }
}

async function textBeside(path: string, name: string): Promise<TextFile | null> {
  try {
    return { name, text: (await readOrThrow(join(dirname(path), name))).toString("utf8") };
  } catch (error) {
    if (isWinnowError(error, "vanished")) return null;
    throw error;
  }
}
