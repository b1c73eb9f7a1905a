import type { NumberField } from "../../core/explore/field.ts";
import type { Distribution, DistributionBar } from "../../core/selection/distribution.ts";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { HostileText } from "../text/HostileText.tsx";

interface DistributionBarsProps {
  distribution: Distribution;
  /** How numbers are written; null for classes. */
  unit: NumberField["unit"] | null;
  /** What the two bars of a line stand for. */
  words: readonly [string, string];
}

/** Two bars a value: the share of the first and of the second, on one scale. */
export function DistributionBars({ distribution: { bars }, unit, words }: DistributionBarsProps) {
  const most = bars.reduce((largest, { all, chosen }) => Math.max(largest, all, chosen), 0) || 1;
  return (
    <table className="distribution">
      <thead className="visually-hidden">
        <tr>
          <th>Value</th>
          <th>{words[0]}</th>
          <th>{words[1]}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map((bar, i) => (
          <tr key={bar.name || i}>
            <th scope="row" className="distribution-name">
              <HostileText text={nameOf(bar, unit)} />
            </th>
            <td className="distribution-bars">
              <span className="visually-hidden">{percent(bar.all)}</span>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect className="bar-all" x={0} y={0} width={(100 * bar.all) / most} height={4} />
                <rect className="bar-chosen" x={0} y={5} width={(100 * bar.chosen) / most} height={5} />
              </svg>
            </td>
            <td
              className="distribution-share"
              title={`${words[0]} ${percent(bar.all)}, ${words[1]} ${percent(bar.chosen)}`}
            >
              <span className="muted" aria-hidden="true">
                {percent(bar.all)}
              </span>
              <span className="distribution-arrow muted" aria-hidden="true">
                →
              </span>
              <b>{percent(bar.chosen)}</b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function nameOf({ name, from, to }: DistributionBar, unit: NumberField["unit"] | null): string {
  if (unit === null || from === undefined || to === undefined) return name;
  return `${formatFieldNumber(from, unit)} – ${formatFieldNumber(to, unit)}`;
}

/** “12 %”, “0.4 %”. */
const percent = (share: number): string => {
  const value = share * 100;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} %`;
};
