import { crc32 } from "../format/crc32.ts";
import type { MapMethod } from "../reduce/embeddingMap.ts";
import type { Manifest } from "./manifest.ts";

/** Names of the maps in files and in the manifest. */
export const mapKeys: Readonly<Record<MapMethod, keyof Manifest["maps"]>> = {
  PCA: "pca",
  UMAP: "umap",
  "t-SNE": "tsne",
};

export const mapMethods = Object.keys(mapKeys) as MapMethod[];

/** Where the parts of one embedding are, by the id of its space; "": the project's first. */
export const embeddingPaths = (space: string) => {
  const at = (part: string): string => (space === "" ? `${part}.npy` : `spaces/${space}.${part}.npy`);
  return {
    features: space === "" ? "features.npy" : `spaces/${space}.npy`,
    embeddings: at("embeddings"),
    head: at("head"),
    knn: at("knn"),
    map: (method: MapMethod): string => at(`map.${mapKeys[method]}`),
  } as const;
};

/** Where the parts of a project are in its folder. */
export const filePaths = {
  manifest: "project.json",
  images: "images.parquet",
  problems: "problems.json",
  metadata: "metadata.parquet",
  selection: (file: string): string => `selections/${file}`,
  /** Features of a set's objects; `space` is "" for the project's own model. */
  objects: ({ set, space }: { set: string; space: string }): string =>
    `objects/${space === "" ? "" : `${space}.`}${annotationsFile(set)}.npy`,
  /** An image of a publication: a picture made of it, or its file with the ending of its path. */
  original: (kind: "pictures" | "files", row: number, path: string): string =>
    `originals/${String(row).padStart(6, "0")}.${kind === "pictures" ? "jpg" : (/\.([A-Za-z0-9]{1,5})$/.exec(path)?.[1]?.toLowerCase() ?? "bin")}`,
  /** Of a set of labels or predictions. */
  annotations: ({ role, id }: { role: "labels" | "predictions"; id: string }): string =>
    `${role}/${annotationsFile(id)}.parquet`,
} as const;

/** The file of a selection record, whose id may be anything in a project of somebody else. */
export const selectionFile = (id: string): string => `${safeName(id)}.json`;

const safeName = (id: string): string => id.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 100) || "_";

/** Of two ids with the same safe name each has an own file. */
function annotationsFile(id: string): string {
  const safe = safeName(id);
  return safe === id ? id : `${safe}-${crc32(Uint8Array.from(id, (one) => one.charCodeAt(0))).toString(16)}`;
}
