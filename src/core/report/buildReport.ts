import { Facets } from "../explore/facets.ts";
import type { Field } from "../explore/field.ts";
import type { Filter } from "../explore/filter.ts";
import type { ImageTable } from "../imageTable.ts";
import { checkTitles, type FoundIssues, issueFieldId } from "../quality/issueFinder.ts";
import { qualityChecks } from "../quality/issues.ts";
import { allChecks, rowsWithIssues } from "../quality/issueTable.ts";
import type { Leaks } from "../quality/leaks.ts";
import { imageThreshold, type QualitySettings } from "../quality/qualitySettings.ts";
import { RowSet } from "../rowSet.ts";
import { excludedTag } from "../tags.ts";
import { classBalance } from "./classBalance.ts";
import { type FormatNumber, histogramBlock } from "./histogramBlock.ts";
import type { BarsBlock, FactsBlock, Report, ReportBlock, ReportNumber, TableBlock } from "./report.ts";

/** What a report is made of. */
export interface ReportSources {
  /** The project's name. */
  title: string;
  images: ImageTable;
  fields: readonly Field[];
  issues: FoundIssues;
  quality: QualitySettings;
  tags: ReadonlyMap<string, RowSet>;
  /** The field of the labels; null without labels. */
  labels: Field | null;
  /** Null where no splits are known. */
  leaks: Leaks | null;
  /** Files that could not be read, and files that are no images. */
  unreadable: number;
  ignored: number;
  format: FormatNumber;
}

/** Everything that is known of a collection; every number of images says how to show them. */
export function buildReport(sources: ReportSources): Report {
  const sections: { title: string; blocks: (ReportBlock | null)[] }[] = [
    { title: "Overview", blocks: [overview(sources), issueBars(sources)] },
    { title: "Files", blocks: [formats(sources), ...histograms(sources, ["bytes", "megapixels", "aspect", "date"])] },
    { title: "Quality", blocks: scoreHistograms(sources) },
    { title: "Duplicates and leaks", blocks: [duplicateFacts(sources), leakTable(sources)] },
    { title: "Outliers", blocks: [...histograms(sources, ["outlier", "typicality"])] },
    {
      title: "Classes",
      blocks: [classBalance(sources.labels, fieldOf(sources, "folder"), sources.images.length)],
    },
  ];
  return {
    title: sources.title,
    sections: sections
      .map(({ title, blocks }) => ({ title, blocks: blocks.filter((block) => block !== null) }))
      .filter(({ blocks }) => blocks.length > 0),
  };
}

const fieldOf = ({ fields }: ReportSources, id: string): Field | null => fields.find((one) => one.id === id) ?? null;

const rowsFilter = (title: string, rows: Iterable<number>): Filter => [
  { field: "rows", kind: "rows", title, rows: RowSet.of(rows) },
];

function overview(sources: ReportSources): FactsBlock {
  const { images, issues, tags, unreadable, ignored, format } = sources;
  let bytes = 0;
  for (let row = 0; row < images.length; row++) bytes += images.bytes(row);
  const flagged = rowsWithIssues({ paths: images.paths, checks: issues.checks });
  const excluded = tags.get(excludedTag);
  const facts: ReportNumber[] = [
    { label: "Images", value: images.length, filter: [] },
    { label: "Size of all files", value: bytes, text: format(bytes, "bytes"), filter: null },
    { label: "Images with an issue", value: flagged.length, filter: rowsFilter("Images with an issue", flagged) },
    {
      label: "Excluded images",
      value: excluded?.size ?? 0,
      filter: excluded ? [{ field: "tag", kind: "values", values: [excludedTag] }] : null,
    },
    { label: "Files that could not be read", value: unreadable, filter: null, flagged: unreadable > 0 },
    { label: "Files that are no images", value: ignored, filter: null },
  ];
  const unmeasured = images.length - images.measures.measured;
  if (unmeasured > 0) facts.push({ label: "Images without quality scores", value: unmeasured, filter: null });
  return { kind: "facts", title: "Collection", note: "", facts };
}

function issueBars({ issues }: ReportSources): BarsBlock {
  const bars = allChecks.flatMap((check): ReportNumber[] => {
    const found = issues.checks[check];
    const label = checkTitles[check];
    const filter: Filter = [{ field: issueFieldId, kind: "values", values: [label] }];
    return found ? [{ label, value: found.flagged.length, filter }] : [];
  });
  return { kind: "bars", title: "Issues", note: "Under the thresholds of the Quality panel.", bars };
}

