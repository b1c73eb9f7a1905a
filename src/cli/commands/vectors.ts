import { readFile } from "node:fs/promises";
import { WinnowError } from "../../core/errors.ts";
import { decodeFloat16 } from "../../core/float16.ts";
import { readNpy } from "../../core/format/npy.ts";
import { applyHead, fitHead } from "../../core/linalg/head.ts";
import { type Matrix, matrix, requireFinite } from "../../core/matrix.ts";
import { filePaths } from "../../core/projectFolder/filePaths.ts";
import type { StoredImage } from "../../core/projectFolder/imagesParquet.ts";
import { ProjectWriter } from "../../core/projectFolder/projectWriter.ts";
import { fileError, sha256Of } from "../nodeFolder.ts";
import { newProject, withFolder } from "../openProject.ts";
import type { Surroundings } from "../surroundings.ts";

export interface VectorsOptions {
  project: string;
  /** Numbers a row; needed for bare numbers, checked for `.npy`. */
  cols?: number;
  names?: string;
}

/** `winnow vectors`: a project from vectors alone. Their embedding is themselves, L2-normalised. */
export async function vectors(
  file: string,
  options: VectorsOptions,
  { terminal, kernels }: Surroundings,
): Promise<{ rows: number; cols: number }> {
  const points = await readVectors(file, options.cols);
  requireFinite(points, `vectors of “${file}”`);
  const { rows, cols } = points;
  const names = options.names === undefined ? null : await readNames(options.names, rows);
  const signed = points.data.some((value) => value < 0);
  return await withFolder(options.project, async (folder) => {
    if ((await folder.open(filePaths.manifest)) !== null) {
      throw new WinnowError("storage", `“${options.project}” is a project already; name another folder.`);
    }
    const writer = ProjectWriter.create(folder, newProject(options.project, { model: null, signedFeatures: signed }));
    const digits = String(rows - 1).length;
    const images = function* (): Generator<StoredImage> {
      for (let row = 0; row < rows; row++) {
        const vector = points.data.subarray(row * cols, (row + 1) * cols);
        const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
        const sha256 = sha256Of(bytes);
        const path = names?.[row] ?? `row-${String(row).padStart(digits, "0")}`;
        yield {
          record: {
            row,
            id: sha256.slice(0, 32),
            path,
            width: 0,
            height: 0,
            bytes: bytes.length,
            sha256,
            modifiedAt: 0,
            takenAt: null,
          },
          tags: [],
          label: "",
        };
      }
    };
    terminal.start("Writing");
    await writer.putImages(images(), rows, { dtype: "f4", cols, parts: [points.data] }, [], 0);
    const loaded = await kernels();
    const sample = rows <= 20_000 ? points : matrix(points.data.slice(0, 20_000 * cols), 20_000, cols);
    const head = await terminal.drive(fitHead(loaded, sample, { method: "raw" }));
    const embeddings = await terminal.drive(applyHead(loaded, head, points));
    await writer.putEmbedding({
      head,
      settings: { method: "raw", dim: cols, passes: 1 },
      embeddings,
      fittedTotal: rows,
    });
    return { rows, cols };
  });
}

async function readVectors(file: string, cols: number | undefined): Promise<Matrix> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw fileError(error, file);
  }
  const own = new Uint8Array(bytes);
  if (/\.npy$/i.test(file)) {
    const array = readNpy(own, file);
    const [rows, found] = array.shape;
    if (array.shape.length !== 2 || rows === undefined || found === undefined || array.dtype === "u4") {
      throw wrong(file, "float16, float32 or float64 rows × columns", `${array.dtype} [${array.shape.join(", ")}]`);
    }
    if (cols !== undefined && found !== cols) throw wrong(file, `${cols} columns`, `${found}`);
    if (rows === 0 || found === 0) throw wrong(file, "at least one row", `[${array.shape.join(", ")}]`);
    if (array.dtype === "f8") return matrix(Float32Array.from(array.data), rows, found);
    return matrix(array.dtype === "f2" ? decodeFloat16(array.data) : array.data, rows, found);
  }
  const half = /\.f16$/i.test(file);
  if (!half && !/\.f32$/i.test(file)) throw wrong(file, "a name that ends in .npy, .f32 or .f16", "another");
  if (cols === undefined) throw wrong(file, "--cols with the number of columns of bare numbers", "none");
  const rowBytes = cols * (half ? 2 : 4);
  if (own.length === 0 || own.length % rowBytes !== 0) {
    throw wrong(file, `a multiple of ${rowBytes} bytes (${cols} columns)`, `${own.length}`);
  }
  const data = half ? decodeFloat16(new Uint16Array(own.buffer)) : new Float32Array(own.buffer);
  return matrix(data, own.length / rowBytes, cols);
}

async function readNames(file: string, rows: number): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw fileError(error, file);
  }
  const names = text
    .replace(/^﻿/, "")
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
  if (names.length !== rows) throw wrong(file, `${rows} names, one a row`, `${names.length}`);
  const empty = names.indexOf("");
  if (empty >= 0) throw wrong(file, "a name in every line", `none in line ${empty + 1}`);
  const seen = new Map<string, number>();
  for (const [line, name] of names.entries()) {
    const first = seen.get(name);
    if (first !== undefined) throw wrong(file, "different names", `“${name}” in lines ${first + 1} and ${line + 1}`);
    seen.set(name, line);
  }
  return names;
}

const wrong = (file: string, expected: string, found: string): WinnowError =>
  new WinnowError("shape", `“${file}”: expected ${expected}, found ${found}.`, { file, expected, found });
