import { outlierThreshold } from "../cluster/outliers.ts";
import type { SetsField } from "../explore/field.ts";
import type { ImageTable } from "../imageTable.ts";
import { RowSet } from "../rowSet.ts";
import { duplicateChecks } from "./duplicateChecks.ts";
import { exactDuplicates } from "./exactDuplicates.ts";
import { type QualityCheck, type QualityScores, qualityChecks, qualityScores, rowsUnder } from "./issues.ts";
import { allChecks, type Check, type CheckedRows } from "./issueTable.ts";
import { imageThreshold, type QualitySettings } from "./qualitySettings.ts";

/** What all checks found under the thresholds in force. */
export interface FoundIssues {
  /** A check that could not be made yet is absent. */
  checks: Readonly<Partial<Record<Check, CheckedRows>>>;
  /** Groups of exact and near duplicates, the largest first. */
  groups: readonly Uint32Array[];
  /** The score under which an image is an outlier unless a person says otherwise. */
  usualOutlier: number;
}

export const nothingFound: FoundIssues = { checks: {}, groups: [], usualOutlier: 0 };

/** What an {@link IssueFinder} looks at. */
export interface CheckedProject {
  images: ImageTable;
  /** Groups of equal images and of nearly equal ones; null before the latter are known. */
  duplicates: { exact: readonly Uint32Array[]; groups: readonly Uint32Array[] } | null;
  /** By row, 0…1; null before they are known. */
  outlierScores: Float32Array | null;
  settings: QualitySettings;
}

/** Makes all checks of a project; what does not change from call to call is kept. */
export class IssueFinder {
  private rows = -1;
  private measured = -1;
  private scores: QualityScores | null = null;
  private exact: readonly Uint32Array[] = [];
  private before: CheckedProject | null = null;
  private found: FoundIssues = nothingFound;
  private readonly known = new Map<QualityCheck, { threshold: number; rows: CheckedRows }>();

  find(project: CheckedProject): FoundIssues {
    const { images, duplicates, outlierScores, settings } = project;
    const { before } = this;
    const grown = this.rows !== images.length || this.measured !== images.measures.measured || !this.scores;
    if (grown) {
      this.rows = images.length;
      this.measured = images.measures.measured;
      this.scores = qualityScores(images);
      this.exact = exactDuplicates(images);
      this.known.clear();
    }
    const same =
      !grown &&
      before?.duplicates === duplicates &&
      before?.outlierScores === outlierScores &&
      before?.settings === settings;
    if (same) return this.found;
    this.before = project;
    const usualOutlier = outlierScores ? outlierThreshold(outlierScores) : 0;
    const near = duplicates?.groups ?? [];
    const { exact_duplicate, near_duplicate } = duplicateChecks(this.exact, near, this.rows);
    this.found = {
      checks: {
        ...(images.measures.measured > 0 && this.imageChecks(settings)),
        exact_duplicate,
        ...(duplicates && { near_duplicate }),
        ...(outlierScores && {
          outlier: {
            scores: outlierScores,
            flagged: rowsUnder(outlierScores, settings.thresholds.outlier ?? usualOutlier),
          },
        }),
      },
      groups: duplicates ? near : this.exact,
      usualOutlier,
    };
    return this.found;
  }

  /** A check whose threshold has not moved keeps what it found. */
  private imageChecks(settings: QualitySettings): Record<QualityCheck, CheckedRows> {
    const found = qualityChecks.map((check) => {
      const threshold = imageThreshold(settings, check);
      const known = this.known.get(check);
      if (known?.threshold === threshold) return [check, known.rows] as const;
      const scores = this.scores![check];
      const rows = { scores, flagged: rowsUnder(scores, threshold) };
      this.known.set(check, { threshold, rows });
      return [check, rows] as const;
    });
    return Object.fromEntries(found) as Record<QualityCheck, CheckedRows>;
  }
}

/** What a check is called on the screen. */
export const checkTitles: Readonly<Record<Check, string>> = {
  dark: "Dark",
  light: "Light",
  odd_aspect_ratio: "Odd aspect ratio",
  low_information: "Low information",
  blurry: "Blurry",
  grayscale: "Grey",
  odd_size: "Odd size",
  exact_duplicate: "Exact duplicate",
  near_duplicate: "Near duplicate",
  outlier: "Outlier",
  label: "Label issue",
};

/** The field's id: it stands in filters and addresses. */
export const issueFieldId = "issue";

/** The issues of every image as a field, so that they filter, colour, group and balance. */
export function issueField({ checks }: FoundIssues): SetsField {
  const made = allChecks.flatMap((check) => {
    const found = checks[check];
    return found ? [{ name: checkTitles[check], set: RowSet.of(found.flagged) }] : [];
  });
  return {
    id: issueFieldId,
    title: "Quality issues",
    kind: "sets",
    names: made.map(({ name }) => name),
    sets: made.map(({ set }) => set),
    hint: "What the checks found; their thresholds are in the Quality panel.",
  };
}
