/** Where the build puts the bundled model; a URL relative to the built page, so that any sub-path works. */
export const modelUrl: string = new URL("./efficientnet-lite0/model.onnx", import.meta.url).href;
/** The classes of the bundled model: “wnid TAB name” a line. */
export const labelsUrl: string = new URL("./efficientnet-lite0/labels.tsv", import.meta.url).href;

/** Broader words with the classes they stand for: “word TAB ranges” a line. */
export const groupsUrl: string = new URL("./efficientnet-lite0/groups.tsv", import.meta.url).href;
