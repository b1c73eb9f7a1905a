import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { toWinnowError } from "../core/errors.ts";
import { revealedText } from "../core/format/unseenText.ts";
import { nodeKernels } from "./nodeKernels.ts";
import type { Surroundings } from "./surroundings.ts";
import { Terminal } from "./terminal.ts";

/** Exit codes: specs/cli.md. */
export const exit = { done: 0, failed: 1, wrongUsage: 2, issuesFound: 3, interrupted: 130 } as const;

const abort = new AbortController();
process.on("SIGINT", () => {
  if (abort.signal.aborted) process.exit(exit.interrupted);
  abort.abort();
});
process.on("SIGTERM", () => abort.abort());

/** The terminal, the interrupt key and this machine. */
export const surroundings: Surroundings = {
  terminal: new Terminal(abort.signal),
  signal: abort.signal,
  modelFile: fileURLToPath(new URL("model.onnx", import.meta.url)),
  kernels: (threads) => nodeKernels(new URL("kernelThread.mjs", import.meta.url), threads),
};

/** Written at once: what is printed last is not lost in a pipe when the process ends. */
export const print = (text: string): void => {
  writeSync(1, `${text}\n`);
};

export interface Outcome {
  /** What `--json` prints. */
  object: object;
  /** The same for a person. */
  sentence: string;
  /** The result itself is on stdout already, so the sentence goes to stderr. */
  printed?: boolean;
  /** Done, and yet not 0. */
  exitCode?: number;
}

/** The work of a verb: prints its result, the sentence for a person or with --json the object. */
export const verb =
  <Arguments extends unknown[]>(work: (...all: Arguments) => Promise<Outcome>) =>
  async (...all: Arguments): Promise<void> => {
    const { json } = all.at(-1) instanceof Command ? (all.at(-1) as Command).opts<{ json?: boolean }>() : {};
    try {
      const { object, sentence, printed, exitCode } = await work(...all);
      surroundings.terminal.end();
      if (json) print(JSON.stringify(object));
      else if (printed) surroundings.terminal.say(sentence);
      else print(revealedText(sentence));
      if (exitCode !== undefined) process.exitCode = exitCode;
    } catch (error) {
      const { code, message } = toWinnowError(error);
      surroundings.terminal.say(code === "cancelled" ? "Interrupted; what was finished is kept." : message);
      if (code === "internal" && process.env.WINNOW_DEBUG) console.error(error);
      if (json) print(JSON.stringify({ error: { code, message } }));
      process.exitCode = code === "cancelled" ? exit.interrupted : exit.failed;
    }
  };
