/** By what boxes of labels are compared with predicted ones. */
export interface BoxThresholds {
  /** Boxes that overlap less (intersection over union) are of different objects. */
  overlap: number;
  /** Predictions that are surer than this contradict a label. */
  sure: number;
  /** The localisation mistakenness over which a box is badly placed. */
  misplaced: number;
  /** Predictions of a lower score are left out, as if they had not been made; those without a score stay. */
  least: number;
}

/** The values of specs/quality.md. A sure prediction then has to overlap its label by 0.6. */
export const defaultBoxThresholds: BoxThresholds = { overlap: 0.5, sure: 0.95, misplaced: 0.8, least: 0 };

export const boxThresholdNames = Object.keys(defaultBoxThresholds) as (keyof BoxThresholds)[];

/** How far each can be moved. An overlap of 1 would leave nothing to be badly placed. */
export const boxThresholdRanges: Readonly<Record<keyof BoxThresholds, { least: number; most: number; step: number }>> =
  {
    overlap: { least: 0.1, most: 0.9, step: 0.05 },
    sure: { least: 0, most: 0.99, step: 0.01 },
    misplaced: { least: 0.5, most: 0.99, step: 0.01 },
    least: { least: 0, most: 0.95, step: 0.05 },
  };

/** The overlap under which a wholly sure prediction of its class says that a label is badly placed. */
export const overlapOfMisplaced = ({ overlap, misplaced }: BoxThresholds): number => 1 - misplaced * (1 - overlap);
