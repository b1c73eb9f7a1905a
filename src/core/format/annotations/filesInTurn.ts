import type { ImportContext, ImportFiles } from "./imported.ts";
import type { ImportLedger } from "./ledger.ts";

/** No annotation of one image is larger; a larger file is left out, not read. Bytes. */
const largestFile = 32 << 20;
const perReport = 100;

/** Reads small files one after the other as text; one that is too large is named among the bad rows. */
export async function filesInTurn(
  files: ImportFiles,
  paths: readonly string[],
  ledger: ImportLedger,
  progress: ImportContext["progress"],
  onFile: (text: string, path: string) => void,
): Promise<void> {
  for (const [i, path] of paths.entries()) {
    if (i % perReport === 0) await progress?.(i, paths.length);
    const file = await files.open(path);
    if (file === null) ledger.bad(null, "it is not there any more", path);
    else if (file.size > largestFile)
      ledger.bad(null, `it has ${file.size} bytes, more than one image's annotations`, path);
    else onFile(await file.text(), path);
  }
}
