import { WinnowError } from "../core/errors.ts";
import { revealedText } from "../core/format/unseenText.ts";
import type { Drive, Progress } from "../core/task.ts";

/** A line every so often where there is no terminal to draw a bar on. */
const lineEveryMs = 5_000;
const drawEveryMs = 100;
/** Work gives the event loop a turn this often, so that Ctrl-C arrives. */
const sliceMs = 50;

/** Says on stderr how far work has come: a bar on a terminal, a line every few seconds otherwise. */
export class Terminal {
  private lastShown = 0;
  private drawn = false;
  private label = "";
  private startedAt = 0;

  constructor(
    private readonly signal: AbortSignal,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  /** Begins a piece of work. */
  start(label: string): void {
    this.end();
    this.label = label;
    this.startedAt = performance.now();
    this.lastShown = 0;
  }

  progress({ done, total }: Progress, unit = ""): void {
    const now = performance.now();
    if (now - this.lastShown < (this.stream.isTTY ? drawEveryMs : lineEveryMs)) return;
    // A short piece of work leaves no line in a log.
    if (!this.stream.isTTY && now - this.startedAt < lineEveryMs) return;
    this.lastShown = now;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const rate = done / Math.max(0.001, (now - this.startedAt) / 1000);
    const words = `${this.label} ${done}${total > 0 ? ` of ${total}` : ""}${unit && ` ${unit}, ${rate.toFixed(1)}/s`}`;
    if (!this.stream.isTTY) {
      this.stream.write(`${words} (${Math.round(share * 100)} %)\n`);
      return;
    }
    const width = 24;
    const filled = Math.round(share * width);
    this.stream.write(`\r\x1b[K${"█".repeat(filled)}${"░".repeat(width - filled)} ${words}`);
    this.drawn = true;
  }

  /** Takes the bar away. */
  end(): void {
    if (this.drawn) this.stream.write("\r\x1b[K");
    this.drawn = false;
  }

  /** A line for the person; what file names in it could do to a terminal is shown instead of done. */
  say(text: string): void {
    this.end();
    this.stream.write(`${revealedText(text)}\n`);
  }

  /** Drives tasks with this terminal's progress; Ctrl-C ends them as `cancelled`. */
  readonly drive: Drive = async (task, onReport) => {
    let last = performance.now();
    try {
      for (;;) {
        const step = task.next();
        if (step.done) return step.value;
        this.progress(step.value);
        onReport?.();
        if (performance.now() - last >= sliceMs) {
          await new Promise((resolve) => setImmediate(resolve));
          last = performance.now();
        }
        if (this.signal.aborted) throw new WinnowError("cancelled", "Interrupted.");
      }
    } finally {
      task.return(undefined as never);
    }
  };
}
