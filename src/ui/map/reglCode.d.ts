/** regl's draw functions by the hash of their text; the file beside this one is written by tools/regl-code.mjs. */
export declare const reglCode: Record<string, unknown>;
