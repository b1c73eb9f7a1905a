/** How sessions and threads share the processor. */
export interface Arrangement {
  sessions: number;
  /** Inside each session. */
  threads: number;
}

/** With how many images a session call takes. */
export interface Tuning extends Arrangement {
  batch: number;
}

/** A tuning with the images a second that it was measured at. */
export interface MeasuredTuning extends Tuning {
  rate: number;
}

/** What of the machine decides. */
export interface Machine {
  /** As the browser counts them. */
  cores: number;
  /** A cross-origin isolated page: only there a session can have threads. */
  isolated: boolean;
}

/** Images a session call takes before anything was measured. */
export const usualBatch = 8;
/** Bytes that all sessions together may take, and that one takes besides three times its model. */
const mostBytes = 1e9;
const bytesOfSession = 1e8;
const usualSessions = 4;
const mostSessions = 8;

/**
 * What is used until it has been measured. Several sessions with one thread each usually beat one session with as many
 * threads, because nothing waits at the end of every operator.
 * @param modelBytes of the model's files, 0 when unknown
 */
export function arrange(machine: Machine, modelBytes = 0): Arrangement {
  return withSessions(machine, Math.min(machine.cores, usualSessions, roomFor(modelBytes)));
}

/** The arrangements that are worth a measurement, the one that is used until then first. */
export function arrangements(machine: Machine, modelBytes = 0): Arrangement[] {
  const { sessions } = arrange(machine, modelBytes);
  const most = Math.min(machine.cores, mostSessions, roomFor(modelBytes));
  const counts = new Set([sessions, Math.min(most, 2 * sessions), Math.max(1, Math.floor(sessions / 2))]);
  return [...counts].map((count) => withSessions(machine, count));
}

const roomFor = (modelBytes: number): number => Math.max(1, Math.floor(mostBytes / (bytesOfSession + 3 * modelBytes)));

function withSessions({ cores, isolated }: Machine, count: number): Arrangement {
  return { sessions: count, threads: isolated ? Math.max(1, Math.floor(cores / count)) : 1 };
}

export const sameArrangement = (a: Arrangement, b: Arrangement): boolean =>
  a.sessions === b.sessions && a.threads === b.threads;

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** “2 sessions × 1 thread” */
export const arrangementText = ({ sessions, threads }: Arrangement): string =>
  `${counted(sessions, "session")} × ${counted(threads, "thread")}`;

/** “2 sessions × 1 thread, 8 images at a time: 31 images/s” */
export function tuningText({ batch, rate, ...arrangement }: MeasuredTuning): string {
  const perSecond = rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
  return `${arrangementText(arrangement)}, ${counted(batch, "image")} at a time: ${perSecond} images/s`;
}
