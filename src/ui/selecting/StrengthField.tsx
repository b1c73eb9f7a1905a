import { NumberField } from "../controls/NumberField.tsx";
import { positionOf, strengthAt } from "./strength.ts";

interface StrengthFieldProps {
  /** The card's name, before “strength”. */
  card: string;
  value: number;
  onChange: (strength: number) => void;
}

/** How much a strategy counts: the exponent of its factor. Negative inverts it. */
export function StrengthField({ card, value, onChange }: StrengthFieldProps) {
  return (
    <span className="strength" title="Strength: 1 is normal, 0 none; negative prefers the opposite">
      <input
        type="range"
        className="range"
        aria-label={`${card} strength`}
        aria-valuetext={inWords(value)}
        min={-1}
        max={1}
        step={0.01}
        value={Number.isNaN(value) ? 0 : positionOf(value)}
        onChange={(event) => onChange(strengthAt(Number(event.target.value)))}
      />
      <NumberField
        bare
        label={`${card} strength, number`}
        value={value}
        min={-1e9}
        max={1e9}
        className="strength-number"
        onChange={(strength) => onChange(strength ?? Number.NaN)}
      />
    </span>
  );
}

function inWords(strength: number): string {
  if (strength === 0) return "0, does not count";
  if (strength === 1) return "1, normal";
  return strength < 0 ? `${strength}, prefers the opposite` : String(strength);
}
