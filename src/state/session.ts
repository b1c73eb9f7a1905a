import { ImageTable } from "../core/imageTable.ts";
import type { ImageRecord, SelectionRecord } from "../core/records.ts";
import { RowSet } from "../core/rowSet.ts";
import { type Project, type Source, summaryOf } from "../pipeline/project.ts";
import { Atlas } from "./atlas.ts";
import type { Desk, ProjectDesk } from "./desk.ts";
import { emptySourceMessage, Filling } from "./filling.ts";
import { orderRows } from "./ordering.ts";

/** More rows than this are put in order again only now and then while they arrive. */
const sortAlwaysRows = 5_000;

/** The open project: its images, what fills it, its maps. Ends with `close`. */
export class Session {
  readonly desk: ProjectDesk;
  readonly atlas: Atlas;
  readonly filling: Filling;
  private open = true;

  constructor(
    desk: Desk,
    readonly project: Project,
    /** Called when a new project turns out to hold nothing. */
    private readonly onNothing: (message: string) => void,
  ) {
    this.desk = { ...desk, project, isOpen: () => this.open };
    this.atlas = new Atlas(this.desk);
    this.filling = new Filling(this.desk, {
      stored: (records) => this.append(records),
      ended: (counts, source) => {
        this.sort();
        this.refreshSummary();
        const { images, problems } = desk.store.getState();
        if (counts !== null && images.length === 0 && problems.length === 0) {
          this.onNothing(emptySourceMessage(source, counts, project));
          return;
        }
        if (counts !== null && counts.embedded + counts.known === 0 && counts.listed === 0) {
          desk.notices.info(emptySourceMessage(source, counts, project));
        }
        if (images.length > 0) this.atlas.ensureCurrent().catch((error) => desk.notices.error(error));
        else desk.store.setState({ mapEmpty: "None of the files could be read as an image; see Problems." });
      },
    });
  }

  /** Reads what is stored and shows it; continues an interrupted ingest when the browser lets it. */
  async show(source: Source | null): Promise<void> {
    const { store, undo } = this.desk;
    undo.clear();
    const images = new ImageTable();
    for await (const page of this.project.records()) for (const record of page) images.append(record);
    const { problems, tags, selections } = await this.project.content();
    if (!this.open) return;
    const shown = selections.at(-1) ?? null;
    store.setState({
      project: summaryOf(this.project.info),
      images,
      imagesVersion: store.getState().imagesVersion + 1,
      problems,
      tags: new Map([...tags].map(([name, rows]) => [name, RowSet.of(rows)])),
      selections,
      interruption: null,
      marked: RowSet.empty,
      focused: -1,
      enlarged: false,
      xy: null,
      mapEmpty: images.length === 0 ? "The map appears with the first images." : "The map is being made.",
      ...shownState(shown),
      sortBy: shown ? "pick" : "name",
      sortDescending: false,
    });
    this.sort();
    await this.atlas.open();
    if (source) this.filling.add(source);
    else if (this.project.info.unfinished) await this.filling.resume(false);
    else if (images.length > 0) await this.atlas.ensureCurrent();
  }

  /** Puts the gallery in order again, after a change of sorting, selection or images. */
  sort(): void {
    const { store } = this.desk;
    const { images, sortBy, sortDescending, shown } = store.getState();
    store.setState({ order: orderRows(images, { by: sortBy, descending: sortDescending, shown }) });
  }

  async close(): Promise<void> {
    this.open = false;
    await this.project.close();
  }

  private append(records: readonly ImageRecord[]): void {
    if (!this.open) return;
    const { store } = this.desk;
    const { images, imagesVersion, order } = store.getState();
    for (const record of records) images.append(record);
    store.setState({ imagesVersion: imagesVersion + 1 });
    this.refreshSummary();
    if (images.length <= sortAlwaysRows) this.sort();
    else {
      const longer = new Uint32Array(images.length);
      longer.set(order);
      for (let row = order.length; row < longer.length; row++) longer[row] = row;
      store.setState({ order: longer });
    }
    this.atlas.grew();
  }

  private refreshSummary(): void {
    if (this.open) this.desk.store.setState({ project: summaryOf(this.project.info) });
  }
}

/** The parts of the state that follow from which selection is shown. */
export function shownState(shown: SelectionRecord | null): {
  shown: SelectionRecord | null;
  ranks: Map<number, number>;
} {
  return { shown, ranks: new Map(Array.from(shown?.rows ?? [], (row, i) => [row, i + 1])) };
}
