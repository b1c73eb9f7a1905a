import { modelEntry } from "../../models/manifest.ts";
import { WinnowError } from "../core/errors.ts";
import type { ProjectReader } from "../core/projectFolder/projectReader.ts";
import type { ProjectSummary } from "../core/records.ts";
import type { Source } from "../sources/source.ts";
import { Catalogue } from "../store/catalogue.ts";
import { ProjectStore, summaryOf } from "../store/projectStore.ts";
import type { ProjectInfo } from "../store/schema.ts";
import type { Supervision } from "./analyst.ts";
import type { Engine } from "./engine.ts";
import { Project } from "./project.ts";
import { ProjectTabs } from "./projectTabs.ts";
import type { PublishedProject } from "./publishedProject.ts";
import { mendList } from "./strayProjects.ts";

/** All projects of this browser. */
export class Library {
  /** The one that was opened last, so that its copy need not ask for it again. */
  private published: PublishedProject | null = null;

  private constructor(
    private readonly catalogue: Catalogue,
    private readonly engine: Engine,
    private readonly sampleUrl: string,
    private readonly now: () => number,
  ) {}

  static async open(engine: Engine, sampleUrl: string, now: () => number): Promise<Library> {
    const catalogue = await Catalogue.open();
    await mendList(catalogue);
    return new Library(catalogue, engine, sampleUrl, now);
  }

  /** Newest first. */
  list(): Promise<ProjectSummary[]> {
    return this.catalogue.list();
  }

  /**
   * A new, empty project that is about to be filled from `source`.
   * @param asDraft embedded with smaller images than usual
   */
  async create(source: Source, asDraft: boolean): Promise<Project> {
    const now = this.now();
    const { manifest } = asDraft ? this.engine.asDraft() : this.engine;
    const info: ProjectInfo = {
      id: crypto.randomUUID(),
      name: source.name,
      createdAt: now,
      updatedAt: now,
      modelId: manifest.id,
      ...(asDraft && { model: modelEntry(manifest) }),
      imageCount: 0,
      storedBytes: 0,
      ignoredCount: 0,
      unfinished: true,
      sources: [],
    };
    await this.put(info);
    return await this.open(info.id);
  }

  /**
   * A new project with everything of a project folder.
   * @returns the project and a sentence for each part that is damaged and was left out
   * @throws WinnowError `shape` when the table of images is damaged, `cancelled`, `storage-full`; nothing is kept then
   */
  async importFolder(reader: ProjectReader, supervision: Supervision): Promise<{ id: string; damages: string[] }> {
    const { importedInfo, importProject } = await import("./projectImport.ts");
    const info = importedInfo(reader, crypto.randomUUID(), this.now());
    const tabs = await ProjectTabs.join(info.id);
    const store = await ProjectStore.open(info.id);
    try {
      await store.create({ ...info, arriving: true });
      const damages = await importProject(reader, store, this.now, supervision);
      const whole = await store.updateInfo(({ arriving: _, ...rest }) => rest);
      await this.catalogue.put(summaryOf(whole));
      return { id: info.id, damages };
    } catch (error) {
      store.close();
      await this.catalogue.delete(info.id);
      throw error;
    } finally {
      store.close();
      await tabs.close();
    }
  }

  /** Makes a project of the list; no other tab looks at it before it is there in full. */
  private async put(info: ProjectInfo): Promise<void> {
    await ProjectTabs.alone(info.id, async () => {
      const store = await ProjectStore.open(info.id);
      await store.create(info).finally(() => store.close());
      await this.catalogue.put(summaryOf(info));
    });
  }

  /**
   * The project that is a copy of a published folder, made where this browser has none yet.
   * @param url of the folder
   * @returns its id
   * @throws WinnowError as `PublishedProject.open`
   */
  async ofPublished(url: string): Promise<string> {
    const { PublishedProject } = await import("./publishedProject.ts");
    const published = await PublishedProject.open(url);
    this.published = published;
    const known = await this.catalogue.list();
    if (known.some(({ id }) => id === published.id)) return published.id;
    const info = published.info(this.now());
    await this.put(info);
    return info.id;
  }

  /** @throws WinnowError `storage` when the project is gone or of a newer version */
  async open(id: string): Promise<Project> {
    const { engine, sampleUrl, now } = this;
    const published = this.published?.id === id ? this.published : null;
    const onInfo = (info: ProjectInfo): Promise<void> => this.catalogue.put(summaryOf(info));
    return await Project.open(id, { engine, sampleUrl, now, published, onInfo });
  }

  async rename(id: string, name: string): Promise<void> {
    const store = await ProjectStore.open(id);
    try {
      await this.catalogue.put(summaryOf(await store.updateInfo((info) => ({ ...info, name }))));
    } finally {
      store.close();
    }
  }

  /**
   * Deletes everything of a project; the browser gives its space back.
   * @throws WinnowError `storage` while another tab has it open
   */
  async delete(id: string): Promise<void> {
    const deleted = await ProjectTabs.alone(id, async () => {
      await this.catalogue.delete(id);
      return true;
    });
    if (deleted === null) {
      throw new WinnowError(
        "storage",
        "This project is open in another tab. Close it there first, then delete it here.",
      );
    }
  }
}
