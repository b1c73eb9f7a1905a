import { fileList } from "../core/format/fileList.ts";
import type { ImageTable } from "../core/imageTable.ts";
import { selectionText } from "../core/projectFolder/selectionJson.ts";
import type { SelectionRecord } from "../core/records.ts";
import { saveBlob } from "../export/saveBlob.ts";
import { gatherBlob } from "../export/saveStream.ts";
import { safeName } from "./destination.ts";
import type { Project } from "./project.ts";

/** Downloads everything that is needed to run a selection again and to say why an image was chosen, as JSON. */
export function saveSelectionRecord({ info }: Project, images: ImageTable, record: SelectionRecord): void {
  const text = selectionText(record, {
    modelSha256: info.model?.sha256 ?? null,
    image: (row) => ({ id: images.at(row).id, path: images.path(row) }),
  });
  saveBlob(new Blob([text], { type: "application/json" }), `${safeName(record.name)}.json`);
}

/** Downloads the paths of a selection in pick order, one a line. */
export async function saveSelectionList(images: ImageTable, record: SelectionRecord): Promise<void> {
  const paths = Array.from(record.rows, (row) => images.path(row));
  saveBlob(await gatherBlob("text/plain", fileList(paths)), `${safeName(record.name)}.txt`);
}
