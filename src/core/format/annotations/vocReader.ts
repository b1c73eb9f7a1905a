import { XMLParser } from "fast-xml-parser";
import { AnnotationSetBuilder } from "../../annotations/setBuilder.ts";
import { boxProblem, clipBoxes } from "./boxes.ts";
import { filesInTurn } from "./filesInTurn.ts";
import type { ImportContext, Imported, ImportFiles } from "./imported.ts";
import { numberOf, own, textOf } from "./jsonStream.ts";
import { ImportLedger } from "./ledger.ts";
import { endingsOf } from "./pathMatcher.ts";
import { aboutSet, stemOf } from "./setNames.ts";

/**
 * Pascal VOC: an XML file an image, `object` with `name` and `bndbox` (xmin, ymin, xmax, ymax in pixels, taken as the
 * box's edges). Entities of a document's own are not expanded.
 */
export async function readVoc(files: ImportFiles, context: ImportContext): Promise<Imported> {
  const ledger = new ImportLedger(context, "voc", files.name);
  const builder = new AnnotationSetBuilder();
  const seen = new Set<number>();
  const parser = new XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    processEntities: false,
    maxNestedTags: 32,
    isArray: (name) => name === "object",
  });
  const documents = files.paths.filter((path) => /\.xml$/i.test(path));
  await filesInTurn(files, documents, ledger, context.progress, (text, path) => {
    let annotation: unknown;
    try {
      annotation = own(parser.parse(text, true), "annotation");
    } catch (cause) {
      return ledger.bad(null, cause instanceof Error ? cause.message : "it is no XML", path);
    }
    if (typeof annotation !== "object") return ledger.bad(null, "it has no element “annotation”", path);
    const row = ledger.rowOfFirst(imagePaths(annotation), endingsOf(path));
    if (row < 0) return;
    if (seen.has(row)) ledger.duplicate();
    seen.add(row);
    builder.startOver(row);
    const objects = own(annotation, "object");
    for (const [i, object] of (Array.isArray(objects) ? objects : []).entries()) {
      const name = plainText(own(object, "name"));
      const box = edges(own(object, "bndbox"));
      const problem = name === "" ? "it has no name" : boxProblem(box);
      if (problem !== "" || box === null) ledger.bad(null, `object ${i + 1}: ${problem}`, path);
      else builder.add(row, { class: builder.classOf(name), box });
    }
  });
  const set = builder.finish(aboutSet(context, ledger, "object-detection", "labels", stemOf(files.name)));
  return ledger.close([clipBoxes(set, ledger)]);
}

/** What a document may call its image, the surest first. */
function imagePaths(annotation: unknown): string[] {
  const file = plainText(own(annotation, "filename"));
  const folder = plainText(own(annotation, "folder"));
  return [folder !== "" && file !== "" ? `${folder}/${file}` : "", file, plainText(own(annotation, "path"))].filter(
    (path) => path !== "",
  );
}

function edges(value: unknown): number[] | null {
  const [left, top, right, bottom] = ["xmin", "ymin", "xmax", "ymax"].map((name) => numberOf(own(value, name)));
  const box = [left!, top!, right! - left!, bottom! - top!];
  return box.some(Number.isNaN) ? null : box;
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Text with XML's own five entities and numbered characters in place; no others exist. */
function plainText(value: unknown): string {
  return textOf(value)
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex, decimal, name) => {
      if (name) return entities[String(name).toLowerCase()] ?? whole;
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .trim();
}
