import { WinnowError } from "../core/errors.ts";
import { squareOf } from "../core/model/modelSpec.ts";
import type { Engine } from "./engine.ts";
import { Ingest, type IngestCounts, type IngestOptions } from "./ingest.ts";

/** A running ingest; `finished` settles when it has ended in any way. */
export interface IngestRun {
  pause(): void;
  resume(): void;
  cancel(): void;
  finished: Promise<IngestCounts>;
}

/**
 * Starts an ingest with an engine's workers; it can be paused and cancelled from the first moment.
 * @param begin comes before anything else; when it rejects, nothing is begun
 * @param ended comes once everything is stored
 */
export function startIngest(
  engine: Engine,
  options: Pick<IngestOptions, "store" | "source" | "known" | "now" | "events">,
  { begin, ended }: { begin(): Promise<void>; ended(counts: IngestCounts): Promise<void> },
): IngestRun {
  let ingest: Ingest | null = null;
  let paused = false;
  const abort = new AbortController();
  const run = async (): Promise<IngestCounts> => {
    await begin();
    return await engine.use(async (decoders, embedder) => {
      if (abort.signal.aborted) throw new WinnowError("cancelled", "Cancelled.");
      ingest = new Ingest({ ...options, decoders, embedder, square: squareOf(engine.manifest.spec) });
      if (paused) ingest.pause();
      const counts = await ingest.run();
      await ended(counts);
      return counts;
    });
  };
  return {
    pause: () => {
      paused = true;
      ingest?.pause();
    },
    resume: () => {
      paused = false;
      ingest?.resume();
    },
    cancel: () => {
      abort.abort();
      ingest?.cancel();
    },
    finished: run(),
  };
}