function formats(sources: ReportSources): BarsBlock | null {
  const field = fieldOf(sources, "format");
  if (field?.kind !== "category") return null;
  const { counts } = Facets.empty.next([field], [], sources.images.length).counts(field.id);
  const bars = field.names.map(
    (label, i): ReportNumber => ({
      label,
      value: counts[i] ?? 0,
      filter: [{ field: field.id, kind: "values", values: [label] }],
    }),
  );
  return { kind: "bars", title: "File types", note: "", bars: bars.sort((a, b) => b.value - a.value) };
}

const histograms = (sources: ReportSources, ids: readonly string[]): (ReportBlock | null)[] =>
  ids.map((id) => {
    const field = fieldOf(sources, id);
    const threshold = id === "outlier" ? (sources.quality.thresholds.outlier ?? sources.issues.usualOutlier) : null;
    return field?.kind === "number" ? histogramBlock(field, sources.images.length, sources.format, threshold) : null;
  });

function scoreHistograms(sources: ReportSources): (ReportBlock | null)[] {
  const scores = qualityChecks.map((check) => {
    const field = fieldOf(sources, check);
    return field?.kind === "number"
      ? histogramBlock(field, sources.images.length, sources.format, imageThreshold(sources.quality, check))
      : null;
  });
  return [...scores, ...histograms(sources, ["sharpness", "contrast"])];
}

function duplicateFacts({ issues, images }: ReportSources): FactsBlock {
  const { groups, checks } = issues;
  const within = groups.flatMap((group) => [...group]);
  const surplus = groups.flatMap((group) => [...group.subarray(1)]);
  const saved = surplus.reduce((sum, row) => sum + images.bytes(row), 0);
  const count = (check: "exact_duplicate" | "near_duplicate", label: string): ReportNumber[] => {
    const found = checks[check];
    const filter: Filter = [{ field: issueFieldId, kind: "values", values: [checkTitles[check]] }];
    return found ? [{ label, value: found.flagged.length, filter }] : [];
  };
  return {
    kind: "facts",
    title: "Duplicates",
    note: saved > 0 ? "One image of each group is enough for most purposes; Duplicates in the Review menu helps." : "",
    facts: [
      { label: "Groups", value: groups.length, filter: rowsFilter("Duplicates", within) },
      ...count("exact_duplicate", "Images with an exact duplicate"),
      ...count("near_duplicate", "Images with a near duplicate"),
      {
        label: "Images that could go",
        value: surplus.length,
        filter: rowsFilter("All but one of each group", surplus),
      },
    ],
  };
}

function leakTable({ leaks, images }: ReportSources): TableBlock | FactsBlock {
  if (leaks === null) {
    return {
      kind: "facts",
      title: "Leaks",
      note: "No two splits are known. Folders or tags called train, validation and test are recognised; any other field can be named above.",
      facts: [],
    };
  }
  const { splits, table, groups } = leaks;
  const { names } = splits;
  const of = (one: number, other: number): ReportNumber => {
    const value = table[one * names.length + other]!;
    const label = one === other ? `${names[one]}: groups of duplicates` : `${names[one]} and ${names[other]}`;
    const has = (group: Uint32Array, split: number): boolean => group.some((row) => splits.ofRow[row] === split);
    const spanning = one === other ? [] : groups.filter((group) => has(group, one) && has(group, other));
    return {
      label,
      value,
      filter:
        spanning.length > 0
          ? rowsFilter(
              `Leaks: ${label}`,
              spanning.flatMap((group) => [...group]),
            )
          : null,
      flagged: one !== other && value > 0,
    };
  };
  const inSplit = (split: number): number =>
    splits.ofRow.subarray(0, images.length).filter((one) => one === split).length;
  return {
    kind: "table",
    title: "Leaks across splits",
    note: "Groups of duplicates with images in both. On the diagonal: all groups of one split.",
    columns: names,
    rows: names.map((label, one) => ({
      label: `${label} (${inSplit(one).toLocaleString("en")})`,
      cells: names.map((_, other) => of(one, other)),
    })),
  };
}
