/** Where the build puts the bundled model; a URL relative to the built page, so that any sub-path works. */
export const modelUrl: string = new URL("./efficientnet-lite0/model.onnx", import.meta.url).href;
