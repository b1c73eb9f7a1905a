/** The ways images come in, for the state: it does not reach below the pipeline. */
export { fromDataTransfer } from "../sources/fromDataTransfer.ts";
export { fromFiles } from "../sources/fromFiles.ts";
export { pickDirectory } from "../sources/pickDirectory.ts";
export { fromSample } from "../sources/sample.ts";
export { projectIn } from "./projectImport.ts";
