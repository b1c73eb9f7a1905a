import {
  type AnnotationExport,
  boxOf,
  type ExportFile,
  knownRows,
  plainNumber,
  requireBoxes,
  stemPaths,
  xmlText,
} from "./exportFile.ts";

/** Pascal VOC: Annotations/… with an XML file an image that the set knows; boxes only. */
export function* vocFiles(given: AnnotationExport): Generator<ExportFile> {
  requireBoxes(given, "Pascal VOC");
  const rows = knownRows(given);
  const stems = stemPaths(given, rows);
  for (const [i, row] of rows.entries())
    yield { path: `Annotations/${stems[i]}.xml`, chunks: [documentOf(given, row)] };
}

function documentOf({ set, images }: AnnotationExport, row: number): string {
  const path = images.paths[row]!;
  const slash = path.lastIndexOf("/");
  const objects: string[] = [];
  for (let at = set.first[row]!; at < set.first[row + 1]!; at++) {
    const box = boxOf(set, at);
    if (box === null) continue;
    const [x, y, width, height] = box;
    const edges = { xmin: x, ymin: y, xmax: plainNumber(x + width), ymax: plainNumber(y + height) };
    objects.push(
      "  <object>",
      `    <name>${xmlText(set.classes[set.classOf[at]!]!)}</name>`,
      "    <pose>Unspecified</pose>",
      "    <truncated>0</truncated>",
      "    <difficult>0</difficult>",
      `    <bndbox>${Object.entries(edges)
        .map(([name, value]) => `<${name}>${value}</${name}>`)
        .join("")}</bndbox>`,
      "  </object>",
    );
  }
  return [
    "<annotation>",
    `  <folder>${xmlText(path.slice(0, Math.max(0, slash)))}</folder>`,
    `  <filename>${xmlText(path.slice(slash + 1))}</filename>`,
    `  <size><width>${images.width(row)}</width><height>${images.height(row)}</height><depth>3</depth></size>`,
    "  <segmented>0</segmented>",
    ...objects,
    "</annotation>\n",
  ].join("\n");
}
