import type { Amount, DraftStrategy } from "../../core/selection/draft.ts";
import { NumberField } from "../controls/NumberField.tsx";
import { Picker } from "../controls/Picker.tsx";

interface HowManyProps {
  amount: Amount;
  strategies: readonly DraftStrategy[];
  onChange: (change: { amount: Amount; strategies?: readonly DraftStrategy[] }) => void;
}

const units = [
  { value: "count", text: "images" },
  { value: "share", text: "% of all" },
  { value: "until", text: "as many as fit" },
] as const satisfies readonly { value: Amount["by"]; text: string }[];

/** Near enough that little is left uncovered, far enough that not everything is taken. */
const usualDistance = 0.5;

/** A number, a share, or no limit: then a smallest distance, or another stopping condition, ends the choice. */
export function HowMany({ amount, strategies, onChange }: HowManyProps) {
  const { by, count, percent } = amount;
  const diversity = strategies.find(({ strategy }) => strategy.type === "DIVERSITY");
  const rule = diversity?.strategy.type === "DIVERSITY" ? diversity.strategy : null;
  const withDistance = (distance: number | undefined): readonly DraftStrategy[] =>
    strategies.map((one) => {
      if (one.key !== diversity?.key || rule === null) return one;
      const { stoppingConditionMinimumDistance: _before, ...plain } = rule;
      const strategy = distance === undefined ? plain : { ...plain, stoppingConditionMinimumDistance: distance };
      return { ...one, strategy };
    });
  return (
    <>
      {by === "count" && (
        <NumberField
          whole
          label="How many"
          value={count}
          min={1}
          describedBy="how-many-message"
          className="how-many"
          onChange={(value) => onChange({ amount: { ...amount, count: value ?? Number.NaN } })}
        />
      )}
      {by === "share" && (
        <NumberField
          label="How many"
          value={percent}
          min={0}
          max={100}
          describedBy="how-many-message"
          className="how-many"
          onChange={(value) => onChange({ amount: { ...amount, percent: value ?? Number.NaN } })}
        />
      )}
      <Picker<Amount["by"]>
        boxed
        label="Number of images in"
        hidesLabel
        value={by}
        options={units}
        onPick={(next) => {
          const needsDistance = next === "until" && rule !== null && !strategies.some(stops);
          onChange({
            amount: { ...amount, by: next },
            ...(needsDistance && { strategies: withDistance(usualDistance) }),
          });
        }}
      />
      {by === "until" && rule && (
        <NumberField
          optional
          label="at least apart"
          value={rule.stoppingConditionMinimumDistance}
          min={0}
          max={2}
          step={0.05}
          describedBy="how-many-message"
          className="how-many"
          onChange={(distance) => onChange({ amount, strategies: withDistance(distance) })}
        />
      )}
    </>
  );
}

const stops = ({ strategy }: DraftStrategy): boolean =>
  Object.keys(strategy).some((key) => key.startsWith("stoppingCondition") || key === "targetRange");
