import { useMemo, useState } from "react";
import { classFieldId } from "../../core/annotations/fieldIds.ts";
import { primaryLabels } from "../../core/annotations/heldSet.ts";
import { alikePairs } from "../../core/cluster/nearDuplicates.ts";
import type { Field } from "../../core/explore/field.ts";
import { leaksAmong, type Splits, splitNamed, splitsOfField, splitsOfPaths } from "../../core/quality/leaks.ts";
import { buildReport } from "../../core/report/buildReport.ts";
import type { Report } from "../../core/report/report.ts";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { useWinnow } from "../winnow.tsx";

/** Fields with more values are no splits. */
const mostSplits = 12;

export interface ReportChoice {
  report: Report;
  /** The field whose values are the splits; “” for folders that are called train, test and so on. */
  splitBy: string;
  setSplitBy: (field: string) => void;
  /** Fields that could be the splits. */
  splitFields: readonly Field[];
}

/** The tags that are called after a split; null where none is. */
const splitsOfTags = (tags: Field | undefined, rows: number): Splits | null =>
  tags?.kind === "sets" && tags.names.some((name) => splitNamed(name) !== null) ? splitsOfField(tags, rows) : null;

/** The report of the open project as it is now. */
export function useReport(): ReportChoice {
  const title = useWinnow((state) => state.project?.name ?? "");
  const ignored = useWinnow((state) => state.project?.ignoredCount ?? 0);
  const unreadable = useWinnow((state) => state.problems.length);
  const images = useWinnow((state) => state.images);
  const fields = useWinnow((state) => state.fields);
  const issues = useWinnow((state) => state.issues);
  const duplicates = useWinnow((state) => state.duplicates);
  const quality = useWinnow((state) => state.quality);
  const tags = useWinnow((state) => state.tags);
  const annotations = useWinnow((state) => state.annotations);
  const [splitBy, setSplitBy] = useState("");

  const splitFields = useMemo(
    () =>
      fields.filter(
        (field) =>
          "names" in field && field.names.length > 1 && field.names.length <= mostSplits && field.id !== "issue",
      ),
    [fields],
  );
  const leaks = useMemo(() => {
    const by = fields.find(({ id }) => id === splitBy);
    const tagged = fields.find(({ id }) => id === "tag");
    const splits = by
      ? splitsOfField(by, images.length)
      : (splitsOfPaths(images.paths) ?? splitsOfTags(tagged, images.length));
    if (splits === null) return null;
    const pairs = duplicates && alikePairs(duplicates.pairs, { threshold: duplicates.threshold });
    return leaksAmong(issues.groups, pairs ?? { a: new Uint32Array(0), b: new Uint32Array(0) }, splits);
  }, [fields, splitBy, images, issues.groups, duplicates]);
  const report = useMemo(() => {
    const set = primaryLabels(annotations);
    const labels = set ? (fields.find(({ id }) => id === classFieldId(set)) ?? null) : null;
    const sources = { title, images, fields, issues, quality, tags, labels, leaks, unreadable, ignored };
    return buildReport({ ...sources, format: formatFieldNumber });
  }, [title, images, fields, issues, quality, tags, annotations, leaks, unreadable, ignored]);
  return { report, splitBy, setSplitBy, splitFields };
}
