import { AnnotationSetBuilder } from "../../annotations/setBuilder.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { ImportLedger } from "./ledger.ts";
import { aboutSet } from "./setNames.ts";

/**
 * The folder that an image lies in as its label: `train/hat/a.jpg` is a hat. Images in no folder have none.
 * @param level which folder: 0 the innermost, 1 the one around it …
 */
export function readFolderLabels(context: ImportContext, level = 0): Imported {
  const ledger = new ImportLedger(context, "folders", "Folders");
  const builder = new AnnotationSetBuilder();
  for (const [row, path] of context.images.paths.entries()) {
    const name = path.split("/").at(-2 - level);
    if (name !== undefined && name !== "") builder.add(row, { class: builder.classOf(name) });
  }
  return ledger.close([builder.finish(aboutSet(context, ledger, "classification", "labels", "Folder"))]);
}
