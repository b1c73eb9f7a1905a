import type { ProjectReader } from "../core/projectFolder/projectReader.ts";
import type { Source } from "../sources/source.ts";

/** The ways images come in, for the state: it does not reach below the pipeline. */
export { fromDataTransfer } from "../sources/fromDataTransfer.ts";
export { fromFiles } from "../sources/fromFiles.ts";
export { pickDirectory } from "../sources/pickDirectory.ts";
export { fromSample } from "../sources/sample.ts";

/** The project folder that a source is, or null. What reads it is loaded when the first source is opened. */
export async function projectIn(source: Source): Promise<ProjectReader | null> {
  const { projectIn: find } = await import("./projectImport.ts");
  return await find(source);
}
