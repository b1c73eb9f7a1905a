/** exifr types only its full build; the lite build (EXIF of JPEG and HEIC) has the same `parse`. */
declare module "exifr/dist/lite.esm.mjs" {
  export { parse } from "exifr";
}
