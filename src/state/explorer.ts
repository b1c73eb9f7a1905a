import { fieldsOfMetadata } from "../core/annotations/metadataField.ts";
import { Arranger, type Ranking } from "../core/explore/arrangement.ts";
import type { Field } from "../core/explore/field.ts";
import { fileFields, tagField } from "../core/explore/fileFields.ts";
import { IssueFinder, issueField } from "../core/quality/issueFinder.ts";
import { RowSet } from "../core/rowSet.ts";
import { AnnotationFieldCache, isClassCount, withPlainTitle } from "./annotationFieldCache.ts";
import type { ProjectDesk } from "./desk.ts";
import { originalFields, selectionField, similarityField } from "./fields.ts";
import type { WinnowState } from "./state.ts";

/** While images arrive, fields of more rows than this are made again only after a growth by a quarter. */
const alwaysRows = 5_000;
const growthDue = 1.25;

type Inputs = Pick<
  WinnowState,
  | "tags"
  | "selections"
  | "computed"
  | "search"
  | "annotations"
  | "boxErrors"
  | "metadata"
  | "probe"
  | "issues"
  | "missing"
>;

/**
 * Keeps `fields`, `issues`, `facets`, `order` and `sections` of the state in step with everything they follow from: the
 * only writer of these five.
 */
export class Explorer {
  private readonly arranger = new Arranger();
  private issueFinder = new IssueFinder();
  private files: { rows: number; fields: Field[] } = { rows: -1, fields: [] };
  private inputs: Inputs | null = null;
  private tagsField: Field | null = null;
  private selectionsField: Field | null = null;
  private issuesField: Field | null = null;
  private searchFields: Field[] = [];
  private originals: Field[] = [];
  private readonly annotationCache = new AnnotationFieldCache();
  private annotated: Field[] = [];
  private metadataFields: Field[] = [];
  private readonly unsubscribe: () => void;

  constructor(private readonly desk: ProjectDesk) {
    this.unsubscribe = desk.store.subscribe((state, before) => {
      const watched = [
        "tags",
        "selections",
        "computed",
        "filter",
        "sortBy",
        "sortDescending",
        "groupBy",
        "shown",
        "search",
        "annotations",
        "boxErrors",
        "metadata",
        "probe",
        "duplicates",
        "quality",
        "missing",
      ] as const;
      if (desk.isOpen() && watched.some((key) => state[key] !== before[key])) this.update();
    });
  }

  close(): void {
    this.unsubscribe();
  }

  /** Called when images have come; `all` when no more are to come for now. */
  grew(all: boolean): void {
    const { length } = this.desk.store.getState().images;
    const due = all || length <= alwaysRows || length >= this.files.rows * growthDue;
    if (due && length !== this.files.rows) this.update();
  }

  /** Called when what is known of the images' pixels has changed. */
  remeasured(): void {
    this.files = { rows: -1, fields: [] };
    this.issueFinder = new IssueFinder();
    this.update();
  }

  /** Works out again what is shown, and in which order. */
  update(): void {
    const { store } = this.desk;
    const { images, computed, duplicates, quality, ...rest } = store.getState();
    const outlier = computed.find(({ id }) => id === "outlier");
    const issues = this.issueFinder.find({
      images,
      duplicates,
      outlierScores: outlier?.kind === "number" && outlier.values instanceof Float32Array ? outlier.values : null,
      settings: quality,
    });
    const state = { ...rest, images, computed, duplicates, quality, issues };
    const fields = this.fieldsOf(state);
    const rows = this.files.rows;
    const facets = state.facets.next(fields, state.filter, rows);
    const byId = (id: string | null): Field | null => fields.find((field) => field.id === id) ?? null;
    const { order, sections } = this.arranger.arrange({
      rows,
      by: rankingOf(state) ?? byId(state.sortBy),
      descending: state.sortDescending,
      visible: facets.visible,
      groupBy: byId(state.groupBy),
    });
    store.setState({ fields, issues, facets, order, sections });
  }

  private fieldsOf(state: WinnowState): readonly Field[] {
    const grown = this.files.rows !== state.images.length;
    if (grown) this.files = { rows: state.images.length, fields: fileFields(state.images) };
    const { inputs } = this;
    if (inputs?.tags !== state.tags) this.tagsField = tagField(state.tags);
    if (inputs?.selections !== state.selections) this.selectionsField = selectionField(state.selections, RowSet.of);
    const { tags, selections, computed, search, annotations, boxErrors, metadata, probe, issues, missing } = state;
    if (inputs?.issues !== issues) this.issuesField = issueField(issues);
    if (inputs?.search !== search) this.searchFields = search ? [similarityField(search)] : [];
    if (inputs?.annotations !== annotations || inputs.boxErrors !== boxErrors || inputs.probe !== probe) {
      this.annotated = this.annotationCache.fieldsOf(probe ? [...annotations, probe.set] : annotations, boxErrors);
    }
    if (inputs?.metadata !== metadata) this.metadataFields = fieldsOfMetadata(metadata).map(withPlainTitle);
    if (grown || inputs?.missing !== missing) this.originals = originalFields(missing, state.images.length);
    const now: Inputs = {
      tags,
      selections,
      computed,
      search,
      annotations,
      boxErrors,
      metadata,
      probe,
      issues,
      missing,
    };
    const same = inputs !== null && (Object.keys(now) as (keyof Inputs)[]).every((key) => now[key] === inputs[key]);
    if (!grown && same) return state.fields;
    this.inputs = now;
    const [path, folder, ...rest] = this.files.fields;
    return [
      path!,
      ...this.searchFields,
      folder!,
      this.tagsField!,
      ...this.annotated.filter(({ id }) => !isClassCount(id)),
      ...this.metadataFields,
      this.issuesField!,
      ...computed,
      ...this.originals,
      ...rest,
      ...this.annotated.filter(({ id }) => isClassCount(id)),
      this.selectionsField!,
    ];
  }
}

/** What sorts by rows rather than by a field: the picks of the shown selection. */
const rankingOf = ({ sortBy, shown }: WinnowState): Ranking | null => (sortBy === "pick" ? shown : null);
