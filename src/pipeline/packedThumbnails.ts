import type { FileBytes, FolderReader } from "../core/projectFolder/folderFiles.ts";
import {
  type PackTable,
  packPath,
  readPackTable,
  thumbnailsPerPack,
  thumbnailType,
} from "../core/projectFolder/thumbnailPack.ts";

/** So long is waited for further wishes, which then share requests: less than a frame. */
const gatherMs = 8;
/** Bytes between two wanted thumbnails that cost less than a request of their own. */
const cheapGap = 32 << 10;
/** A request's answer is not longer, so that the first images of a long run are not kept waiting. */
const longestRun = 512 << 10;

interface Wish {
  row: number;
  resolve: (thumbnail: Blob | null) => void;
  reject: (error: unknown) => void;
}

interface Pack {
  file: FileBytes;
  table: PackTable;
}

/** Thumbnails that are read from their packs one by one as they are wanted; neighbours come with one request. */
export class PackedThumbnails {
  private readonly packs = new Map<number, Promise<Pack | null>>();
  private wishes: Wish[] = [];
  private pending = 0;
  private whenQuiet: (() => void)[] = [];

  constructor(private readonly files: FolderReader) {}

  /** Null for an image that has none; rejects as the folder does. */
  get(row: number): Promise<Blob | null> {
    this.pending++;
    return new Promise<Blob | null>((resolve, reject) => {
      if (this.wishes.length === 0) setTimeout(() => this.fulfil(), gatherMs);
      this.wishes.push({ row, resolve, reject });
    }).finally(() => {
      this.pending--;
      if (this.pending === 0) for (const resolve of this.whenQuiet.splice(0)) resolve();
    });
  }

  /** Resolves when no thumbnail is waited for: what nobody looks at leaves the line to them. */
  async quiet(): Promise<void> {
    if (this.pending > 0) await new Promise<void>((resolve) => this.whenQuiet.push(resolve));
  }

  private fulfil(): void {
    const byPack = new Map<number, Wish[]>();
    for (const wish of this.wishes) {
      const pack = Math.floor(wish.row / thumbnailsPerPack);
      byPack.set(pack, [...(byPack.get(pack) ?? []), wish]);
    }
    this.wishes = [];
    for (const [pack, wishes] of byPack) {
      this.fromPack(pack, wishes).catch((error) => {
        for (const { reject } of wishes) reject(error);
      });
    }
  }

  private async fromPack(number: number, wishes: Wish[]): Promise<void> {
    const pack = await this.pack(number);
    const placed = wishes.map((wish) => {
      const i = wish.row % thumbnailsPerPack;
      return { wish, start: pack?.table[i] ?? 0, end: pack?.table[i + 1] ?? 0 };
    });
    for (const { wish, start, end } of placed) if (end <= start) wish.resolve(null);
    const wanted = placed.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
    await Promise.all(
      runs(wanted).map(async (run) => {
        const first = run[0]!.start;
        const bytes = await pack!.file.slice(first, run.at(-1)!.end);
        for (const { wish, start, end } of run) {
          const own = bytes.slice(start - first, end - first);
          wish.resolve(new Blob([own], { type: thumbnailType(own) }));
        }
      }),
    );
  }

  private pack(number: number): Promise<Pack | null> {
    let pack = this.packs.get(number);
    if (pack === undefined) {
      const name = packPath(number);
      pack = this.files
        .open(name)
        .then(async (file) => file && { file, table: await readPackTable(file, name) })
        .catch((error) => {
          // It is asked for again: the network may be back.
          this.packs.delete(number);
          throw error;
        });
      this.packs.set(number, pack);
    }
    return pack;
  }
}

/** Pieces in the order of their places, cut where a gap is too wide or a run too long. */
export function runs<T extends { start: number; end: number }>(pieces: readonly T[]): T[][] {
  const out: T[][] = [];
  for (const piece of pieces) {
    const run = out.at(-1);
    const last = run?.at(-1);
    if (run && last && piece.start - last.end <= cheapGap && piece.end - run[0]!.start <= longestRun) run.push(piece);
    else out.push([piece]);
  }
  return out;
}
