import { isWinnowError, WinnowError } from "../core/errors.ts";
import { canReopen, fromRef } from "../sources/fromRef.ts";
import { askPermission } from "../sources/permission.ts";
import type { Source, SourceRef } from "../sources/source.ts";
import type { ProjectInfo } from "../store/schema.ts";
import { type Access, accessTo, nameOf, sameRef } from "./sourceRefs.ts";

export interface ProjectSourcesOptions {
  info: () => ProjectInfo;
  update(change: (info: ProjectInfo) => ProjectInfo): Promise<void>;
  /** An original that was published with the project; null where there is none. */
  published(path: string): Promise<Blob | null>;
  /** Where the sample's zip is served. */
  sampleUrl: string;
}

/** Where a project's images came from, and the way back to their originals. */
export class ProjectSources {
  /** Sources of this session and those that could be opened again, newest first. */
  private readonly open: Source[] = [];

  constructor(private readonly options: ProjectSourcesOptions) {}

  /** Oldest first. */
  refs(): SourceRef[] {
    return this.options.info().sources as SourceRef[];
  }

  /** Uses a source of this session, and notes it, so that a reload can continue. */
  async fillFrom(source: Source): Promise<void> {
    if (!this.open.includes(source)) this.open.unshift(source);
    const refs = this.refs();
    const same = await Promise.all(refs.map((other) => sameRef(other, source.ref)));
    const sources = same.includes(true) ? refs : [...refs, source.ref];
    await this.options.update((info) => ({ ...info, unfinished: true, sources }));
  }

  /** Reads originals from this source before all others; those that the browser cannot find again are forgotten. */
  async replaceBy(source: Source): Promise<void> {
    if (!this.open.includes(source)) this.open.unshift(source);
    const kept: SourceRef[] = [];
    for (const ref of this.refs()) if (canReopen(ref) && !(await sameRef(ref, source.ref))) kept.push(ref);
    await this.options.update((info) => ({ ...info, sources: [...kept, source.ref] }));
  }

  /** Whether a source that can be read right now has a file under this path. */
  async has(path: string): Promise<boolean> {
    if (this.open.length === 0) await this.openGranted();
    for (const source of this.open) {
      try {
        await (await source.find(path)).open();
        return true;
      } catch (error) {
        if (!isWinnowError(error, "vanished") && !isWinnowError(error, "permission")) throw error;
      }
    }
    return false;
  }

  /** The last source, if it can be read again, for continuing an ingest. */
  async last(): Promise<{ source: Source | null; access: Access; name: string }> {
    const open = this.open[0];
    if (open) return { source: open, access: "granted", name: open.name };
    const ref = this.refs().at(-1);
    const { name } = this.options.info();
    if (ref === undefined) return { source: null, access: "gone", name };
    const access = await accessTo(ref);
    const source = access === "gone" ? null : fromRef(ref, this.options.sampleUrl);
    if (source && access === "granted") this.open.unshift(source);
    return { source, access, name: nameOf(ref, name) };
  }

  /** Asks the browser for every stored source; must be called from a click. True when at least one can be read. */
  async reconnect(): Promise<boolean> {
    let any = this.open.length > 0;
    for (const ref of this.refs()) {
      // Also of a source that is open: the permission may have been withdrawn since.
      if (!canReopen(ref) || (await askPermission(ref)) !== "granted") continue;
      any = true;
      const open = await Promise.all(this.open.map((source) => sameRef(source.ref, ref)));
      if (!open.includes(true)) this.open.push(fromRef(ref, this.options.sampleUrl));
    }
    return any;
  }

  /**
   * An image's original bytes.
   * @throws WinnowError `permission` when the browser wants a click, `vanished` when no source has it any more
   */
  async original(path: string): Promise<Blob> {
    if (this.open.length === 0) await this.openGranted();
    for (const source of this.open) {
      try {
        return await (await source.find(path)).open();
      } catch (error) {
        if (!isWinnowError(error, "vanished")) throw error;
      }
    }
    const published = await this.options.published(path);
    if (published) return published;
    const wanting = await Promise.all(this.refs().map(accessTo));
    if (wanting.includes("prompt")) throw new WinnowError("permission", "The browser wants a click first.", { path });
    const reason = this.options.info().published
      ? "was published without its original: only its owner has that."
      : "is not where it was. Choose its folder again.";
    throw new WinnowError("vanished", `“${path}” ${reason}`, { path });
  }

  async close(): Promise<void> {
    for (const source of this.open.splice(0)) await source.close();
  }

  private async openGranted(): Promise<void> {
    for (const ref of this.refs()) {
      if ((await accessTo(ref)) === "granted") this.open.push(fromRef(ref, this.options.sampleUrl));
    }
  }
}
