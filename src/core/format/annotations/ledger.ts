import type { AnnotationSet } from "../../annotations/annotationSet.ts";
import type { MetadataField } from "../../annotations/metadataField.ts";
import { WinnowError } from "../../errors.ts";
import { UniqueNames } from "../uniqueNames.ts";
import type { FormatName } from "./formats.ts";
import type { Bounded, ImportContext, Imported, ImportSummary } from "./imported.ts";
import { PathMatcher, withoutEnding } from "./pathMatcher.ts";

/** Kept of every list; the rest is counted. */
const listed = 200;
/** Hostile text in a list is for looking at, not for storing. */
const longestShown = 300;
const longestKey = 200;

/** Finds images for an import and keeps account of what went wrong on the way. */
export class ImportLedger {
  readonly matcher: PathMatcher;
  private stems: PathMatcher | null = null;
  private readonly unmatched = bounded<string>();
  private readonly ambiguous = bounded<string>();
  private readonly badRows: ImportSummary["badRows"] = bounded();
  private readonly notes: string[] = [];
  private clippedBoxes = 0;
  private duplicateImages = 0;

  constructor(
    private readonly context: ImportContext,
    readonly format: FormatName,
    readonly file: string,
  ) {
    this.matcher = new PathMatcher(context.images.paths);
  }

  get images(): ImportContext["images"] {
    return this.context.images;
  }

  /** The row that a path means; −1, and a note of it, when there is none. */
  rowOf(path: string): number {
    return this.noted(this.matcher.find(path), path);
  }

  /**
   * The same by several paths, the first that has an image: whole ones, then ones without ending, for files that stand
   * for an image of the same name.
   */
  rowOfFirst(paths: readonly string[], stems: readonly string[] = []): number {
    let worst: "ambiguous" | "unmatched" = "unmatched";
    for (const [matcher, all] of [[this.matcher, paths] as const, [this.stemMatcher, stems] as const]) {
      for (const path of all) {
        const match = matcher.find(path);
        if (typeof match === "number") return match;
        if (match === "ambiguous") worst = match;
      }
    }
    return this.noted(worst, paths[0] ?? stems[0] ?? "");
  }

  private get stemMatcher(): PathMatcher {
    this.stems ??= new PathMatcher(this.context.images.paths, withoutEnding);
    return this.stems;
  }

  /** @param line from 1; null where there are no lines */
  bad(line: number | null, reason: string, file = this.file): void {
    note(this.badRows, { file, line, reason: reason.slice(0, longestShown) });
  }

  clipped(): void {
    this.clippedBoxes++;
  }

  duplicate(): void {
    this.duplicateImages++;
  }

  remark(text: string): void {
    this.notes.push(text);
  }

  private noted(match: ReturnType<PathMatcher["find"]>, path: string): number {
    if (typeof match === "number") return match;
    note(match === "ambiguous" ? this.ambiguous : this.unmatched, path.slice(0, longestShown));
    return -1;
  }

  /**
   * Closes the account.
   * @throws WinnowError `empty` when not a single image of the project was meant: nothing would be imported
   */
  close(sets: AnnotationSet[], metadata: MetadataField[] = [], metadataRows = 0): Imported {
    const matched = Math.max(metadataRows, ...sets.map(({ known }) => known.reduce((sum, one) => sum + one, 0)));
    if (matched === 0) throw this.nothing();
    return {
      sets,
      metadata: withOwnKeys(metadata),
      summary: {
        format: this.format,
        file: this.file,
        matched,
        unmatched: this.unmatched,
        ambiguous: this.ambiguous,
        badRows: this.badRows,
        instances: sets.reduce((sum, { classOf }) => sum + classOf.length, 0),
        classes: sets.flatMap(classesOf),
        clipped: this.clippedBoxes,
        duplicates: this.duplicateImages,
        notes: this.notes,
      },
    };
  }

  private nothing(): WinnowError {
    const reasons: string[] = [];
    const [path] = this.unmatched.first.length > 0 ? this.unmatched.first : this.ambiguous.first;
    if (path !== undefined) {
      const [known] = this.images.paths;
      reasons.push(`its paths are like “${path}”, the project's like “${known ?? ""}”`);
    }
    const [bad] = this.badRows.first;
    if (bad) reasons.push(`${bad.line === null ? "" : `line ${bad.line}: `}${bad.reason}`);
    return new WinnowError(
      "empty",
      `“${this.file}” says nothing of any image of this project${reasons.length > 0 ? `: ${reasons.join("; ")}` : ""}. Nothing was imported.`,
      { file: this.file },
    );
  }
}

/** Keys are names of columns and fields: short, not empty, and each only once. */
function withOwnKeys(metadata: readonly MetadataField[]): MetadataField[] {
  const names = new UniqueNames();
  return metadata.map((field) => ({ ...field, key: names.claim(field.key.trim().slice(0, longestKey) || "unnamed") }));
}

const bounded = <T>(): Bounded<T> => ({ count: 0, first: [] });

function note<T>(list: Bounded<T>, one: T): void {
  list.count++;
  if (list.first.length < listed) list.first.push(one);
}

function classesOf({ classes, classOf }: AnnotationSet): { name: string; count: number }[] {
  const counts = new Float64Array(classes.length);
  for (const id of classOf) counts[id]!++;
  return classes.map((name, id) => ({ name, count: counts[id]! }));
}
