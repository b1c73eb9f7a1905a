import { defaultThresholds, type QualityCheck } from "./issues.ts";

/** Checks with a threshold that a person can move; grey is yes or no. */
export type AdjustableCheck = Exclude<QualityCheck, "grayscale"> | "near_duplicate" | "outlier";

/** What a person set of the checks, kept with the project. */
export interface QualitySettings {
  /** Those that are not at their default. Scores are 0…1, near duplicates a distance of √features, 0.1…0.5. */
  thresholds: Readonly<Partial<Record<AdjustableCheck, number>>>;
}

export const defaultQuality: QualitySettings = { thresholds: {} };

/** The settings with one threshold moved, or back at its default when it is null. */
export function withThreshold(
  settings: QualitySettings,
  check: AdjustableCheck,
  threshold: number | null,
): QualitySettings {
  const { [check]: _before, ...others } = settings.thresholds;
  return { ...settings, thresholds: threshold === null ? others : { ...others, [check]: threshold } };
}

/** The threshold in force of a check of single images. */
export const imageThreshold = ({ thresholds }: QualitySettings, check: QualityCheck): number =>
  (check === "grayscale" ? undefined : thresholds[check]) ?? defaultThresholds[check];
