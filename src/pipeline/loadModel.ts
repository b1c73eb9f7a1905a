import { groupsUrl, labelsUrl, modelUrl } from "../../models/location.ts";
import type { ModelManifest } from "../../models/manifest.ts";
import { type Classifier, readClassifier, readVocabulary, type Vocabulary } from "../core/classifier/classifier.ts";
import { WinnowError } from "../core/errors.ts";

/**
 * The bundled model's bytes, checked against the manifest.
 * @throws WinnowError `model` when it cannot be fetched or is not the file that the manifest names
 */
export async function loadModel(manifest: ModelManifest): Promise<ArrayBuffer> {
  let bytes: ArrayBuffer;
  try {
    const response = await fetch(modelUrl);
    if (!response.ok) throw new Error(`status ${response.status}`);
    bytes = await response.arrayBuffer();
  } catch (cause) {
    throw new WinnowError("model", `The model ${manifest.name} could not be loaded. Reload the page.`, {}, { cause });
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (sha256 !== manifest.sha256) {
    throw new WinnowError(
      "model",
      `The model file of ${manifest.name} is damaged. Reload the page without its cache.`,
      {
        expected: manifest.sha256,
        found: sha256,
      },
    );
  }
  return bytes;
}

/**
 * The words of the bundled model's classifier.
 * @throws WinnowError `model` when they cannot be fetched
 */
export async function loadVocabulary(manifest: ModelManifest): Promise<Vocabulary> {
  const text = async (url: string): Promise<string> => {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return await response.text();
    throw new WinnowError("model", `The class names of ${manifest.name} could not be loaded. Reload the page.`);
  };
  return readVocabulary(await text(labelsUrl), await text(groupsUrl));
}

/** The bundled model's last layer. Throws as {@link loadModel}. */
export async function loadClassifier(manifest: ModelManifest, vocabulary: Vocabulary): Promise<Classifier> {
  return readClassifier(new Uint8Array(await loadModel(manifest)), manifest.classifier, vocabulary);
}
