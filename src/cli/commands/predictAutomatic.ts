import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import type { AnnotationSet } from "../../core/annotations/annotationSet.ts";
import { updatedSet } from "../../core/annotations/updatedSet.ts";
import {
  automaticFormat,
  automaticId,
  automaticName,
  automaticTags,
  usualTagThreshold,
} from "../../core/classifier/automaticTags.ts";
import { type Classifier, readClassifier, readVocabulary } from "../../core/classifier/classifier.ts";
import { joined, keptClasses, type Predictions, predict } from "../../core/classifier/predictions.ts";
import { WinnowError } from "../../core/errors.ts";
import { decoded } from "../../core/linalg/adapt.ts";
import { matrix } from "../../core/matrix.ts";
import type { ProjectReader } from "../../core/projectFolder/projectReader.ts";
import { chosenSpace } from "../chosenSpace.ts";
import { fileError } from "../nodeFolder.ts";
import { withProject } from "../openProject.ts";
import type { Surroundings } from "../surroundings.ts";
import { featuresOf } from "./adapt.ts";

/** What `--json` prints. */
export interface AutomaticResult {
  /** Id of the prediction task. */
  set: string;
  images: number;
  /** Images with a class that is likely enough. */
  tagged: number;
  threshold: number;
  classes: string[];
}

/**
 * `winnow predict --automatic`: what the bundled model is sure enough of becomes a prediction task, as on the page. It
 * reads the stored features, not the images.
 */
export async function predictAutomatic(
  project: string,
  { threshold = usualTagThreshold, name }: { threshold?: number; name?: string },
  { terminal, kernels, modelFile }: Surroundings,
): Promise<AutomaticResult> {
  return await withProject(project, terminal, async ({ reader, writer }) => {
    requireBundled(reader);
    const features = await featuresOf(chosenSpace(reader, undefined));
    const classifier = await bundledClassifier(modelFile);
    const loaded = await kernels();
    terminal.start("Predicting");
    const parts: Predictions[] = [];
    for await (const { firstRow, rows, cols, data } of features.chunks()) {
      parts.push(await terminal.drive(predict(loaded, classifier, matrix(decoded(data), rows, cols))));
      terminal.progress({ done: firstRow + rows, total: reader.rows }, "images");
    }
    const { rows, classes, scores } = joined(parts);
    const likeliest = {
      names: classifier.names,
      ofRow: Int32Array.from({ length: rows }, (_, row) => classes[row * keptClasses]!),
      confidence: Float32Array.from({ length: rows }, (_, row) => scores[row * keptClasses]!),
    };
    const before = await automaticSet(reader);
    const set = automaticTags(likeliest, threshold, {
      id: automaticId,
      name: name ?? before?.name ?? automaticName,
      source: { format: automaticFormat, file: "", at: Date.now(), threshold },
    });
    if (set.classOf.length === 0) {
      throw new WinnowError("empty", "No image is that likely to be of any class: take a lower --threshold.");
    }
    await writer.putAnnotations(before ? updatedSet(before, set) : set);
    return { set: set.id, images: rows, tagged: set.classOf.length, threshold, classes: [...set.classes] };
  });
}

/** @throws WinnowError `model`: the classifier understands the bundled model's features alone */
function requireBundled({ manifest: { model } }: ProjectReader): void {
  if (model?.sha256 === efficientNetLite0.sha256) return;
  const made = model === null ? "was made from vectors" : `was embedded with ${model.name}`;
  throw new WinnowError(
    "model",
    `Automatic tags come from ${efficientNetLite0.name}; this project ${made}. Give a classifier with --model.`,
  );
}

async function automaticSet(reader: ProjectReader): Promise<AnnotationSet | null> {
  for (const file of reader.annotationFiles) {
    const set = await reader.annotations(file);
    if (set.id === automaticId && set.role === "predictions") return set;
  }
  return null;
}

/** The last layer of the bundled model; its words lie beside its file. */
async function bundledClassifier(modelFile: string): Promise<Classifier> {
  const read = async (path: string): Promise<Buffer> => {
    try {
      return await readFile(path);
    } catch (error) {
      throw fileError(error, path);
    }
  };
  const beside = async (name: string): Promise<string> => (await read(join(dirname(modelFile), name))).toString("utf8");
  const vocabulary = readVocabulary(await beside("labels.tsv"), await beside("groups.tsv"));
  return readClassifier(await read(modelFile), efficientNetLite0.classifier, vocabulary);
}
