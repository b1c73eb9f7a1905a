import { type KeyboardEvent, useEffect, useState } from "react";
import type { FieldUnit } from "../../core/explore/field.ts";

interface BoundFieldProps {
  label: string;
  unit: FieldUnit;
  value: number | null;
  placeholder: string;
  onChange: (value: number | null) => void;
}

/** File sizes are typed in megabytes. */
const factors: Partial<Record<FieldUnit, number>> = { bytes: 1e6 };

/** A bound to type in: a number, or a day. Empty is no bound. Takes effect on Enter and on leaving. */
export function BoundField({ label, unit, value, placeholder, onChange }: BoundFieldProps) {
  const [typed, setTyped] = useState(textOf(value, unit));
  useEffect(() => setTyped(textOf(value, unit)), [value, unit]);
  const isDate = unit === "date";
  const take = () => {
    const next = readBound(typed, unit);
    if (next !== undefined && next !== value) onChange(next);
    else setTyped(textOf(value, unit));
  };
  return (
    <span className="bound">
      <input
        type={isDate ? "date" : "number"}
        step="any"
        className="field"
        aria-label={unit === "bytes" ? `${label} in MB` : label}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event: KeyboardEvent) => event.key === "Enter" && take()}
      />
      {unit === "bytes" && <span className="muted">MB</span>}
    </span>
  );
}

function textOf(value: number | null, unit: FieldUnit): string {
  if (value === null) return "";
  if (unit === "date") return Math.abs(value) <= 8.64e15 ? new Date(value).toISOString().slice(0, 10) : "";
  return String(Number((value / (factors[unit] ?? 1)).toPrecision(6)));
}

/** Null for empty, undefined for what is no value. */
function readBound(typed: string, unit: FieldUnit): number | null | undefined {
  if (typed.trim() === "") return null;
  const value = unit === "date" ? Date.parse(typed) : Number(typed) * (factors[unit] ?? 1);
  return Number.isFinite(value) ? value : undefined;
}
