import type { ImageHashes } from "../cluster/hashPairs.ts";
import { defaultThresholds } from "./issues.ts";
import type { MeasureColumns } from "./measureColumns.ts";

/** Images with so little information all have the same hash. */
const leastInformation = Math.fround(defaultThresholds.low_information);

/** The perceptual hashes of the first `rows` images, and which of them say something. */
export function imageHashes(measures: Pick<MeasureColumns, "column" | "perceptualHashes">, rows: number): ImageHashes {
  const information = measures.column("lowInformation", rows);
  return {
    words: measures.perceptualHashes(rows),
    usable: Uint8Array.from({ length: rows }, (_, row) => (information[row]! >= leastInformation ? 1 : 0)),
  };
}
