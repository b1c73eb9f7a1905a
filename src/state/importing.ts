import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import type { MetadataField } from "../core/annotations/metadataField.ts";
import { isWinnowError, toWinnowError } from "../core/errors.ts";
import { type FormatName, formatTitles } from "../core/format/annotations/formats.ts";
import type { ImportSummary } from "../core/format/annotations/imported.ts";
import { setId } from "../core/format/annotations/setNames.ts";
import { mappingProblem } from "../core/format/annotations/tableMapping.ts";
import type { GivenFiles, Importer } from "../pipeline/importer.ts";
import { putAnnotations } from "./annotating.ts";
import type { Editing } from "./history.ts";
import type { ImportDraft } from "./importDraft.ts";
import { recalledMapping, rememberMapping } from "./rememberedMappings.ts";

/** What a person decides about an import. */
export type ImportChange = Partial<Pick<ImportDraft, "format" | "mapping" | "role" | "name">>;

/** A mapping that is being changed is not read at every click. */
const settleMs = 250;

interface Found {
  sets: AnnotationSet[];
  metadata: MetadataField[];
  summary: ImportSummary;
}

/**
 * An import from the choice of a file to its end: what the file is, what it would change, and then, when the person
 * wants it, the change itself in one undoable step. The only writer of `importing` in the state.
 */
export class Importing {
  private importer: Importer | null = null;
  private files: GivenFiles | null = null;
  private found: Found | null = null;
  private reading = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: Editing) {}

  /** Begins with some files. An import that is open is given up. */
  async begin(files: GivenFiles): Promise<void> {
    this.end();
    const { Importer } = await import("../pipeline/importer.ts");
    if (!this.session.desk.isOpen()) return;
    this.importer = new Importer();
    this.files = files;
    this.show({
      file: files.name,
      fileCount: files.files.length,
      format: null,
      columns: [],
      rows: [],
      mapping: null,
      role: null,
      name: "",
      progress: null,
      summary: null,
      setCount: 0,
      problem: "",
    });
    await this.look();
  }

  /** Begins with files only when they are something that can be imported. */
  async beginWhenKnown(files: GivenFiles): Promise<boolean> {
    const { Importer } = await import("../pipeline/importer.ts");
    const importer = new Importer();
    try {
      if ((await importer.look(files)).format === null) return false;
    } catch {
      // What is wrong with the file is said in the import itself.
    } finally {
      importer.close();
    }
    await this.begin(files);
    return true;
  }

  change(change: ImportChange): void {
    const { draft } = this;
    if (draft === null) return;
    this.show({ ...draft, ...change });
    if (change.format) void this.look(change.format);
    else if (change.mapping || "role" in change) {
      if (change.mapping) rememberMapping(draft.columns, change.mapping);
      this.show({ ...this.draft!, summary: null, problem: "" });
      this.reading.abort();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.read(), settleMs);
    }
  }

  /** Writes what was found. */
  async finish(): Promise<void> {
    const { draft, found } = this;
    if (draft === null || found === null) return;
    this.end();
    const { desk } = this.session;
    const name = draft.name.trim();
    const sets =
      found.sets.length === 1 && name !== ""
        ? found.sets.map((set) => ({ ...set, id: setId(name), name }))
        : found.sets;
    await putAnnotations(this.session, `import “${draft.file}”`, sets, found.metadata);
    const { matched } = found.summary;
    const images = matched === 1 ? "1 image" : `${matched.toLocaleString("en")} images`;
    desk.notices.info(`“${draft.file}” is imported: it says something of ${images}. Undo takes it back.`);
  }

  /** Gives the import up; nothing of it stays. */
  end(): void {
    clearTimeout(this.timer);
    this.reading.abort();
    this.importer?.close();
    this.importer = null;
    this.files = null;
    this.found = null;
    if (this.session.desk.isOpen()) this.session.desk.store.setState({ importing: null });
  }

  private get draft(): ImportDraft | null {
    return this.session.desk.store.getState().importing;
  }

  private show(importing: ImportDraft): void {
    this.session.desk.store.setState({ importing });
  }

  private async look(asked?: FormatName): Promise<void> {
    const { importer, files } = this;
    if (importer === null || files === null) return;
    this.reading.abort();
    this.found = null;
    try {
      const { format, table } = await importer.look(files, asked);
      if (this.importer !== importer || this.draft === null) return;
      const { columns = [], rows = [], mapping: guessed = null } = table ?? {};
      const mapping = recalledMapping(columns) ?? guessed;
      this.show({ ...this.draft, format, columns, rows, mapping, summary: null, problem: "" });
      if (format === null) this.fail(unknownText(files));
      else await this.read();
    } catch (error) {
      if (this.importer === importer) this.fail(toWinnowError(error).message);
    }
  }

  private async read(): Promise<void> {
    const { importer, files, draft, session } = this;
    if (importer === null || files === null || draft?.format == null) return;
    this.reading.abort();
    this.found = null;
    const reading = new AbortController();
    this.reading = reading;
    const isMine = (): boolean => this.reading === reading && this.importer === importer && this.draft !== null;
    const problem = draft.mapping ? mappingProblem(draft.mapping) : "";
    if (problem !== "") {
      this.fail(problem);
      return;
    }
    this.show({ ...draft, problem: "", progress: { done: 0, total: 0 }, summary: null });
    const request = {
      files,
      format: draft.format,
      choices: draft.role ? { role: draft.role } : {},
      ...(draft.mapping && { mapping: draft.mapping }),
      at: session.desk.now(),
    };
    try {
      const found = await importer.read(request, session.desk.store.getState().images, {
        signal: reading.signal,
        progress: (progress) => {
          if (isMine()) this.show({ ...this.draft!, progress });
        },
      });
      if (!isMine()) return;
      this.found = found;
      const [only] = found.sets;
      const single = found.sets.length === 1 && only ? only : null;
      const now = this.draft!;
      this.show({
        ...now,
        progress: null,
        summary: found.summary,
        setCount: found.sets.length,
        name: single ? now.name || single.name : "",
      });
    } catch (error) {
      if (isMine() && !isWinnowError(error, "cancelled")) this.fail(toWinnowError(error).message);
    }
  }

  private fail(problem: string): void {
    const { draft } = this;
    if (draft) this.show({ ...draft, problem, progress: null, summary: null });
  }
}

function unknownText({ name }: GivenFiles): string {
  const known = Object.entries(formatTitles).flatMap(([format, title]) => (format === "folders" ? [] : [title]));
  return `“${name}” is nothing that Winnow knows labels, predictions or metadata from. It reads: ${known.join(", ")}. If it is one of them, choose it above.`;
}
