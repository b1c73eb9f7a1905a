import { isWinnowError } from "../core/errors.ts";
import { defaultQuality } from "../core/quality/qualitySettings.ts";
import type { ImageRecord } from "../core/records.ts";
import { RowSet } from "../core/rowSet.ts";
import { styledTags } from "../core/tags.ts";
import { askToKeepStorage } from "../pipeline/keepingStorage.ts";
import { type Project, type ProjectContent, type Source, summaryOf } from "../pipeline/project.ts";
import { Atlas } from "./atlas.ts";
import { BoxComparing } from "./boxComparing.ts";
import type { Desk, ProjectDesk } from "./desk.ts";
import { Explorer } from "./explorer.ts";
import { Exploring } from "./exploring.ts";
import { emptySourceMessage, Filling } from "./filling.ts";
import { History } from "./history.ts";
import { Importing } from "./importing.ts";
import { Learning } from "./learning.ts";
import { Measuring } from "./measuring.ts";
import { recalledDrawings } from "./rememberedDrawings.ts";
import { Searching } from "./searching.ts";
import { initialDraft } from "./selectDraft.ts";
import { shownState } from "./showing.ts";
import { nothingExplored, type WinnowState } from "./state.ts";

/** The open project: its images, what fills it, its maps. Ends with `close`. */
export class Session {
  readonly desk: ProjectDesk;
  readonly atlas: Atlas;
  readonly filling: Filling;
  readonly history: History;
  readonly searching: Searching;
  readonly learning: Learning;
  readonly exploring: Exploring;
  readonly comparing: BoxComparing;
  readonly measuring: Measuring;
  readonly importing: Importing;
  /** Spaces whose images are being embedded. */
  readonly fillingSpaces = new Set<string>();
  private readonly explorer: Explorer;
  private open = true;

  constructor(
    desk: Desk,
    readonly project: Project,
    /** Called when a new project turns out to hold nothing. */
    private readonly onNothing: (message: string) => void,
  ) {
    this.desk = { ...desk, project, isOpen: () => this.open };
    this.atlas = new Atlas(this.desk, () => {
      this.attempt(() => this.searching.refresh());
      this.explore();
    });
    this.searching = new Searching(this.desk);
    this.exploring = new Exploring(this.desk);
    this.comparing = new BoxComparing(this.desk);
    this.learning = new Learning(this.desk, () => this.atlas.ensureCurrent());
    this.explorer = new Explorer(this.desk);
    this.history = new History(this.desk);
    this.measuring = new Measuring(this.desk, this.explorer);
    this.importing = new Importing(this);
    this.filling = new Filling(this.desk, {
      stored: (records) => this.append(records),
      ended: (counts, source) => {
        this.explorer.grew(true);
        this.refreshSummary();
        const { images, problems } = desk.store.getState();
        if (counts !== null && images.length === 0 && problems.length === 0) {
          this.onNothing(emptySourceMessage(source, counts, project));
          return;
        }
        if (counts !== null && counts.embedded + counts.known === 0 && counts.listed === 0) {
          desk.notices.info(emptySourceMessage(source, counts, project));
        }
        if (counts !== null && counts.embedded > 0 && counts.ignored > 0) {
          this.attempt(async () => (await import("./labelsBeside.ts")).offerLabels(this, source));
        }
        if (counts !== null && counts.embedded > 0 && project.model.isDraft) {
          this.attempt(async () => (await import("./drafts.ts")).offerFull(this));
        }
        if (counts !== null && counts.embedded > 0) void askToKeepStorage();
        if (images.length > 0) {
          this.attempt(async () => {
            if ((project.info.spaces ?? []).length > 0) await (await import("./models.ts")).fillSpaces(this);
            await this.atlas.ensureCurrent();
            this.explore();
            if (counts !== null && counts.embedded > 0) (await import("./predictNew.ts")).offerPredictions(this);
          });
        } else desk.store.setState({ mapEmpty: "None of the files could be read as an image; see Problems." });
      },
    });
  }

