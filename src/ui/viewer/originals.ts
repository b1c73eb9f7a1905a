/** Originals that are kept at a time: the one in view and its neighbours on both sides. */
const kept = 5;

/** Original files as object URLs: the one in view, and those that the arrow keys lead to, decoded beforehand. */
export class Originals {
  private readonly held = new Map<number, Promise<{ url: string; image: HTMLImageElement }>>();

  constructor(private readonly read: (row: number) => Promise<Blob>) {}

  /** The object URL of a row's original; rejects as `read` does, and tries again when asked again. */
  async open(row: number): Promise<string> {
    const opening = this.held.get(row) ?? this.start(row);
    // The newest is last: it is the one in view and goes last.
    this.held.delete(row);
    this.held.set(row, opening);
    this.trim();
    return (await opening).url;
  }

  /** Reads and decodes a row's original, so that it shows at once when it is opened. Failures show when it is opened. */
  preload(row: number): void {
    if (this.held.has(row)) return;
    const opening = this.start(row);
    const [first] = this.held.keys();
    this.held.set(row, opening);
    if (this.held.size > kept && first !== undefined) this.drop(first);
    opening.then(({ image }) => image.decode()).catch(() => undefined);
  }

  close(): void {
    for (const row of [...this.held.keys()]) this.drop(row);
  }

  private async start(row: number): Promise<{ url: string; image: HTMLImageElement }> {
    try {
      const url = URL.createObjectURL(await this.read(row));
      const image = new Image();
      image.src = url;
      return { url, image };
    } catch (error) {
      this.held.delete(row);
      throw error;
    }
  }

  private trim(): void {
    for (const row of this.held.keys()) {
      if (this.held.size <= kept) return;
      this.drop(row);
    }
  }

  private drop(row: number): void {
    const opening = this.held.get(row);
    this.held.delete(row);
    opening?.then(({ url }) => URL.revokeObjectURL(url)).catch(() => undefined);
  }
}
