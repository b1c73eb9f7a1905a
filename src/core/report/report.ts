import type { Filter } from "../explore/filter.ts";

/** A number of a report and the images that it counts. */
export interface ReportNumber {
  /** What is counted; hostile text where it is the name of a folder, tag or class. */
  label: string;
  value: number;
  /** As it is written; absent: the number itself. */
  text?: string;
  /** What shows its images; null where it counts no images. */
  filter: Filter | null;
  /** It deserves attention. */
  flagged?: boolean;
}

/** A few numbers under one another. */
export interface FactsBlock {
  kind: "facts";
  title: string;
  note: string;
  facts: readonly ReportNumber[];
}

/** A bar for each value. */
export interface BarsBlock {
  kind: "bars";
  title: string;
  note: string;
  bars: readonly ReportNumber[];
}

/** How many images lie in each range of a number, from the smallest to the largest. */
export interface HistogramBlock {
  kind: "histogram";
  title: string;
  note: string;
  bins: readonly ReportNumber[];
  /** The ends of the axis, as they are written. */
  from: string;
  to: string;
  /** Where a threshold lies, 0 at the left end and 1 at the right one; null for none. */
  mark: number | null;
}

/** Numbers by two names. */
export interface TableBlock {
  kind: "table";
  title: string;
  note: string;
  columns: readonly string[];
  rows: readonly { label: string; cells: readonly ReportNumber[] }[];
}

export type ReportBlock = FactsBlock | BarsBlock | HistogramBlock | TableBlock;

/** Everything that is known of a collection of images, in the order in which people want to know it. */
export interface Report {
  title: string;
  sections: readonly { title: string; blocks: readonly ReportBlock[] }[];
}

/** How a number of a report is written. */
export const numberText = ({ text, value }: ReportNumber): string => text ?? value.toLocaleString("en");