  /** Reads what is stored and shows it; continues an interrupted ingest when the browser lets it. */
  async show(source: Source | null): Promise<void> {
    const { store } = this.desk;
    const [images, content] = await Promise.all([this.project.images(), this.project.content()]);
    if (!this.open) return;
    store.setState({
      project: summaryOf(this.project.info),
      images,
      imagesVersion: store.getState().imagesVersion + 1,
      drawings: recalledDrawings(this.project.info.id),
      importing: null,
      contributing: null,
      interruption: null,
      following: !this.project.tabs.writes,
      marked: RowSet.empty,
      focused: -1,
      enlarged: false,
      xy: null,
      mapEmpty: images.length === 0 ? "The map appears with the first images." : "The map is being made.",
      draft: initialDraft,
      choosing: null,
      ...nothingExplored,
      quality: this.project.info.quality ?? defaultQuality,
      ...contentState(content),
    });
    this.explorer.update();
    this.attempt(async () => {
      const textTower = await this.project.spaces.textTower();
      if (this.open) store.setState({ textTower });
    });
    this.attempt(async () => {
      const vocabulary = await this.project.model.vocabulary();
      if (this.open) store.setState({ vocabulary });
    });
    if (this.project.model.isDraft || (this.project.info.spaces ?? []).length > 0) {
      await (await import("./models.ts")).tellSpaces(this);
    }
    await this.history.open();
    await this.atlas.open();
    if (!this.project.tabs.writes) return;
    this.learning.resume();
    if (source) this.filling.add(source);
    else if (this.project.published.url !== null) {
      // It takes as long as the network: closing must not wait for it.
      this.attempt(async () => (await import("./publishedOpening.ts")).openPublished(this));
    } else if (this.project.info.unfinished) await this.filling.resume(false);
    else if (images.length > 0) await this.atlas.ensureCurrent();
  }

  /** Reads again what was added to the images, once something else than a person has changed it. */
  async readAgain(): Promise<void> {
    const content = await this.project.content();
    if (!this.open) return;
    this.desk.store.setState(contentState(content));
    this.explorer.grew(true);
    this.refreshSummary();
    this.pack();
  }

  /** Shows what another tab has written since; `computed`: also what it has computed. */
  async catchUp(computed: boolean): Promise<void> {
    const { store } = this.desk;
    const { images, shown, sortBy } = store.getState();
    await this.project.refresh();
    for await (const page of this.project.recordsFrom(images.length)) this.append(page);
    await this.readAgain();
    if (!this.open) return;
    const selection = store.getState().selections.find(({ id }) => id === shown?.id) ?? null;
    store.setState({
      quality: this.project.info.quality ?? defaultQuality,
      // What is looked at stays as it is in this tab.
      ...(selection !== null && { ...shownState(selection, false), sortBy }),
    });
    if (!computed) return;
    this.project.renewAnalysis();
    await this.atlas.open();
  }

  /** From now on this tab changes the project: what the other had begun goes on here. */
  async takeOver(): Promise<void> {
    await this.catchUp(true);
    if (!this.open) return;
    this.desk.store.setState({ following: false });
    await this.history.open();
    this.learning.resume();
    if (this.project.published.url !== null) await (await import("./publishedOpening.ts")).openPublished(this);
    else if (this.project.info.unfinished) await this.filling.resume(false);
    else if (this.desk.store.getState().images.length > 0) await this.atlas.ensureCurrent();
  }

  async close(): Promise<void> {
    this.importing.end();
    this.open = false;
    this.explorer.close();
    this.exploring.close();
    this.comparing.close();
    this.learning.close();
    await this.project.close();
  }

  /** Finds clusters and the like, once all images are embedded; nothing happens when that is done. */
  explore(): void {
    const { embeddingId } = this.atlas;
    if (embeddingId === null || this.filling.busy) return;
    this.pack();
    this.attempt(() => this.exploring.update(embeddingId));
  }

  /** Makes the next opening quick; nothing is lost when it is cut off. */
  private pack(): void {
    if (!this.project.tabs.writes) return;
    this.attempt(() =>
      this.project.analysis.packImages().catch((error) => {
        if (!isWinnowError(error, "cancelled")) throw error;
      }),
    );
  }

  private attempt(work: () => Promise<void>): void {
    work().catch((error) => {
      if (this.open) this.desk.notices.error(error);
    });
  }

  /** Shows images that have been stored. */
  append(records: readonly ImageRecord[]): void {
    if (!this.open) return;
    const { store } = this.desk;
    const { images, imagesVersion } = store.getState();
    for (const record of records) images.append(record);
    store.setState({ imagesVersion: imagesVersion + 1 });
    this.refreshSummary();
    this.explorer.grew(false);
    this.atlas.grew();
  }

  private refreshSummary(): void {
    if (this.open) this.desk.store.setState({ project: summaryOf(this.project.info) });
  }
}

function contentState({ tags, tagStyles, selections, missing, ...content }: ProjectContent): Partial<WinnowState> {
  return {
    ...content,
    missing: RowSet.of(missing),
    tags: new Map([...tags].map(([name, rows]) => [name, RowSet.of(rows)])),
    tagStyles: styledTags(tags.keys(), tagStyles),
    selections,
    ...shownState(selections.at(-1) ?? null, true),
  };
}
