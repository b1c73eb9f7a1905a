import type { ImageTable } from "../imageTable.ts";

/**
 * The rows of a group of duplicates, the one worth keeping first: the largest image, of equals the sharpest, of equals
 * the largest file, of equals the one that came first.
 */
export function bestFirst(images: ImageTable, group: Uint32Array): Uint32Array {
  const sharpness = images.measures.column("sharpness", images.length);
  const worth = (row: number): number[] => [
    images.width(row) * images.height(row),
    // An image that was never measured is no sharper than any other.
    Number.isNaN(sharpness[row]) ? 0 : sharpness[row]!,
    images.bytes(row),
    -row,
  ];
  return Uint32Array.from(
    Array.from(group, (row) => ({ row, worth: worth(row) }))
      .sort((a, b) => {
        const differs = a.worth.findIndex((value, i) => value !== b.worth[i]);
        return differs < 0 ? 0 : b.worth[differs]! - a.worth[differs]!;
      })
      .map(({ row }) => row),
  );
}
