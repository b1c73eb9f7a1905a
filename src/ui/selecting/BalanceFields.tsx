import { useMemo } from "react";
import type { Field } from "../../core/explore/field.ts";
import type { SelectionRule } from "../../core/selection/config.ts";
import { countsByName } from "../../core/selection/distribution.ts";
import { NumberField } from "../controls/NumberField.tsx";
import { Picker } from "../controls/Picker.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { useWinnow } from "../winnow.tsx";
import { FieldPicker } from "./FieldPicker.tsx";

type Balance = Extract<SelectionRule, { type: "BALANCE" }>;

interface BalanceFieldsProps {
  strategy: Balance;
  /** The id of the field that is balanced. */
  by: string;
  categories: readonly Field[];
  /** `by` null: as before. */
  onChange: (by: string | null, rule: Balance) => void;
}

const distributions = [
  { value: "UNIFORM", text: "all alike" },
  { value: "INPUT", text: "as in all images" },
  { value: "TARGET", text: "as I say" },
] as const satisfies readonly { value: Balance["distribution"]; text: string }[];

/** Classes beyond these are left to “other”: nobody types more shares. */
const mostNamed = 12;

/** Which classes are balanced, and how. */
export function BalanceFields({ strategy, by, categories, onChange }: BalanceFieldsProps) {
  const rows = useWinnow((state) => state.images.length);
  const field = categories.find(({ id }) => id === by);
  const shares = useMemo(() => (field ? sharesOf(field, rows) : {}), [field, rows]);
  const { target, ...plain } = strategy;
  const sum = Object.values(target ?? {}).reduce((total, share) => total + share, 0);
  const withDistribution = (distribution: Balance["distribution"], of: Record<string, number>): Balance =>
    distribution === "TARGET" ? { ...plain, distribution, target: of } : { ...plain, distribution };
  return (
    <>
      <FieldPicker
        label="By"
        value={by}
        fields={categories}
        onPick={(id) => {
          const next = categories.find((one) => one.id === id);
          onChange(id, withDistribution(strategy.distribution, next ? sharesOf(next, rows) : {}));
        }}
      />
      <Picker<Balance["distribution"]>
        boxed
        label="Shares"
        value={strategy.distribution}
        options={distributions}
        onPick={(distribution) => onChange(null, withDistribution(distribution, target ?? shares))}
      />
      {target && (
        <fieldset className="balance-target" aria-label="Shares of the classes">
          {Object.entries(target).map(([name, share]) => (
            <span key={name} className="balance-share">
              <span className="balance-name">
                <HostileText text={name} />
              </span>
              <NumberField
                bare
                label={`Share of ${name}, percent`}
                value={Number((share * 100).toPrecision(10))}
                min={0}
                max={100}
                unit="%"
                onChange={(percent = Number.NaN) =>
                  onChange(null, { ...strategy, target: { ...target, [name]: percent / 100 } })
                }
              />
            </span>
          ))}
          <span className={sum > 1 + 1e-9 ? "balance-rest is-wrong" : "balance-rest muted"}>
            {sum > 1 + 1e-9
              ? `Together ${percentOf(sum)}: that is more than 100 %.`
              : `Everything else together: ${percentOf(1 - sum)}.`}
          </span>
        </fieldset>
      )}
    </>
  );
}

const percentOf = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

/** The shares of the most frequent classes, rounded down to whole percents. */
function sharesOf(field: Field, rows: number): Record<string, number> {
  const counts = countsByName(field, null, rows);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostNamed);
  return Object.fromEntries(most.map(([name, count]) => [name, Math.floor((100 * count) / Math.max(1, all)) / 100]));
}
