import type { Kernels } from "../kernels/load.ts";
import type { Terminal } from "./terminal.ts";

/** What a command works with besides its arguments. */
export interface Surroundings {
  terminal: Terminal;
  /** Aborts at Ctrl-C. */
  signal: AbortSignal;
  /** The bundled model on disk. */
  modelFile: string;
  /** The kernels on this many threads, or on all there are. */
  kernels(threads?: number): Promise<Kernels>;
}
