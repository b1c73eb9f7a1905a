import * as v from "valibot";
import { boxThresholdNames, boxThresholdRanges } from "../annotations/boxThresholds.ts";
import { type AdjustableCheck, defaultQuality, type QualitySettings } from "../quality/qualitySettings.ts";

const between = (least: number, most: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(most));
const score = between(0, 1);

const checks = {
  dark: score,
  light: score,
  odd_aspect_ratio: score,
  low_information: score,
  blurry: score,
  odd_size: score,
  near_duplicate: between(0.1, 0.5),
  outlier: score,
} satisfies Record<AdjustableCheck, typeof score>;

const boxes = Object.fromEntries(
  boxThresholdNames.map((name) => [
    name,
    v.optional(between(boxThresholdRanges[name].least, boxThresholdRanges[name].most)),
  ]),
);

/** Thresholds that a person moved, as project.json holds them; those at their default are absent. */
export const qualitySchema = v.object({
  thresholds: v.partial(v.object(checks)),
  boxes: v.optional(v.object(boxes)),
});
export type QualityJson = v.InferOutput<typeof qualitySchema>;

/** Undefined where everything is at its default. */
export function qualityToJson({ thresholds, boxes: moved }: QualitySettings): QualityJson | undefined {
  if (Object.keys(thresholds).length === 0 && !moved) return undefined;
  return { thresholds: { ...thresholds }, ...(moved && { boxes: { ...moved } }) };
}

/** Undefined: everything is at its default. */
export function qualityFromJson(json: QualityJson | undefined): QualitySettings {
  if (!json) return defaultQuality;
  const given = <T extends object>(values: T): Partial<T> =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
  return {
    thresholds: given(json.thresholds) as QualitySettings["thresholds"],
    ...(json.boxes && { boxes: given(json.boxes) as NonNullable<QualitySettings["boxes"]> }),
  };
}
