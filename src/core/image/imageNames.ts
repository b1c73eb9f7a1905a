const extensions = /\.(jpe?g|jfif|png|gif|webp|bmp|avif|heic|heif|tiff?|svg|ico|jp2|jxl|psd)$/i;

/** True when a person would call this file an image by its name. */
export const hasImageName = (path: string): boolean => extensions.test(path);

/** False where the name says that the file is something else; only its content decides. */
export const mayBeImage = (path: string): boolean => hasImageName(path) || !/\.[^./]{1,8}$/.test(path);
