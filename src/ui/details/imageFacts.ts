import type { ImageRecord } from "../../core/records.ts";
import { formatCameraTime, formatFileTime } from "../text/dates.ts";
import { formatBytes, formatCount } from "../text/quantities.ts";

export interface ImageFact {
  name: string;
  value: string;
  inLargeView: boolean;
}

/** What is known about a file, in words. */
export function imageFacts(record: ImageRecord): ImageFact[] {
  const facts = [
    {
      name: "Dimensions",
      value: `${formatCount(record.width)} × ${formatCount(record.height)} px`,
      inLargeView: true,
    },
    { name: "Size", value: formatBytes(record.bytes), inLargeView: true },
  ];
  if (record.takenAt !== null) {
    facts.push({ name: "Taken", value: formatCameraTime(record.takenAt), inLargeView: true });
  }
  facts.push({
    name: "Changed",
    value: formatFileTime(record.modifiedAt),
    inLargeView: record.takenAt === null && record.modifiedAt > 0,
  });
  return facts;
}
