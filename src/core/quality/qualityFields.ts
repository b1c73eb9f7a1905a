import type { FieldUnit, NumberField } from "../explore/field.ts";
import type { ImageTable } from "../imageTable.ts";
import { qualityScores } from "./issues.ts";
import type { NumberMeasure } from "./measures.ts";

type Described = Pick<NumberField, "id" | "title" | "unit" | "hint">;

const described = (id: string, title: string, unit: FieldUnit, hint: string): Described => ({ id, title, unit, hint });

const scoreTexts = {
  dark: described("dark", "Darkness score", "score", "Low for an image whose brightest parts are dark."),
  light: described("light", "Lightness score", "score", "Low for an image whose darkest parts are bright."),
  low_information: described(
    "low_information",
    "Information score",
    "score",
    "Low for an image of few colours, such as a blank page.",
  ),
  blurry: described("blurry", "Blur score", "score", "Low for an image without sharp edges."),
  odd_aspect_ratio: described(
    "odd_aspect_ratio",
    "Aspect ratio score",
    "score",
    "The shorter side over the longer one: low for a strip, 1 for a square.",
  ),
  odd_size: described("odd_size", "Size score", "score", "Low for an image much larger or smaller than the others."),
};

const measureTexts: readonly (readonly [NumberMeasure, Described])[] = [
  [
    "sharpness",
    described(
      "sharpness",
      "Sharpness",
      "ratio",
      "Variance of the Laplacian: high for an image with many fine edges, at its own size.",
    ),
  ],
  [
    "signalToNoise",
    described("signal_to_noise", "Signal to noise", "ratio", "Mean brightness over how much it varies."),
  ],
  [
    "contrast",
    described("contrast", "Contrast", "score", "How much brightness varies: 0 for a flat image, at most 0.5."),
  ],
  ["meanRed", described("mean_red", "Mean red", "ratio", "The average of the red channel, 0 to 255.")],
  ["meanGreen", described("mean_green", "Mean green", "ratio", "The average of the green channel, 0 to 255.")],
  ["meanBlue", described("mean_blue", "Mean blue", "ratio", "The average of the blue channel, 0 to 255.")],
];

/** Ids of the fields of {@link qualityFields}, which are the names of their columns in tables. */
export const qualityFieldIds: ReadonlySet<string> = new Set(
  [...Object.values(scoreTexts), ...measureTexts.map(([, about]) => about)].map(({ id }) => id),
);

/** What was measured of the images' pixels; none where nothing was. */
export function qualityFields(images: ImageTable): NumberField[] {
  const { length: rows, measures } = images;
  if (measures.measured === 0) return [];
  const scores = qualityScores(images);
  const field = (about: Described, values: Float32Array): NumberField => ({ ...about, kind: "number", values });
  return [
    field(scoreTexts.dark, scores.dark),
    field(scoreTexts.light, scores.light),
    field(scoreTexts.low_information, scores.low_information),
    field(scoreTexts.blurry, scores.blurry),
    field(scoreTexts.odd_aspect_ratio, scores.odd_aspect_ratio),
    field(scoreTexts.odd_size, scores.odd_size),
    ...measureTexts.map(([name, about]) => field(about, measures.column(name, rows))),
  ];
}
