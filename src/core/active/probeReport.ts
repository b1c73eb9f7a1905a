/** How confident and how right a probe was on some of the images: those whose top probability lies in a range. */
export interface CalibrationBin {
  /** Range of the top probability; the upper end belongs to it. */
  from: number;
  to: number;
  count: number;
  /** Means over the bin; NaN where it is empty. */
  confidence: number;
  accuracy: number;
}

/** How good predictions are, from probabilities that did not see the labels. */
export interface ProbeReport {
  labelled: number;
  /** Share of images whose likeliest class is the label. */
  accuracy: number;
  /** Mean over the classes that have labels of the share that is found. */
  balancedAccuracy: number;
  /** Mean of −ln p(label), p at least 1e-15. */
  logLoss: number;
  bins: CalibrationBin[];
  /** Expected calibration error: mean over images of the difference of their bin's confidence and accuracy. */
  calibrationError: number;
  /** classes × classes: rows are labels, columns the likeliest classes; null beyond 1,000 classes. */
  confusion: Uint32Array | null;
}

const usualBins = 10;
/** A larger confusion matrix nobody can read. */
const mostConfused = 1_000;
const leastProbability = 1e-15;

/** The likeliest class of a row of probabilities; ties go to the lower class. */
export function likeliest(probabilities: Float32Array, at: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (probabilities[at + c]! > probabilities[at + best]!) best = c;
  return best;
}

/**
 * @param probabilities labels.length × classes
 * @param bins of equal width between 0 and 1
 */
export function probeReport(
  probabilities: Float32Array,
  labels: Uint32Array,
  classes: number,
  bins = usualBins,
): ProbeReport {
  const confusion = classes <= mostConfused ? new Uint32Array(classes * classes) : null;
  const [hits, totals] = [new Uint32Array(classes), new Uint32Array(classes)];
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  let right = 0;
  let loss = 0;
  for (const [i, label] of labels.entries()) {
    const guess = likeliest(probabilities, i * classes, classes);
    const confidence = probabilities[i * classes + guess]!;
    if (confusion) confusion[label * classes + guess]!++;
    totals[label]!++;
    if (guess === label) {
      right++;
      hits[label]!++;
    }
    loss -= Math.log(Math.max(leastProbability, probabilities[i * classes + label]!));
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))]!;
    bin.count++;
    bin.confidence += confidence;
    if (guess === label) bin.right++;
  }
  const apart = sums.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0);
  return {
    labelled: labels.length,
    accuracy: right / labels.length,
    balancedAccuracy: meanRecall(hits, totals),
    logLoss: loss / labels.length,
    bins: sums.map(({ count, confidence, right: own }, i) => ({
      from: i / bins,
      to: (i + 1) / bins,
      count,
      confidence: confidence / count,
      accuracy: own / count,
    })),
    calibrationError: apart / labels.length,
    confusion,
  };
}

/** Over the classes that have labels. */
function meanRecall(hits: Uint32Array, totals: Uint32Array): number {
  let sum = 0;
  let present = 0;
  for (const [c, total] of totals.entries()) {
    if (total === 0) continue;
    present++;
    sum += hits[c]! / total;
  }
  return sum / present;
}
