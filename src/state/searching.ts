import { type ClassTerm, classTerms } from "../core/classifier/words.ts";
import { WinnowError } from "../core/errors.ts";
import type { AskedObject, AskedSearch } from "../core/explore/viewText.ts";
import { setOfObjects } from "../core/selection/inputFields.ts";
import type { Supervision } from "../pipeline/analyst.ts";
import type { ProjectDesk } from "./desk.ts";
import type { Examples, Search, SortBy } from "./state.ts";

const none: Examples = { positives: [], negatives: [], outside: null };

/** Searches by example images and by words: the only writer of `search`. */
export class Searching {
  private abort = new AbortController();
  /** How the gallery was sorted before the search. */
  private sortedBefore: { sortBy: SortBy; sortDescending: boolean } | null = null;
  private again: (() => Promise<void>) | null = null;

  constructor(private readonly desk: ProjectDesk) {}

  /** Ranks all images by their similarity to examples; without any positive one the search ends. */
  async byExamples(examples: Examples): Promise<void> {
    const { positives, negatives, outside } = examples;
    if (positives.length === 0 && outside === null) {
      this.clear();
      return;
    }
    const rank = async (): Promise<void> => {
      const mine = this.next();
      const values = await this.desk.project.analysis.similarities({
        positives: [...positives],
        negatives: [...negatives],
        outside: outside?.features ?? null,
      });
      if (!mine.aborted) this.publish({ kind: "examples", title: "", object: null, ...examples, values });
    };
    this.again = rank;
    await rank();
  }

  /** Ranks by the similarity to an image that is not in the project. */
  async byFile(file: Blob, name: string): Promise<void> {
    const { project, jobs } = this.desk;
    const mine = this.next();
    const job = jobs.start({ name: "Looking at the image", unit: "images" });
    try {
      const image = await project.featuresOf(file, name);
      job.finish();
      if (mine.aborted) return;
      await this.byExamples({ positives: [], negatives: [], outside: { name, ...image } });
    } catch (error) {
      job.fail(error);
      throw error;
    }
  }

  /**
   * Ranks images by the most similar of their objects to one.
   * @throws WinnowError `config` when there is no such object; `empty` when it is not embedded
   */
  async byObject(object: AskedObject): Promise<void> {
    const rank = async (): Promise<void> => {
      const { annotations } = this.desk.store.getState();
      const { id, first, boxes, classes, classOf } = setOfObjects(annotations, object.set);
      const instance = (first[object.row] ?? 0) + object.index;
      if (!(instance < (first[object.row + 1] ?? 0))) {
        throw new WinnowError("config", "The object that was searched with is not there any more.");
      }
      const mine = this.next();
      const values = await this.desk.project.analysis.objectSimilarities({ id, first, boxes }, instance, mine);
      const title = classes[classOf[instance]!] ?? "";
      if (!mine.aborted) this.publish({ kind: "object", title, object, ...none, values });
    };
    this.again = rank;
    await rank();
  }

  /** The search that an address names. */
  async asked(search: AskedSearch): Promise<void> {
    const { store, project } = this.desk;
    if ("object" in search) {
      await this.byObject(search.object);
      return;
    }
    if ("text" in search) {
      await this.byText(search.text);
      return;
    }
    if (!("word" in search)) {
      const { length } = store.getState().images;
      const known = (rows: readonly number[]): number[] => rows.filter((row) => row < length);
      await this.byExamples({
        positives: known(search.positives),
        negatives: known(search.negatives),
        outside: null,
      });
      return;
    }
    const classifier = await project.model.vocabulary();
    const term = classifier && classTerms(classifier, search.word, 1)[0];
    if (term?.word === search.word) await this.byWord(term);
    else this.desk.notices.info(`The bundled model has no class “${search.word}”.`);
  }

  /** Ranks by the probability that the bundled model gives to a word's classes. */
  async byWord({ word, classes }: ClassTerm): Promise<void> {
    const { project, jobs } = this.desk;
    const mine = this.next();
    const job = jobs.start({ name: "Searching", unit: "images", cancel: () => this.abort.abort() });
    try {
      const classifier = await project.model.classifier();
      if (classifier === null) throw new Error("no classifier for these features");
      const supervision = { signal: mine, progress: job.update };
      const values = await project.analysis.classProbabilities(classifier, classes, supervision);
      job.finish();
      this.again = null;
      if (!mine.aborted) this.publish({ kind: "words", title: word, object: null, ...none, values });
    } catch (error) {
      job.fail(error);
      if (!mine.aborted) throw error;
    }
  }

  /**
   * Ranks by how well images match any words, as the text tower of the model in view reads them.
   * @throws WinnowError as `ProjectSpaces.embedText`
   */
  async byText(text: string): Promise<void> {
    const { project, jobs, notices } = this.desk;
    const mine = this.next();
    const job = jobs.start({ name: "Searching", unit: "images", cancel: () => this.abort.abort() });
    try {
      const { row, cut } = await project.spaces.embedText(text, mine);
      const rank = async (supervision: Supervision): Promise<void> => {
        const values = await project.analysis.featureCosines(row, "The text tower", supervision);
        const none: Examples = { positives: [], negatives: [], outside: null };
        if (!supervision.signal.aborted) this.publish({ kind: "text", object: null, title: text, ...none, values });
      };
      await rank({ signal: mine, progress: job.update });
      job.finish();
      this.again = () => rank({ signal: this.next(), progress: () => undefined });
      if (cut) notices.info("These are more words than the model takes: the last of them were left out.");
    } catch (error) {
      job.fail(error);
      if (!mine.aborted) throw error;
    }
  }

  /** Called when the embedding has changed. */
  async refresh(): Promise<void> {
    if (this.desk.store.getState().search !== null) await this.again?.();
  }

  clear(): void {
    this.next();
    this.again = null;
    const { store } = this.desk;
    const { search, sortBy, filter, colourBy } = store.getState();
    if (search === null) return;
    store.setState({
      search: null,
      filter: filter.filter(({ field }) => field !== "similarity"),
      ...(colourBy === "similarity" && { colourBy: "none" as const }),
      ...(sortBy === "similarity" && (this.sortedBefore ?? { sortBy: "path", sortDescending: false })),
    });
    this.sortedBefore = null;
  }

  /** An earlier search that still runs is dropped. */
  private next(): AbortSignal {
    this.abort.abort();
    this.abort = new AbortController();
    return this.abort.signal;
  }

  private publish(search: Search): void {
    const { store, isOpen } = this.desk;
    if (!isOpen()) return;
    const { sortBy, sortDescending } = store.getState();
    if (sortBy !== "similarity") this.sortedBefore = { sortBy, sortDescending };
    store.setState({ search, sortBy: "similarity", sortDescending: true });
  }
}
