import type { CalibrationBin } from "../../core/active/probeReport.ts";
import { formatShare } from "./labelSets.ts";

const side = 190;
const [left, bottom, edge] = [34, 22, 6];

/** How often the probe was right where it was this confident; on the diagonal the two are equal. */
export function CalibrationPlot({ bins, error }: { bins: readonly CalibrationBin[]; error: number }) {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const x = (share: number): number => left + (side - left - edge) * share;
  const y = (share: number): number => edge + (side - bottom - edge) * (1 - share);
  return (
    <svg
      className="learning-plot plot-square"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={`Calibration: confidence and accuracy differ by ${formatShare(error)} on average`}
    >
      <line className="plot-line" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
      <line className="plot-line" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(0)} />
      <line className="plot-line" x1={x(0)} y1={y(0)} x2={x(0)} y2={y(1)} />
      {bins
        .filter(({ count }) => count > 0)
        .map(({ from, to, count, confidence, accuracy }) => (
          <circle
            key={from}
            className="plot-dot"
            cx={x(confidence)}
            cy={y(accuracy)}
            r={2 + 6 * Math.sqrt(count / most)}
          >
            <title>{`${count} images with a confidence of ${formatShare(from)} to ${formatShare(to)}: ${formatShare(accuracy)} right`}</title>
          </circle>
        ))}
      <text className="plot-text" x={left - 4} y={y(1) + 8} textAnchor="end">
        100
      </text>
      <text className="plot-text" x={left - 4} y={y(0)} textAnchor="end">
        0
      </text>
      <text className="plot-text" x={x(0.5)} y={side - 6} textAnchor="middle">
        confidence
      </text>
    </svg>
  );
}
