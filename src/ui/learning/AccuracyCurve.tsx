import type { CurvePoint } from "../../core/active/learningCurve.ts";
import { formatShare } from "./labelSets.ts";

const [width, height] = [280, 130];
const [left, right, top, bottom] = [34, 8, 8, 22];

/** Cross-validated accuracy after each round, against the number of labels. */
export function AccuracyCurve({ points }: { points: readonly CurvePoint[] }) {
  const last = points.at(-1);
  if (!last) return null;
  const most = Math.max(1, last.labels);
  const least = Math.max(0, Math.floor((Math.min(...points.map(({ accuracy }) => accuracy)) - 0.05) * 10) / 10);
  const x = (labels: number): number => left + ((width - left - right) * labels) / most;
  const y = (accuracy: number): number => top + ((height - top - bottom) * (1 - accuracy)) / (1 - Math.min(least, 0.9));
  const words = points.map(({ labels, accuracy }) => `${formatShare(accuracy)} with ${labels}`).join(", ");
  return (
    <svg
      className="learning-plot"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Accuracy: ${words} labels`}
    >
      {[Math.min(least, 0.9), (Math.min(least, 0.9) + 1) / 2, 1].map((value) => (
        <g key={value}>
          <line className="plot-line" x1={left} x2={width - right} y1={y(value)} y2={y(value)} />
          <text className="plot-text" x={left - 5} y={y(value) + 4} textAnchor="end">
            {Math.round(100 * value)}
          </text>
        </g>
      ))}
      <text className="plot-text" x={left} y={height - 6}>
        0
      </text>
      <text className="plot-text" x={width - right} y={height - 6} textAnchor="end">
        {last.labels} labels
      </text>
      <polyline
        className="plot-ours"
        points={points.map(({ labels, accuracy }) => `${x(labels)},${y(accuracy)}`).join(" ")}
      />
      {points.map(({ round, labels, accuracy }) => (
        <circle key={round} className="plot-dot" cx={x(labels)} cy={y(accuracy)} r={3}>
          <title>{`Round ${round}: ${formatShare(accuracy)} with ${labels} labels`}</title>
        </circle>
      ))}
    </svg>
  );
}
