import { useEffect, useId, useState } from "react";

interface NumberFieldProps {
  /** The accessible name, and the words before the field. */
  label: string;
  /** Undefined: nothing is asked for; NaN: what is typed is no number. */
  value: number | undefined;
  onChange: (value: number | undefined) => void;
  /** May be left empty. */
  optional?: boolean;
  whole?: boolean;
  min?: number;
  max?: number;
  step?: number;
  placeholder?: string;
  /** After the field: “%”. */
  unit?: string;
  /** The name is not shown, because what stands around says it. */
  bare?: boolean;
  describedBy?: string;
  className?: string;
}

/** A number to type. What is no number, or out of range, is passed on and marked, so that its owner can say why. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, onChange, optional, whole, min, max, step, placeholder, unit, bare, describedBy } = props;
  const id = useId();
  const [text, setText] = useState(() => written(value));
  const typed = text.trim() === "" ? (optional ? undefined : Number.NaN) : Number(text);
  // What comes from outside replaces the text, unless the text says just that: “0.50” stays while it is typed.
  useEffect(() => {
    setText((before) => {
      const meant = before.trim() === "" ? undefined : Number(before);
      return Object.is(meant, value) || (Number.isNaN(value) && !Number.isFinite(meant)) ? before : written(value);
    });
  }, [value]);
  const wrong =
    typed !== undefined &&
    (Number.isNaN(typed) ||
      (whole && !Number.isInteger(typed)) ||
      typed < (min ?? -Infinity) ||
      typed > (max ?? Infinity));
  return (
    <span className={`number-field ${props.className ?? ""}`}>
      {!bare && <label htmlFor={id}>{label}</label>}
      <input
        id={id}
        type="number"
        className="field"
        aria-label={bare ? label : undefined}
        aria-invalid={wrong}
        aria-describedby={describedBy}
        min={min}
        max={max}
        step={step ?? (whole ? 1 : "any")}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const now = event.target.value.trim();
          onChange(now === "" ? (optional ? undefined : Number.NaN) : Number(now));
        }}
      />
      {unit && <span className="muted">{unit}</span>}
    </span>
  );
}

const written = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? "" : String(value);
