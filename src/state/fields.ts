import type { Field, NumberField, SetsField } from "../core/explore/field.ts";
import type { Insights } from "../core/explore/insights.ts";
import type { SelectionRecord } from "../core/records.ts";
import type { RowSet } from "../core/rowSet.ts";
import { type Duplicates, duplicatesField } from "./duplicates.ts";
import type { Search } from "./state.ts";

/** What was found out of the images themselves. */
export function insightFields(
  { rows, clusters, typicality, outlier, predicted }: Insights,
  duplicates: Duplicates | null,
): Field[] {
  const score = (id: string, title: string, values: Float32Array, hint: string): NumberField => ({
    id,
    title,
    kind: "number",
    unit: "score",
    values,
    hint,
  });
  return [
    {
      id: "cluster",
      title: "Clusters",
      kind: "category",
      names: clusters.names,
      ofRow: clusters.ofRow,
      hint: "Groups of images whose neighbours are in the group too. Their names are what the bundled model sees most in them and least elsewhere.",
    },
    ...(predicted ? predictionFields(predicted, rows) : []),
    ...(duplicates ? [duplicatesField(duplicates)] : []),
    score(
      "typicality",
      "Typicality",
      typicality,
      "High in the middle of a crowd of similar images, low for a rare one.",
    ),
    score(
      "outlier",
      "Outlier score",
      outlier,
      "Low for an image that is far from all others, e.g. one that is there by mistake.",
    ),
  ];
}

/** Only classes that occur have a name. */
function predictionFields({ names, classOf, confidence }: NonNullable<Insights["predicted"]>, rows: number): Field[] {
  const occurring = [...new Set(classOf)].sort((a, b) => a - b);
  const place = new Map(occurring.map((c, i) => [c, i]));
  return [
    {
      id: "prediction",
      title: "Predicted class",
      kind: "category",
      names: occurring.map((c) => names[c]!),
      ofRow: Int32Array.from({ length: rows }, (_, row) => place.get(classOf[row]!)!),
      hint: "What the bundled model takes the image for among the 1,000 classes of ImageNet. It often guesses: see its confidence.",
    },
    {
      id: "confidence",
      title: "Confidence",
      kind: "number",
      unit: "score",
      values: confidence,
      hint: "The probability that the bundled model gives to its predicted class.",
    },
  ];
}

const mostTitle = 40;
const shortened = (text: string): string => (text.length > mostTitle ? `${text.slice(0, mostTitle - 1)}…` : text);
const similarityHints: Readonly<Record<Search["kind"], string>> = {
  words: "The probability that the bundled model gives to the classes of this word.",
  text: "The cosine of the angle between what the model makes of the words and of the image. Its order counts: even good matches of a CLIP model have 0.2 to 0.35.",
  object:
    "The cosine of the angle between the embeddings of an image's most similar object and of the one searched with.",
  examples: "The cosine of the angle between an image's embedding and that of the examples: 1 for the same image.",
};

/** The ranking of a search. */
export const similarityField = ({ kind, title, values }: Search): NumberField => ({
  id: "similarity",
  title: {
    words: `Looks like “${title}”`,
    text: `Matches “${shortened(title)}”`,
    object: "Similarity",
    examples: "Similarity",
  }[kind],
  kind: "number",
  unit: "score",
  values,
  hint: similarityHints[kind],
});

/** Whether the files are where they were; none while that is so for all. */
export function originalFields(missing: RowSet, rows: number): Field[] {
  if (missing.size === 0) return [];
  return [
    {
      id: "original",
      title: "Original file",
      kind: "category",
      names: ["there", "missing"],
      ofRow: Int32Array.from({ length: rows }, (_, row) => (missing.has(row) ? 1 : 0)),
      hint: "Missing files were neither under their path nor, by their content, under another one when their folder was last looked for.",
    },
  ];
}

/** Membership in each selection, oldest first; of equal names the later ones are numbered. */
export function selectionField(
  selections: readonly SelectionRecord[],
  setOf: (rows: Uint32Array) => RowSet,
): SetsField {
  const seen = new Map<string, number>();
  const names = selections.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
  return { id: "selection", title: "Selections", kind: "sets", names, sets: selections.map(({ rows }) => setOf(rows)) };
}
