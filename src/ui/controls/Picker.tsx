import { ChevronDown } from "lucide-react";

interface PickerProps<V extends string> {
  /** The accessible name, and the grey word before the value. */
  label: string;
  value: V;
  options: readonly { value: V; text: string; disabled?: boolean }[];
  onPick: (value: V) => void;
  boxed?: boolean;
  /** Only the value is shown: what stands around says what it is. */
  hidesLabel?: boolean;
  disabled?: boolean;
}

/** A native select dressed as “Sort pick order ⌄”. */
export function Picker<V extends string>(props: PickerProps<V>) {
  const { label, value, options, onPick, boxed, hidesLabel, disabled = false } = props;
  return (
    <span className={boxed ? "picker picker-boxed" : "picker"} title={label}>
      {!hidesLabel && (
        <span className="picker-label" aria-hidden="true">
          {label}
        </span>
      )}
      <select
        aria-label={label}
        value={value}
        disabled={disabled}
        onChange={(event) => onPick(event.target.value as V)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
            {option.text}
          </option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden="true" />
    </span>
  );
}
