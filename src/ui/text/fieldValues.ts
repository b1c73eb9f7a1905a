import type { FieldUnit } from "../../core/explore/field.ts";
import { formatBytes, formatCount } from "./quantities.ts";

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

/** A number of a field with its unit: “4.2 MB”, “1,024 px”, “3 May 2024”. */
export function formatFieldNumber(value: number, unit: FieldUnit): string {
  if (Number.isNaN(value)) return "unknown";
  switch (unit) {
    case "bytes":
      return formatBytes(Math.round(value));
    case "pixels":
      return `${formatCount(Math.round(value))} px`;
    case "megapixels":
      return `${value.toFixed(value < 9.95 ? 1 : 0)} MP`;
    case "date":
      return Math.abs(value) <= 8.64e15 ? day.format(value) : "unknown";
    case "ratio":
      return value.toFixed(2);
    case "score":
      return value.toPrecision(3);
    case "count":
      return formatCount(value);
  }
}

/** What stands for rows without a value of a field: “no tag”. */
export function noValueText(fieldTitle: string): string {
  const words: Record<string, string> = { Tags: "no tag", Selections: "in no selection", "Quality issues": "no issue" };
  return words[fieldTitle] ?? "no value";
}
