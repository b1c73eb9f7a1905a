/** Followers hear of changes at most so often: each of them makes them read. */
const announceMs = 400;
/** A writer that does not answer for so long is frozen by its browser, or hangs. */
const answerMs = 3_000;

/** Followers read `edited` changes; after `computed` also embedding, maps and what was found by them. */
export type TabChange = "edited" | "computed";
type Message = TabChange | "hand over";

/** What a tab does about the others that have the same project open. */
export interface TabEvents {
  /** A follower: something of what is stored has changed. */
  changed(what: TabChange): void;
  /** A follower: from now on it is the one that writes. */
  mayWrite(): void;
  /** The writer: another tab wants to write. What it does then must end with {@link ProjectTabs.close}. */
  handOver(): void;
}

/**
 * The tabs of this browser that have one project open: one writes it, the others follow. The right to write is a Web
 * Lock, so it ends with its tab however that ends, and the tab that has waited longest gets it.
 */
export class ProjectTabs {
  private readonly closing = new AbortController();
  private readonly channel: BroadcastChannel;
  private release: (() => void) | null = null;
  /** Settle when their locks are given back, or were not to be had. */
  private readonly requests: Promise<void>[] = [];
  private waiting = false;
  private events: TabEvents | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastAnnounced = 0;
  private waitingToTell: TabChange = "edited";

  private constructor(private readonly lock: string) {
    this.channel = new BroadcastChannel(lock);
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data === "hand over") {
        if (this.writes) this.events?.handOver();
      } else if (!this.writes) this.events?.changed(data);
    };
  }

  /** Joins the tabs of a project; writes it when no other does. */
  static async join(projectId: string): Promise<ProjectTabs> {
    const tabs = new ProjectTabs(`winnow-project-${projectId}`);
    await tabs.request({ ifAvailable: true });
    return tabs;
  }

  /** Does work on a project that no tab has open; null when one has. */
  static async alone<T>(projectId: string, work: () => Promise<T>): Promise<T | null> {
    const tabs = await ProjectTabs.join(projectId);
    try {
      return tabs.writes ? await work() : null;
    } finally {
      await tabs.close();
    }
  }

  /** Whether this tab may write. */
  get writes(): boolean {
    return this.release !== null;
  }

  /** Begins to hear of the others; a follower waits in line to write. */
  listen(events: TabEvents): void {
    this.events = events;
    if (this.writes || this.waiting) return;
    this.waiting = true;
    void this.request({ signal: this.closing.signal });
  }

  /** Tells the followers that something of what is stored has changed; soon, and not too often. */
  announce(what: TabChange = "edited"): void {
    if (what === "computed") this.waitingToTell = what;
    if (!this.writes || this.timer !== undefined) return;
    const wait = Math.max(0, this.lastAnnounced + announceMs - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.lastAnnounced = performance.now();
      this.tell(this.waitingToTell);
      this.waitingToTell = "edited";
    }, wait);
  }

  /** A follower asks for the right to write; it comes as {@link TabEvents.mayWrite}. */
  ask(): void {
    if (this.writes) return;
    this.tell("hand over");
    setTimeout(() => {
      if (!this.writes && !this.closing.signal.aborted) void this.request({ steal: true });
    }, answerMs);
  }

  /** Gives up the right to write, and the place in line; resolves once another may have them. */
  async close(): Promise<void> {
    if (this.timer !== undefined) {
      // What was done last must not wait for a tab that is no longer there.
      clearTimeout(this.timer);
      this.timer = undefined;
      this.tell(this.waitingToTell);
    }
    this.closing.abort();
    this.events = null;
    this.channel.close();
    this.release?.();
    this.release = null;
    await Promise.all(this.requests);
  }

  private tell(message: Message): void {
    this.channel.postMessage(message);
  }

  /** Resolves once the lock is held, or was not to be had. */
  private request(options: LockOptions): Promise<void> {
    return new Promise((resolve) => {
      const over = navigator.locks
        .request(this.lock, options, (lock) => {
          if (lock === null || this.closing.signal.aborted || this.writes) {
            resolve();
            return;
          }
          return new Promise<void>((release) => {
            this.release = release;
            resolve();
            this.events?.mayWrite();
          });
        })
        .catch(() => {
          // Closed while waiting; or the right was taken because this tab did not answer: then it must stop writing.
          resolve();
          if (!this.writes) return;
          this.release = null;
          this.events?.handOver();
        });
      this.requests.push(over);
    });
  }
}
