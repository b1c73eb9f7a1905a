import type { OnnxFile, OnnxValue } from "./onnxFile.ts";

const imageTypes: readonly string[] = ["f32", "f16", "u8"];

/** Whether an input can be an image: three colours, and two axes of pixels. */
export function isImage({ dims, type }: OnnxValue): boolean {
  if (!imageTypes.includes(type)) return false;
  if (dims === null) return true;
  return dims.length === 4 && (dims[1] === 3 || dims[3] === 3 || dims.slice(1).every((dim) => typeof dim !== "number"));
}

/**
 * What of a file with two towers looks at images alone, as if it were a file of its own; `towerOf` makes that file. Any
 * other file as it is.
 */
export function imagePart(file: OnnxFile): OnnxFile {
  const { inputs, outputs, needs } = file;
  const image = inputs.find(isImage);
  if (!image || !needs) return file;
  const own = outputs.filter(({ name }) => {
    const from = needs.get(name);
    return from?.length === 1 && from[0] === image.name;
  });
  return own.length === 0 ? file : { ...file, inputs: [image], outputs: own };
}
