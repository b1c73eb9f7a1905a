import { type BoxThresholds, defaultBoxThresholds } from "../annotations/boxThresholds.ts";
import { defaultThresholds, type QualityCheck } from "./issues.ts";

/** Checks with a threshold that a person can move; grey is yes or no. */
export type AdjustableCheck = Exclude<QualityCheck, "grayscale"> | "near_duplicate" | "outlier";

/** What a person set of the checks, kept with the project. */
export interface QualitySettings {
  /** Those that are not at their default. Scores are 0…1, near duplicates a distance of √features, 0.1…0.5. */
  thresholds: Readonly<Partial<Record<AdjustableCheck, number>>>;
  /** Those by which boxes are compared and that are not at their default. */
  boxes?: Readonly<Partial<BoxThresholds>>;
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

/** The settings with some thresholds of boxes moved; null puts all of them back at their defaults. */
export function withBoxThresholds(settings: QualitySettings, change: Partial<BoxThresholds> | null): QualitySettings {
  const { boxes: before, ...others } = settings;
  const moved = Object.entries(change === null ? {} : { ...before, ...change }).filter(
    ([name, value]) => value !== defaultBoxThresholds[name as keyof BoxThresholds],
  );
  return moved.length === 0 ? others : { ...others, boxes: Object.fromEntries(moved) };
}

/** The thresholds in force by which boxes are compared. */
export const boxThresholds = ({ boxes }: QualitySettings): BoxThresholds => ({ ...defaultBoxThresholds, ...boxes });

/** The threshold in force of a check of single images. */
export const imageThreshold = ({ thresholds }: QualitySettings, check: QualityCheck): number =>
  (check === "grayscale" ? undefined : thresholds[check]) ?? defaultThresholds[check];
