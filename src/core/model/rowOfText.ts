import { type ModelOutput, pooledRows } from "./modelTensors.ts";
import { type TextSpec, type TokenTensor, tokenTensors } from "./textTower.ts";
import type { Tokeniser } from "./tokeniser.ts";

/** A text in the space of a model's images. */
export interface EmbeddedText {
  /** f32, as many numbers as the model gives an image. */
  row: Float32Array;
  /** The text was longer than the model takes, and its end was left out. */
  cut: boolean;
}

/** A text that is long on purpose must not stop the tokenizer; no model reads so much. */
const mostCharacters = 10_000;

/**
 * Runs a text tower over one text.
 * @param run gives the spec's output for the inputs
 * @throws WinnowError `empty` for a text without words, `config` for its tokenizer, `model` for an output that is no row
 */
export async function rowOfText(
  text: string,
  tokeniser: Tokeniser,
  spec: TextSpec,
  run: (inputs: TokenTensor[]) => Promise<ModelOutput | undefined>,
): Promise<EmbeddedText> {
  const { ids, length, cut } = tokeniser.tokens(text.slice(0, mostCharacters), spec);
  const output = await run(tokenTensors(ids, length, tokeniser.pad, spec));
  return { row: pooledRows(output, 1, { pooling: "none", layout: "NCHW", output: spec.output }), cut };
}
